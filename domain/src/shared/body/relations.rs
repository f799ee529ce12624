//! The encoding of relations in a body.

use std::io::Write as _;

use matching::{Agreement, CompanyId, Evidence, MatchField, NamePart, Relation, RelationStatus};
use serde::{Deserialize, Deserializer};

/// Appends `,"relations":[...]`, or nothing if there are no relations.
pub(super) fn write(into: &mut Vec<u8>, relations: &[Relation]) -> serde_json::Result<()> {
    for (at, relation) in relations.iter().enumerate() {
        into.extend_from_slice(if at == 0 { b",\"relations\":[" } else { b"," });
        write_one(into, relation)?;
    }
    if !relations.is_empty() {
        into.push(b']');
    }
    Ok(())
}

fn write_one(into: &mut Vec<u8>, relation: &Relation) -> serde_json::Result<()> {
    into.extend_from_slice(b"{\"company\":");
    serde_json::to_writer(&mut *into, relation.company.as_str())?;
    into.extend_from_slice(b",\"score\":");
    push_number(into, i32::from(relation.score));
    into.extend_from_slice(b",\"status\":\"");
    into.extend_from_slice(relation.status.name().as_bytes());
    into.extend_from_slice(b"\",\"evidence\":\"");
    for (at, evidence) in relation.evidence.iter().enumerate() {
        if at > 0 {
            into.push(b',');
        }
        into.push(evidence.field.letter());
        into.push(evidence.agreement.letter());
        into.extend(evidence.part.map(NamePart::letter));
        push_number(into, i32::from(evidence.weight));
    }
    into.extend_from_slice(b"\"}");
    Ok(())
}

fn push_number(into: &mut Vec<u8>, number: i32) {
    // Writing to a vector cannot fail.
    let _ = write!(into, "{number}");
}

/// A relation in its written form.
#[derive(Deserialize)]
struct Written {
    company: CompanyId,
    score: u16,
    status: RelationStatus,
    evidence: WrittenEvidence,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenEvidence {
    Letters(String),
    /// Format 2.
    List(Vec<(MatchField, Agreement, i16)>),
}

impl WrittenEvidence {
    /// Parses the evidence. `None` if [`write()`] cannot have written it.
    fn read(self) -> Option<Vec<Evidence>> {
        match self {
            Self::Letters(text) if text.is_empty() => Some(Vec::new()),
            Self::Letters(text) => text.split(',').map(comparison).collect(),
            Self::List(list) => Some(
                list.into_iter()
                    .map(|(field, agreement, weight)| Evidence {
                        field,
                        agreement,
                        weight,
                        part: None,
                    })
                    .collect(),
            ),
        }
    }
}

fn comparison(text: &str) -> Option<Evidence> {
    let (letters, rest) = text.split_at_checked(2)?;
    let mut letters = letters.bytes();
    let part = rest.bytes().next().filter(u8::is_ascii_lowercase);
    Some(Evidence {
        field: MatchField::of_letter(letters.next()?)?,
        agreement: Agreement::of_letter(letters.next()?)?,
        weight: rest[usize::from(part.is_some())..].parse().ok()?,
        part: match part {
            Some(letter) => Some(NamePart::of_letter(letter)?),
            None => None,
        },
    })
}

/// Parses the output of [`write()`], or its output in format 2.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Relation>, D::Error> {
    Vec::<Written>::deserialize(deserializer)?
        .into_iter()
        .map(|written| {
            Ok(Relation {
                company: written.company,
                score: written.score,
                status: written.status,
                evidence: (written.evidence.read())
                    .ok_or_else(|| serde::de::Error::custom("evidence"))?,
            })
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn relation() -> impl Strategy<Value = Relation> {
        let part = prop::option::of(0..NamePart::ALL.len());
        let evidence = (0..MatchField::ALL.len(), 0..4_usize, any::<i16>(), part).prop_map(
            |(field, agreement, weight, part)| Evidence {
                field: MatchField::ALL[field],
                agreement: Agreement::ALL[agreement],
                weight,
                part: part.map(|part| NamePart::ALL[part]),
            },
        );
        (
            "[a-z\"\\\\ä/]{1,20}",
            0..=1_000_u16,
            0..4_usize,
            prop::collection::vec(evidence, 0..12),
        )
            .prop_map(|(company, score, status, evidence)| Relation {
                company: CompanyId::parse(&company).unwrap(),
                score,
                status: RelationStatus::ALL[status],
                evidence,
            })
    }

    /// Parses the part of a body that follows `relations`.
    fn read_again(text: &[u8]) -> serde_json::Result<Vec<Relation>> {
        #[derive(Deserialize)]
        struct Body {
            #[serde(default, deserialize_with = "read")]
            relations: Vec<Relation>,
        }
        serde_json::from_slice::<Body>(text).map(|body| body.relations)
    }

    proptest! {
        #[test]
        fn relations_that_are_written_are_read_again(relations in prop::collection::vec(relation(), 0..6)) {
            let mut text = b"{\"format\":3".to_vec();
            write(&mut text, &relations).unwrap();
            text.push(b'}');
            prop_assert_eq!(read_again(&text).unwrap(), relations);
        }
    }

    #[test]
    fn evidence_of_format_2_is_read_and_letters_of_no_meaning_are_refused() {
        let with = |evidence: &str| {
            let text = format!(
                r#"{{"relations":[{{"company":"c","score":1,"status":"suggested","evidence":{evidence}}}]}}"#
            );
            read_again(text.as_bytes())
        };
        let read = with(r#"[["name","equal",70],["vat","close",-3]]"#).unwrap();
        assert_eq!(read, with(r#""ne70,vc-3""#).unwrap());
        for wrong in ["\"xx1\"", "\"ne\"", "\"ne1,\"", "\"n\"", "\"ä1\"", "1"] {
            assert!(with(wrong).is_err(), "{wrong}");
        }
    }
}
