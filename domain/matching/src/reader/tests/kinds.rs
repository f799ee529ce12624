//! Files as spreadsheets, databases and scripts write them, including what goes wrong in each.

use super::*;

const COLUMNS: &str = "id,name,city,country\n";

/// Rows of four columns, numbered from `range`.
fn rows(range: std::ops::Range<usize>) -> String {
    range
        .map(|n| format!("{n},Firma {n} GmbH,Berlin,DE\n"))
        .collect()
}

fn ids(companies: &[Company]) -> Vec<&str> {
    companies
        .iter()
        .map(|company| company.id.as_str())
        .collect()
}

/// Every line of a file is in exactly one count of its report.
fn assert_adds_up(report: &ImportReport, text: &[u8]) {
    assert_eq!(report.n_rows, report.n_accepted + report.n_refused);
    let counted = report.n_header_lines + report.n_rows + report.n_continued + report.n_skipped;
    assert_eq!(report.n_lines, counted, "{report:?}");
    let text = String::from_utf8_lossy(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    assert_eq!(report.n_lines, text.lines().count() as u64);
}

fn told(report: &ImportReport) -> Vec<String> {
    let all = report.errors.iter().chain(&report.warnings);
    all.map(ToString::to_string).collect()
}

#[test]
fn an_unclosed_quote_refuses_its_own_line_only() {
    // The next quote is inside a word, opens a name, closes one, or never comes.
    for next in [
        "900,Das \"Gute\" Werk GmbH,Bonn,DE\n",
        "900,\"Werk, GmbH\",Bonn,DE\n",
        "900,\"Werk GmbH\",Bonn,DE\n",
        "",
    ] {
        let stray = "10,\"Zollstock 12 GmbH,Berlin,DE\n";
        let text = [
            COLUMNS,
            &rows(1..10),
            stray,
            &rows(11..900),
            next,
            &rows(901..2_001),
        ]
        .concat();
        let (companies, report) = read(text.as_bytes()).unwrap();
        assert_eq!(
            told(&report),
            ["line 11: name has a quote that is not closed or not doubled"]
        );
        assert_eq!(report.n_refused, 1, "{next}");
        assert_eq!(companies.len(), text.lines().count() - 2);
        assert!(!ids(&companies).contains(&"10"));
        assert_adds_up(&report, text.as_bytes());
    }
}

#[test]
fn rows_swallowed_by_a_quoted_field_are_all_refused() {
    for n in [11, 12, 40] {
        let text = [
            COLUMNS,
            "10,\"Zollstock 12 GmbH,Berlin,DE\n",
            &rows(11..n),
            &format!("{n},Zollstock 24\",Berlin,DE\n"),
            &rows(n + 1..200),
        ]
        .concat();
        let (companies, report) = read(text.as_bytes()).unwrap();
        let swallowed = n as u64 - 9;
        assert_eq!((report.n_refused, report.errors.len()), (swallowed, 1));
        assert_eq!(
            (report.errors[0].line, report.errors[0].last_line),
            (2, 1 + swallowed)
        );
        assert_eq!(companies.len(), 190 - swallowed as usize);
        assert_adds_up(&report, text.as_bytes());
    }
}

#[test]
fn a_quoted_field_may_have_line_ends_and_a_long_one_counts_all_its_lines() {
    let text = format!(
        "{COLUMNS}1,\"Werk\nZwei, GmbH\",Berlin,DE\n2,\"{}\",Berlin,DE\n3,Drei,Ulm,DE\n",
        "lang\n".repeat(200)
    );
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(companies[0].name, "Werk Zwei, GmbH");
    assert_eq!(ids(&companies), ["1", "3"]);
    assert_eq!(told(&report), ["line 4: name too long"]);
    assert_eq!((report.n_continued, report.n_refused), (1, 201));
    assert_adds_up(&report, text.as_bytes());
}

#[test]
fn the_rest_of_a_broken_quoted_text_is_not_a_company() {
    let text = "id,name,street\n7,Werk,\"Weg \"1\"\n10115,Berlin,DE\"\n8,5\" Rohre GmbH,Weg 2\n";
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(ids(&companies), ["8"]);
    assert_eq!(companies[0].name, "5\" Rohre GmbH");
    assert_eq!(report.n_refused, 2);
    for name in [
        r#""Firma \"X\" GmbH""#,
        r#""Firma "X", GmbH""#,
        r#""Rohre" GmbH"#,
    ] {
        let text = format!("id,name\n1,{name}\n2,B\n");
        let (companies, report) = read(text.as_bytes()).unwrap();
        assert_eq!(ids(&companies), ["2"], "{name}");
        assert_eq!(
            report.errors,
            [RowError::at(2, Some(FileColumn::Name), Reason::Quote)]
        );
    }
}

#[test]
fn a_header_with_a_broken_quote_is_reported_with_its_line() {
    for text in ["\n\"id,name\n1,A\n", "sep=;\nid;\"na\"me\n1;A\n"] {
        assert_eq!(
            read(text.as_bytes()).unwrap_err(),
            FileError::HeaderQuote(2)
        );
    }
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(c as u32).unwrap())
        .collect()
}

