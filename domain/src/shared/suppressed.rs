//! Which records are about people who objected or were erased.

use std::{borrow::Cow, collections::HashMap};

use crate::{
    body::Body,
    fault::Outcome,
    legal::{Person, Suppressions},
    people::People,
    ports::{Reading, Suppressed},
    record::{DisplayFields, MatchingAttributes, Object, RecordId},
    seal::{GenerationKeys, Opener},
    tenant::Scope,
};

/// The parts of a record that say who its data subject is.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: &'a RecordId,
    /// What it says of a company or a person.
    pub attributes: &'a MatchingAttributes,
    /// What it is called.
    pub display: &'a DisplayFields,
    /// The people in it; none: its body is of a format that did not say it, and `fields` have to.
    pub people: Option<&'a People>,
    /// Its fields, as JSON.
    pub fields: &'a str,
}

impl<'a> Subject<'a> {
    /// The people in the record.
    pub fn people(&self) -> Cow<'a, People> {
        let label = self.display.label.as_deref();
        People::of(
            self.people,
            self.object,
            self.attributes,
            label,
            self.fields,
        )
    }

    /// which suppressions stand for whom the record is about, or for the record itself. `accounts` are what [`accounts()`] answered.
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
                .get(self.attributes.parent.as_ref()?)?
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

    /// The account that decides: by its name, of a person who has the name of somebody who is suppressed and says no company; or
    /// by whoever it is, where it is the same person.
    pub fn account(&self, suppressions: &Suppressions) -> Option<RecordId> {
        if suppressions.is_empty() {
            return None;
        }
        let people = self.people();
        if people.account.is_some() {
            return people.account.clone();
        }
        let parent = self.attributes.parent.as_ref()?;
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

/// Accounts that decide who the data subject of another record is.
pub type Accounts = HashMap<RecordId, Account>;

/// What an account says about the data subject of another record.
#[derive(Default)]
pub struct Account {
    /// Its name.
    name: Option<String>,
    /// The suppressions of the person that it is.
    suppressed: Suppressed,
}

impl Account {
    /// Of an account's body; none: it says nothing.
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

/// The accounts that decide whose these records are: none, where no record is an account's person or has the name of somebody
/// who is suppressed.
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

/// The accounts that [`asked`] answered: one request, or none.
///
/// # Errors
/// Those of the store; permanent, for what does not open.
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
