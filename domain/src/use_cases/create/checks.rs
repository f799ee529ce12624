//! What has to hold before anything is sent: the CRM can take it, everybody in it is cleared, and it is not there yet.

use std::collections::HashMap;

use super::{
    CreateContext, CreateOutcome, DuplicateCandidate, Unfitting, Wanted, company,
    duplicates::duplicates,
    fetch::{beside, fetched},
    intent::{Basis, Intent, State, external_id},
    pointed,
};
use crate::{
    fault::Outcome,
    legal::{
        Clearance, ClearedBy, Missing, Named, Person, Refusal, Register, assessment::Purpose, clear,
    },
    ports::{Checked, Draft, Duplicates, NewRecord, Written},
    record::{Object, RecordId},
};

/// A record that may be sent.
pub(super) struct Ready {
    /// Its place in the request.
    pub(super) at: usize,
    pub(super) record: NewRecord,
}

/// What is known of a record that is wanted.
pub(super) struct Judged {
    /// The record as it would be sent.
    pub(super) draft: Draft,
    /// There is no such company as it is for.
    pub(super) company_is_unknown: bool,
    pub(super) checked: Checked,
    /// Everybody it names.
    pub(super) people: Vec<Person>,
    /// Their clearances, or what is missing.
    pub(super) cleared: Result<Vec<Clearance>, Vec<Missing>>,
    /// Records of the copy that look like it.
    pub(super) duplicates: Vec<DuplicateCandidate>,
}

impl Judged {
    pub(super) fn is_fit(&self) -> bool {
        !self.company_is_unknown
            && self.checked.missing.is_empty()
            && self.checked.refused.is_empty()
    }
}

