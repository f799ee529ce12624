//! A slice of an export, from its lease to its end.

use jiff::Timestamp;

use super::{Ended, Slice, lines::Part};
use crate::{
    exports::{Export, Phase},
    fault::{Code, Fault, Kind, Outcome},
    legal::Suppressions,
    order::Order,
    ports::{Copied, ExportStore, HeldToken},
    record::Object,
    view::{Freshness, View},
};

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Done,
    OutOfTime,
}

/// The state that the steps of a slice share.
struct Work<'a> {
    slice: &'a Slice<'a>,
    /// The export as it was last stored.
    export: Export,
}

/// Does one slice of an export.
///
/// # Errors
/// Transient: the progress so far is kept, and the same order can be retried. Any other fault ends the export, which then has the
/// fault's code.
pub async fn export(slice: Slice<'_>) -> Outcome<Ended> {
    let (store, due) = (slice.ports.store, slice.due);
    let now = (slice.clock)();
    let taken = store
        .take_export(&due.scope, &due.export, &slice.holder, slice.deadline, now)
        .await;
    let export = match taken {
        Ok(Some(export)) => export,
        Ok(None) => return Ok(Ended::Busy),
        Err(fault) if fault.kind() == Kind::Fenced => return Ok(Ended::Stale),
        Err(fault) => return Err(fault),
    };
    let mut work = Work {
        slice: &slice,
        export,
    };
    let ended = work.slice().await;
    // The slice writes nothing any more, whatever its result.
    let released = store
        .release_export(&due.scope, &due.export, &slice.holder)
        .await;
    match ended {
        Err(fault) if fault.kind() == Kind::Fenced => Ok(Ended::Stale),
        ended => ended.and_then(|ended| released.map(|()| ended)),
    }
}

