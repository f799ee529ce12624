//! All data held about a person, in parts.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::mention::{Mention, Wanted, words_of};
use crate::{
    body::Body,
    fault::{Code, Fault, Outcome},
    integration::{Status, Which},
    legal::{Person, Register, register::Filed, suppressions},
    ports::{Copied, HeldToken, Keys, Suppressed, ViewStore},
    record::{Object, RecordId},
    seal::{HashKind, Place, Room, Sealed, TenantKeys},
    tenant::{IntegrationId, TenantId},
    view::{Budget, MAX_ANSWER, Shown, View, weight},
};

/// The most records that are read for one response. Reading them takes some seconds.
const MAX_LOOKUPS: usize = 20_000;
/// Records read in one step.
const STEP: usize = 1_000;
/// The approximate size of a record's data beside its fields, in bytes.
const RECORD: usize = 4_096;

/// A part of the data held about a person.
pub struct Part {
    /// The records, each with its integration, and whether it is the person's own.
    pub records: Vec<(IntegrationId, Shown, bool)>,
    /// The person's assessments. Only in the first part.
    pub assessments: Vec<Filed>,
    /// Whether there are more assessments than fit this response. The search for assessments lists the rest.
    pub more_assessments: bool,
    /// The person's suppressions. Only in the first part.
    pub suppressed: Option<Suppressed>,
    /// The cursor of the next part. `None` in the last part.
    pub next: Option<String>,
}

/// A record that concerns a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// The integration of the copy.
    pub integration: IntegrationId,
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
}

/// The position of the search.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// All integrations up to this one are done.
    done: Option<IntegrationId>,
    /// The number of objects of the next integration that are done.
    objects: usize,
    /// Where its next object continues.
    after: Option<String>,
}

/// Returns a part of the data held about a person in all integrations of a tenant. `after` is the cursor of the previous part.
///
/// # Errors
/// Permanent if nothing identifies the person, or if the cursor belongs to another person.
pub async fn find(
    store: &dyn ViewStore,
    keyring: &dyn Keys,
    tenant: &TenantId,
    person: &Person,
    after: Option<&str>,
) -> Outcome<Part> {
    check(person)?;
    let keys = keyring.tenant_if_made(tenant).await?;
    let reached = open(keys.as_deref(), tenant, person, after)?;
    let mut part = Part {
        records: Vec::new(),
        assessments: Vec::new(),
        more_assessments: false,
        suppressed: None,
        next: None,
    };
    if after.is_none() && !person.identifiers().is_empty() {
        let register = Register::open(store, keyring, tenant).await?;
        let filed = register
            .assessments_of(std::slice::from_ref(person))
            .await?;
        part.assessments = filed.into_iter().flatten().collect();
        let people = std::slice::from_ref(person);
        let suppressed = suppressions::check(store, keys.as_deref(), tenant, people);
        part.suppressed = suppressed.await?.pop();
    }
    let mut budget = Budget::default();
    let sizes = part.assessments.iter().map(size);
    let n_told = sizes.take_while(|size| budget.take(*size)).count();
    part.more_assessments = n_told < part.assessments.len();
    part.assessments.truncate(n_told);
    let (steps, next) = walk((store, keyring), tenant, person, reached, Some(budget)).await?;
    for (view, copied) in steps {
        let freshness = view.freshness().await?;
        let (copied, mentions): (Vec<Copied>, Vec<Mention>) = copied.into_iter().unzip();
        let integration = view.scope().integration.clone();
        let mut shown = view.opened(copied, &freshness).await?;
        for record in &mut shown {
            record.fit(MAX_ANSWER)?;
        }
        let told = shown.into_iter().zip(mentions);
        part.records.extend(told.map(|(shown, mention)| {
            let own = mention == Mention::Own;
            (integration.clone(), shown, own)
        }));
    }
    if let Some(next) = next {
        // The cursor is sealed. If the tenant had no keys before, this is their first use.
        let keys = match keys {
            Some(keys) => keys,
            None => keyring.tenant(tenant).await?,
        };
        part.next = Some(seal(&keys, tenant, person, &next)?);
    }
    Ok(part)
}

/// Returns the approximate size of an assessment in a response, in bytes.
fn size(filed: &Filed) -> usize {
    serde_json::to_string(&filed.assessment).map_or(0, |json| 256 + weight(&json))
}

/// Checks that the person can be searched for. A name alone is enough to search, although it is not enough to identify somebody. A
/// name of one word is not enough: nothing would be found, and the caller would take that for the answer.
pub(super) fn check(person: &Person) -> Outcome<()> {
    match person.check() {
        Err(fault) if *fault.code() == Code::PersonUnidentified => {
            if !words_of(person).is_empty() {
                return Ok(());
            }
            let what = "an e-mail address, a telephone number, name and company, or a name of two words and more";
            Err(fault.with_detail(what))
        }
        other => other,
    }
}

type Step<'a> = (View<'a>, Vec<(Copied, Mention)>);

