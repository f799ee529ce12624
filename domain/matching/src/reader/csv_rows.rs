//! The rows of a file with delimiter-separated values.

use std::io::Read;
use std::ops::RangeInclusive;

use super::columns::Columns;
use super::header::{likely_delimiter, named_delimiter};
use super::lines_ahead::LinesAhead;
use super::record::{CsvRecord, RowState};
use super::row::RawRow;
use super::source::Bytes;
use super::{FileColumn, FileError, ImportReport, MAX_ROW, Raw, Reason, RowError};

/// The rows of delimiter-separated values below a header.
pub(super) struct CsvRows<R: Read> {
    lines: LinesAhead<R>,
    line: Vec<u8>,
    record: CsvRecord,
    fields: Vec<Option<FileColumn>>,
    /// The number of columns that a row may have. Unnamed columns at the end of the header are
    /// optional.
    widths: RangeInclusive<usize>,
    delimiter: u8,
    /// The previous row had a broken quote, so its text may end in this row.
    after_broken: bool,
}

/// How the lines of a row are treated.
enum Split {
    /// As a row of this many lines.
    Row(u64),
    /// As a quoted field of this many lines that look like rows. All of them are refused.
    Swallowed(u64),
    /// As a line with a broken quote.
    Broken,
}

impl<R: Read> CsvRows<R> {
    /// Reads the header.
    pub(super) fn open(bytes: Bytes<R>, report: &mut ImportReport) -> Result<Self, FileError> {
        let mut rows = Self {
            lines: LinesAhead::new(bytes),
            line: Vec::new(),
            record: CsvRecord::new(b','),
            fields: Vec::new(),
            widths: 0..=usize::MAX,
            delimiter: b',',
            after_broken: false,
        };
        if !rows.next_with_text(report)? {
            return Err(FileError::Empty);
        }
        let named = named_delimiter(&rows.line);
        if named.is_some() {
            report.n_header_lines += 1;
            if !rows.next_with_text(report)? {
                return Err(FileError::Empty);
            }
        }
        rows.delimiter = named.unwrap_or_else(|| likely_delimiter(&rows.line));
        rows.record = CsvRecord::new(rows.delimiter);
        let begins = rows.number();
        let Split::Row(n_lines) = rows.split()? else {
            return Err(FileError::HeaderQuote(begins));
        };
        report.n_header_lines += n_lines;
        let header: Result<Vec<&str>, _> = rows.record.fields().map(std::str::from_utf8).collect();
        let header = header.map_err(|_| FileError::NotUtf8 {
            line: begins,
            n_rows: 1,
        })?;
        let n_named = header
            .iter()
            .rposition(|name| !name.trim().is_empty())
            .map_or(0, |last| last + 1);
        rows.widths = n_named..=header.len();
        let columns = Columns::of_header(header.into_iter().take(n_named));
        if let Some(field) = columns.missing() {
            return Err(FileError::MissingColumn(field));
        }
        rows.fields = columns.fields;
        for column in &columns.ignored {
            report.ignore_column(column);
        }
        Ok(rows)
    }

    pub(super) fn next(&mut self, report: &mut ImportReport) -> Result<Option<Raw>, FileError> {
        while self.advance()? {
            let line = self.number();
            let n_lines = match self.split()? {
                Split::Row(n_lines) => n_lines,
                Split::Swallowed(n_lines) => return Ok(Some(self.broken(line, n_lines))),
                Split::Broken => return Ok(Some(self.broken(line, 1))),
            };
            if self.record.fields().all(is_blank) {
                report.n_skipped += n_lines;
                continue;
            }
            return Ok(Some(self.row(line, n_lines)));
        }
        Ok(None)
    }

    /// The number of lines of the file that have been consumed.
    pub(super) fn number(&self) -> u64 {
        self.lines.n()
    }

