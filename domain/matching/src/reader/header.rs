//! The header of a delimiter-separated file: its delimiter.

use super::columns::Columns;
use super::record::CsvRecord;

/// The delimiters that are tried if the file does not name one. On a tie, the first one wins.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter named by a line such as `sep=;`. Excel reads and writes such a line above the
/// header.
pub(super) fn named_delimiter(line: &[u8]) -> Option<u8> {
    let mut line = line.trim_ascii_start();
    while let Some(shorter) = line.strip_suffix(b" ") {
        line = shorter;
    }
    if let Some(quoted) = line.strip_prefix(b"\"") {
        line = quoted.strip_suffix(b"\"").unwrap_or(quoted);
    }
    let (word, rest) = line.split_at_checked(4)?;
    let delimiter = *rest.first()?;
    let fits = delimiter == b'\t' || (delimiter.is_ascii_punctuation() && delimiter != b'"');
    // A program that pads every row with delimiters pads this line as well.
    let is_named = word.eq_ignore_ascii_case(b"sep=") && fits;
    (is_named && rest.iter().all(|byte| *byte == delimiter)).then_some(delimiter)
}

/// The delimiter with which the header has all mandatory columns or, failing that, the most known
/// ones.
pub(super) fn likely_delimiter(header: &[u8]) -> u8 {
    let rank = |delimiter: u8| {
        let mut record = CsvRecord::new(delimiter);
        record.feed(header);
        let names = record
            .fields()
            .map(|name| std::str::from_utf8(name).unwrap_or_default());
        let columns = Columns::of_header(names);
        let n_known = columns.fields.iter().flatten().count();
        (columns.missing().is_none(), n_known, columns.fields.len())
    };
    DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|delimiter| rank(*delimiter))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_the_delimiter_as_excel_writes_it() {
        for (line, delimiter) in [
            ("sep=;", b';'),
            ("SEP=,", b','),
            ("\"sep=|\"", b'|'),
            ("sep=\t", b'\t'),
            ("sep=;;;", b';'),
            ("sep=^", b'^'),
        ] {
            assert_eq!(named_delimiter(line.as_bytes()), Some(delimiter), "{line}");
        }
        for line in [
            "id;name",
            "sep",
            "sep=",
            "sep=a",
            "sep=\"",
            "sep=;,",
            "separator=;",
        ] {
            assert_eq!(named_delimiter(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn the_delimiter_that_yields_known_columns_is_chosen() {
        for (header, delimiter) in [
            ("id,name,city", b','),
            ("id;name;city", b';'),
            ("id\tname\tcity", b'\t'),
            ("id|name|city", b'|'),
            ("id|name|remarks, notes, and, more", b'|'),
            ("\"id\";\"name\";\"a,b,c,d\"", b';'),
            ("id", b','),
        ] {
            assert_eq!(likely_delimiter(header.as_bytes()), delimiter, "{header}");
        }
    }
}
