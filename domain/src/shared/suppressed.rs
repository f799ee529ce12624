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
    /// Returns the suppressions in force for the record, or for the people whom it is about. `accounts` is the result of
    /// [`accounts()`].
    pub fn suppressed(
        &self,
        suppressions: &Suppressions,
        scope: &Scope,
        accounts: &Accounts,
    ) -> Suppressed {
        if suppressions.is_empty() {
            return Suppressed::default();
        }
        let people = self.people();
        let same = people.account.as_ref().and_then(|same| accounts.get(same));
        let same = same.map_or(Suppressed::default(), |account| account.suppressed);
        let name = || {
            accounts
                .get(self.attributes.parent.as_ref()?.account()?)?
                .name
                .as_deref()
        };
        self.suppressed_alone(suppressions, scope, &people, name)
            .or(same)
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

    /// Returns the account whose body decides whether the record is suppressed. It is needed in two cases: the record is the same
    /// person as the account, or it states no company and its person is a namesake of somebody who is suppressed. `None` otherwise.
    pub fn account(&self, suppressions: &Suppressions) -> Option<RecordId> {
        if suppressions.is_empty() {
            return None;
        }
        let people = self.people();
        if people.account.is_some() {
            return people.account.clone();
        }
        let parent = self.attributes.parent.as_ref()?.account()?;
        if self.attributes.company.is_some() || !people.is_person() {
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
            .then(|| parent.clone())
    }
}

/// Accounts that decide whether other records are suppressed.
pub type Accounts = HashMap<RecordId, Account>;

/// The part of an account that decides whether another record is suppressed.
#[derive(Default)]
pub struct Account {
    /// Its name.
    name: Option<String>,
    /// The suppressions of the person, if the account is a person.
    suppressed: Suppressed,
}

impl Account {
    /// Extracts it from an account's body.
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

/// Returns the accounts that decide whether these records are suppressed. Usually there are none.
pub fn asked<'r>(
    suppressions: &Suppressions,
    records: impl IntoIterator<Item = Subject<'r>>,
) -> Vec<(Object, RecordId)> {
    let mut wanted: Vec<(Object, RecordId)> = records
        .into_iter()
        .filter_map(|subject| Some((Object::Account, subject.account(suppressions)?)))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// Reads and opens the accounts that [`asked`] returned. Sends no request if there are none.
///
/// # Errors
/// The fault of the store. Permanent if a body does not open.
pub async fn accounts(
    store: &(impl Reading + ?Sized),
    keys: &GenerationKeys,
    scope: &Scope,
    suppressions: &Suppressions,
    wanted: Vec<(Object, RecordId)>,
) -> Outcome<Accounts> {
    let mut accounts = Accounts::with_capacity(wanted.len());
    if wanted.is_empty() {
        return Ok(accounts);
    }
    let copied = store.copied(scope, &wanted).await?;
    let mut opener = Opener::new(&keys.sealing)?;
    for account in copied.into_iter().flatten() {
        let Some(sealed) = &account.sealed else {
            continue;
        };
        let body = Body::open(&mut opener, scope, account.object, &account.id, sealed)?;
        if let Some(subject) = body.subject(account.object, &account.id) {
            let said = Account::of(suppressions, scope, &subject);
            accounts.insert(account.id, said);
        }
    }
    Ok(accounts)
}
