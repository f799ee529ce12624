//! Records that the CRM no longer has and the copy still does, because more would vanish than may.
//!
//! A run that meets more deletions than the settings allow holds them back and goes on with everything else. Each held-back
//! deletion is a row in the Ledger, and the record's own item bears a flag, so that reading a record says what is the
//! matter with it. The flag is set before the row and taken away after it: a row never speaks of a record that is shown as
//! if nothing were open.
//!
//! An administrator answers for a named run: [`Answer::Confirm`] lets the next run take the records out, whatever the
//! settings allow; [`Answer::Leave`] keeps them.

use serde::{Deserialize, Serialize};

use crate::{record::RecordId, removal::Asked, tenant::RunId};

/// What became of a deletion that was held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vanished {
    /// It waits for an answer. The record is not displayed.
    Waiting,
    /// Somebody said that the record stays. It is displayed, and marked as deleted in the CRM.
    Left,
}

/// A deletion that is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// The record.
    pub id: RecordId,
    /// The run that held the deletion back.
    pub run: RunId,
    /// What became of it.
    pub vanished: Vanished,
}

/// What an administrator says about deletions that are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The deletions are right: the next run takes the records out.
    Confirm,
    /// The records stay in the copy.
    Leave,
}

impl Answer {
    /// The name, as the API has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Leave => "leave",
        }
    }
}

/// The last answer of an integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The run whose deletions were looked at. The answer is about what this run and earlier ones held back.
    pub run: RunId,
    /// The answer.
    pub answer: Answer,
    /// Whether it is also about records that an earlier answer left: so it is where nothing waited any more.
    pub left_too: bool,
    /// Who gave it, and when.
    pub asked: Asked,
}

impl Decided {
    /// Whether the answer still has to be carried out for this deletion.
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
            by: Asker::opaque("user-1").unwrap(),
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
    fn an_answer_is_about_what_its_run_and_earlier_ones_held_back() {
        for answer in [Answer::Confirm, Answer::Leave] {
            let decided = decided(answer, false);
            for (second, concerned) in [(10, true), (20, true), (21, false)] {
                let held = held(second, Vanished::Waiting);
                assert_eq!(decided.concerns(&held), concerned, "{answer:?} {second}");
            }
        }
    }

    #[test]
    fn what_was_left_stays_unless_the_answer_says_so() {
        let left = held(10, Vanished::Left);
        assert!(!decided(Answer::Leave, true).concerns(&left));
        assert!(!decided(Answer::Confirm, false).concerns(&left));
        assert!(decided(Answer::Confirm, true).concerns(&left));
    }
}
