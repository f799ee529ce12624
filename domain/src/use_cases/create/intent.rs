//! The row of a request: what is to be created, how far that has come, and what came of it.

use jiff::Timestamp;
use matching::CompanyId;
use serde::{Deserialize, Serialize};

use super::{CreateContext, CreateOutcome, Noted, Request, Wanted};
use crate::{
    fault::{Code, Fault, Outcome},
    legal::ClearedBy,
    ports::{Concluded, Made, StoredIntent},
    record::{Object, RecordId},
    seal::{Digest, HashKind, KeyedHash, Opener, Place, Room, Sealer},
};

/// An intent that this caller works on, or that is done.
pub(super) struct Intent {
    pub(super) key: KeyedHash,
    digest: Digest,
    /// As it was stored last.
    revision: String,
    /// Counts this caller's changes.
    n_changes: u32,
    /// Whether this caller is done with it: others may go on at once.
    pub(super) released: bool,
    pub(super) body: Body,
}

/// What is sealed of it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) allow_duplicate: bool,
    /// Who asked first.
    #[serde(default)]
    pub(super) by: String,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Item {
    /// What is wanted; gone with the outcome, which needs no personal data.
    pub(super) wanted: Option<Wanted>,
    /// The company that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) company: Option<CompanyId>,
    /// What cleared the person that it is, since it is to be noted in the CRM beside the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) basis: Option<Basis>,
    /// The object of the record that a look took for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) found: Option<Object>,
    /// The object of the record that was made, until the bus has heard of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) untold: Option<Object>,
    pub(super) state: State,
}

/// A basis that is to be noted.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Basis {
    pub(super) object: Object,
    pub(super) by: ClearedBy,
    /// Whether the record itself says it, too.
    pub(super) in_record: bool,
    /// Since when the note may have been sent; none: it was not.
    pub(super) sent: Option<Timestamp>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Nothing was sent.
    Begun,
    /// It did not reach the CRM, for this reason: as good as begun.
    NotSent(String),
    /// It may have been sent, at this time at the earliest.
    Sent(Timestamp),
    /// It is in the CRM, and what follows from that is not stored yet: whoever works on the request next goes on there.
    Made {
        object: Object,
        id: RecordId,
        /// Since when it may have been sent, where a look took the record for this one; none: the CRM itself said so.
        sent: Option<Timestamp>,
    },
    /// It is over.
    Done(CreateOutcome),
}

impl Body {
    pub(super) fn is_done(&self) -> bool {
        let done = |item: &Item| matches!(item.state, State::Done(_)) && !item.has_basis_due();
        self.items.iter().all(done)
    }

    /// What was made, and is not kept yet.
    pub(super) fn fresh(&self) -> Vec<Fresh> {
        let fresh = |(at, item): (usize, &Item)| match &item.state {
            State::Made { object, id, .. } => Some((at, *object, id.clone())),
            _ => None,
        };
        self.items.iter().enumerate().filter_map(fresh).collect()
    }

    /// What was made and kept, and the bus has not heard of yet.
    pub(super) fn untold(&self) -> Vec<(Object, RecordId)> {
        let untold = |item: &Item| match (&item.state, item.untold) {
            (State::Done(CreateOutcome::Created { id, .. }), Some(object)) => {
                Some((object, id.clone()))
            }
            _ => None,
        };
        self.items.iter().filter_map(untold).collect()
    }

    /// Whether the basis of a record that was made is still to be noted.
    pub(super) fn has_basis_due(&self) -> bool {
        self.items.iter().any(Item::has_basis_due)
    }

    /// What became of each, as far as that is known.
    pub(super) fn outcome(&self) -> Vec<CreateOutcome> {
        let outcome = |item: &Item| match &item.state {
            State::Done(outcome) => outcome.clone(),
            State::Begun => CreateOutcome::NotSent {
                code: Code::CreateInterrupted.to_string(),
            },
            State::NotSent(code) => CreateOutcome::NotSent {
                code: Code::parse(code).public().into_owned(),
            },
            State::Sent(_) => CreateOutcome::Unknown,
            State::Made { id, .. } => item.created(id.clone(), false),
        };
        self.items.iter().map(outcome).collect()
    }
}

