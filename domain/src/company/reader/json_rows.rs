use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::rc::Rc;

use serde_json::Value;

use super::row::RawRow;
use super::source::{Bytes, Source, file_error};
use super::{Field, FileError, ImportReport, Raw, Reason, RowError};

/// One JSON object per line; empty lines are passed over.
pub(super) struct JsonRows<R: Read> {
    lines: BufReader<Bytes<R>>,
    since_row: Rc<Cell<usize>>,
    line: Vec<u8>,
    n_lines: u64,
    has_id: bool,
    has_name: bool,
}

impl<R: Read> JsonRows<R> {
    pub(super) fn new(source: Source<R>) -> Self {
        let since_row = source.bytes.since_row();
        Self {
            lines: BufReader::new(source.bytes),
            since_row,
            line: Vec::new(),
            n_lines: 0,
            has_id: false,
            has_name: false,
        }
    }

    pub(super) fn next(&mut self, report: &mut ImportReport) -> Result<Option<Raw>, FileError> {
        loop {
            self.since_row.set(0);
            self.line.clear();
            self.n_lines += 1;
            let n = self
                .lines
                .read_until(b'\n', &mut self.line)
                .map_err(|error| file_error(&error, self.n_lines))?;
            if n == 0 {
                return Ok(None);
            }
            if !self.line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(self.parse(report)));
            }
        }
    }

    /// The same complaint as about a header, where no row at all has an obligatory key.
    pub(super) fn finish(&self) -> Result<(), FileError> {
        if !self.has_id {
            return Err(FileError::MissingColumn(Field::Id));
        }
        if !self.has_name {
            return Err(FileError::MissingColumn(Field::Name));
        }
        Ok(())
    }

    fn parse(&mut self, report: &mut ImportReport) -> Raw {
        let line = self.n_lines;
        let bad = |field, reason| {
            Raw::Bad(RowError {
                line,
                field,
                reason,
            })
        };
        if std::str::from_utf8(&self.line).is_err() {
            return bad(None, Reason::NotUtf8);
        }
        let Ok(object) = serde_json::from_slice::<BTreeMap<String, Value>>(&self.line) else {
            return bad(None, Reason::NotJson);
        };
        let mut row = RawRow::new(line);
        for (key, value) in &object {
            let Some(field) = Field::of_column(key) else {
                report.ignore_column(key);
                continue;
            };
            self.has_id |= field == Field::Id;
            self.has_name |= field == Field::Name;
            match value {
                Value::Null => {}
                Value::String(text) => row.set(field, text),
                Value::Number(number) => row.set(field, &number.to_string()),
                _ => return bad(Some(field), Reason::WrongType),
            }
        }
        Raw::Row(Box::new(row))
    }
}
