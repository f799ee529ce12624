//! The list of deletions. It reaches fifteen days back, has up to 600,000 ids, and works in whole minutes.

use domain::{
    fault::{CrmCode, Outcome},
    ports::Deleted,
    record::{Object, RecordId},
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    super::client::{
        refusal::{Action, Cause},
        session::Call,
    },
    Salesforce,
    page::read_time,
    provider::LAG,
};
use crate::crm::salesforce::provider::VENDOR;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    deleted_records: Vec<ListedRow>,
    earliest_date_available: String,
    latest_date_covered: String,
}

#[derive(Deserialize)]
struct ListedRow {
    id: String,
}

impl Salesforce {
    pub(super) async fn deleted_between(
        &self,
        object: Object,
        since: Timestamp,
        until: Timestamp,
    ) -> Outcome<Deleted> {
        let (start, end) = whole_minutes(since, until);
        let call = Call::get(self.options.path(&format!("/sobjects/{object}/deleted/")))
            .with("start", spell(start))
            .with("end", spell(end));
        let listed = self.session.run(&call, |reply| {
            serde_json::from_slice::<Listed>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::DeletedUnreadable))
        });
        match listed.await {
            Ok(listed) => Ok(known(listed, since, until)),
            // A body above the cap is a list with more ids than are possible.
            Err(refusal) if matches!(refusal.action, Action::Unlisted | Action::Shrink) => {
                Ok(Deleted::Unknown)
            }
            // Some objects have no such list.
            Err(refusal) if refusal.cause == Cause::NotFound => Ok(Deleted::Unknown),
            Err(refusal) => Err(refusal.into()),
        }
    }
}

/// Returns the list if it covers the requested time. The end may lag, since the next list begins earlier by the same lag.
fn known(listed: Listed, since: Timestamp, until: Timestamp) -> Deleted {
    let covers = read_time(&listed.earliest_date_available)
        .is_some_and(|earliest| earliest <= since)
        && read_time(&listed.latest_date_covered)
            .is_some_and(|latest| latest >= until.saturating_sub(LAG).unwrap_or(until));
    let ids: Option<Vec<_>> = listed
        .deleted_records
        .iter()
        .map(|row| RecordId::parse(&row.id).ok())
        .collect();
    match ids {
        Some(ids) if covers => Deleted::Ids(ids),
        _ => Deleted::Unknown,
    }
}

/// Widens the time to whole minutes. Salesforce ignores seconds and requires more than a minute between the two.
fn whole_minutes(since: Timestamp, until: Timestamp) -> (Timestamp, Timestamp) {
    const MINUTE: i64 = 60_000;
    let (since, until) = (since.as_millisecond(), until.as_millisecond());
    let end = (until + MINUTE - 1).div_euclid(MINUTE) * MINUTE;
    let start = (since.div_euclid(MINUTE) * MINUTE).min(end - 2 * MINUTE);
    let at = |millis| Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    (at(start), at(end))
}

fn spell(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_list_is_asked_for_in_whole_minutes_around_the_time() {
        let (start, end) = whole_minutes(
            at("2026-11-24T09:00:59.999Z"),
            at("2026-11-24T10:00:00.001Z"),
        );
        assert_eq!(
            (spell(start), spell(end)),
            (
                "2026-11-24T09:00:00+00:00".to_owned(),
                "2026-11-24T10:01:00+00:00".to_owned()
            )
        );
        let (start, end) = whole_minutes(at("2026-11-24T09:00:00Z"), at("2026-11-24T09:00:00Z"));
        assert!(end.duration_since(start) >= SignedDuration::from_mins(2));
    }

    #[test]
    fn a_list_that_does_not_cover_the_time_is_unknown() {
        let listed = |earliest: &str, latest: &str| Listed {
            deleted_records: vec![ListedRow {
                id: "001000000000001AAA".to_owned(),
            }],
            earliest_date_available: earliest.to_owned(),
            latest_date_covered: latest.to_owned(),
        };
        let (since, until) = (at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"));
        let answer = |earliest: &str, latest: &str| known(listed(earliest, latest), since, until);
        assert!(
            matches!(answer("2026-11-10T00:00:00.000+0000", "2026-11-24T09:58:00.000+0000"), Deleted::Ids(ids) if ids.len() == 1)
        );
        assert!(matches!(
            answer(
                "2026-11-24T09:00:01.000+0000",
                "2026-11-24T09:58:00.000+0000"
            ),
            Deleted::Unknown
        ));
        assert!(matches!(
            answer(
                "2026-11-10T00:00:00.000+0000",
                "2026-11-24T09:40:00.000+0000"
            ),
            Deleted::Unknown
        ));
        assert!(matches!(answer("", ""), Deleted::Unknown));
    }
}
