//! What has to hold before anything is sent: the CRM can take it, everybody in it is cleared, and it is not there yet.

use std::collections::HashMap;

use super::{
    Became, Making, Twin, Unfitting, Wanted,
    intent::{Intent, State},
    run::external,
};
use crate::{
    fault::Outcome,
    legal::{Clearance, Missing, Person, Refusal, Register, assessment::Purpose, clear},
    ports::{Checked, Draft, Fields, Index, Look, NewRecord},
    record::{Item, Object, RecordId},
    seal::HashKind,
};

/// A record that may be sent.
pub(super) struct Ready {
    /// Its place in the request.
    pub(super) at: usize,
    pub(super) record: NewRecord,
}

/// What is known of a record that is wanted.
pub(super) struct Judged {
    pub(super) checked: Checked,
    /// Everybody it names.
    pub(super) people: Vec<Person>,
    /// Their clearances, or what is missing.
    pub(super) cleared: Result<Vec<Clearance>, Vec<Missing>>,
    /// Records of the copy that look like it.
    pub(super) twins: Vec<Twin>,
}

impl Judged {
    pub(super) fn is_fit(&self) -> bool {
        self.checked.missing.is_empty() && self.checked.refused.is_empty()
    }
}

/// Judges what was not sent yet: ends what may not be sent, answers what may.
pub(super) async fn check(making: &Making<'_>, intent: &mut Intent) -> Outcome<Vec<Ready>> {
    let places: Vec<(usize, Wanted)> = intent
        .body
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| matches!(item.state, State::Begun | State::NotSent(_)))
        .filter_map(|(at, item)| Some((at, item.wanted.clone()?)))
        .collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<&Wanted> = places.iter().map(|(_, wanted)| wanted).collect();
    let judged = judge(making, &wanted).await?;
    let mut ready = Vec::new();
    for ((at, wanted), judged) in places.iter().zip(judged) {
        let is_fit = judged.is_fit();
        let Judged {
            checked,
            people,
            cleared,
            twins,
        } = judged;
        let item = &mut intent.body.items[*at];
        if !is_fit {
            item.end(unfit(checked));
            continue;
        }
        let clearances = match cleared {
            Ok(clearances) => clearances,
            Err(missing) => {
                item.end(Became::NotCleared { missing });
                continue;
            }
        };
        if !twins.is_empty() && !intent.body.allow_duplicate {
            item.end(Became::Duplicate {
                ours: twins,
                crm: Vec::new(),
                may_save: true,
            });
            continue;
        }
        let mark = checked.has_external_id.then(|| external(intent, *at));
        let record = NewRecord::cleared(&wanted.draft, &checked, &people, clearances)?;
        ready.push(Ready {
            at: *at,
            record: record.marked(mark),
        });
    }
    Ok(ready)
}

fn unfit(checked: Checked) -> Became {
    let refused = checked.refused.into_iter();
    Became::Unfit {
        missing: checked.missing,
        refused: refused
            .map(|(field, problem)| Unfitting { field, problem })
            .collect(),
    }
}

/// Judges records that are wanted, in the order given.
pub(super) async fn judge(making: &Making<'_>, wanted: &[&Wanted]) -> Outcome<Vec<Judged>> {
    let drafts: Vec<Draft> = wanted.iter().map(|one| one.draft.clone()).collect();
    let mut checked = making.crm.check(&drafts).await?;
    name_companies(making, &mut checked).await?;
    let people = people(making, &checked).await?;
    let cleared = cleared(making, wanted, &checked, &people).await?;
    let twins = twins(making, &drafts, &checked).await?;
    Ok(checked
        .into_iter()
        .zip(people)
        .zip(cleared)
        .zip(twins)
        .map(|(((checked, people), cleared), twins)| Judged {
            checked,
            people,
            cleared,
            twins,
        })
        .collect())
}

/// The company that a person is met at is the account's name: people are known by name and company, too.
async fn name_companies(making: &Making<'_>, checked: &mut [Checked]) -> Outcome<()> {
    let lacks = |one: &Checked| {
        let person = one.person.as_ref()?;
        let account = one.account.clone()?;
        person.company.is_none().then_some(account)
    };
    let accounts: Vec<RecordId> = checked.iter().filter_map(lacks).collect();
    let found = fetched(making, Object::Account, accounts).await?;
    for one in checked {
        let name = lacks(one).and_then(|account| found.get(&account)?.about.company.clone());
        if let (Some(person), Some(name)) = (&mut one.person, name) {
            person.company = Some(name.into());
        }
    }
    Ok(())
}

/// Everybody whom each record names: in its own fields, and by pointing at them.
async fn people(making: &Making<'_>, checked: &[Checked]) -> Outcome<Vec<Vec<Person>>> {
    let mut known: HashMap<(Object, RecordId), Person> = HashMap::new();
    for object in [Object::Contact, Object::Lead] {
        let ids = checked
            .iter()
            .flat_map(|one| &one.people)
            .filter(|(of, _)| *of == object)
            .map(|(_, id)| id.clone())
            .collect();
        let mut found: Vec<(RecordId, Checked)> =
            fetched(making, object, ids).await?.into_iter().collect();
        let mut pointed: Vec<Checked> = found.iter().map(|(_, one)| one.clone()).collect();
        name_companies(making, &mut pointed).await?;
        for ((id, _), one) in found.drain(..).zip(pointed) {
            known.insert((object, id), one.person.unwrap_or_default());
        }
    }
    let of = |one: &Checked| {
        let pointed = one.people.iter();
        // Who cannot be found cannot be cleared.
        let pointed = pointed.map(|place| known.get(place).cloned().unwrap_or_default());
        one.person.iter().cloned().chain(pointed).collect()
    };
    Ok(checked.iter().map(of).collect())
}

