//! Changes in a window.
//!
//! Where Dataverse tracks a table's changes, it tells them itself, deletions among them: from the end of the last window on, which
//! its own link names. That link ends after some days and with changes of the metadata. Then everything is read again and
//! compared. Tracking wants the right to read the whole organisation's records.
//!
//! Any other table is read by the time of the last change. No page shows its deletions, so each window says that all ids have to
//! be compared. Within a window the pages go on by Dataverse's own links, which name the last record and no number of records.

use std::sync::PoisonError;

use bytes::Bytes;
use domain::{
    fault::{CrmCode, Kind, Outcome},
    ports::{Answer, Changes, Page},
    progress::{Position, Window},
    record::{Item, Object},
};
use jiff::Timestamp;

use super::{
    super::client::{
        paging::Served,
        refusal::{Action, Refusal},
        session::Call,
    },
    Dynamics,
    names::STAMP,
    page_token::{Mark, Place},
    read::{Listed, listing},
    shape::ObjectShape,
};

impl Dynamics {
    pub(super) async fn changes_of(&self, ask: &Changes<'_>) -> Outcome<Answer> {
        let mut shape = self.shape(ask.object).await?;
        loop {
            match self.page_of(&shape, ask).await {
                Ok(answer) => return Ok(answer),
                Err(refusal) => shape = self.without(ask.object, refusal).await?,
            }
        }
    }

    async fn page_of(&self, shape: &ObjectShape, ask: &Changes<'_>) -> Result<Answer, Refusal> {
        let most = ask.at_most.unwrap_or(u32::MAX).max(1);
        let is_of = |place: &Place| place.shape == shape.fingerprint();
        match ask.token.map(Mark::read) {
            // Pages of one list have one size. Smaller ones begin again.
            Some(Some(Mark::Tracked(place))) if is_of(&place) && place.size <= most => {
                let page = self.go_on(shape, &place).await;
                lost(page.map(tracked), Answer::TokenLost)
            }
            Some(Some(Mark::Timed(place))) if is_of(&place) && place.size <= most => {
                let page = self.go_on(shape, &place).await;
                lost(page.map(|page| timed(page, ask.window)), Answer::TokenLost)
            }
            Some(_) => Ok(Answer::TokenLost),
            None => self.first_of(shape, ask, self.options.page.min(most)).await,
        }
    }

    /// Returns the first page of a window.
    async fn first_of(
        &self,
        shape: &ObjectShape,
        ask: &Changes<'_>,
        size: u32,
    ) -> Result<Answer, Refusal> {
        if let Some(resume) = ask.resume {
            // The columns stand in the link. It cannot tell of other ones.
            let place = match Mark::read(resume) {
                Some(Mark::Since(place)) if place.shape == shape.fingerprint() => place,
                _ => return Ok(Answer::ResumeLost),
            };
            let place = Place { size, ..place };
            return match self.go_on(shape, &place).await {
                // Either the user may no longer read the whole organisation's records, or Dataverse no longer takes the link. It has
                // a code for a link that is too old, and none that is published for other ones: after a change of metadata, say,
                // or a restore. A first reading needs no link, and tells by itself what else is wrong.
                Err(refusal) if refusal.fault.kind() == Kind::Permanent => Ok(Answer::ResumeLost),
                page => lost(page.map(tracked), Answer::ResumeLost),
            };
        }
        let may_track = shape.is_tracked && !self.is_untracked(ask.object);
        if ask.window.after.is_none() && may_track {
            let call = listing(self, shape);
            let page = self
                .listed(shape, call, size, true, Served::default())
                .await;
            match page {
                Err(refusal) if is_forbidden(&refusal) => self.note_untracked(ask.object),
                page => return page.map(tracked).map(Answer::Page),
            }
        }
        let call = listing(self, shape)
            .with("$filter", between(ask.window))
            .with("$orderby", format!("{STAMP} asc,{} asc", shape.id()));
        let page = self
            .listed(shape, call, size, false, Served::default())
            .await?;
        Ok(Answer::Page(timed(page, ask.window)))
    }

    async fn go_on(&self, shape: &ObjectShape, place: &Place) -> Result<Listed, Refusal> {
        let call = Call::go_on(&place.link);
        self.listed(shape, call, place.size, false, place.served)
            .await
    }

