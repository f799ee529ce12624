#![allow(clippy::unwrap_used)]

use std::io::{self, Write};

use proptest::prelude::*;

use super::*;

/// Files as other programs write them.
mod kinds;

const HEADER: &str = "id,name,street,zip,city,country,domain,phone,vat_id,register,lei,parent_id\n";

fn read(bytes: &[u8]) -> Result<(Vec<Company>, ImportReport), FileError> {
    let mut reader = CompanyReader::open(bytes)?;
    let mut companies = Vec::new();
    for row in &mut reader {
        if let Row::Company(company) = row? {
            companies.push(*company);
        }
    }
    Ok((companies, reader.into_report()))
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// With a checksum, as the command-line tool writes it. Without one, damaged data cannot be
/// detected.
fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn many_rows() -> String {
    let rows = (0..5_000).map(|n| format!("c{n},Beispiel {n} GmbH,Weg {n},10115,Berlin,DE,beispiel-{n}.example,,,HRB {n} Berlin,,\n"));
    HEADER.to_owned() + &rows.collect::<String>()
}

#[test]
fn a_row_keeps_each_of_its_columns() {
    let text = format!(
        "{HEADER}R1,\"Müller, Söhne & Co. KG\",Am Weg 1,10115,Berlin,DE,mueller.example,+49 30 1,DE129274202,HRA 12 Berlin,7LTWFZYICNSX8D621K86,R0\n"
    );
    let (companies, report) = read(text.as_bytes()).unwrap();
    let company = &companies[0];
    assert_eq!(company.id.as_str(), "R1");
    assert_eq!(company.name, "Müller, Söhne & Co. KG");
    assert_eq!(company.street.as_deref(), Some("Am Weg 1"));
    assert_eq!(company.register_number.as_deref(), Some("HRA 12"));
    assert_eq!(company.register_court.as_deref(), Some("Berlin"));
    assert_eq!(company.vat_id.as_deref(), Some("DE129274202"));
    assert_eq!(company.lei.as_deref(), Some("7LTWFZYICNSX8D621K86"));
    assert_eq!(company.parent_id.as_ref().unwrap().as_str(), "R0");
    assert_eq!(
        (
            report.n_rows,
            report.n_accepted,
            report.n_refused,
            report.n_warnings
        ),
        (1, 1, 0, 0)
    );
}

#[test]
fn columns_come_in_any_order_under_usual_names_and_unknown_ones_are_reported() {
    let text = "PLZ;Firma;Umsatz;Company ID;Ort;name\n01067;Elbe GmbH;7;a1;Dresden;twice\n";
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(companies[0].name, "Elbe GmbH");
    assert_eq!(companies[0].zip.as_deref(), Some("01067"));
    assert_eq!(report.ignored_columns, ["Umsatz", "name"]);
}

#[test]
fn a_missing_mandatory_column_is_named() {
    assert_eq!(
        read(b"id,city\n1,Berlin\n").unwrap_err(),
        FileError::MissingColumn(FileColumn::Name)
    );
    assert_eq!(
        read(b"name,city\nA,Berlin\n").unwrap_err(),
        FileError::MissingColumn(FileColumn::Id)
    );
    assert_eq!(
        read(b"{\"id\":1}\n{\"id\":2}\n").unwrap_err(),
        FileError::MissingColumn(FileColumn::Name)
    );
    assert!(
        FileError::MissingColumn(FileColumn::Name)
            .to_string()
            .contains("\"name\"")
    );
}

#[test]
fn an_empty_file_is_an_error() {
    for empty in ["", "\n\n", "\u{feff}"] {
        assert_eq!(read(empty.as_bytes()).unwrap_err(), FileError::Empty);
    }
}

#[test]
fn a_byte_order_mark_crlf_and_quoted_line_ends_do_not_matter() {
    let text = "\u{feff}id,name,street\r\n1,\"A \"\"B\"\"\r\nGmbH\",x\r\n2,C,\r\n";
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(companies[0].name, "A \"B\" GmbH");
    assert_eq!(companies[1].street, None);
    assert_eq!(report.n_refused, 0);
}

#[test]
fn utf_16_is_recognized_with_and_without_a_byte_order_mark() {
    let wide = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    for text in ["\u{feff}id,name\n1,A\n", "id,name\n1,A\n"] {
        assert_eq!(
            read(&wide(text)).unwrap_err(),
            FileError::Encoding("UTF-16 (little endian)")
        );
    }
    let big: Vec<u8> = "id,name\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(
        read(&big).unwrap_err(),
        FileError::Encoding("UTF-16 (big endian)")
    );
}