impl Work<'_> {
    async fn slice(&mut self) -> Outcome<Ended> {
        if self.export.phase != Phase::Writing {
            return Ok(Ended::Stale);
        }
        match self.write().await {
            Ok(Flow::Done) => {
                self.end(Phase::Done, None).await?;
                Ok(Ended::Finished(Box::new(self.export.clone())))
            }
            Ok(Flow::OutOfTime) => Ok(Ended::HandedOver {
                orders: vec![Order::ExportDue(self.slice.due.clone())],
            }),
            Err(fault) if fault.is_transient() => Err(fault),
            Err(fault) if fault.kind() == Kind::Fenced => {
                self.give_up().await;
                Err(fault)
            }
            Err(fault) => {
                self.give_up().await;
                self.end(Phase::Failed, Some(&fault)).await?;
                Ok(Ended::Finished(Box::new(self.export.clone())))
            }
        }
    }

    /// Continues the file until it is complete.
    async fn write(&mut self) -> Outcome<Flow> {
        let (ports, due) = (self.slice.ports, self.slice.due);
        let view = View::of_generation(ports.store, ports.keys, &due.scope)
            .await
            .map_err(closed)?;
        let suppressions = Suppressions::load(ports.store, ports.keys, &due.scope.tenant).await?;
        let upload = match &self.export.upload {
            Some(upload) => upload.clone(),
            None => {
                let upload = self.store().begin_upload(&due.scope, &due.export).await?;
                self.export.upload = Some(upload.clone());
                self.note().await?;
                upload
            }
        };
        while self.export.next.is_some() {
            let mut next = self.export.clone();
            let Some(part) = self.part(&view, &suppressions, &mut next).await? else {
                return self.hand_over().await;
            };
            let n = u32::try_from(next.parts.len() + 1).unwrap_or(u32::MAX);
            next.bytes += part.len() as u64;
            let (store, scope) = (self.store(), &due.scope);
            let known_by = store.put_part(scope, &due.export, &upload, n, part).await?;
            next.parts.push(known_by);
            next.idle = 0;
            self.export = next;
            self.note().await?;
        }
        let (store, parts) = (self.store(), &self.export.parts);
        store
            .finish_upload(&due.scope, &due.export, &upload, parts)
            .await?;
        Ok(Flow::Done)
    }

    /// Writes a part, and moves `next` past it. `None` if the time was up before the part was large enough.
    async fn part(
        &self,
        view: &View<'_>,
        suppressions: &Suppressions,
        next: &mut Export,
    ) -> Outcome<Option<Vec<u8>>> {
        let settings = self.slice.settings;
        let mut part = Part::new();
        if next.parts.is_empty() {
            part.head(&view.origin, next)?;
        }
        while let Some((object, after)) = next.next.take() {
            if self.is_out_of_time() {
                return Ok(None);
            }
            let token = after.map(HeldToken);
            let (copied, follows) = self
                .store()
                .scan(view.scope(), object, token.as_ref(), settings.page)
                .await?;
            write_page(&mut part, view, suppressions, copied, next).await?;
            next.next = match follows {
                Some(token) => Some((object, Some(token.0))),
                None => following(object).map(|object| (object, None)),
            };
            if next.next.is_some() && part.len() >= settings.part {
                return part.finish().map(Some);
            }
        }
        part.end(next)?;
        part.finish().map(Some)
    }

    /// Hands over because the time is up. An export that completes no part in several consecutive slices is given up.
    async fn hand_over(&mut self) -> Outcome<Flow> {
        self.export.idle += 1;
        if self.export.idle > self.slice.settings.idle {
            return Err(Fault::of(Code::ExportNoProgress));
        }
        self.note().await?;
        Ok(Flow::OutOfTime)
    }

    async fn end(&mut self, phase: Phase, fault: Option<&Fault>) -> Outcome<()> {
        self.export.phase = phase;
        self.export.failure =
            fault.map(|fault| fault.code().to_string().chars().take(64).collect());
        self.export.ended = Some((self.slice.clock)());
        self.note().await
    }

    /// Aborts the upload, because nobody will continue it. If this fails, the bucket's lifecycle rule or a removal deletes the
    /// upload.
    async fn give_up(&self) {
        let due = self.slice.due;
        if let Some(upload) = &self.export.upload {
            let store = self.store();
            let _ = store.abort_upload(&due.scope, &due.export, upload).await;
        }
    }

    async fn note(&mut self) -> Outcome<()> {
        let now = (self.slice.clock)();
        // The Ledger stores milliseconds.
        self.export.moved = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
        let (scope, holder) = (&self.slice.due.scope, &self.slice.holder);
        self.store().note_export(scope, holder, &self.export).await
    }

    fn store(&self) -> &dyn ExportStore {
        self.slice.ports.store
    }

    fn is_out_of_time(&self) -> bool {
        let left = self.slice.deadline.duration_since((self.slice.clock)());
        left <= self.slice.settings.reserve
    }
}

/// Writes a page of the copy, and updates `counts`.
async fn write_page(
    part: &mut Part,
    view: &View<'_>,
    suppressions: &Suppressions,
    copied: Vec<Copied>,
    counts: &mut Export,
) -> Outcome<()> {
    let n_copied = copied.len() as u64;
    // The lines do not contain the copy's freshness.
    let shown = view.opened(copied, &Freshness::default()).await?;
    let suppressed = view.suppressed(&shown, suppressions).await?;
    counts.unsettled += n_copied - shown.len() as u64;
    for (record, suppressed) in shown.iter().zip(suppressed) {
        if suppressed.erased {
            counts.withheld += 1;
            continue;
        }
        part.record(record, suppressed.objected)?;
        counts.records += 1;
        counts.relations += record.relations.len() as u64;
    }
    Ok(())
}

fn following(object: Object) -> Option<Object> {
    let mut objects = Object::ALL.into_iter();
    objects.find(|found| *found == object);
    objects.next()
}

/// Turns the fault of a copy that may no longer be shown into a fence.
fn closed(fault: Fault) -> Fault {
    match fault.code() {
        Code::IntegrationRemoving | Code::IntegrationRemoved | Code::IntegrationUnknown => {
            Fault::of(Code::IntegrationNotShown)
        }
        _ => fault,
    }
}