    fn is_untracked(&self, object: Object) -> bool {
        let untracked = self.untracked.lock();
        untracked
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&object)
    }

    fn note_untracked(&self, object: Object) {
        let untracked = self.untracked.lock();
        untracked
            .unwrap_or_else(PoisonError::into_inner)
            .insert(object);
    }
}

/// A link that Dataverse no longer knows is told as such.
fn lost(page: Result<Page, Refusal>, answer: Answer) -> Result<Answer, Refusal> {
    match page {
        Ok(page) => Ok(Answer::Page(page)),
        Err(refusal) if refusal.action == Action::TokenLost => Ok(answer),
        Err(refusal) => Err(refusal),
    }
}

/// Returns whether changes are not tracked for us: the user may not read all records, or the table is not tracked any more.
fn is_forbidden(refusal: &Refusal) -> bool {
    let reasons = ["missing_privilege", "forbidden", "not_tracked"];
    let code = refusal.fault.crm_code();
    reasons
        .iter()
        .any(|reason| code == Some(&CrmCode::said(*reason)))
}

/// A page of tracked changes. They are told by versions, which is no order of time, and reach beyond the window's end: what they
/// tell is never told again.
fn tracked(listed: Listed) -> Page {
    let Listed {
        items,
        raw,
        next,
        delta,
    } = listed;
    let ends = next.is_none();
    Page {
        // Without the end's link the next window begins by time, and may miss deletions.
        is_short: ends && delta.is_none(),
        resume: delta
            .filter(|_| ends)
            .map(|place| Mark::Since(place).token()),
        next: next.map(|place| Mark::Tracked(place).token()),
        ..page(items, raw)
    }
}

/// A page of a window of time.
fn timed(listed: Listed, window: &Window) -> Page {
    let last = listed.items.iter().rev().find_map(|item| match item {
        Item::Live(record) => Some(record.modified),
        Item::Gone { .. } | Item::Bad { .. } => None,
    });
    let reached = match (&listed.next, last) {
        (None, _) => Some(window.until),
        // More records of that second may follow.
        (Some(_), last) => last,
    };
    Page {
        // No page shows what was deleted. A first reading has nothing to compare.
        is_short: listed.next.is_none() && window.after.is_some(),
        reached: reached.map(|at| Position { at, id: None }),
        next: listed.next.map(|place| Mark::Timed(place).token()),
        ..page(listed.items, listed.raw)
    }
}

fn page(items: Vec<Item>, raw: Bytes) -> Page {
    Page {
        items,
        has_parents: true,
        raw,
        next: None,
        reached: None,
        resume: None,
        is_short: false,
    }
}

/// Returns the filter for a window. Dataverse's stamps have whole seconds.
fn between(window: &Window) -> String {
    let spelt = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let until = format!("{STAMP} lt {}", spelt(window.until));
    match &window.after {
        Some(after) => format!("{STAMP} ge {} and {until}", spelt(after.at)),
        None => until,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn window(after: Option<&str>, until: &str) -> Window {
        Window {
            after: after.map(|at| Position {
                at: at.parse().unwrap(),
                id: None,
            }),
            until: until.parse().unwrap(),
        }
    }

    #[test]
    fn a_window_begins_with_its_first_second_and_ends_before_its_end() {
        let first = window(None, "2026-11-24T09:00:00Z");
        assert_eq!(between(&first), "modifiedon lt 2026-11-24T09:00:00Z");
        let later = window(Some("2026-11-24T09:00:00.700Z"), "2026-11-25T09:00:00Z");
        assert_eq!(
            between(&later),
            "modifiedon ge 2026-11-24T09:00:00Z and modifiedon lt 2026-11-25T09:00:00Z"
        );
    }

    #[test]
    fn a_window_of_time_shows_no_deletions_and_says_so_unless_it_is_the_first() {
        let listed = || Listed {
            items: Vec::new(),
            raw: Bytes::new(),
            next: None,
            delta: None,
        };
        let until = "2026-11-24T09:00:00Z";
        assert!(!timed(listed(), &window(None, until)).is_short);
        let later = timed(listed(), &window(Some("2026-11-23T09:00:00Z"), until));
        assert!(later.is_short && later.resume.is_none());
        assert_eq!(later.reached.unwrap().at, until.parse().unwrap());
        assert!(tracked(listed()).is_short, "there is no end to go on from");
    }
}
