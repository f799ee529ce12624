//! What is sealed of a record: its fields, and its relations with their evidence, as one JSON document.
//!
//! `{"fields":{…},"relations":[{"company":"c-1","score":987,"status":"automatic","evidence":[["name","equal",70],…]}]}`.
//! Fields are JSON already, and go in as they are. A comparison is a list of three: named, as relations are elsewhere, the
//! names alone took a third of the sealed bytes (November 2026).

use std::io::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    company::CompanyId,
    fault::{Fault, Outcome},
    matching::{Agreement, Evidence, MatchField, Relation, RelationStatus},
};

/// A record's body, opened.
#[derive(Deserialize)]
pub struct Body {
    /// The fields under the CRM's own names, as the record had them.
    pub fields: Box<RawValue>,
    /// The companies that the record is, or may be; the likeliest first.
    #[serde(default, deserialize_with = "relations")]
    pub relations: Vec<Relation>,
}

impl Body {
    /// Reads what [`write`] wrote.
    ///
    /// # Errors
    /// Lasting, when the bytes are anything else.
    pub fn read(bytes: &[u8]) -> Outcome<Self> {
        serde_json::from_slice(bytes).map_err(|_| Fault::lasting("record.body_malformed"))
    }
}

/// Writes the body of a record with these fields, a JSON object, and these relations in place of what `into` holds.
///
/// # Errors
/// Lasting, when a company's id cannot be written: it never happens.
pub fn write(into: &mut Vec<u8>, fields: &str, relations: &[Relation]) -> Outcome<()> {
    into.clear();
    into.extend_from_slice(b"{\"fields\":");
    into.extend_from_slice(fields.as_bytes());
    for (at, relation) in relations.iter().enumerate() {
        into.extend_from_slice(if at == 0 { b",\"relations\":[" } else { b"," });
        write_relation(into, relation).map_err(|_| Fault::lasting("relations.unwritable"))?;
    }
    if !relations.is_empty() {
        into.push(b']');
    }
    into.push(b'}');
    Ok(())
}

fn write_relation(into: &mut Vec<u8>, relation: &Relation) -> serde_json::Result<()> {
    into.extend_from_slice(b"{\"company\":");
    serde_json::to_writer(&mut *into, relation.company.as_str())?;
    into.extend_from_slice(b",\"score\":");
    push_number(into, i32::from(relation.score));
    into.extend_from_slice(b",\"status\":\"");
    into.extend_from_slice(status_name(relation.status).as_bytes());
    into.extend_from_slice(b"\",\"evidence\":[");
    for (at, evidence) in relation.evidence.iter().enumerate() {
        into.extend_from_slice(if at == 0 { b"[\"" } else { b",[\"" });
        into.extend_from_slice(field_name(evidence.field).as_bytes());
        into.extend_from_slice(b"\",\"");
        into.extend_from_slice(agreement_name(evidence.agreement).as_bytes());
        into.extend_from_slice(b"\",");
        push_number(into, i32::from(evidence.weight));
        into.push(b']');
    }
    into.extend_from_slice(b"]}");
    Ok(())
}

fn push_number(into: &mut Vec<u8>, number: i32) {
    // Writing to a vector cannot fail.
    let _ = write!(into, "{number}");
}

fn status_name(status: RelationStatus) -> &'static str {
    match status {
        RelationStatus::Suggested => "suggested",
        RelationStatus::Automatic => "automatic",
        RelationStatus::Approved => "approved",
        RelationStatus::Blocked => "blocked",
    }
}

fn field_name(field: MatchField) -> &'static str {
    match field {
        MatchField::Name => "name",
        MatchField::LegalForm => "legal_form",
        MatchField::Street => "street",
        MatchField::Zip => "zip",
        MatchField::City => "city",
        MatchField::Country => "country",
        MatchField::Domain => "domain",
        MatchField::Phone => "phone",
        MatchField::Vat => "vat",
        MatchField::Register => "register",
        MatchField::Lei => "lei",
        MatchField::Rivals => "rivals",
    }
}

fn agreement_name(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Equal => "equal",
        Agreement::Close => "close",
        Agreement::Partly => "partly",
        Agreement::Different => "different",
    }
}

