//! Records that the CRM no longer has and the copy still has, because more deletions arrived than the deletion guard lets through.
//!
//! A run that meets more deletions than the settings allow holds them back and goes on with everything else. Each held-back
//! deletion is a row in the Ledger, and the record's own item carries a flag, so that a reader of the record sees its state. The
//! flag is set before the row is written and cleared after the row is deleted. So a row never refers to a record that is displayed
//! as if its deletion were not held back.
//!
//! An administrator decides about a named run. With [`Answer::Confirm`] the next run deletes the records, whatever the settings
//! allow. With [`Answer::Leave`] the records stay.

use serde::{Deserialize, Serialize};

use crate::{record::RecordId, removal::Asked, tenant::RunId};

/// The state of a held-back deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vanished {
    /// It waits for a decision. The record is not displayed.
    Waiting,
    /// Somebody decided that the record stays. It is displayed, and marked as deleted in the CRM.
    Left,
}

/// A held-back deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// The record.
    pub id: RecordId,
    /// The run that held the deletion back.
    pub run: RunId,
    /// The state of the deletion.
    pub vanished: Vanished,
}

/// An administrator's decision about held-back deletions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The deletions are right. The next run deletes the records.
    Confirm,
    /// The records stay in the copy.
    Leave,
}

impl Answer {
    /// Returns the name that the API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Leave => "leave",
        }
    }
}

/// The latest decision for an integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The run that the administrator named. The decision covers deletions that this run and earlier runs held back.
    pub run: RunId,
    /// The decision.
    pub answer: Answer,
    /// Whether it also covers records that an earlier decision left. That is the case if no deletion was waiting.
    pub left_too: bool,
    /// The administrator, and the time.
    pub asked: Asked,
}

impl Decided {
    /// Returns whether the decision still has to be carried out for this deletion.
    pub fn concerns(&self, held: &HeldBack) -> bool {
        let is_open = match (held.vanished, self.answer) {
            (Vanished::Waiting, _) => true,
            (Vanished::Left, Answer::Confirm) => self.left_too,
            (Vanished::Left, Answer::Leave) => false,
        };
        is_open && held.run <= self.run
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::removal::Asker;

    fn run(second: i64) -> RunId {
        RunId::begin(Timestamp::from_second(second).unwrap(), 1)
    }

    fn held(second: i64, vanished: Vanished) -> HeldBack {
        HeldBack {
            id: RecordId::parse("a").unwrap(),
            run: run(second),
            vanished,
        }
    }

    fn decided(answer: Answer, left_too: bool) -> Decided {
        let asked = Asked {
            by: Asker::stored("user-1").unwrap(),
            at: Timestamp::UNIX_EPOCH,
        };
        Decided {
            run: run(20),
            answer,
            left_too,
            asked,
        }
    }

    #[test]
    fn an_answer_covers_deletions_of_its_run_and_of_earlier_runs() {
        for answer in [Answer::Confirm, Answer::Leave] {
            let decided = decided(answer, false);
            for (second, concerned) in [(10, true), (20, true), (21, false)] {
                let held = held(second, Vanished::Waiting);
                assert_eq!(decided.concerns(&held), concerned, "{answer:?} {second}");
            }
        }
    }

    #[test]
    fn a_record_that_was_left_stays_unless_the_answer_covers_it() {
        let left = held(10, Vanished::Left);
        assert!(!decided(Answer::Leave, true).concerns(&left));
        assert!(!decided(Answer::Confirm, false).concerns(&left));
        assert!(decided(Answer::Confirm, true).concerns(&left));
    }
}
