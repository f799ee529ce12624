//! The row of a request: the wanted records, their states and their outcomes. One caller at a time works on it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{CreateContext, Request, body::Body, count::count, item::Step};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Concluded, Made, StoredIntent},
    seal::{Digest, HashKind, KeyedHash, Place, Room, Sealer},
};

/// An intent that this caller works on, or that is done.
pub(super) struct Intent {
    pub(super) key: KeyedHash,
    digest: Digest,
    /// The revision of the row as it was stored last.
    revision: String,
    /// The number of this caller's changes.
    n_changes: u32,
    /// Whether this caller is done, so that others need not wait for its deadline.
    is_released: bool,
    body: Body,
}

pub(super) fn key(context: &CreateContext<'_>, idempotency_key: &str) -> KeyedHash {
    context.keys.index.hash(HashKind::Request, idempotency_key)
}

/// Takes the request's row. Creates it, takes over a row that another caller left, or returns a row that is done.
///
/// # Errors
/// Permanent: `create.key_reused` for another request under the same key, `create.too_large` if the request does not fit a row.
/// Transient: `create.in_progress` while another caller works on it. Fenced if the integration is no longer connected.
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
                // A request that is begun already is not counted again. The digest is part of the id, because a key whose request came
                // to nothing may be used again for another request.
                let id = format!("{key}-{}", URL_SAFE_NO_PAD.encode(digest.as_bytes()));
                count(context, request, &id).await?;
                let body = Body::begun(request, &context.by);
                let intent = Intent {
                    key,
                    digest,
                    revision: String::new(),
                    n_changes: 0,
                    is_released: false,
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
        let stored = intent.sealed(context, &intent.body, false)?;
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

/// The largest sealed body of a row, in bytes. An item of DynamoDB has 400 KB, and the outcome will need some of them.
const LARGEST: usize = 350_000;

/// Attempts at a row that others change at the same time.
const TRIES: u32 = 5;

/// Reads and opens the row of a request.
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
    let text = context
        .keys
        .sealing
        .open(&place, &stored.sealed)
        .map_err(|error| Fault::of(Code::StoreUnreadable).with_detail(error.to_string()))?;
    let body = serde_json::from_slice(&text).map_err(|_| Fault::of(Code::StoreBodyMalformed))?;
    let intent = Intent {
        key,
        digest: stored.digest,
        revision: stored.revision.clone(),
        n_changes: 0,
        is_released: false,
        body,
    };
    Ok(Some((intent, stored)))
}

impl Intent {
    /// Returns the records and their states.
    pub(super) fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the transitions from the state of the record at a place of the request.
    pub(super) fn step(&mut self, at: usize) -> Option<Step<'_>> {
        self.body.step(at)
    }

    /// Gives the row back with the next write, so that others need not wait for this caller's deadline.
    pub(super) fn release(&mut self) {
        self.is_released = true;
    }

    /// Stores the states before the next step.
    ///
    /// # Errors
    /// Transient: `create.overtaken` if another caller works on it by now. This caller has to stop at once.
    pub(super) async fn store(&mut self, context: &CreateContext<'_>) -> Outcome<()> {
        let before = self.turn(context);
        let stored = self.sealed(context, &self.body, self.is_released)?;
        let scope = &context.integration.scope;
        let store = context.store;
        let kept = match store.put_intent(scope, &stored, Some(&before)).await {
            // The write may have been stored, and the next step depends on it. A second write changes nothing.
            Err(fault) if fault.is_transient() => {
                store.put_intent(scope, &stored, Some(&before)).await?
            }
            kept => kept?,
        };
        if kept { Ok(()) } else { Err(overtaken()) }
    }

    /// Stores that records are kept, and puts `made` into the copy. `kept` has the records' places in the request, and whether the
    /// copy has them. The last call of a caller gives the row back. Returns false if the copy has one of the records already; then
    /// nothing was stored.
    pub(super) async fn conclude(
        &mut self,
        context: &CreateContext<'_>,
        kept: &[(usize, bool)],
        made: &[Made],
        is_last: bool,
    ) -> Outcome<bool> {
        let mut next = self.body.clone();
        for (at, in_copy) in kept {
            if let Some(made) = next.step(*at).and_then(Step::made) {
                made.kept(*in_copy);
            }
        }
        let is_released = is_last && !next.has_basis_due();
        let before = self.turn(context);
        let stored = self.sealed(context, &next, is_released)?;
        let scope = &context.integration.scope;
        let store = context.store;
        match store.conclude(scope, &stored, &before, made).await? {
            Concluded::Kept => {
                self.body = next;
                self.is_released = is_released;
                Ok(true)
            }
            Concluded::Known => {
                self.revision = before;
                Ok(false)
            }
            Concluded::Overtaken => Err(overtaken()),
        }
    }

    /// Deletes the row of a request that created nothing.
    pub(super) async fn drop(self, context: &CreateContext<'_>) -> Outcome<()> {
        let scope = &context.integration.scope;
        let store = context.store;
        store.drop_intent(scope, &self.key, &self.revision).await
    }

    /// Moves on to a new revision and returns the previous one.
    fn turn(&mut self, context: &CreateContext<'_>) -> String {
        self.n_changes += 1;
        let next = format!("{}-{}", context.holder, self.n_changes);
        std::mem::replace(&mut self.revision, next)
    }

    fn sealed(
        &self,
        context: &CreateContext<'_>,
        body: &Body,
        is_released: bool,
    ) -> Outcome<StoredIntent> {
        let text = serde_json::to_vec(body).map_err(|_| Fault::of(Code::CreateUnwritable))?;
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
            until: if is_released {
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

/// Returns the external id of the `n`-th record of a request, for CRMs that have a field for it.
pub(super) fn external_id(intent: &Intent, n: usize) -> String {
    format!("{}-{n}", intent.key)
}