#[test]
fn a_file_in_another_encoding_is_refused_wherever_it_shows() {
    let text = |every: usize| {
        let row = |n: usize| {
            let name = if n.is_multiple_of(every) {
                "Müller"
            } else {
                "Maier"
            };
            format!("{n};{name} {n} GmbH;Bonn\n")
        };
        "id;name;city\n".to_owned() + &(1..=700).map(row).collect::<String>()
    };
    for (every, n_rows) in [(7, 100), (650, 1)] {
        let bytes = windows_1252(&text(every));
        for bytes in [bytes.clone(), gz(&bytes)] {
            let line = every as u64 + 1;
            assert_eq!(
                read(&bytes).unwrap_err(),
                FileError::NotUtf8 { line, n_rows }
            );
        }
    }
    let json: String = (0..20)
        .map(|n| format!("{{\"id\":{n},\"name\":\"Müller\"}}\n"))
        .collect();
    assert!(matches!(
        read(&windows_1252(&json)).unwrap_err(),
        FileError::NotUtf8 {
            line: 1,
            n_rows: 20
        }
    ));
    // Two concatenated files.
    let mixed = [text(7).into_bytes(), windows_1252(&text(7))[13..].to_vec()].concat();
    let error = read(&mixed).unwrap_err();
    assert!(error.to_string().contains("line 708"), "{error}");
    let header = windows_1252("id;name;Straße\n1;A;B\n");
    assert_eq!(
        read(&header).unwrap_err(),
        FileError::NotUtf8 { line: 1, n_rows: 1 }
    );
}

#[test]
fn single_damaged_rows_of_a_utf_8_file_are_refused_alone() {
    let mut bytes: Vec<u8> = (0..50)
        .flat_map(|n| format!("{n},Müller {n}\n").into_bytes())
        .collect();
    bytes.splice(0..0, *b"id,name\n");
    bytes.extend(b"50,M\xfcller\n");
    let (companies, report) = read(&bytes).unwrap();
    assert_eq!(companies.len(), 50);
    assert_eq!(told(&report), ["line 52: name is not UTF-8"]);
}

#[test]
fn other_kinds_of_files_are_named() {
    for (bytes, kind) in [
        (&b"PK\x03\x04rest"[..], "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"BZh9rest", "bzip2"),
        (b"\xfd7zXZ\0rest", "xz"),
        (b"PAR1rest", "Parquet"),
        (b"[{\"id\":1,\"name\":\"A\"}]", "JSON array"),
        (
            b"[\n{\"id\":1,\"name\":\"A\"},\n{\"id\":2,\"name\":\"B\"}\n]",
            "JSON array",
        ),
        (
            b"{\n  \"id\": 1,\n  \"name\": \"A\"\n}\n",
            "one object per line",
        ),
    ] {
        let error = read(bytes).unwrap_err();
        assert!(matches!(error, FileError::Format(_)), "{error:?}");
        assert!(error.to_string().contains(kind), "{error}");
    }
    assert_eq!(read(b"[id],[name]\n1,A\n").unwrap().0.len(), 1);
    let wide: Vec<u8> = "\u{fc}bersicht,id,name\n1,2,A\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        read(&wide).unwrap_err(),
        FileError::Encoding("UTF-16 (little endian)")
    );
    let wider: Vec<u8> = "\u{feff}id,name\n"
        .chars()
        .flat_map(|c| (c as u32).to_le_bytes())
        .collect();
    assert_eq!(read(&wider).unwrap_err(), FileError::Encoding("UTF-32"));
}