impl Item {
    pub(super) fn end(&mut self, outcome: CreateOutcome) {
        self.state = State::Done(outcome);
        self.wanted = None;
    }

    /// What follows from its being in the CRM is stored with this.
    pub(super) fn keep(&mut self, in_copy: bool) {
        if let State::Made { object, id, sent } = &self.state {
            self.found = sent.map(|_| *object);
            self.untold = Some(*object);
            let created = self.created(id.clone(), in_copy);
            self.end(created);
        }
    }

    fn created(&self, id: RecordId, in_copy: bool) -> CreateOutcome {
        CreateOutcome::Created {
            id,
            in_copy,
            basis: self.basis.as_ref().map(|_| Noted::NotYet),
        }
    }

    pub(super) fn has_basis_due(&self) -> bool {
        let due = Some(Noted::NotYet);
        matches!(&self.state, State::Done(CreateOutcome::Created { basis, .. }) if *basis == due)
    }
}

pub(super) fn key(context: &CreateContext<'_>, idempotency_key: &str) -> KeyedHash {
    context.keys.index.hash(HashKind::Request, idempotency_key)
}

/// Takes the request's row: begins it, goes on with what another caller left behind, or finds it done.
///
/// # Errors
/// Permanent (`create.key_reused`) for another request under the same key, (`create.too_large`) for one that no row holds; transient (`create.in_progress`) while somebody
/// else works on it; fenced when the integration is not connected any more.
pub(super) async fn take(
    context: &CreateContext<'_>,
    idempotency_key: &str,
    request: &Request,
) -> Outcome<Intent> {
    let request_as_compared = request.in_one_spelling();
    let text =
        serde_json::to_vec(&request_as_compared).map_err(|_| Fault::of(Code::CreateUnwritable))?;
    let (key, digest) = (
        key(context, idempotency_key),
        context.keys.index.digest(&text),
    );
    for _ in 0..TRIES {
        let there = read(context, key).await?;
        let (mut intent, before) = match there {
            None => {
                let begun = |wanted: &Wanted| Item {
                    company: wanted.company.clone(),
                    basis: None,
                    found: None,
                    untold: None,
                    wanted: Some(wanted.clone()),
                    state: State::Begun,
                };
                let body = Body {
                    allow_duplicate: request.allow_duplicate,
                    by: context.by.clone(),
                    items: request.items.iter().map(begun).collect(),
                };
                let intent = Intent {
                    key,
                    digest,
                    revision: String::new(),
                    n_changes: 0,
                    released: false,
                    body,
                };
                (intent, None)
            }
            Some((_, stored)) if stored.digest != digest => {
                return Err(Fault::of(Code::CreateKeyReused));
            }
            Some((intent, stored)) => {
                if intent.body.is_done() {
                    return Ok(intent);
                }
                let now = (context.clock)();
                if stored.until > now && stored.holder != context.holder {
                    let wait = stored.until.duration_since(now);
                    let wait = std::time::Duration::try_from(wait).unwrap_or_default();
                    return Err(Fault::of(Code::CreateInProgress).after(wait));
                }
                (intent, Some(stored.revision))
            }
        };
        intent.turn(context);
        let stored = intent.sealed(context)?;
        let scope = &context.integration.scope;
        if context
            .store
            .put_intent(scope, &stored, before.as_deref())
            .await?
        {
            return Ok(intent);
        }
    }
    Err(Fault::of(Code::CreateContended))
}

/// The largest body of a row, sealed, in bytes: an item of DynamoDB has 400 KB, with the outcome that is to come.
const LARGEST: usize = 350_000;

/// Tries at a row that others change at the same time.
const TRIES: u32 = 5;