/// Judges what was not sent yet: ends what may not be sent, answers what may.
pub(super) async fn check(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<Vec<Ready>> {
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
    let judged = judge(context, &wanted).await?;
    let mut ready = Vec::new();
    let mut stopped = Vec::new();
    for ((at, wanted), judged) in places.iter().zip(judged) {
        let is_fit = judged.is_fit();
        let Judged {
            draft,
            company_is_unknown,
            checked,
            people,
            cleared,
            duplicates,
        } = judged;
        let item = &mut intent.body.items[*at];
        if let (true, Some(company)) = (company_is_unknown, &wanted.company) {
            let company = company.clone();
            item.end(CreateOutcome::UnknownCompany { company });
            continue;
        }
        if !is_fit {
            item.end(unfit(checked));
            continue;
        }
        let clearances = match cleared {
            Ok(clearances) => clearances,
            Err(missing) => {
                item.end(CreateOutcome::NotCleared { missing });
                continue;
            }
        };
        let record = NewRecord::cleared(&draft, &checked, &people, clearances)?;
        if !duplicates.is_empty() && !intent.body.allow_duplicate {
            stopped.push((*at, record, duplicates));
            continue;
        }
        let is_person = checked.reached.is_person();
        item.basis = first_of(&record).filter(|_| is_person).map(|by| Basis {
            object: draft.object,
            by,
            in_record: checked.keeps_basis,
            sent: None,
        });
        if let Some(wanted) = &mut item.wanted {
            // What is sent is what a lost answer is looked up by, whatever the company's row says then.
            wanted.draft = draft;
        }
        let mark = checked.has_external_id.then(|| external_id(intent, *at));
        ready.push(Ready {
            at: *at,
            record: record.with_external_id(mark),
        });
    }
    stop(context, intent, stopped).await;
    Ok(ready)
}

/// Ends what looks like records of the copy, with what the CRM's own rules say of it beside: allowing duplicates may not
/// help against those.
async fn stop(
    context: &CreateContext<'_>,
    intent: &mut Intent,
    stopped: Vec<(usize, NewRecord, Vec<DuplicateCandidate>)>,
) {
    if stopped.is_empty() {
        return;
    }
    let records: Vec<NewRecord> = stopped.iter().map(|(_, one, _)| one.clone()).collect();
    // Where the CRM cannot be asked, ours is reason enough.
    let asked = match context.crm.abilities().creating.rehearses {
        true => context.crm.rehearse(&records, Duplicates::Refuse).await,
        false => Ok(Vec::new()),
    };
    let mut verdicts = asked.unwrap_or_default().into_iter();
    for (at, _, ours) in stopped {
        let (crm, may_save) = match verdicts.next() {
            Some(Written::Duplicate { of, may_save }) => (of, may_save),
            _ => (Vec::new(), true),
        };
        intent.body.items[at].end(CreateOutcome::Duplicate {
            ours,
            crm,
            may_save,
        });
    }
}

/// What cleared the person that a record is: the one before those that it points at.
fn first_of(record: &NewRecord) -> Option<ClearedBy> {
    record.clearances().first().map(Clearance::by)
}

fn unfit(checked: Checked) -> CreateOutcome {
    let refused = checked.refused.into_iter();
    CreateOutcome::Unfit {
        missing: checked.missing,
        refused: refused
            .map(|(field, problem)| Unfitting { field, problem })
            .collect(),
    }
}

/// Judges records that are wanted, in the order given.
pub(super) async fn judge(context: &CreateContext<'_>, wanted: &[&Wanted]) -> Outcome<Vec<Judged>> {
    let filled = company::fill(context, wanted).await?;
    let drafts: Vec<Draft> = filled.iter().map(|one| one.draft.clone()).collect();
    let mut checked = context.crm.check(&drafts).await?;
    pointed::add_people_among_accounts(context, &mut checked).await?;
    let beside = checked.iter().map(|one| beside(&one.reached)).collect();
    name_companies(context, &mut checked).await?;
    for (one, filled) in checked.iter_mut().zip(&filled) {
        one.missing.extend(filled.missing.iter().cloned());
        one.missing.sort_unstable();
        one.missing.dedup();
        if let (Some(person), Some(company)) = (&mut one.person, &filled.company) {
            person.company.get_or_insert_with(|| company.name.clone());
        }
    }
    let named = named(context, &checked, beside).await?;
    let cleared = cleared(context, wanted, &checked, &named).await?;
    let duplicates = duplicates(context, &filled, &checked).await?;
    Ok(filled
        .into_iter()
        .zip(checked)
        .zip(named)
        .zip(cleared)
        .zip(duplicates)
        .map(
            |((((filled, checked), named), cleared), duplicates)| Judged {
                draft: filled.draft,
                company_is_unknown: filled.is_unknown,
                checked,
                people: named.into_iter().map(|one| one.person).collect(),
                cleared,
                duplicates,
            },
        )
        .collect())
}

/// The company that a person is met at is the account's name: people are known by name and company, too.
async fn name_companies(context: &CreateContext<'_>, checked: &mut [Checked]) -> Outcome<()> {
    let lacks = |one: &Checked| {
        let person = one.person.as_ref()?;
        let account = one.account.clone()?;
        person.company.is_none().then_some(account)
    };
    let accounts: Vec<RecordId> = checked.iter().filter_map(lacks).collect();
    let found = fetched(context, Object::Account, accounts).await?;
    for one in checked {
        let name = lacks(one).and_then(|account| found.get(&account)?.0.attributes.company.clone());
        if let (Some(person), Some(name)) = (&mut one.person, name) {
            person.company = Some(name.into());
        }
    }
    Ok(())
}

/// Everybody whom each record names: in its own fields, which `beside` belongs to, and by pointing at them.
async fn named(
    context: &CreateContext<'_>,
    checked: &[Checked],
    beside: Vec<Person>,
) -> Outcome<Vec<Vec<Named>>> {
    let mut known: HashMap<(Object, RecordId), Named> = HashMap::new();
    for object in [Object::Account, Object::Contact, Object::Lead] {
        let ids = checked
            .iter()
            .flat_map(|one| &one.people)
            .filter(|(of, _)| *of == object)
            .map(|(_, id)| id.clone())
            .collect();
        let found = fetched(context, object, ids).await?;
        let (places, found): (Vec<RecordId>, Vec<_>) = found.into_iter().unzip();
        let (mut pointed, beside): (Vec<Checked>, Vec<Person>) = found.into_iter().unzip();
        name_companies(context, &mut pointed).await?;
        for ((id, one), beside) in places.into_iter().zip(pointed).zip(beside) {
            let person = one.person.unwrap_or_default();
            known.insert((object, id), Named { person, beside });
        }
    }
    let of = |(one, beside): (&Checked, Person)| {
        let own = one.person.clone();
        let own = own.map(|person| Named { person, beside });
        let others = one.others.iter().cloned().map(Named::from);
        // Who cannot be found cannot be cleared.
        let pointed = one.people.iter();
        let pointed = pointed.map(|place| known.get(place).cloned().unwrap_or_default());
        own.into_iter().chain(others).chain(pointed).collect()
    };
    Ok(checked.iter().zip(beside).map(of).collect())
}

/// The clearances of everybody in each record, or what is missing for any of them.
async fn cleared(
    context: &CreateContext<'_>,
    wanted: &[&Wanted],
    checked: &[Checked],
    named: &[Vec<Named>],
) -> Outcome<Vec<Result<Vec<Clearance>, Vec<Missing>>>> {
    let tenant = &context.integration.scope.tenant;
    let (store, keys) = (context.store, context.keyring);
    let mut by_purpose: Vec<(&Purpose, Vec<(usize, Named)>)> = Vec::new();
    let mut cleared: Vec<Result<Vec<Clearance>, Vec<Missing>>> = Vec::new();
    for (at, ((wanted, checked), named)) in wanted.iter().zip(checked).zip(named).enumerate() {
        match &wanted.purpose {
            _ if !checked.names_somebody() => {}
            None => {
                cleared.push(Err(vec![Missing::Basis]));
                continue;
            }
            Some(purpose) => {
                let asked = named.iter().map(|one| (at, one.clone()));
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
    let now = (context.clock)();
    for (purpose, asked) in by_purpose {
        let (places, named): (Vec<usize>, Vec<Named>) = asked.into_iter().unzip();
        let judged = clear(store, &register, tenant, &named, purpose, now).await?;
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
