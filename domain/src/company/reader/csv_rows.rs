use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};

use super::columns::Columns;
use super::row::RawRow;
use super::source::{Bytes, Source, file_error};
use super::{Field, FileError, Raw, Reason, RowError};

/// Rows of separated values below a header.
pub(super) struct CsvRows<R: Read> {
    reader: Reader<Bytes<R>>,
    since_row: Rc<Cell<usize>>,
    fields: Vec<Option<Field>>,
    record: ByteRecord,
}

impl<R: Read> CsvRows<R> {
    /// Reads the header; returns the columns that are ignored, too.
    pub(super) fn open(source: Source<R>) -> Result<(Self, Vec<String>), FileError> {
        let since_row = source.bytes.since_row();
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(source.delimiter)
            .from_reader(source.bytes);
        let mut rows = Self {
            reader,
            since_row,
            fields: Vec::new(),
            record: ByteRecord::new(),
        };
        if !rows.advance()? {
            return Err(FileError::Empty);
        }
        let header: Result<Vec<&str>, _> = rows.record.iter().map(std::str::from_utf8).collect();
        let header = header.map_err(|_| FileError::Encoding("something else"))?;
        let columns = Columns::of_header(header.into_iter());
        if let Some(field) = columns.missing() {
            return Err(FileError::MissingColumn(field));
        }
        rows.fields = columns.fields;
        Ok((rows, columns.ignored))
    }

    pub(super) fn next(&mut self) -> Result<Option<Raw>, FileError> {
        if !self.advance()? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let bad = |field, reason| {
            Ok(Some(Raw::Bad(RowError {
                line,
                field,
                reason,
            })))
        };
        if self.record.len() != self.fields.len() {
            return bad(None, Reason::ColumnCount);
        }
        let mut row = RawRow::new(line);
        for (value, field) in self.record.iter().zip(&self.fields) {
            let Some(field) = field else { continue };
            match std::str::from_utf8(value) {
                Ok(value) => row.set(*field, value),
                Err(_) => return bad(Some(*field), Reason::NotUtf8),
            }
        }
        Ok(Some(Raw::Row(Box::new(row))))
    }

    fn advance(&mut self) -> Result<bool, FileError> {
        self.since_row.set(0);
        let line = self.reader.position().line();
        self.reader
            .read_byte_record(&mut self.record)
            .map_err(|error| match error.kind() {
                ErrorKind::Io(error) => file_error(error, line),
                _ => FileError::Corrupt,
            })
    }
}