/// The row of a request, opened.
pub(super) async fn read(
    context: &CreateContext<'_>,
    key: KeyedHash,
) -> Outcome<Option<(Intent, StoredIntent)>> {
    let scope = &context.integration.scope;
    let Some(stored) = context.store.intent(scope, &key).await? else {
        return Ok(None);
    };
    let name = key.to_string();
    let place = Place::new(scope, Room::LedgerIntent, &name);
    let text = Opener::new(&context.keys.sealing)
        .and_then(|mut opener| opener.open(&place, &stored.sealed))
        .map_err(|error| Fault::of(Code::StoreUnreadable).with_detail(error.to_string()))?;
    let body = serde_json::from_slice(&text).map_err(|_| Fault::of(Code::StoreBodyMalformed))?;
    let intent = Intent {
        key,
        digest: stored.digest,
        revision: stored.revision.clone(),
        n_changes: 0,
        released: false,
        body,
    };
    Ok(Some((intent, stored)))
}

impl Intent {
    /// Stores how far it has come, before the next step.
    ///
    /// # Errors
    /// Transient (`create.overtaken`), when somebody else works on it by now: stop at once.
    pub(super) async fn store(&mut self, context: &CreateContext<'_>) -> Outcome<()> {
        let before = self.turn(context);
        let stored = self.sealed(context)?;
        let scope = &context.integration.scope;
        let store = context.store;
        let kept = match store.put_intent(scope, &stored, Some(&before)).await {
            // Whether it is there is not known, and what comes next builds on it. Asking again changes nothing.
            Err(fault) if fault.is_transient() => {
                store.put_intent(scope, &stored, Some(&before)).await?
            }
            kept => kept?,
        };
        if kept { Ok(()) } else { Err(overtaken()) }
    }

    /// Stores what came of it, and records into the copy. No: the copy has one of them already, and nothing was stored.
    pub(super) async fn conclude(
        &mut self,
        context: &CreateContext<'_>,
        made: &[Made],
    ) -> Outcome<bool> {
        let before = self.turn(context);
        let stored = self.sealed(context)?;
        let scope = &context.integration.scope;
        let store = context.store;
        match store.conclude(scope, &stored, &before, made).await? {
            Concluded::Kept => Ok(true),
            Concluded::Known => {
                self.revision = before;
                Ok(false)
            }
            Concluded::Overtaken => Err(overtaken()),
        }
    }

    /// Forgets it, since nothing came of it.
    pub(super) async fn drop(self, context: &CreateContext<'_>) -> Outcome<()> {
        let scope = &context.integration.scope;
        let store = context.store;
        store.drop_intent(scope, &self.key, &self.revision).await
    }

    /// Moves on to a new revision, and answers the one before.
    fn turn(&mut self, context: &CreateContext<'_>) -> String {
        self.n_changes += 1;
        let next = format!("{}-{}", context.holder, self.n_changes);
        std::mem::replace(&mut self.revision, next)
    }

    fn sealed(&self, context: &CreateContext<'_>) -> Outcome<StoredIntent> {
        let text = serde_json::to_vec(&self.body).map_err(|_| Fault::of(Code::CreateUnwritable))?;
        let name = self.key.to_string();
        let place = Place::new(&context.integration.scope, Room::LedgerIntent, &name);
        let sealed = Sealer::new(&context.keys.sealing, 3)
            .and_then(|mut sealer| sealer.seal(&place, &text))?;
        if sealed.as_bytes().len() > LARGEST {
            let most = format!("all records together, compressed: at most {LARGEST} bytes");
            return Err(Fault::of(Code::CreateTooLarge).with_detail(most));
        }
        Ok(StoredIntent {
            key: self.key,
            digest: self.digest,
            revision: self.revision.clone(),
            holder: context.holder.clone(),
            until: if self.released {
                (context.clock)()
            } else {
                context.deadline
            },
            sealed,
        })
    }
}

fn overtaken() -> Fault {
    Fault::of(Code::CreateOvertaken)
}

/// What was made and is not kept yet, and by which item.
pub(super) type Fresh = (usize, Object, RecordId);

/// The id that we give the `n`-th record of a request, where the CRM has a place for one.
pub(super) fn external_id(intent: &Intent, n: usize) -> String {
    format!("{}-{n}", intent.key)
}
