//! The limits of a CRM, and how much of them is used.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One of a CRM's budgets, as the CRM last reported it. A CRM may have several at the same time (the organisation's and the app's
/// own, the day's and a burst's), or report none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The vendor's name of the budget.
    pub name: Cow<'static, str>,
    /// The amount used.
    pub used: u64,
    /// The total.
    pub total: u64,
    /// The unit and the period.
    pub per: Per,
    /// Whether it is our app's alone. The customer's other tools use all others, too.
    #[serde(default)]
    pub is_ours: bool,
}

/// The unit and the period of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Requests per day.
    Day,
    /// Requests per this many seconds: a burst.
    Seconds(u64),
    /// Tokens per day. They are units of the vendor's own, of which some requests cost more than others.
    Tokens,
}

impl Budget {
    /// Returns used and total of the budget that will be used up first. `None` if there are no budgets. Bursts count only if there
    /// is nothing else, because they are full again after some seconds. Of two equal budgets the first is taken.
    pub fn first_used_up(budgets: &[Self]) -> Option<(u64, u64)> {
        let is_fuller = |one: &Self, other: &Self| {
            one.is_lasting() && !other.is_lasting()
                || one.is_lasting() == other.is_lasting() && one.is_fuller_than(other)
        };
        let mut budgets = budgets.iter();
        let first = budgets.next()?;
        let fullest = budgets.fold(first, |fullest, one| match is_fuller(one, fullest) {
            true => one,
            false => fullest,
        });
        Some((fullest.used, fullest.total))
    }

    /// Returns how much of it is left.
    pub fn left(&self) -> u64 {
        self.total.saturating_sub(self.used)
    }

    /// Returns whether it is a day's, and shared with the customer's other tools. A budget of zero is one that nobody knows.
    pub fn is_shared(&self) -> bool {
        self.is_lasting() && !self.is_ours && self.total > 0
    }

    /// Returns whether it lasts for a day.
    pub fn is_lasting(&self) -> bool {
        matches!(self.per, Per::Day | Per::Tokens)
    }

    /// Returns whether a larger share of it is used than of another. A budget of zero has no share.
    fn is_fuller_than(&self, other: &Self) -> bool {
        if other.total == 0 {
            return self.total > 0;
        }
        let of = |used: u64, total: u64| u128::from(used) * u128::from(total);
        of(self.used, other.total) > of(other.used, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(name: &'static str, used: u64, total: u64, per: Per) -> Budget {
        Budget {
            name: name.into(),
            used,
            total,
            per,
            is_ours: false,
        }
    }

    #[test]
    fn the_budget_of_which_the_largest_share_is_used_is_used_up_first() {
        let day = budget("day", 10, 100, Per::Day);
        let app = budget("app", 6, 50, Per::Day);
        let tokens = budget("tokens", 900, 10_000, Per::Tokens);
        let burst = budget("burst", 99, 100, Per::Seconds(10));
        let first = |budgets: &[&Budget]| {
            let budgets: Vec<_> = budgets.iter().copied().cloned().collect();
            Budget::first_used_up(&budgets)
        };
        assert_eq!(first(&[]), None);
        assert_eq!(first(&[&day, &app, &tokens]), Some((6, 50)));
        assert_eq!(
            first(&[&burst, &tokens]),
            Some((900, 10_000)),
            "a burst passes"
        );
        assert_eq!(first(&[&burst]), Some((99, 100)));
        let alike = budget("alike", 1, 10, Per::Day);
        assert_eq!(first(&[&day, &alike]), Some((10, 100)));
        assert_eq!(first(&[&alike, &day]), Some((1, 10)));
        let empty = budget("empty", 0, 0, Per::Day);
        assert_eq!(first(&[&empty, &day]), Some((10, 100)));
    }
}
