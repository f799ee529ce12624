//! The lines of the file: NDJSON, each with a `kind`.
//!
//! | kind | what |
//! | --- | --- |
//! | `export` | the first line: the tenant, the integration, its CRM, and the time of the request |
//! | `record` | a record with its fields under the CRM's own names |
//! | `relation` | a record's relation to a company, after matching and users' decisions |
//! | `end` | the last line: the number of lines of each kind; a file without it is incomplete |

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use matching::{CompanyId, Evidence, RelationStatus};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    exports::Export,
    fault::{Code, Fault, Outcome},
    integration::Origin,
    record::{Object, RecordId},
    tenant::Scope,
    vanished::Vanished,
    view::Shown,
};

/// The version of the lines' form. It changes whenever a line changes its meaning.
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
        /// Whether the person in the record objected.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        objected: bool,
        /// The state of the record's deletion in the CRM, if it is held back.
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

/// A part of the file that is being written. It is a gzip member of its own, and a sequence of members is a valid gzip file, so a
/// part is independent of the previous one. It holds personal data, so it has no `Debug`.
pub(super) struct Part(GzEncoder<Vec<u8>>);

impl Part {
    pub(super) fn new() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::fast()))
    }

    /// Returns the number of bytes so far, without those that the compressor still buffers.
    pub(super) fn len(&self) -> usize {
        self.0.get_ref().len()
    }

    pub(super) fn head(&mut self, origin: &Origin, export: &Export) -> Outcome<()> {
        self.line(&Line::Export {
            format: FORMAT,
            scope: &origin.scope,
            provider: origin.provider.name(),
            organisation: &origin.organisation,
            asked: export.asked.at,
        })
    }

    /// Writes a record and its relations.
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