/// Records as they are in the CRM now, and what they say.
async fn fetched(
    making: &Making<'_>,
    object: Object,
    mut ids: Vec<RecordId>,
) -> Outcome<HashMap<RecordId, Checked>> {
    ids.sort_unstable();
    ids.dedup();
    let mut all = HashMap::new();
    for ids in ids.chunks(200) {
        let (mut found, mut drafts) = (Vec::new(), Vec::new());
        for item in making.crm.fetch(object, ids).await? {
            if let Item::Live(record) = item {
                let fields = serde_json::from_str(&record.fields).unwrap_or_default();
                found.push(record.id);
                drafts.push(Draft {
                    object,
                    fields: Fields(fields),
                });
            }
        }
        let checked = making.crm.check(&drafts).await?;
        all.extend(found.into_iter().zip(checked));
    }
    Ok(all)
}

/// The clearances of everybody in each record, or what is missing for any of them.
async fn cleared(
    making: &Making<'_>,
    wanted: &[&Wanted],
    checked: &[Checked],
    people: &[Vec<Person>],
) -> Outcome<Vec<Result<Vec<Clearance>, Vec<Missing>>>> {
    let tenant = &making.integration.scope.tenant;
    let (store, keys) = (&*making.ports.store, &*making.ports.keys);
    let mut by_purpose: Vec<(&Purpose, Vec<(usize, Person)>)> = Vec::new();
    let mut cleared: Vec<Result<Vec<Clearance>, Vec<Missing>>> = Vec::new();
    for (at, ((wanted, checked), people)) in wanted.iter().zip(checked).zip(people).enumerate() {
        match &wanted.purpose {
            _ if !checked.names_somebody() => {}
            None => {
                cleared.push(Err(vec![Missing::Basis]));
                continue;
            }
            Some(purpose) => {
                let asked = people.iter().map(|person| (at, person.clone()));
                match by_purpose.iter_mut().find(|(one, _)| *one == purpose) {
                    Some((_, all)) => all.extend(asked),
                    None => by_purpose.push((purpose, asked.collect())),
                }
            }
        }
        cleared.push(Ok(Vec::new()));
    }
    if by_purpose.is_empty() {
        return Ok(cleared);
    }
    let register = Register::open(store, keys, tenant).await?;
    let now = (making.clock)();
    for (purpose, asked) in by_purpose {
        let (places, people): (Vec<usize>, Vec<Person>) = asked.into_iter().unzip();
        let judged = clear(store, &register, tenant, &people, purpose, now).await?;
        for (at, judged) in places.into_iter().zip(judged) {
            gather(&mut cleared[at], judged);
        }
    }
    Ok(cleared)
}

fn gather(of: &mut Result<Vec<Clearance>, Vec<Missing>>, one: Result<Clearance, Refusal>) {
    match (of, one) {
        (Ok(clearances), Ok(clearance)) => clearances.push(clearance),
        (Err(missing), Err(refusal)) => {
            missing.extend(refusal.missing());
            missing.sort_unstable();
            missing.dedup();
        }
        (of @ Ok(_), Err(refusal)) => *of = Err(refusal.missing().to_vec()),
        (Err(_), Ok(_)) => {}
    }
}

/// How many look-alikes are named.
const MOST_TWINS: usize = 10;

/// Records of the copy that look like the drafts: people with the same e-mail address, accounts with the same domain of
/// their own.
async fn twins(
    making: &Making<'_>,
    drafts: &[Draft],
    checked: &[Checked],
) -> Outcome<Vec<Vec<Twin>>> {
    let index = &making.keys.index;
    let ask = |draft: &Draft, checked: &Checked| -> Option<Look> {
        let (at, hash) = match draft.object {
            Object::Contact | Object::Lead => {
                let email = checked.about.email.as_deref()?.trim().to_lowercase();
                (Index::Email, index.hash(HashKind::Email, &email))
            }
            Object::Account => {
                let domain = crate::company::normalise::domain(checked.about.website.as_deref()?)?;
                (Index::Domain, index.hash(HashKind::Domain, &domain))
            }
            Object::Task | Object::Opportunity => return None,
        };
        Some(Look {
            index: at,
            hash,
            after: None,
            most: 50,
        })
    };
    let mut places = Vec::new();
    let mut asked = Vec::new();
    for (at, (draft, checked)) in drafts.iter().zip(checked).enumerate() {
        if let Some(ask) = ask(draft, checked) {
            places.push(at);
            asked.push(ask);
        }
    }
    let mut twins = vec![Vec::new(); drafts.len()];
    if asked.is_empty() {
        return Ok(twins);
    }
    let found = making
        .ports
        .store
        .hits(&making.integration.scope, &asked)
        .await?;
    for (at, hits) in places.into_iter().zip(found) {
        let is_person = |object| matches!(object, Object::Contact | Object::Lead);
        let alike = |object| {
            object == drafts[at].object || is_person(object) && is_person(drafts[at].object)
        };
        let hits = hits.hits.into_iter().filter(|hit| alike(hit.object));
        twins[at] = hits
            .take(MOST_TWINS)
            .map(|hit| Twin {
                object: hit.object,
                id: hit.id,
            })
            .collect();
    }
    Ok(twins)
}
