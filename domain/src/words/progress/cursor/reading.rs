//! How far an object's changes are read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::progress::{PageToken, Position, Window};

/// How far an object's changes are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The window that is being read, and the page in it that comes next.
    open: Option<(Window, Option<PageToken>)>,
    /// Where the next window begins.
    next: Option<Position>,
    /// The CRM's own token of where the last window ended, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resume: Option<PageToken>,
    /// Whether what is read cannot be in the copy yet.
    first_reading: bool,
    /// Pages stored so far in this generation.
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

    /// The window that is being read, and the page in it that comes next; none: no window is open.
    pub fn window(&self) -> Option<(Window, Option<PageToken>)> {
        self.open.clone()
    }

    /// How far the open window is stored; none: no window is open, or nothing of it is stored.
    pub fn stored_up_to(&self) -> Option<&Position> {
        self.open.as_ref()?.0.after.as_ref()
    }

    /// Where the next window begins; none: at the beginning of time.
    pub fn next(&self) -> Option<&Position> {
        self.next.as_ref()
    }

    /// The CRM's own token of where the last window ended, where it gave one.
    pub fn resume(&self) -> Option<&PageToken> {
        self.resume.as_ref()
    }

    /// Whether what is read cannot be in the copy yet: the first reading of a generation, as long as nothing made it begin again.
    /// Its pages need no comparison.
    pub fn is_first(&self) -> bool {
        self.first_reading
    }

    /// Whether anything was ever read.
    pub fn is_begun(&self) -> bool {
        self.next.is_some() || self.open.is_some()
    }

    /// Pages stored so far in this generation. The number marks the records that a page brought in, so that a page stored twice
    /// is counted once.
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// Opens a window at its first page.
    pub fn open(&mut self, window: Window) {
        self.open = Some((window, None));
    }

    /// Goes back to the open window's first page, since the CRM lost the token of the next one. What comes may be in the copy
    /// already.
    pub fn begin_window_again(&mut self) {
        self.first_reading = false;
        if let Some((_, token)) = &mut self.open {
            *token = None;
        }
    }

    /// Goes back to the beginning of time: all records are read again.
    pub fn begin_again(&mut self) {
        self.open = None;
        self.next = None;
        self.resume = None;
        self.first_reading = false;
    }

    /// What is stored from now on may be in the copy already.
    pub fn may_be_in_the_copy(&mut self) {
        self.first_reading = false;
    }

    /// Moves past a page that has a successor. `reached` is how far its window is sent with it, where pages come in order. Answers
    /// the window as it is open then; none: no window was open.
    pub fn turn(&mut self, reached: Option<&Position>, next: &PageToken) -> Option<Window> {
        let (window, token) = self.open.as_mut()?;
        if reached.is_some() {
            window.after = reached.cloned();
        }
        *token = Some(next.clone());
        Some(window.clone())
    }

    /// Moves past a window's last page. The next window begins at `next`, or where `resume` says. Answers the window that ended;
    /// none: no window was open.
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

    /// A page is stored, or its number is used up.
    pub fn page_stored(&mut self) {
        self.pages += 1;
    }
}
