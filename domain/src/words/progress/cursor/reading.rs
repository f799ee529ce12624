//! The progress of reading an object's changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::progress::{PageToken, Position, Window};

/// The progress of reading an object's changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The open window, and the token of its next page.
    open: Option<(Window, Option<PageToken>)>,
    /// The beginning of the next window.
    next: Option<Position>,
    /// The CRM's own token for the end of the last window, if it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resume: Option<PageToken>,
    /// Whether the records read cannot be in the copy yet.
    first_reading: bool,
    /// The number of pages stored so far in this generation.
    pages: u64,
}

impl Reading {
    pub(super) fn start() -> Self {
        Self {
            open: None,
            next: None,
            resume: None,
            first_reading: true,
            pages: 0,
        }
    }

    pub(super) fn emptied(&self) -> Self {
        Self {
            pages: self.pages,
            ..Self::start()
        }
    }

    /// Returns the open window, and the token of its next page. `None` if no window is open.
    pub fn window(&self) -> Option<(Window, Option<PageToken>)> {
        self.open.clone()
    }

    /// Returns the position up to which the open window is stored. `None` if no window is open, or if nothing of it is stored.
    pub fn stored_up_to(&self) -> Option<&Position> {
        self.open.as_ref()?.0.after.as_ref()
    }

    /// Returns the beginning of the next window. `None` for the beginning of time.
    pub fn next(&self) -> Option<&Position> {
        self.next.as_ref()
    }

    /// Returns the CRM's own token for the end of the last window, if it gave one.
    pub fn resume(&self) -> Option<&PageToken> {
        self.resume.as_ref()
    }

    /// Returns whether the records read cannot be in the copy yet. That is the case in the first reading of a generation, until
    /// something makes it begin again. Its pages need no comparison.
    pub fn is_first(&self) -> bool {
        self.first_reading
    }

    /// Returns whether anything was ever read.
    pub fn is_begun(&self) -> bool {
        self.next.is_some() || self.open.is_some()
    }

    /// Returns the number of pages stored so far in this generation. The number marks the records that a page brought in, so that a
    /// page stored twice is counted once.
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// Opens a window at its first page.
    pub fn open(&mut self, window: Window) {
        self.open = Some((window, None));
    }

    /// Goes back to the open window's first page, because the CRM lost the token of the next one. The records may be in the copy
    /// already.
    pub fn begin_window_again(&mut self) {
        self.first_reading = false;
        if let Some((_, token)) = &mut self.open {
            *token = None;
        }
    }

    /// Goes back to the beginning of time, so that all records are read again.
    pub fn begin_again(&mut self) {
        self.open = None;
        self.next = None;
        self.resume = None;
        self.first_reading = false;
    }

    /// Records that the next records may be in the copy already.
    pub fn may_be_in_the_copy(&mut self) {
        self.first_reading = false;
    }

    /// Begins with page `number` where the records may be in the copy already.
    pub(super) fn begin_over_a_copy(&mut self, number: u64) {
        self.first_reading = false;
        self.pages = number;
    }

    /// Moves past a page that has a successor. `reached` is the position up to which the window has been sent, if pages are in
    /// order. Returns the window as it is open afterwards. `None` if no window was open.
    pub fn turn(&mut self, reached: Option<&Position>, next: &PageToken) -> Option<Window> {
        let (window, token) = self.open.as_mut()?;
        if reached.is_some() {
            window.after = reached.cloned();
        }
        *token = Some(next.clone());
        Some(window.clone())
    }

    /// Moves past a window's last page. The next window begins at `next`, or continues at `resume`. Returns the window that ended.
    /// `None` if no window was open.
    pub fn close(
        &mut self,
        next: impl FnOnce(&Window) -> Timestamp,
        resume: Option<PageToken>,
    ) -> Option<Window> {
        let (window, _) = self.open.take()?;
        self.next = Some(Position {
            at: next(&window),
            id: None,
        });
        self.resume = resume;
        self.first_reading = false;
        Some(window)
    }

    /// Counts a page that was stored, or whose number is used up.
    pub fn page_stored(&mut self) {
        self.pages += 1;
    }
}
