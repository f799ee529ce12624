//! Splits delimiter-separated lines into fields (RFC 4180), and detects broken quotes.

/// The fields of one row. Lines are state to it until the row is complete.
pub(super) struct CsvRecord {
    delimiter: u8,
    bytes: Vec<u8>,
    /// Where each field ends in `bytes`.
    ends: Vec<usize>,
    is_open: bool,
    /// Where the most recent quoted field starts in its line.
    opened_at: usize,
}

/// The state of a row after a line was state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowState {
    /// All fields are complete.
    Complete,
    /// The line ended inside a quoted field.
    Open,
    /// Text follows the closing quote of a field: a quote was not doubled, or an earlier one was
    /// never closed.
    Malformed,
}

impl CsvRecord {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            bytes: Vec::new(),
            ends: Vec::new(),
            is_open: false,
            opened_at: 0,
        }
    }

    /// Removes the fields.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.is_open = false;
    }

    /// The number of complete fields.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The complete fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins
            .zip(&self.ends)
            .map(|(begin, end)| &self.bytes[begin..*end])
    }

    /// Reads one line, without its line end.
    pub(super) fn feed(&mut self, line: &[u8]) -> RowState {
        let mut at = 0;
        if self.is_open {
            self.bytes.push(b'\n');
            match self.quoted(line, &mut at) {
                RowState::Complete => {}
                other => return other,
            }
        } else {
            match self.field(line, &mut at) {
                RowState::Complete => {}
                other => return other,
            }
        }
        while at < line.len() {
            // At this point there is a delimiter.
            at += 1;
            match self.field(line, &mut at) {
                RowState::Complete => {}
                other => return other,
            }
        }
        RowState::Complete
    }

    /// The number of columns of `line` if the quote that it leaves open were an ordinary character.
    pub(super) fn columns_if_literal(&self, line: &[u8]) -> usize {
        let rest = line.get(self.opened_at..).unwrap_or_default();
        self.ends.len() + 1 + rest.iter().filter(|byte| **byte == self.delimiter).count()
    }

    fn field(&mut self, line: &[u8], at: &mut usize) -> RowState {
        if let Some(n) = self.opening(&line[*at..]) {
            *at += n;
            self.opened_at = *at;
            return self.quoted(line, at);
        }
        let rest = &line[*at..];
        let end = rest.iter().position(|byte| *byte == self.delimiter);
        let end = end.unwrap_or(rest.len());
        self.bytes.extend_from_slice(&rest[..end]);
        self.ends.push(self.bytes.len());
        *at += end;
        RowState::Complete
    }

    /// The length of the start of a quoted field: its quote and the spaces before it. Spaces may
    /// precede the quote only if the field is completely quoted. Otherwise they belong to an
    /// unquoted field.
    fn opening(&self, rest: &[u8]) -> Option<usize> {
        let n_blanks = self.n_blanks(rest);
        if rest.get(n_blanks) != Some(&b'"') {
            return None;
        }
        if n_blanks > 0 {
            let mut trial = Self::new(self.delimiter);
            let mut at = n_blanks + 1;
            if trial.quoted(rest, &mut at) != RowState::Complete {
                return None;
            }
        }
        Some(n_blanks + 1)
    }

    /// Reads to the end of a quoted field, including its closing quote.
    fn quoted(&mut self, line: &[u8], at: &mut usize) -> RowState {
        loop {
            let rest = &line[*at..];
            let Some(quote) = rest.iter().position(|byte| *byte == b'"') else {
                self.bytes.extend_from_slice(rest);
                self.is_open = true;
                return RowState::Open;
            };
            self.bytes.extend_from_slice(&rest[..quote]);
            *at += quote + 1;
            if line.get(*at) == Some(&b'"') {
                self.bytes.push(b'"');
                *at += 1;
                continue;
            }
            *at += self.n_blanks(&line[*at..]);
            if line.get(*at).is_some_and(|byte| *byte != self.delimiter) {
                return RowState::Malformed;
            }
            self.is_open = false;
            self.ends.push(self.bytes.len());
            return RowState::Complete;
        }
    }

    fn n_blanks(&self, rest: &[u8]) -> usize {
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t') && **byte != self.delimiter;
        rest.iter().take_while(is_blank).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(lines: &[&str]) -> (RowState, Vec<String>) {
        let mut record = CsvRecord::new(b',');
        let state = lines.iter().map(|line| record.feed(line.as_bytes())).last();
        let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
        (
            state.unwrap_or(RowState::Complete),
            record.fields().map(text).collect(),
        )
    }

    fn fields(line: &str) -> Vec<String> {
        let (state, fields) = split(&[line]);
        assert_eq!(state, RowState::Complete, "{line}");
        fields
    }

    #[test]
    fn fields_are_split_at_delimiters_outside_of_quotes() {
        assert_eq!(fields("1,A,Ulm"), ["1", "A", "Ulm"]);
        assert_eq!(fields(""), [""]);
        assert_eq!(fields(",,"), ["", "", ""]);
        assert_eq!(fields("\"a,b\",\"\",c"), ["a,b", "", "c"]);
        assert_eq!(fields("\"He said \"\"no\"\"\",x"), ["He said \"no\"", "x"]);
    }

    #[test]
    fn quotes_inside_an_unquoted_field_are_part_of_it() {
        assert_eq!(
            fields("1,5\" Rohre GmbH,x\""),
            ["1", "5\" Rohre GmbH", "x\""]
        );
    }

    #[test]
    fn spaces_around_a_quoted_field_are_ignored() {
        assert_eq!(fields("1, \"A, B\" ,x"), ["1", "A, B", "x"]);
        assert_eq!(fields("1, \"A\" B,x"), ["1", " \"A\" B", "x"]);
    }

    #[test]
    fn a_quoted_field_continues_over_lines_or_is_malformed() {
        assert_eq!(split(&["1,\"A"]).0, RowState::Open);
        assert_eq!(
            split(&["1,\"A", "B\",x"]),
            (
                RowState::Complete,
                vec!["1".to_owned(), "A\nB".to_owned(), "x".to_owned()]
            )
        );
        assert_eq!(split(&["1,\"A\" B,x"]).0, RowState::Malformed);
        assert_eq!(split(&["1,\"A", "2,\"B\",x"]).0, RowState::Malformed);
    }
}
