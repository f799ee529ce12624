//! Finds the records that are about people who objected or were erased.

use std::collections::HashMap;

pub use crate::body::Subject;
use crate::{
    body::Body,
    fault::Outcome,
    legal::{Person, Suppressions},
    people::People,
    ports::{Reading, Suppressed},
    record::{Object, RecordId},
    seal::{GenerationKeys, Opener},
    tenant::Scope,
};

impl<'a> Subject<'a> {
    /// Returns the suppressions in force for the record, or for the people whom it is about. `deciding` is the result of
    /// [`deciding()`].
    pub fn suppressed(
        &self,
        suppressions: &Suppressions,
        scope: &Scope,
        deciding: &Deciding,
    ) -> Suppressed {
        if suppressions.is_empty() {
            return Suppressed::default();
        }
        let people = self.people();
        let name = || {
            let account = self.attributes.parent.as_ref()?.account()?;
            let found = deciding.get(&(Object::Account, account.clone()))?;
            found.name.as_deref()
        };
        let alone = self.suppressed_alone(suppressions, scope, &people, name);
        people.same().fold(alone, |all, (object, id)| {
            // That record may have left the copy, because its person was erased. Its own suppression is still known.
            let all = all.or(suppressions.of_record(&scope.integration, object, id));
            let found = deciding.get(&(object, id.clone()));
            found.map_or(all, |found| all.or(found.suppressed))
        })
    }

    fn suppressed_alone<'n>(
        &self,
        suppressions: &Suppressions,
        scope: &Scope,
        people: &People,
        account: impl FnOnce() -> Option<&'n str>,
    ) -> Suppressed
    where
        'a: 'n,
    {
        let record = suppressions.of_record(&scope.integration, self.object, self.id);
        let Some(person) = people.person(self.attributes) else {
            return record;
        };
        let company = self.attributes.company.as_deref().or_else(account);
        let by_name = company
            .into_iter()
            .flat_map(|company| people.by_name(company));
        by_name
            .chain([person])
            .map(|person| suppressions.of(&person))
            .fold(record, Suppressed::or)
    }

    /// Returns the records whose bodies decide whether this record is suppressed. There are two kinds: records of the same person, and
    /// the account of a record that states no company, if its person is a namesake of somebody who is suppressed.
    pub fn decided_by(&self, suppressions: &Suppressions) -> Vec<(Object, RecordId)> {
        if suppressions.is_empty() {
            return Vec::new();
        }
        let people = self.people();
        let same = people.same().map(|(object, id)| (object, id.clone()));
        same.chain(self.named_at(suppressions, &people)).collect()
    }

    fn named_at(&self, suppressions: &Suppressions, people: &People) -> Option<(Object, RecordId)> {
        let parent = self.attributes.parent.as_ref()?.account()?;
        if people.account.is_some() || self.attributes.company.is_some() || !people.is_person() {
            return None;
        }
        let have_namesake = |name: &str| {
            suppressions.have_namesake(&Person {
                name: Some(name.to_owned()),
                ..Person::default()
            })
        };
        people
            .names
            .iter()
            .any(|name| have_namesake(name))
            .then(|| (Object::Account, parent.clone()))
    }
}

/// Records that decide whether others are suppressed.
pub type Deciding = HashMap<(Object, RecordId), Decider>;

/// The part of a record that decides whether another one is suppressed.
#[derive(Default)]
pub struct Decider {
    /// The company's name, if the record is an account.
    name: Option<String>,
    /// The suppressions of the person, if the record is a person.
    suppressed: Suppressed,
}

impl Decider {
    /// Extracts it from a record's body.
    pub fn of(suppressions: &Suppressions, scope: &Scope, subject: &Subject<'_>) -> Self {
        let people = subject.people();
        let suppressed = subject.suppressed_alone(suppressions, scope, &people, || None);
        Self {
            name: subject.attributes.company.as_deref().map(str::to_owned),
            suppressed: if people.is_person() {
                suppressed
            } else {
                Suppressed::default()
            },
        }
    }
}

/// Returns the records that decide whether these records are suppressed. Usually there are none.
pub fn asked<'r>(
    suppressions: &Suppressions,
    records: impl IntoIterator<Item = Subject<'r>>,
) -> Vec<(Object, RecordId)> {
    let mut wanted: Vec<(Object, RecordId)> = records
        .into_iter()
        .flat_map(|subject| subject.decided_by(suppressions))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// Reads and opens the records that [`asked`] returned. Sends no request if there are none.
///
/// # Errors
/// The fault of the store. Permanent if a body does not open.
pub async fn deciding(
    store: &(impl Reading + ?Sized),
    keys: &GenerationKeys,
    scope: &Scope,
    suppressions: &Suppressions,
    wanted: Vec<(Object, RecordId)>,
) -> Outcome<Deciding> {
    let mut deciding = Deciding::with_capacity(wanted.len());
    if wanted.is_empty() {
        return Ok(deciding);
    }
    let copied = store.copied(scope, &wanted).await?;
    let mut opener = Opener::new(&keys.sealing)?;
    for record in copied.into_iter().flatten() {
        let Some(sealed) = &record.sealed else {
            continue;
        };
        let body = Body::open(&mut opener, scope, record.object, &record.id, sealed)?;
        if let Some(subject) = body.subject(record.object, &record.id) {
            let said = Decider::of(suppressions, scope, &subject);
            deciding.insert((record.object, record.id), said);
        }
    }
    Ok(deciding)
}
