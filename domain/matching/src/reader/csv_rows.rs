use std::collections::VecDeque;
use std::io::Read;
use std::ops::RangeInclusive;

use super::columns::Columns;
use super::header::{likely_delimiter, named_delimiter};
use super::lines::Lines;
use super::record::{Fed, Record};
use super::row::RawRow;
use super::source::Bytes;
use super::{Field, FileError, ImportReport, MAX_ROW, Raw, Reason, RowError};

/// Rows of separated values below a header.
pub(super) struct CsvRows<R: Read> {
    lines: Lines<Bytes<R>>,
    /// Lines that were read behind a quote and belong to rows of their own.
    ahead: VecDeque<Vec<u8>>,
    line: Vec<u8>,
    record: Record,
    fields: Vec<Option<Field>>,
    /// How many columns a row may have: columns without a name at the end may be there or not.
    widths: RangeInclusive<usize>,
    delimiter: u8,
    /// The row before had a broken quote: the text it belongs to may end in this one.
    after_broken: bool,
}

/// How the lines of one row are to be taken.
enum Split {
    /// As a row of this many lines.
    Row(u64),
    /// As a quoted field over this many lines, which look like rows.
    Swallowed(u64),
    /// As a line with a broken quote.
    Broken,
}

impl<R: Read> CsvRows<R> {
    /// Reads the header.
    pub(super) fn open(bytes: Bytes<R>, report: &mut ImportReport) -> Result<Self, FileError> {
        let mut rows = Self {
            lines: Lines::new(bytes),
            ahead: VecDeque::new(),
            line: Vec::new(),
            record: Record::new(b','),
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
        rows.record = Record::new(rows.delimiter);
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

    /// How many lines of the file are behind us.
    pub(super) fn number(&self) -> u64 {
        self.lines.n() - self.ahead.len() as u64
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
        // The rest of a quoted text whose first line was refused.
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

    /// Splits the line that was read, and those that a quoted field of it goes on over.
    fn split(&mut self) -> Result<Split, FileError> {
        self.record.clear();
        match self.record.feed(&self.line) {
            Fed::Complete => return Ok(Split::Row(1)),
            Fed::Malformed => return Ok(Split::Broken),
            Fed::Open => {}
        }
        let begins = self.number();
        let is_whole = self.has_width(self.record.columns_if_literal(&self.line));
        let mut size = self.line.len();
        let mut more: Vec<Vec<u8>> = Vec::new();
        let fed = loop {
            let mut line = Vec::new();
            if !self.read(&mut line)? {
                break Fed::Malformed;
            }
            size += line.len() + 1;
            if size > MAX_ROW {
                return Err(FileError::RowTooLong(begins));
            }
            let fed = self.record.feed(&line);
            more.push(line);
            if fed != Fed::Open {
                break fed;
            }
        };
        let last = more.last().map(Vec::as_slice).unwrap_or_default();
        if fed == Fed::Complete {
            let n_lines = 1 + more.len() as u64;
            return Ok(if is_whole && self.is_whole(last) {
                Split::Swallowed(n_lines)
            } else {
                Split::Row(n_lines)
            });
        }
        // The field is the one that this line leaves open, whatever was read behind it.
        self.record.clear();
        self.record.feed(&self.line);
        for line in more.into_iter().rev() {
            self.ahead.push_front(line);
        }
        Ok(Split::Broken)
    }

    /// Whether a line is a row by itself.
    fn is_whole(&self, line: &[u8]) -> bool {
        let mut record = Record::new(self.delimiter);
        record.feed(line) == Fed::Complete && self.has_width(record.len())
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
        let mut line = std::mem::take(&mut self.line);
        let is_there = self.read(&mut line);
        self.line = line;
        is_there
    }

    fn read(&mut self, line: &mut Vec<u8>) -> Result<bool, FileError> {
        match self.ahead.pop_front() {
            Some(ahead) => {
                *line = ahead;
                Ok(true)
            }
            None => self.lines.next(line),
        }
    }
}

fn is_blank(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|value| value.trim().is_empty())
}

/// The text of a cell that Excel was kept from reading as a number by `="01067"`.
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
