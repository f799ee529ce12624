//! Which records are about people who objected or were erased.

use std::{borrow::Cow, collections::HashMap};

use crate::{
    body::Body,
    fault::Outcome,
    legal::{Marks, Person},
    people::People,
    ports::{Marked, Reading},
    record::{DisplayFields, MatchingAttributes, Object, RecordId},
    seal::{GenerationKeys, Opener},
    tenant::Scope,
};

/// What of a record says whose it is.
#[derive(Clone, Copy)]
pub struct Whose<'a> {
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

impl<'a> Whose<'a> {
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

    /// Which marks stand for whom the record is about, or for the record itself. `accounts` are what [`accounts()`] answered.
    pub fn marked(&self, marks: &Marks, scope: &Scope, accounts: &Accounts) -> Marked {
        if marks.is_empty() {
            return Marked::default();
        }
        let people = self.people();
        let same = people.account.as_ref().and_then(|same| accounts.get(same));
        let same = same.map_or(Marked::default(), |account| account.marked);
        let name = || {
            accounts
                .get(self.attributes.parent.as_ref()?)?
                .name
                .as_deref()
        };
        self.marked_alone(marks, scope, &people, name).or(same)
    }

    fn marked_alone<'n>(
        &self,
        marks: &Marks,
        scope: &Scope,
        people: &People,
        account: impl FnOnce() -> Option<&'n str>,
    ) -> Marked
    where
        'a: 'n,
    {
        let record = marks.of_record(&scope.integration, self.object, self.id);
        let Some(person) = people.person(self.attributes) else {
            return record;
        };
        let company = self.attributes.company.as_deref().or_else(account);
        let by_name = company
            .into_iter()
            .flat_map(|company| people.by_name(company));
        by_name
            .chain([person])
            .map(|person| marks.of(&person))
            .fold(record, Marked::or)
    }

    /// The account that decides: by its name, of a person who has the name of somebody who is marked and says no company; or
    /// by whoever it is, where it is the same person.
    pub fn account(&self, marks: &Marks) -> Option<RecordId> {
        if marks.is_empty() {
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
            marks.have_namesake(&Person {
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

/// Accounts that decide whose other records are.
pub type Accounts = HashMap<RecordId, Account>;

/// What an account says of whose another record is.
#[derive(Default)]
pub struct Account {
    /// Its name.
    name: Option<String>,
    /// The marks on the person that it is.
    marked: Marked,
}

impl Account {
    /// Of an account's body; none: it says nothing.
    pub fn of(marks: &Marks, scope: &Scope, whose: &Whose<'_>) -> Self {
        let people = whose.people();
        let marked = whose.marked_alone(marks, scope, &people, || None);
        Self {
            name: whose.attributes.company.as_deref().map(str::to_owned),
            marked: if people.is_person() {
                marked
            } else {
                Marked::default()
            },
        }
    }
}

/// The accounts that decide whose these records are: none, where no record is an account's person or has the name of somebody
/// who is marked.
pub fn asked<'r>(
    marks: &Marks,
    records: impl IntoIterator<Item = Whose<'r>>,
) -> Vec<(Object, RecordId)> {
    let mut wanted: Vec<(Object, RecordId)> = records
        .into_iter()
        .filter_map(|whose| Some((Object::Account, whose.account(marks)?)))
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
    marks: &Marks,
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
        if let Some(whose) = body.whose(account.object, &account.id) {
            let said = Account::of(marks, scope, &whose);
            accounts.insert(account.id, said);
        }
    }
    Ok(accounts)
}
