//! What CloudWatch counts of us: the list of metrics ([`list`]), what one invocation counted ([`Sheet`]), and the form in which
//! CloudWatch reads it off the log ([`emf`]).
//!
//! Code counts by [`add`] and [`measure`] wherever it knows what happened, as it logs. An invocation writes one line at its end, and
//! none if it counted nothing. No metric names a tenant: CloudWatch bills each value of a dimension as a metric of its own. The log
//! lines beside it name the tenant.

pub mod emf;
mod list;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use domain::integration::Provider;
use infra::aws::meter::Meter;

pub use self::{
    emf::Source,
    list::{By, Metric, Unit},
};

/// What one invocation counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    values: BTreeMap<Metric, u64>,
    crm: Touched,
}

/// The CRMs that an invocation worked with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Touched {
    #[default]
    None,
    One(Provider),
    Several,
}

impl Sheet {
    /// Returns what was counted of a metric. `None` if nothing was.
    pub fn get(&self, metric: Metric) -> Option<u64> {
        self.values.get(&metric).copied()
    }

    /// Returns the CRM that the invocation worked with. `None` if there was none, or more than one.
    pub fn provider(&self) -> Option<Provider> {
        match self.crm {
            Touched::One(provider) => Some(provider),
            Touched::None | Touched::Several => None,
        }
    }

    fn values(&self) -> impl Iterator<Item = (Metric, u64)> {
        self.values.iter().map(|(metric, value)| (*metric, *value))
    }
}

tokio::task_local! {
    /// The sheet of the invocation that the current task belongs to.
    static SHEET: Mutex<Sheet>;
}

/// Runs `work` and returns what it counted beside its output.
pub async fn gather<W: Future>(work: W) -> (W::Output, Sheet) {
    let counted = async {
        let output = work.await;
        let sheet = SHEET.with(|sheet| std::mem::take(&mut *lock(sheet)));
        (output, sheet)
    };
    SHEET.scope(Mutex::default(), counted).await
}

/// Adds to a metric of the current invocation.
pub fn add(metric: Metric, n: u64) {
    if n > 0 {
        change(|sheet| {
            let value = sheet.values.entry(metric).or_default();
            *value = value.saturating_add(n);
        });
    }
}

/// Notes a measured value, which may be 0. Of several the largest counts.
pub fn measure(metric: Metric, value: u64) {
    change(|sheet| {
        let largest = sheet.values.entry(metric).or_default();
        *largest = value.max(*largest);
    });
}

/// Makes the meter of a function's requests to AWS. It counts the throttles of tables in the current invocation.
pub(crate) fn meter() -> Meter {
    Meter::telling(|| add(Metric::TableThrottles, 1))
}

/// Notes the CRM that the current invocation works with.
pub fn touch(provider: Provider) {
    change(|sheet| {
        sheet.crm = match sheet.crm {
            Touched::None => Touched::One(provider),
            Touched::One(known) if known == provider => sheet.crm,
            _ => Touched::Several,
        };
    });
}

/// Does nothing outside of an invocation: the operator's command line counts nothing.
fn change(with: impl FnOnce(&mut Sheet)) {
    let _ = SHEET.try_with(|sheet| with(&mut lock(sheet)));
}

fn lock(sheet: &Mutex<Sheet>) -> std::sync::MutexGuard<'_, Sheet> {
    sheet.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_invocation_counts_for_itself_and_nobody_counts_outside() {
        add(Metric::Slices, 7);
        let (output, sheet) = gather(async {
            add(Metric::Slices, 1);
            add(Metric::Slices, 2);
            add(Metric::CrmThrottles, 0);
            measure(Metric::OldestUnverifiedHours, 0);
            measure(Metric::CrmQuotaUsed, 9);
            measure(Metric::CrmQuotaUsed, 4);
            "done"
        })
        .await;
        assert_eq!(output, "done");
        assert_eq!(sheet.get(Metric::Slices), Some(3));
        assert_eq!(sheet.get(Metric::CrmThrottles), None, "nothing happened");
        assert_eq!(sheet.get(Metric::OldestUnverifiedHours), Some(0));
        assert_eq!(sheet.get(Metric::CrmQuotaUsed), Some(9));
        let (_, next) = gather(async {}).await;
        assert_eq!(next, Sheet::default());
    }

    #[tokio::test]
    async fn what_belongs_to_several_crms_belongs_to_none() {
        let [first, second] = [Provider::ALL[0], Provider::ALL[1]];
        let sheet = gather(async {
            touch(first);
            touch(first);
        });
        assert_eq!(sheet.await.1.provider(), Some(first));
        let sheet = gather(async {
            touch(first);
            touch(second);
            touch(first);
        });
        assert_eq!(sheet.await.1.provider(), None);
    }
}
