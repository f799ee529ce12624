//! Records that are created: by anybody, as often as they are sent.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Fault, Kind, Outcome},
    legal::Person,
    ports::{
        Bases, BasisOf, Checked, Draft, Duplicates, FieldProblem, FieldValue, Fields, Filling,
        MAX_FOUND, NewRecord, Sought, Source, Usual, Writing, Written,
    },
    record::{MatchingAttributes, Object, RecordId},
    settings::FieldName,
};
use jiff::SignedDuration;
use matching::Column;

use super::{
    people::people,
    rows::{Org, Row},
    session::Session,
};

/// How long after it was sent a creation may take effect.
const SETTLES: SignedDuration = SignedDuration::from_mins(10);

/// Where our own id of a record goes.
const EXTERNAL: &str = "External";

/// What a record is looked for by: texts that tell it from others. A CRM never compares all fields, and neither does this one.
const NATURAL_KEY: [&str; 6] = ["Name", "Website", "Email", "Company", "Parent", "Who"];

#[async_trait]
impl Filling for Session {
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>> {
        let all = [
            ("Name", Source::Column(Column::Name), false),
            ("Website", Source::Column(Column::Domain), false),
            ("City", Source::Column(Column::City), false),
            ("Parent", Source::Account, object == Object::Opportunity),
        ];
        self.ask("usual", None, |_| {
            all.into_iter()
                .filter(|(name, ..)| match object {
                    Object::Account => *name != "Parent",
                    Object::Lead => *name == "City",
                    Object::Contact | Object::Task | Object::Opportunity => *name == "Parent",
                })
                .map(|(name, source, needed)| {
                    Ok(Usual {
                        field: FieldName::parse(name)?,
                        source,
                        needed,
                    })
                })
                .collect()
        })
    }
}

#[async_trait]
impl Bases for Session {
    async fn has_bases(&self) -> Outcome<bool> {
        self.ask("has_bases", None, |org| Ok(org.bases.is_some()))
    }

    async fn note_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<Written>> {
        self.ask("note_bases", None, |org| {
            let noted = org.bases.get_or_insert_default();
            noted.extend_from_slice(bases);
            let id = RecordId::parse("basis")?;
            Ok(vec![Written::Created(id); bases.len()])
        })
    }

    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>> {
        self.ask("find_bases", None, |org| {
            let noted = org.bases.as_deref().unwrap_or_default();
            Ok(bases.iter().map(|of| noted.contains(of)).collect())
        })
    }
}

#[async_trait]
impl Writing for Session {
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>> {
        self.ask("check", None, |org| {
            Ok(drafts.iter().map(|draft| checked(org, draft)).collect())
        })
    }

    async fn create(&self, records: &[NewRecord], duplicates: Duplicates) -> Outcome<Vec<Written>> {
        self.ask("create", None, |org| {
            let is_lost = std::mem::take(&mut org.loses_answer);
            let makes = org.makes.take().unwrap_or(records.len());
            let unknown = org.unknown.take();
            let lost = || {
                Written::Unknown(
                    Fault::crm("crm", CrmCode::said("answer_lost")).with_kind(Kind::Transient),
                )
            };
            let made = |(n, record)| match unknown {
                Some((at, true)) if at == n => {
                    org.create(record, duplicates, true);
                    lost()
                }
                Some((at, false)) if at == n => lost(),
                _ if n < makes => org.create(record, duplicates, true),
                _ => Written::NotSent(
                    Fault::crm("crm", CrmCode::said("busy")).with_kind(Kind::Transient),
                ),
            };
            let written = records.iter().enumerate().map(made).collect();
            match is_lost {
                true => {
                    Err(Fault::crm("crm", CrmCode::said("answer_lost")).with_kind(Kind::Transient))
                }
                false => Ok(written),
            }
        })
    }