#[test]
fn each_bad_row_is_refused_with_its_line_field_and_reason_and_the_rest_is_read() {
    let mut text =
        b"id,name,city\n1,A,K\xc3\xb6ln\n,B,x\n3,,x\n1,D,x\n5,E\n6,F\xff,x\n7,G\x07,x\n8,H,\xc3\x9f\n".to_vec();
    text.extend(format!("{},I,x\n", "9".repeat(200)).bytes());
    let (companies, report) = read(&text).unwrap();
    assert_eq!(
        companies
            .iter()
            .map(|company| company.id.as_str())
            .collect::<Vec<_>>(),
        ["1", "8"]
    );
    let error = RowError::at;
    assert_eq!(
        report.errors,
        [
            error(3, Some(FileColumn::Id), Reason::Missing),
            error(4, Some(FileColumn::Name), Reason::Missing),
            error(5, Some(FileColumn::Id), Reason::Duplicate),
            error(6, None, Reason::ColumnCount),
            error(7, Some(FileColumn::Name), Reason::NotUtf8),
            error(8, Some(FileColumn::Name), Reason::ControlCharacter),
            error(10, Some(FileColumn::Id), Reason::TooLong),
        ]
    );
    assert_eq!(report.reasons["id: was there before"], 1);
    assert_eq!(
        (report.n_rows, report.n_accepted, report.n_refused),
        (9, 2, 7)
    );
}

#[test]
fn a_bad_optional_field_is_dropped_and_wrong_check_digits_are_kept_both_with_a_warning() {
    let long = "x".repeat(300);
    let text = format!(
        "id,name,vat_id,lei,city\n1,A,DE12,short,{long}\n2,B,DE129274203,7LTWFZYICNSX8D621K87,Ulm\n"
    );
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(
        (&companies[0].vat_id, &companies[0].lei, &companies[0].city),
        (&None, &None, &None)
    );
    assert_eq!(companies[1].vat_id.as_deref(), Some("DE129274203"));
    let warnings: Vec<String> = report.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "line 2: city too long",
            "line 2: vat_id has not the form of such a value",
            "line 2: lei has not the form of such a value",
            "line 3: vat_id has wrong check digits",
            "line 3: lei has wrong check digits",
        ]
    );
    assert_eq!((report.n_refused, report.n_warnings), (0, 5));
}

#[test]
fn ndjson_reads_the_same_companies_as_csv() {
    let json = "{\"id\":17,\"name\":\"Müller GmbH\",\"zip\":10115,\"register\":\"HRB 5 Berlin\",\"phone\":null,\"employees\":3}\n\nnot json\n{\"id\":\"18\",\"name\":[]}\n[1]\n";
    let (companies, report) = read(json.as_bytes()).unwrap();
    let (same, _) =
        read("id,name,zip,register\n17,Müller GmbH,10115,HRB 5 Berlin\n".as_bytes()).unwrap();
    assert!(companies == same);
    let lines: Vec<(u64, Reason)> = report
        .errors
        .iter()
        .map(|error| (error.line, error.reason))
        .collect();
    assert_eq!(
        lines,
        [
            (3, Reason::NotJson),
            (4, Reason::WrongType),
            (5, Reason::NotJson)
        ]
    );
    assert_eq!(report.ignored_columns, ["employees"]);
    assert_eq!(report.format, Format::Ndjson);
}

