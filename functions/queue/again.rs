//! Decides when the queue redelivers an unfinished message.
//!
//! By default the queue hides a message for six times the longest duration of a slice. AWS asks for that, so that no
//! message is redelivered while a slice may still work on it. The hourly rule comes sooner. But once a slice has ended
//! in order, nobody works on the message, and most trouble is over in a minute.

use std::time::Duration;

/// What happens to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is done.
    Consumed,
    /// The queue redelivers it after a growing wait, and moves it to the dead-letter queue after five deliveries.
    Returned,
    /// The CRM asks for a pause. The queue redelivers the message once, after the pause. If the CRM asks again,
    /// dispatch's hourly rule resumes the run, and the message is no dead letter.
    Quiet(Duration),
    /// It is early. The queue redelivers the message once its time has come.
    Early(Duration),
}

/// The wait after the first delivery. It triples each time: 1, 3, 9 and 27 minutes.
const FIRST: Duration = Duration::from_secs(60);
/// The longest wait. Dispatch resumes an open run each hour anyway.
const LONGEST: Duration = Duration::from_secs(27 * 60);
/// The longest pause that is waited for here. After a longer one dispatch has resumed the run already.
const LONGEST_QUIET: Duration = Duration::from_secs(40 * 60);

/// The longest time for which a queue hides a message is twelve hours.
const LONGEST_EARLY: Duration = Duration::from_secs(11 * 3_600);

impl Fate {
    /// Returns after what time the queue redelivers a message that it has delivered `n_shown` times. `None` if it does
    /// not. `random` lengthens the wait by up to a half, so that messages that failed together do not come back together.
    pub fn shown_after(self, n_shown: u32, random: u32) -> Option<Duration> {
        let wait = match self {
            Self::Consumed => return None,
            Self::Returned => {
                let times = 3_u32.saturating_pow(n_shown.saturating_sub(1));
                FIRST.saturating_mul(times).min(LONGEST)
            }
            Self::Quiet(quiet) if n_shown <= 1 && quiet <= LONGEST_QUIET => quiet.max(FIRST),
            Self::Quiet(_) => return None,
            // Visibility is in whole seconds, and a message that comes too soon would have to wait once more.
            Self::Early(wait) => return Some(wait.min(LONGEST_EARLY) + Duration::from_secs(1)),
        };
        Some(wait + wait.mul_f64(f64::from(random) / f64::from(u32::MAX) / 2.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(fate: Fate) -> Vec<Option<u64>> {
        (1..=6)
            .map(|n| fate.shown_after(n, 0).map(|wait| wait.as_secs() / 60))
            .collect()
    }

    #[test]
    fn waits_grow_and_are_shorter_than_dispatch_takes() {
        let waits = [1, 3, 9, 27, 27, 27].map(Some);
        assert_eq!(minutes(Fate::Returned), waits);
        assert_eq!(
            Fate::Returned.shown_after(u32::MAX, 0),
            Some(Duration::from_secs(27 * 60))
        );
    }

    #[test]
    fn a_quiet_is_kept_once_and_a_long_one_is_left_to_dispatch() {
        let quiet = |minutes: u64| Fate::Quiet(Duration::from_secs(minutes * 60));
        assert_eq!(minutes(quiet(15))[..2], [Some(15), None]);
        assert_eq!(minutes(quiet(0))[..2], [Some(1), None]);
        assert_eq!(minutes(quiet(60))[..2], [None, None]);
    }

    #[test]
    fn what_is_early_comes_when_its_time_has_come() {
        let early = Fate::Early(Duration::from_millis(310_900));
        let wait = early.shown_after(1, u32::MAX).unwrap_or_default();
        assert!(wait.as_secs() >= 311 && wait.as_secs() < 315, "{wait:?}");
        let long = Fate::Early(Duration::MAX).shown_after(4, 0);
        assert_eq!(long, Some(LONGEST_EARLY + Duration::from_secs(1)));
    }

    #[test]
    fn the_pages_name_the_waits() {
        let waits = (1..).map(|n| Fate::Returned.shown_after(n, 0).unwrap_or_default());
        let mut waits: Vec<String> = waits
            .take_while(|wait| *wait < LONGEST)
            .chain([LONGEST])
            .map(|wait| (wait.as_secs() / 60).to_string())
            .collect();
        let last = waits.pop().unwrap_or_default();
        let told = format!("after {} and {last} minutes", waits.join(", "));
        let decisions = include_str!("../../infra/docs/decisions.md");
        assert!(decisions.contains(&told), "{told}");
        assert!(
            include_str!("../../infra/docs/runbook.md").contains(&told),
            "{told}"
        );
        let pause = format!("a pause of up to {} minutes", LONGEST_QUIET.as_secs() / 60);
        assert!(decisions.contains(&pause), "{pause}");
    }

    #[test]
    fn what_failed_together_does_not_come_back_together() {
        let wait = |random| Fate::Returned.shown_after(1, random).unwrap_or_default();
        assert_eq!(wait(u32::MAX), Duration::from_secs(90));
        assert!(wait(0) < wait(u32::MAX / 2) && wait(u32::MAX / 2) < wait(u32::MAX));
    }

    #[test]
    fn what_is_done_with_is_not_shown_again() {
        assert_eq!(Fate::Consumed.shown_after(1, 0), None);
    }
}
