//! The lines of the file: NDJSON, each of a `kind`.
//!
//! | kind | what |
//! | --- | --- |
//! | `export` | the first line: whose copy it is, of which CRM, and when its writing was asked for |
//! | `record` | a record: the fields under the CRM's own names |
//! | `relation` | a record's relation to a company, as the rule and the users left it |
//! | `end` | the last line: how many of each there are; a file without it is not whole |

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use matching::{CompanyId, Evidence, RelationStatus};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    exports::Export,
    fault::{Code, Fault, Outcome},
    integration::Integration,
    record::{Object, RecordId},
    tenant::Scope,
    vanished::Vanished,
    view::Shown,
};

/// The form of the lines: another number whenever a line changes its meaning.
pub const FORMAT: u32 = 1;

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line<'a> {
    Export {
        format: u32,
        #[serde(flatten)]
        scope: &'a Scope,
        provider: &'static str,
        organisation: &'a str,
        asked: Timestamp,
    },
    Record {
        object: Object,
        id: &'a RecordId,
        modified: Timestamp,
        copied: Option<Timestamp>,
        /// Whether the person in it objected.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        objected: bool,
        /// What became of its deletion in the CRM, where that is held back.
        #[serde(skip_serializing_if = "Option::is_none")]
        deleted_in_crm: Option<Vanished>,
        fields: &'a RawValue,
    },
    Relation {
        object: Object,
        record: &'a RecordId,
        company: &'a CompanyId,
        status: RelationStatus,
        score: u16,
        evidence: &'a [Evidence],
    },
    End {
        records: u64,
        relations: u64,
        withheld: u64,
        unsettled: u64,
    },
}

/// A part of the file while it is being written. It is a gzip member of its own, and members in a row are one gzip file: so
/// a part needs nothing of the one before. Holds personal data: it has no `Debug`.
pub(super) struct Part(GzEncoder<Vec<u8>>);

impl Part {
    pub(super) fn new() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::fast()))
    }

    /// Bytes so far, but for what the compressor still holds.
    pub(super) fn len(&self) -> usize {
        self.0.get_ref().len()
    }

    pub(super) fn head(&mut self, integration: &Integration, export: &Export) -> Outcome<()> {
        self.line(&Line::Export {
            format: FORMAT,
            scope: &integration.scope,
            provider: integration.provider.name(),
            organisation: &integration.organisation,
            asked: export.asked.at,
        })
    }

    /// A record and its relations.
    pub(super) fn record(&mut self, record: &Shown, objected: bool) -> Outcome<()> {
        self.line(&Line::Record {
            object: record.object,
            id: &record.id,
            modified: record.modified,
            copied: record.copied,
            objected,
            deleted_in_crm: record.vanished,
            fields: &record.fields,
        })?;
        for relation in &record.relations {
            self.line(&Line::Relation {
                object: record.object,
                record: &record.id,
                company: &relation.company,
                status: relation.status,
                score: relation.score,
                evidence: &relation.evidence,
            })?;
        }
        Ok(())
    }

    pub(super) fn end(&mut self, export: &Export) -> Outcome<()> {
        self.line(&Line::End {
            records: export.records,
            relations: export.relations,
            withheld: export.withheld,
            unsettled: export.unsettled,
        })
    }

    pub(super) fn finish(self) -> Outcome<Vec<u8>> {
        self.0.finish().map_err(|_| unwritable())
    }

    fn line(&mut self, line: &Line<'_>) -> Outcome<()> {
        serde_json::to_writer(&mut self.0, line).map_err(|_| unwritable())?;
        self.0.write_all(b"\n").map_err(|_| unwritable())
    }
}

fn unwritable() -> Fault {
    Fault::of(Code::ExportUnwritable)
}
