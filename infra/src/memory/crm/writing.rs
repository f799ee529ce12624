//! Creates records, as often as a caller sends them, and keeps legal bases.

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Fault, Kind, Outcome},
    ports::{
        Bases, BasisOf, Checked, Draft, Duplicates, FieldValue, Filling, LookedUp, NewRecord,
        Rehearsing, Sought, Source, Usual, Writing, Written,
    },
    record::{Object, Parent, RecordId},
    settings::FieldName,
};
use jiff::SignedDuration;
use matching::Column;

use super::{
    drafts::checked,
    lookup::{EXTERNAL, plain},
    org::Org,
    rows::Row,
    session::Session,
};

/// How long after it was sent a creation may take effect.
const SETTLES: SignedDuration = SignedDuration::from_mins(10);

#[async_trait]
impl Filling for Session {
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>> {
        let all = [
            ("Name", Source::Column(Column::Name), false),
            ("Website", Source::Column(Column::Domain), false),
            ("City", Source::Column(Column::City), false),
            ("Parent", Source::Account, object == Object::Opportunity),
        ];
        self.ask("usual", None, |org| {
            let links = org.links_accounts;
            all.into_iter()
                .filter(|(name, ..)| *name != "Parent" || !links)
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

    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
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
            let says_nothing = self.rehearsing == Rehearsing::UniqueValues && value.is_none();
            return match says_nothing {
                true => Written::Unknown(Fault::crm("crm", CrmCode::said("nothing_unique"))),
                false => Written::Rehearsed,
            };
        }
        let id = match self.new_id(object, record) {
            Ok(id) => id,
            Err(refused) => return refused,
        };
        let mut fields = plain(record.fields());
        if let (true, Some(external)) = (self.has_external, record.external_id()) {
            fields.insert(EXTERNAL.to_owned(), external.to_owned());
        }
        self.fields.extend(fields.keys().cloned());
        let mut links = record.draft().links.clone();
        links.sort_unstable();
        let version = self.next_version();
        let row = Row {
            modified: self.clock,
            shows: self.clock,
            version,
            fields,
            links,
            made: Some(self.clock),
            gone: None,
            absorbed: Vec::new(),
            bad: false,
        };
        if let Some(associations) = &mut self.associations {
            let accounts = record.draft().links.iter();
            let accounts = accounts.filter(|link| link.object == Object::Account);
            let accounts = accounts
                .map(|link| Parent::of(link.object, link.id.clone()))
                .collect();
            associations.associate(object, &id, accounts);
        }
        self.rows_mut(object).insert(id.clone(), row);
        Written::Created(id)
    }

    fn new_id(&mut self, object: Object, record: &NewRecord) -> Result<RecordId, Written> {
        let refused = |code| Written::Refused {
            fault: Fault::crm("crm", CrmCode::said(code)),
            fields: Vec::new(),
        };
        if self.chooses_ids {
            let chosen = record.chosen_id().cloned();
            let chosen = chosen.ok_or_else(|| refused("no_id_chosen"))?;
            return match self.rows_mut(object).contains_key(&chosen) {
                true => Err(refused("id_is_there")),
                false => Ok(chosen),
            };
        }
        self.n_created += 1;
        let id = RecordId::parse(&format!("made{:08}", self.n_created));
        id.map_err(|_| refused("no_id"))
    }
}
