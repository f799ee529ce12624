//! Counts for CloudWatch what became of a run.

use domain::{
    fault::{Code, Kind},
    progress::{RunReport, Summary, Verdict},
};

use crate::metrics::{Metric, add, measure};

/// Counts a finished run.
pub(super) fn finished(report: &RunReport) {
    add(Metric::RunsFinished, 1);
    if let Some(code) = &report.failure {
        add(Metric::RunsFailed, 1);
        let is_revoked = Code::parse(code).kind() == Kind::Revoked;
        add(Metric::ReconnectsNeeded, u64::from(is_revoked));
    }
    for (_, summary) in &report.objects {
        if let Some(verdict) = &summary.verdict {
            add(metric(verdict), 1);
        }
        object(summary);
    }
}

fn object(summary: &Summary) {
    add(Metric::RecordsSeen, summary.seen);
    add(Metric::RecordsWritten, summary.written);
    add(Metric::RecordsDeleted, summary.deleted);
    add(Metric::RecordsRepaired, summary.repaired);
    add(Metric::RecordsQuarantined, summary.quarantined);
    add(Metric::HiddenFields, summary.vanished_fields.len() as u64);
    if let Some((used, total)) = summary.quota
        && let Some(percent) = used.saturating_mul(100).checked_div(total)
    {
        measure(Metric::CrmQuotaUsed, percent);
    }
}

fn metric(verdict: &Verdict) -> Metric {
    match verdict {
        Verdict::Verified => Metric::VerdictVerified,
        Verdict::Drift(_) => Metric::VerdictDrift,
        Verdict::Held(_) => Metric::VerdictHeld,
        Verdict::Failed(_) => Metric::VerdictFailed,
        Verdict::Absent => Metric::VerdictAbsent,
        Verdict::Unproven => Metric::VerdictUnproven,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::record::Object;

    use super::*;
    use crate::{
        events::tests::due,
        metrics::{Sheet, gather},
        test_world::at,
    };

    async fn counted(objects: Vec<(Object, Summary)>, failure: Option<&str>) -> Sheet {
        let report = RunReport {
            run: due().run,
            begun: at(0),
            ended: at(1),
            objects,
            failure: failure.map(str::to_owned),
        };
        gather(async { finished(&report) }).await.1
    }

    #[tokio::test]
    async fn each_verdict_and_the_fullest_budget_are_counted() {
        let verdicts = [
            (Verdict::Verified, Metric::VerdictVerified),
            (Verdict::Drift(7), Metric::VerdictDrift),
            (Verdict::Held(7), Metric::VerdictHeld),
            (Verdict::Failed("x".to_owned()), Metric::VerdictFailed),
            (Verdict::Absent, Metric::VerdictAbsent),
            (Verdict::Unproven, Metric::VerdictUnproven),
        ];
        let summary = |(n, (verdict, _)): (u64, &(Verdict, Metric))| Summary {
            seen: 10,
            quota: Some((n, 10)),
            vanished_fields: vec!["Name".to_owned()],
            verdict: Some(verdict.clone()),
            ..Summary::default()
        };
        let objects = (0..).zip(&verdicts).map(summary);
        let sheet = counted(objects.map(|one| (Object::Account, one)).collect(), None).await;
        for (verdict, metric) in verdicts {
            assert_eq!(sheet.get(metric), Some(1), "{verdict}");
        }
        assert_eq!(sheet.get(Metric::RecordsSeen), Some(60));
        assert_eq!(sheet.get(Metric::HiddenFields), Some(6));
        assert_eq!(sheet.get(Metric::CrmQuotaUsed), Some(50), "the largest");
        assert_eq!(sheet.get(Metric::RunsFinished), Some(1));
        assert_eq!(sheet.get(Metric::RunsFailed), None);
    }

    #[tokio::test]
    async fn a_run_that_failed_says_whether_the_tenant_has_to_connect_again() {
        let revoked = counted(Vec::new(), Some("salesforce.invalid_grant")).await;
        let other = counted(Vec::new(), Some("store.unreadable")).await;
        for (sheet, reconnects) in [(revoked, Some(1)), (other, None)] {
            assert_eq!(sheet.get(Metric::RunsFailed), Some(1));
            assert_eq!(sheet.get(Metric::ReconnectsNeeded), reconnects);
        }
    }
}
