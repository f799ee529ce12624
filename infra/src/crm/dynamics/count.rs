//! Counts records exactly, by an aggregate. Dataverse refuses one over more than 50,000 rows, so larger tables are counted in parts:
//! by the time of creation, halved until each part is small enough.
//!
//! `$count` ends at 5,000, and `RetrieveTotalRecordCount` is up to a day old. Neither proves anything.

use domain::{
    fault::{CrmCode, Outcome},
    ports::Count,
    record::Object,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{
    super::client::{refusal::Refusal, session::Call},
    Dynamics,
    names::set,
    provider::VENDOR,
    read::data,
    shape::ObjectShape,
};

/// The most rows of one aggregate.
const MOST: u64 = 50_000;
/// The most requests for one count: enough for some million rows. The ids cost one request for 5,000.
const REQUESTS: u32 = 200;
/// No environment has a record from an earlier time.
const FIRST: &str = "1990-01-01T00:00:00Z";
/// A second with more records than an aggregate takes cannot be halved.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);

#[derive(Deserialize)]
struct Counted {
    value: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    n: u64,
}

/// A span of time of creation: from the first on, and before the second. `None` has no bound.
type Span = (Option<Timestamp>, Option<Timestamp>);

impl Dynamics {
    pub(super) async fn counted(&self, object: Object) -> Outcome<Count> {
        let shape = self.shape(object).await?;
        if let Some(n) = self.count_of(&shape, (None, None)).await? {
            return Ok(Count::Exact(n));
        }
        let now = match self.meter.usage().clock {
            Some(now) => now,
            None => self.who().await?.clock,
        };
        let first: Timestamp = FIRST
            .parse()
            .map_err(|_| VENDOR.fault(CrmCode::CountUnreadable))?;
        // What lies before and behind has no bound, so that no record is without a part.
        let mut open: Vec<Span> = vec![
            (None, Some(first)),
            (Some(now), None),
            (Some(first), Some(now)),
        ];
        let (mut sum, mut asked) = (0, 0);
        while let Some(span) = open.pop() {
            asked += 1;
            if asked > REQUESTS {
                return Ok(Count::MoreThan(sum.max(MOST)));
            }
            match self.count_of(&shape, span).await? {
                Some(n) => sum += n,
                None => match halves(span) {
                    Some((earlier, later)) => open.extend([earlier, later]),
                    None => return Ok(Count::MoreThan(sum.max(MOST))),
                },
            }
        }
        Ok(Count::Exact(sum))
    }

    /// Counts the records of a span. `None` if there are too many for one aggregate.
    async fn count_of(&self, shape: &ObjectShape, span: Span) -> Result<Option<u64>, Refusal> {
        let apply = aggregate(shape.live(), span);
        let call = data(Call::get(self.options.path(set(shape.object())))).with("$apply", apply);
        let counted = self.session.run(&call, |reply| {
            let counted: Counted = serde_json::from_slice(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::CountUnreadable))?;
            // Over no rows there may be no row for their number.
            Ok(counted.value.first().map_or(0, |row| row.n))
        });
        match counted.await {
            Ok(n) => Ok(Some(n)),
            Err(refusal) if is_too_large(&refusal) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

fn is_too_large(refusal: &Refusal) -> bool {
    refusal.fault.crm_code() == Some(&CrmCode::said("too_many_to_count"))
}

/// Returns the two halves of a span. `None` if it has no bounds or is too short.
fn halves((from, to): Span) -> Option<(Span, Span)> {
    let (from, to) = (from?, to?);
    let middle = from.as_second() + (to.as_second() - from.as_second()) / 2;
    let middle = Timestamp::from_second(middle).ok()?;
    let is_long = middle.duration_since(from) >= SHORTEST;
    is_long.then_some(((Some(from), Some(middle)), (Some(middle), Some(to))))
}

fn aggregate(live: Option<String>, (from, to): Span) -> String {
    let spelt = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let from = from.map(|at| format!("createdon ge {}", spelt(at)));
    let to = to.map(|at| format!("createdon lt {}", spelt(at)));
    let conditions: Vec<String> = live.into_iter().chain(from).chain(to).collect();
    match conditions.is_empty() {
        true => "aggregate($count as n)".to_owned(),
        false => format!(
            "filter({})/aggregate($count as n)",
            conditions.join(" and ")
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_span_leave_no_second_out_and_end_with_a_second() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut open = vec![(Some(at(0)), Some(at(10)))];
        let mut parts = Vec::new();
        while let Some(span) = open.pop() {
            match halves(span) {
                Some((earlier, later)) => open.extend([later, earlier]),
                None => parts.push((span.0.unwrap().as_second(), span.1.unwrap().as_second())),
            }
        }
        let wanted: Vec<(i64, i64)> = (0..10).map(|second| (second, second + 1)).collect();
        assert_eq!(parts, wanted);
        assert!(halves((None, Some(at(0)))).is_none());
    }

    #[test]
    fn merged_records_are_not_counted() {
        let live = Some("_masterid_value eq null".to_owned());
        let from = Timestamp::from_second(0).unwrap();
        assert_eq!(
            aggregate(live, (Some(from), None)),
            "filter(_masterid_value eq null and createdon ge 1970-01-01T00:00:00Z)/aggregate($count as n)"
        );
        assert_eq!(aggregate(None, (None, None)), "aggregate($count as n)");
    }
}