    fn row(&mut self, line: u64, n_lines: u64) -> Raw {
        let bad = |field, reason| {
            Raw::Bad(RowError {
                line,
                last_line: line + n_lines - 1,
                field,
                reason,
            })
        };
        // The end of a quoted text whose first line was refused.
        let is_rest = std::mem::take(&mut self.after_broken)
            && n_lines == 1
            && self.line.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        if is_rest {
            return bad(None, Reason::Quote);
        }
        let n_columns = self.record.len();
        let surplus = self.record.fields().skip(*self.widths.end());
        if n_columns < *self.widths.start() || !surplus.into_iter().all(is_blank) {
            return bad(None, Reason::ColumnCount);
        }
        let mut row = RawRow::new(line, n_lines);
        for (value, field) in self.record.fields().zip(&self.fields) {
            let Some(field) = field else { continue };
            match std::str::from_utf8(value) {
                Ok(value) => row.set(*field, &without_formula(value)),
                Err(_) => return bad(Some(*field), Reason::NotUtf8),
            }
        }
        Raw::Row(Box::new(row))
    }

    fn broken(&mut self, line: u64, n_lines: u64) -> Raw {
        self.after_broken = n_lines == 1;
        let field = self.fields.get(self.record.len()).copied().flatten();
        Raw::Bad(RowError {
            line,
            last_line: line + n_lines - 1,
            field: field.filter(|_| n_lines == 1),
            reason: Reason::Quote,
        })
    }

    /// Splits the current line and the lines over which one of its quoted fields continues.
    fn split(&mut self) -> Result<Split, FileError> {
        self.record.clear();
        match self.record.feed(&self.line) {
            RowState::Complete => return Ok(Split::Row(1)),
            RowState::Malformed => return Ok(Split::Broken),
            RowState::Open => {}
        }
        let begins = self.number();
        let is_whole = self.has_width(self.record.columns_if_literal(&self.line));
        let mut size = self.line.len();
        let mut more: Vec<Vec<u8>> = Vec::new();
        let state = loop {
            let mut line = Vec::new();
            if !self.lines.next(&mut line)? {
                break RowState::Malformed;
            }
            size += line.len() + 1;
            if size > MAX_ROW {
                return Err(FileError::RowTooLong(begins));
            }
            let state = self.record.feed(&line);
            more.push(line);
            if state != RowState::Open {
                break state;
            }
        };
        let last = more.last().map(Vec::as_slice).unwrap_or_default();
        if state == RowState::Complete {
            let n_lines = 1 + more.len() as u64;
            return Ok(if is_whole && self.is_whole(last) {
                Split::Swallowed(n_lines)
            } else {
                Split::Row(n_lines)
            });
        }
        // Reports the field that this line leaves open, whatever the lines after it contain.
        self.record.clear();
        self.record.feed(&self.line);
        self.lines.put_back(more);
        Ok(Split::Broken)
    }

    /// Whether `line` alone is a row.
    fn is_whole(&self, line: &[u8]) -> bool {
        let mut record = CsvRecord::new(self.delimiter);
        record.feed(line) == RowState::Complete && self.has_width(record.len())
    }

    fn has_width(&self, n_columns: usize) -> bool {
        self.widths.contains(&n_columns)
    }

    fn next_with_text(&mut self, report: &mut ImportReport) -> Result<bool, FileError> {
        while self.advance()? {
            if !is_blank(&self.line) {
                return Ok(true);
            }
            report.n_skipped += 1;
        }
        Ok(false)
    }

    fn advance(&mut self) -> Result<bool, FileError> {
        self.lines.next(&mut self.line)
    }
}

fn is_blank(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|value| value.trim().is_empty())
}

/// The text of a cell written as `="01067"` to keep Excel from reading it as a number.
fn without_formula(value: &str) -> std::borrow::Cow<'_, str> {
    let text = value
        .trim()
        .strip_prefix("=\"")
        .and_then(|text| text.strip_suffix('"'));
    match text {
        Some(text) if !text.contains('"') => text.into(),
        Some(text) if !text.replace("\"\"", "").contains('"') => text.replace("\"\"", "\"").into(),
        _ => value.into(),
    }
}