#[test]
fn a_json_value_of_a_wrong_type_is_dropped_and_a_mandatory_one_refuses_its_row() {
    let text = r#"{"id":"x0","name":"Werk 0","address":{"street":"Weg 1"},"city":"Ulm"}
{"id":"x1","name":"Werk 1","phone":["+49 30 1"],"zip":true,"city":"\ud83d"}
{"id":["x2"],"name":"Werk 2"}
{"id":"x3","name":{"de":"Werk 3"}}
{"id":false,"name":"Werk 4"}
"#;
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(ids(&companies), ["x0", "x1"]);
    assert_eq!(
        (&companies[0].street, companies[0].city.as_deref()),
        (&None, Some("Ulm"))
    );
    assert_eq!(
        told(&report),
        [
            "line 3: id is neither text nor number",
            "line 4: name is neither text nor number",
            "line 5: id is neither text nor number",
            "line 1: street is neither text nor number",
            "line 2: phone is neither text nor number",
            "line 2: zip is neither text nor number",
            "line 2: city has not the form of such a value",
        ]
    );
    assert_adds_up(&report, text.as_bytes());
}

#[test]
fn json_numbers_keep_their_digits_as_they_are_written() {
    let text = "{\"id\":12345678901234567890123,\"name\":\"A\"}\n{\"id\":12345678901234567890124,\"name\":\"B\"}\n\
        {\"id\":9007199254740993.0,\"name\":\"C\"}\n{\"id\":1e3,\"name\":\"D\"}\n{\"id\":-0,\"name\":7}\n{\"id\":01067,\"name\":\"E\"}\n";
    let (companies, report) = read(text.as_bytes()).unwrap();
    let expected = [
        "12345678901234567890123",
        "12345678901234567890124",
        "9007199254740993.0",
        "1e3",
        "-0",
    ];
    assert_eq!(ids(&companies), expected);
    assert_eq!(companies[4].name, "7");
    assert_eq!(told(&report), ["line 6: row is no JSON object"]);
}

#[test]
fn the_first_of_two_json_keys_for_one_column_counts_and_the_other_is_reported() {
    let text = "{\"name\":\"Werk\",\"id\":1,\"company\":\"Konzern\",\"id\":2}\n";
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(
        (ids(&companies), companies[0].name.as_str()),
        (vec!["1"], "Werk")
    );
    assert_eq!(report.ignored_columns, ["company", "id"]);
}

#[test]
fn lines_are_numbered_as_an_editor_shows_them() {
    let text = "\nid,name,city\n1,A,Bonn\n,B,Bonn\n\n2,\"C\nD\",Bonn\n,E,Bonn\n,,\n,F,Bonn\n";
    for end in ["\n", "\r\n", "\r"] {
        let text = text.replace('\n', end);
        let (companies, report) = read(text.as_bytes()).unwrap();
        assert_eq!(ids(&companies), ["1", "2"], "{end:?}");
        let lines: Vec<u64> = report.errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [4, 8, 10], "{end:?}");
        assert_eq!(report.n_skipped, 3);
        assert_adds_up(&report, text.as_bytes());
        let json = format!("{end}{{\"id\":1,\"name\":\"A\"}}{end}{end}{{\"name\":\"B\"}}{end}");
        let (_, report) = read(json.as_bytes()).unwrap();
        assert_eq!(told(&report), ["line 4: id missing"], "{end:?}");
        assert_adds_up(&report, json.as_bytes());
    }
}

