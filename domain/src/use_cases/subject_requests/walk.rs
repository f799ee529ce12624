//! The search through the copies of a tenant, part by part.

use serde::{Deserialize, Serialize};

use super::mention::{Mention, Wanted};
use crate::{
    body::Body,
    fault::Outcome,
    integration::{Status, Which},
    legal::Person,
    people::People,
    ports::{Copied, HeldToken, Keys, ViewStore},
    record::{Object, RecordId},
    tenant::{IntegrationId, TenantId},
    view::{Budget, View, weight},
};

/// The most records that are read for one response. Reading them takes some seconds.
const MAX_LOOKUPS: usize = 20_000;
/// Records read in one step.
const STEP: usize = 1_000;
/// The most records whose other halves are looked for. One person has a handful; a search by a frequent name finds more.
const MOST_PEOPLE: usize = 100;
/// The approximate size of a record's data beside its fields, in bytes.
const RECORD: usize = 4_096;

/// The position of the search.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// All integrations up to this one are done.
    done: Option<IntegrationId>,
    /// The number of objects of the next integration that are done.
    objects: usize,
    /// Where its next object continues.
    after: Option<String>,
    /// The person's records so far in this integration, at most [`MOST_PEOPLE`]. Objects come in an order in which a record's other
    /// half ([`People::same`]) comes before it.
    #[serde(default)]
    people: Vec<(Object, RecordId, Mention)>,
}

impl Reached {
    /// Returns how a record concerns the person whose other half does.
    fn by_other_half(&self, people: &People) -> Option<Mention> {
        let mut halves = people.same();
        halves.find_map(|(object, id)| {
            let mut known = self.people.iter();
            known.find_map(|(of, its, mention)| (*of == object && its == id).then_some(*mention))
        })
    }

    /// Remembers a record that is a person.
    fn note(&mut self, object: Object, id: &RecordId, mention: Mention) {
        let is_known = |one: &(Object, RecordId, Mention)| one.0 == object && one.1 == *id;
        if self.people.len() < MOST_PEOPLE && !self.people.iter().any(is_known) {
            self.people.push((object, id.clone(), mention));
        }
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
                    match concerning(&view, &wanted, copied, &mut reached, budget)? {
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
    reached: &mut Reached,
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
        let Some(subject) = body.subject(object, &record.id) else {
            continue;
        };
        let people = subject.people();
        let concerns = wanted.concerns(&subject);
        let Some(mention) = concerns.max(reached.by_other_half(&people)) else {
            continue;
        };
        if people.is_person() {
            reached.note(object, &record.id, mention);
        }
        if budget.as_mut().is_some_and(|budget| !budget.take(size)) {
            return Ok(Concerning::Before(at));
        }
        found.push((record, mention));
    }
    Ok(Concerning::All(found, budget))
}