/// A relation as it is written.
#[derive(Deserialize)]
struct Written {
    company: CompanyId,
    score: u16,
    status: RelationStatus,
    evidence: Vec<(MatchField, Agreement, i16)>,
}

fn relations<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Relation>, D::Error> {
    let written = Vec::<Written>::deserialize(deserializer)?;
    let read = |written: Written| Relation {
        company: written.company,
        score: written.score,
        status: written.status,
        evidence: written
            .evidence
            .into_iter()
            .map(|(field, agreement, weight)| Evidence {
                field,
                agreement,
                weight,
            })
            .collect(),
    };
    Ok(written.into_iter().map(read).collect())
}

/// As the API shows it: relations with names.
impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            fields: &'a RawValue,
            relations: &'a [Relation],
        }
        Shown {
            fields: &self.fields,
            relations: &self.relations,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIELDS: [MatchField; 12] = [
        MatchField::Name,
        MatchField::LegalForm,
        MatchField::Street,
        MatchField::Zip,
        MatchField::City,
        MatchField::Country,
        MatchField::Domain,
        MatchField::Phone,
        MatchField::Vat,
        MatchField::Register,
        MatchField::Lei,
        MatchField::Rivals,
    ];
    const AGREEMENTS: [Agreement; 4] = [
        Agreement::Equal,
        Agreement::Close,
        Agreement::Partly,
        Agreement::Different,
    ];
    const STATUSES: [RelationStatus; 4] = [
        RelationStatus::Suggested,
        RelationStatus::Automatic,
        RelationStatus::Approved,
        RelationStatus::Blocked,
    ];

    fn relation() -> impl Strategy<Value = Relation> {
        let evidence =
            (0..11_usize, 0..4_usize, any::<i16>()).prop_map(|(field, agreement, weight)| {
                Evidence {
                    field: FIELDS[field],
                    agreement: AGREEMENTS[agreement],
                    weight,
                }
            });
        (
            "[a-z\"\\\\ä/]{1,20}",
            0..=1_000_u16,
            0..4_usize,
            prop::collection::vec(evidence, 0..12),
        )
            .prop_map(|(company, score, status, evidence)| Relation {
                company: CompanyId::parse(&company).unwrap(),
                score,
                status: STATUSES[status],
                evidence,
            })
    }

    proptest! {
    #[test]
    fn what_is_written_is_read_again(relations in prop::collection::vec(relation(), 0..6)) {
        let fields = r#"{"Name":"Müller \"& Söhne\"","Employees":12}"#;
        let mut bytes = b"an earlier one".to_vec();
        write(&mut bytes, fields, &relations).unwrap();
        let body = Body::read(&bytes).unwrap();
        prop_assert_eq!(body.fields.get(), fields);
        prop_assert_eq!(body.relations, relations);
    }
    }

    #[test]
    fn a_body_is_spelled_as_the_page_says() {
        let relation = Relation {
            company: CompanyId::parse("c-1").unwrap(),
            score: 987,
            status: RelationStatus::Automatic,
            evidence: vec![
                Evidence {
                    field: MatchField::Name,
                    agreement: Agreement::Equal,
                    weight: 70,
                },
                Evidence {
                    field: MatchField::Zip,
                    agreement: Agreement::Different,
                    weight: -20,
                },
            ],
        };
        let mut bytes = Vec::new();
        write(&mut bytes, "{}", &[]).unwrap();
        assert_eq!(bytes, br#"{"fields":{}}"#);
        write(&mut bytes, "{}", &[relation]).unwrap();
        assert_eq!(
            std::str::from_utf8(&bytes).unwrap(),
            r#"{"fields":{},"relations":[{"company":"c-1","score":987,"status":"automatic","evidence":[["name","equal",70],["zip","different",-20]]}]}"#
        );
    }

    #[test]
    fn bytes_that_are_no_body_are_refused() {
        for bytes in [
            &b""[..],
            b"{}",
            b"[]",
            br#"{"fields":{},"relations":[{"company":"c"}]}"#,
        ] {
            assert_eq!(
                Body::read(bytes).map(drop).unwrap_err().code(),
                "record.body_malformed"
            );
        }
    }
}
