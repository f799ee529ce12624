use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::Lines;
use super::row::RawRow;
use super::source::Bytes;
use super::{FileColumn, FileError, ImportReport, Raw, Reason, RowError};

/// One JSON object per line. Empty lines are skipped.
pub(super) struct JsonRows<R: Read> {
    lines: Lines<Bytes<R>>,
    line: Vec<u8>,
    has_object: bool,
    has_id: bool,
    has_name: bool,
}

/// The members of an object in their order. Values stay as they are written, so that a number of 23
/// digits keeps all of them.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<R: Read> JsonRows<R> {
    pub(super) fn new(bytes: Bytes<R>) -> Self {
        Self {
            lines: Lines::new(bytes),
            line: Vec::new(),
            has_object: false,
            has_id: false,
            has_name: false,
        }
    }

    pub(super) fn next(&mut self, report: &mut ImportReport) -> Result<Option<Raw>, FileError> {
        while self.lines.next(&mut self.line)? {
            if self.line.iter().all(u8::is_ascii_whitespace) {
                report.n_skipped += 1;
                continue;
            }
            return Ok(Some(self.parse(report)));
        }
        Ok(None)
    }

    /// The number of lines that have been read.
    pub(super) fn number(&self) -> u64 {
        self.lines.n()
    }

    /// Fails if no row at all has a mandatory key, as a CSV file fails if its header lacks a
    /// mandatory column.
    pub(super) fn finish(&self) -> Result<(), FileError> {
        if !self.has_object {
            return Err(FileError::Format("JSON that is not one object per line"));
        }
        if !self.has_id {
            return Err(FileError::MissingColumn(FileColumn::Id));
        }
        if !self.has_name {
            return Err(FileError::MissingColumn(FileColumn::Name));
        }
        Ok(())
    }

    fn parse(&mut self, report: &mut ImportReport) -> Raw {
        let line = self.lines.n();
        let bad = |field, reason| Raw::Bad(RowError::at(line, field, reason));
        let Ok(text) = std::str::from_utf8(&self.line) else {
            return bad(None, Reason::NotUtf8);
        };
        let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(text) else {
            return bad(None, Reason::NotJson);
        };
        self.has_object = true;
        let mut row = RawRow::new(line, 1);
        for (key, value) in &members {
            let Some(field) = FileColumn::of_column(key) else {
                report.ignore_column(key);
                continue;
            };
            self.has_id |= field == FileColumn::Id;
            self.has_name |= field == FileColumn::Name;
            if row.has(field) {
                report.ignore_column(key);
                continue;
            }
            match text_of(value.get()) {
                Ok(None) => {}
                Ok(Some(text)) => row.set(field, &text),
                Err(reason) => row.leave_out(field, reason),
            }
        }
        Raw::Row(Box::new(row))
    }
}

/// A value as text. `None` if it is null.
fn text_of(value: &str) -> Result<Option<Cow<'_, str>>, Reason> {
    match value.as_bytes().first() {
        Some(b'n') => Ok(None),
        // Half a surrogate pair is valid JSON, but not text.
        Some(b'"') => serde_json::from_str(value)
            .map(Some)
            .map_err(|_| Reason::Form),
        Some(b'-' | b'0'..=b'9') => Ok(Some(value.into())),
        _ => Err(Reason::WrongType),
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect).map(Members)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some((Key(key), value)) = map.next_entry()? {
            members.push((key, value));
        }
        Ok(members)
    }
}

/// A key. It is borrowed unless it contains escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
        }
        deserializer.deserialize_str(Text).map(Key)
    }
}