    async fn rehearse(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>> {
        self.ask("rehearse", None, |org| {
            Ok(records
                .iter()
                .map(|record| org.create(record, duplicates, false))
                .collect())
        })
    }

    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<Option<Vec<RecordId>>>> {
        self.ask("find", None, |org| {
            Ok(sought.iter().map(|sought| org.find(sought)).collect())
        })
    }

    fn settles(&self) -> SignedDuration {
        SETTLES
    }
}

impl Org {
    fn create(&mut self, record: &NewRecord, duplicates: Duplicates, keep: bool) -> Written {
        let object = record.object();
        let unique = self.unique;
        let value = record.fields().0.get(unique).and_then(FieldValue::as_str);
        let same = |row: &Row| {
            value.is_some_and(|value| row.fields.get(unique).is_some_and(|one| one == value))
        };
        let of: Vec<RecordId> = self
            .live(object)
            .filter(|(_, row)| same(row))
            .map(|(id, _)| id.clone())
            .collect();
        if self.rule_about_duplicates && !of.is_empty() && duplicates == Duplicates::Refuse {
            return Written::Duplicate { of, may_save: true };
        }
        if !keep {
            return Written::Rehearsed;
        }
        self.n_created += 1;
        let Ok(id) = RecordId::parse(&format!("made{:08}", self.n_created)) else {
            return Written::NotSent(Fault::crm("crm", CrmCode::said("no_id")));
        };
        let mut fields = plain(record.fields());
        if let (true, Some(external)) = (self.has_external, record.external_id()) {
            fields.insert(EXTERNAL.to_owned(), external.to_owned());
        }
        self.fields.extend(fields.keys().cloned());
        let version = self.next_version();
        let row = Row {
            modified: self.clock,
            shows: self.clock,
            version,
            fields,
            gone: None,
            absorbed: Vec::new(),
            bad: false,
        };
        self.rows_mut(object).insert(id.clone(), row);
        Written::Created(id)
    }

    fn find(&self, sought: &Sought) -> Option<Vec<RecordId>> {
        let has_id = self.has_external && sought.external_id.is_some();
        let mut wanted = plain(&sought.draft.fields);
        wanted.retain(|name, value| NATURAL_KEY.contains(&name.as_str()) && !value.is_empty());
        if wanted.is_empty() && !has_id {
            return None;
        }
        let is_it = |row: &Row| match (&sought.external_id, self.has_external) {
            (Some(external), true) => row.fields.get(EXTERNAL) == Some(external),
            _ => {
                let alike = |(name, value)| row.fields.get(name) == Some(value);
                (sought.since..=sought.until).contains(&row.modified) && wanted.iter().all(alike)
            }
        };
        let found = self.live(sought.draft.object);
        let found: Vec<RecordId> = found
            .filter(|(_, row)| is_it(row))
            .map(|(id, _)| id.clone())
            .collect();
        Some(found).filter(|found| found.len() < MAX_FOUND)
    }
}

fn plain(fields: &Fields) -> BTreeMap<String, String> {
    let text = |value: &FieldValue| match value {
        FieldValue::Null => None,
        FieldValue::Truth(truth) => Some(truth.to_string()),
        FieldValue::Number(number) => Some(number.as_str().to_owned()),
        FieldValue::Text(text) => Some(text.clone()),
        FieldValue::Other(json) => Some(json.to_string()),
    };
    let given = fields.0.iter();
    given
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
        .collect()
}

/// Every record needs a `Name`; `Also` is somebody else's e-mail address, and `Unknown` a field that there is not.
fn checked(org: &Org, draft: &Draft) -> Checked {
    let text = |name: &str| draft.fields.0.get(name).and_then(FieldValue::as_str);
    let filled = draft.fields.0.iter();
    let filled = filled.filter(|(name, _)| *name != "Unknown");
    let filled = filled.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let reached = people(draft.object, filled);
    let is_person = reached.is_person();
    let owned = |name: &str| text(name).map(str::to_owned);
    let pointed = text("Who").and_then(|id| RecordId::parse(id).ok());
    Checked {
        attributes: MatchingAttributes {
            company: text("Name").filter(|_| !is_person).map(Box::from),
            website: text("Website").map(Box::from),
            email: text("Email").map(Box::from),
            parent: text("Parent").and_then(|id| RecordId::parse(id).ok()),
            ..MatchingAttributes::default()
        },
        person: (is_person || text("Email").is_some()).then(|| Person {
            emails: owned("Email").into_iter().collect(),
            name: owned("Name"),
            company: owned("Company"),
            ..Person::default()
        }),
        others: owned("Also")
            .map(|email| Person {
                emails: vec![email],
                ..Person::default()
            })
            .into_iter()
            .collect(),
        people: pointed
            .map(|id| (Object::Contact, id))
            .into_iter()
            .collect(),
        accounts: text("Parent")
            .and_then(|id| RecordId::parse(id).ok())
            .into_iter()
            .collect(),
        reached,
        account: text("Parent").and_then(|id| RecordId::parse(id).ok()),
        missing: if text("Name").is_none() {
            vec!["Name".to_owned()]
        } else {
            Vec::new()
        },
        refused: if draft.fields.0.contains_key("Unknown") {
            vec![("Unknown".to_owned(), FieldProblem::Unknown)]
        } else {
            Vec::new()
        },
        has_external_id: org.has_external,
        keeps_basis: false,
    }
}