#[test]
fn gzip_and_zstd_are_recognized_by_their_first_bytes() {
    let text = many_rows();
    let plain = read(text.as_bytes()).unwrap();
    let (half, rest) = text.as_bytes().split_at(20_000);
    for (packed, packing) in [
        (gz(text.as_bytes()), Packing::Gzip),
        ([gz(half), gz(rest)].concat(), Packing::Gzip),
        (zst(text.as_bytes()), Packing::Zstd),
    ] {
        let unpacked = read(&packed).unwrap();
        assert_eq!(unpacked.1.packing, packing);
        assert!(unpacked.0 == plain.0);
    }
    assert_eq!(plain.0.len(), 5_000);
}

#[test]
fn an_archive_that_ends_early_or_is_damaged_is_an_error_of_the_file() {
    let text = many_rows();
    for packed in [gz(text.as_bytes()), zst(text.as_bytes())] {
        for n in [6, packed.len() / 2, packed.len() - 1] {
            assert_eq!(
                read(&packed[..n]).map(|read| read.1).unwrap_err(),
                FileError::Truncated,
                "{n} of {}",
                packed.len()
            );
        }
        let mut damaged = packed.clone();
        let middle = packed.len() / 2;
        damaged[middle..middle + 16].fill(0xff);
        assert!(matches!(
            read(&damaged).map(|read| read.1).unwrap_err(),
            FileError::Corrupt | FileError::Truncated
        ));
    }
}

#[test]
fn an_unclosed_quote_ends_the_reading_before_it_fills_the_memory() {
    let text = format!("id,name\n1,A\n2,\"B\n{}", "3,C\n".repeat(MAX_ROW));
    assert_eq!(read(text.as_bytes()).unwrap_err(), FileError::RowTooLong(3));
    let endless = format!("{{\"id\":1,\"name\":\"{}", "x".repeat(3 * MAX_ROW));
    assert_eq!(
        read(endless.as_bytes()).unwrap_err(),
        FileError::RowTooLong(1)
    );
}

#[test]
fn a_failure_of_the_reader_is_not_taken_for_a_damaged_file() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::ConnectionReset, "secret"))
        }
    }
    let text = many_rows();
    let packed = gz(text.as_bytes());
    for bytes in [text.as_bytes(), &packed] {
        let mut reader = CompanyReader::open(bytes[..bytes.len() / 2].chain(Broken));
        let error = match &mut reader {
            Ok(reader) => reader.find_map(Result::err).unwrap(),
            Err(error) => error.clone(),
        };
        assert_eq!(error, FileError::Io(io::ErrorKind::ConnectionReset));
        assert!(!error.to_string().contains("secret"));
    }
}

#[test]
fn a_report_stays_small_while_its_counts_stay_complete() {
    let text = "id,name\n".to_owned() + &"1,A\n".repeat(1_000);
    let (_, report) = read(text.as_bytes()).unwrap();
    assert_eq!((report.errors.len(), report.n_refused), (MAX_REPORTED, 999));
    let json = serde_json::to_string(&report).unwrap();
    assert!(serde_json::from_str::<ImportReport>(&json).unwrap() == report);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn arbitrary_bytes_behind_a_header_or_in_an_archive_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let behind = [HEADER.as_bytes(), &bytes].concat();
        let _ = read(&behind);
        let _ = read(&gz(&behind));
        let _ = read(&[b"{\"id\":1,\"name\":\"x\"}\n", bytes.as_slice()].concat());
    }

    #[test]
    fn values_quoted_by_a_csv_writer_are_read_back(names in prop::collection::vec("[a-zA-ZäöüßéČ\",;&'.\\- ]{1,40}[a-z]", 1..20)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "name"]).unwrap();
        for (n, name) in names.iter().enumerate() {
            writer.write_record([&n.to_string(), name]).unwrap();
        }
        let (companies, report) = read(&writer.into_inner().unwrap()).unwrap();
        prop_assert_eq!(report.n_refused, 0);
        for (company, name) in companies.iter().zip(&names) {
            prop_assert_eq!(&company.name, &name.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