/// Searches on through the copies. Returns the records that concern the person, and the position for the next call. With a
/// `budget`, it returns no more records than fit.
pub(super) async fn walk<'a>(
    (store, keyring): (&'a dyn ViewStore, &'a dyn Keys),
    tenant: &TenantId,
    person: &Person,
    mut reached: Reached,
    mut budget: Option<Budget>,
) -> Outcome<(Vec<Step<'a>>, Option<Reached>)> {
    let wanted = Wanted::new(person);
    let (mut steps, mut n_looks) = (Vec::new(), 0);
    loop {
        let done = reached.done.as_ref();
        let (page, more) = store.integrations(tenant, done).await?;
        for integration in page {
            let id = integration.scope.integration.clone();
            if matches!(
                integration.status,
                Status::Connected | Status::NeedsReconnect
            ) {
                let which = Which {
                    tenant: tenant.clone(),
                    integration: id.clone(),
                };
                let view = View::open(store, keyring, &which).await?;
                let (mut found, mut step) = (Vec::new(), STEP);
                while let Some(object) = Object::ALL.get(reached.objects) {
                    if n_looks >= MAX_LOOKUPS {
                        steps.push((view, found));
                        return Ok((steps, Some(reached)));
                    }
                    let token = reached.after.clone().map(HeldToken);
                    let scope = view.scope();
                    let (copied, next) = view
                        .store
                        .scan(scope, *object, token.as_ref(), step)
                        .await?;
                    n_looks += copied.len().max(1);
                    match concerning(&view, &wanted, copied, budget)? {
                        Concerning::All(more, left) => {
                            found.extend(more);
                            budget = left;
                        }
                        // That record does not fit any more. The next part begins with it.
                        Concerning::Before(0) => {
                            steps.push((view, found));
                            return Ok((steps, Some(reached)));
                        }
                        Concerning::Before(n) => {
                            step = n;
                            continue;
                        }
                    }
                    reached.after = next.map(|token| token.0);
                    if reached.after.is_none() {
                        reached.objects += 1;
                    }
                }
                steps.push((view, found));
            }
            reached = Reached {
                done: Some(id),
                ..Reached::default()
            };
        }
        if more.is_none() {
            return Ok((steps, None));
        }
    }
}

/// The records of a step that concern the person.
enum Concerning {
    /// All of them, and the remaining budget.
    All(Vec<(Copied, Mention)>, Option<Budget>),
    /// One of them does not fit. This is the number of the step's records before it.
    Before(usize),
}

fn concerning(
    view: &View<'_>,
    wanted: &Wanted<'_>,
    copied: Vec<Copied>,
    mut budget: Option<Budget>,
) -> Outcome<Concerning> {
    let mut opener = view.opener()?;
    let mut found = Vec::new();
    for (at, record) in copied.into_iter().enumerate() {
        let Some(sealed) = &record.sealed else {
            continue;
        };
        let (scope, object) = (view.scope(), record.object);
        let mut body = Body::open(&mut opener, scope, object, &record.id, sealed)?;
        body.attributes.get_or_insert_default();
        body.display.get_or_insert_default();
        // A record's other attributes are derived from its fields, so they take no more room than the fields.
        let size = RECORD + 2 * weight(body.fields.get());
        let subject = body.subject(object, &record.id);
        let Some(mention) = subject.and_then(|subject| wanted.concerns(&subject)) else {
            continue;
        };
        if budget.as_mut().is_some_and(|budget| !budget.take(size)) {
            return Ok(Concerning::Before(at));
        }
        found.push((record, mention));
    }
    Ok(Concerning::All(found, budget))
}

/// Returns the text to which a cursor is bound: the tenant and the person.
fn question(keys: &TenantKeys, person: &Person) -> Outcome<String> {
    let text = serde_json::to_string(person).map_err(|_| Fault::of(Code::SealUnwritable))?;
    Ok(format!(
        "SUBJECT#{}",
        keys.index.hash(HashKind::Person, &text)
    ))
}

fn seal(
    keys: &TenantKeys,
    tenant: &TenantId,
    person: &Person,
    reached: &Reached,
) -> Outcome<String> {
    let question = question(keys, person)?;
    let place = Place::of_tenant(tenant, Room::ApiCursor, &question);
    let text = serde_json::to_vec(reached).map_err(|_| Fault::of(Code::SealUnwritable))?;
    let sealed = keys.sealing.seal(&place, &text)?;
    Ok(URL_SAFE_NO_PAD.encode(sealed.as_bytes()))
}

pub(super) fn open(
    keys: Option<&TenantKeys>,
    tenant: &TenantId,
    person: &Person,
    after: Option<&str>,
) -> Outcome<Reached> {
    let Some(after) = after else {
        return Ok(Reached::default());
    };
    let refused = || Fault::of(Code::CursorRefused).with_detail("begin again");
    let keys = keys.ok_or_else(refused)?;
    let question = question(keys, person)?;
    let place = Place::of_tenant(tenant, Room::ApiCursor, &question);
    let bytes = URL_SAFE_NO_PAD.decode(after).map_err(|_| refused())?;
    let text = keys.sealing.open(&place, &Sealed::from_stored(bytes));
    let text = text.map_err(|_| refused())?;
    serde_json::from_slice(&text).map_err(|_| refused())
}

pub(super) fn place_token(
    keys: &TenantKeys,
    tenant: &TenantId,
    person: &Person,
    reached: Option<&Reached>,
) -> Outcome<Option<String>> {
    reached
        .map(|reached| seal(keys, tenant, person, reached))
        .transpose()
}