#[test]
fn the_delimiter_is_named_by_a_line_or_recognized_from_the_header() {
    for text in [
        "sep=;\nid;name;city\n1;Alpha Werk GmbH;Berlin\n",
        "\u{feff}sep=;\r\nid;name;city\r\n1;Alpha Werk GmbH;Berlin\r\n",
        "\"sep=;\"\n\"id\";\"name\";\"city\"\n\"1\";\"Alpha Werk GmbH\";\"Berlin\"\n",
        "sep=^\nid^name^city\n1^Alpha Werk GmbH^Berlin\n",
        "sep=\t\nid\tname\tcity\n1\tAlpha Werk GmbH\tBerlin\n",
        "id|name|city\n1|Alpha Werk GmbH|Berlin\n",
        "id\tname\tcity\n1\tAlpha Werk GmbH\tBerlin\n",
        "id|name|city|a,b,c,d,e\n1|Alpha Werk GmbH|Berlin|\n",
        "\"id\";\"name\";\"city\";\"net, gross, tax, rate\"\n1;Alpha Werk GmbH;Berlin;1,5\n",
        " ID ; NAME ;\"Ort\"\n1; Alpha Werk GmbH ;Berlin\n",
        "id, \"name\", city\n1, \"Alpha Werk GmbH\", Berlin\n",
    ] {
        let (companies, report) = read(text.as_bytes()).unwrap();
        assert_eq!(ids(&companies), ["1"], "{text}");
        let company = &companies[0];
        assert_eq!(
            (company.name.as_str(), company.city.as_deref()),
            ("Alpha Werk GmbH", Some("Berlin")),
            "{text}"
        );
        assert_adds_up(&report, text.trim_start_matches('\u{feff}').as_bytes());
    }
    assert_eq!(
        read(b"sep=,\nid;name\n1;A\n").unwrap_err(),
        FileError::MissingColumn(FileColumn::Id)
    );
}

#[test]
fn empty_rows_are_skipped_and_counted_as_skipped() {
    let text = "id;name;city\n1;A;Ulm\n;;\n \n\"\";\" \";\n;;;;\n\u{a0};;\n2;B;\n;;\n";
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(ids(&companies), ["1", "2"]);
    assert_eq!(
        (report.n_rows, report.n_refused, report.n_skipped),
        (2, 0, 6)
    );
    assert_adds_up(&report, text.as_bytes());
}

#[test]
fn a_surplus_column_without_a_value_refuses_nothing() {
    for text in [
        "id,name,city\n1,A,Ulm,\n2,B,,,,\n",
        "id,name,city,\n1,A,Ulm,\n2,B,\n",
        "id,name,city,,\n1,A,Ulm\n2,B,\n",
    ] {
        let (companies, report) = read(text.as_bytes()).unwrap();
        assert_eq!(
            (ids(&companies), report.n_refused),
            (vec!["1", "2"], 0),
            "{text}"
        );
        assert_eq!(report.ignored_columns, Vec::<String>::new());
    }
    let (_, report) = read(b"id,name,city\n1,A,Ulm,Bonn\n2,B\n3,C,Ulm\n").unwrap();
    assert_eq!(
        report.reasons["row: has another number of columns than the header"],
        2
    );
}

#[test]
fn text_protected_from_excel_is_read_as_the_text() {
    let text = "id;name;zip;city\n=\"0017\";\"=\"\"A \"\"\"\"1\"\"\"\" GmbH\"\"\";\"=\"\"01067\"\"\";=\"\"\n'18;=1+1;'01067;=\"a\"b\"\n";
    let (companies, report) = read(text.as_bytes()).unwrap();
    assert_eq!(ids(&companies), ["0017", "'18"]);
    assert_eq!(companies[0].name, "A \"1\" GmbH");
    assert_eq!(
        (companies[0].zip.as_deref(), &companies[0].city),
        (Some("01067"), &None)
    );
    assert_eq!(companies[1].name, "=1+1");
    assert_eq!(
        companies[1].zip.as_deref(),
        Some("'01067"),
        "an apostrophe may be part of a text"
    );
    assert_eq!(companies[1].city.as_deref(), Some("=\"a\"b\""));
    assert_eq!(report.n_refused, 0);
}

proptest! {
    #[test]
    fn every_line_of_a_file_is_in_exactly_one_count(lines in prop::collection::vec("[a1,;\"\n \r]{0,12}", 0..40)) {
        let text = format!("id,name,city\n{}", lines.join("\n"));
        if let Ok((_, report)) = read(text.as_bytes()) {
            prop_assert_eq!(report.n_rows, report.n_accepted + report.n_refused);
            let counted = report.n_header_lines + report.n_rows + report.n_continued + report.n_skipped;
            prop_assert_eq!(report.n_lines, counted);
        }
    }
}
