//! The embedded metric format: a log line off which CloudWatch reads metrics. It costs no request, only the bytes of the line.
//!
//! Nothing else here knows the format. `tests/stack/metrics.py` reads it, since the local stack does not.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{By, Metric, Sheet};

/// Where the metrics of a function belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The namespace: the stack's name.
    pub namespace: String,
    /// The function, without the stack's name.
    pub function: String,
}

impl Source {
    /// Reads it off the name of the deployed function, `STACK-FUNCTION`.
    pub fn of(deployed: &str) -> Self {
        let (namespace, function) = deployed.rsplit_once('-').unwrap_or(("abgleich", deployed));
        Self {
            namespace: namespace.to_owned(),
            function: function.to_owned(),
        }
    }

    /// Returns the line for what an invocation counted. `None` if that is nothing. The id of the `request` leads to the log lines
    /// that name the tenant.
    pub fn line(&self, sheet: &Sheet, now: Timestamp, request: &str) -> Option<String> {
        let provider = sheet.provider();
        let mut root = Map::new();
        let mut directives = Vec::new();
        for by in [By::Nothing, By::Function, By::Provider] {
            let metrics: Vec<Value> = sheet
                .values()
                .filter(|(metric, _)| metric.by() == by)
                .map(|(metric, _)| definition(metric))
                .collect();
            if metrics.is_empty() {
                continue;
            }
            let dimensions = match (by, provider) {
                (By::Function, _) => json!([["Function"]]),
                (By::Provider, Some(_)) => json!([[], ["Provider"]]),
                // A run may end before its CRM is known.
                (By::Provider, None) | (By::Nothing, _) => json!([[]]),
            };
            directives.push(json!({
                "Namespace": self.namespace,
                "Dimensions": dimensions,
                "Metrics": metrics,
            }));
        }
        if directives.is_empty() {
            return None;
        }
        root.insert(
            "_aws".to_owned(),
            json!({"Timestamp": now.as_millisecond(), "CloudWatchMetrics": directives}),
        );
        root.insert("request".to_owned(), json!(request));
        root.insert("Function".to_owned(), json!(self.function));
        if let Some(provider) = provider {
            root.insert("Provider".to_owned(), json!(provider.name()));
        }
        for (metric, value) in sheet.values() {
            root.insert(metric.name().to_owned(), json!(value));
        }
        Some(Value::Object(root).to_string())
    }
}

fn definition(metric: Metric) -> Value {
    let unit = format!("{:?}", metric.unit());
    json!({"Name": metric.name(), "Unit": unit})
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::integration::Provider;

    use super::*;
    use crate::metrics::{add, gather, measure, touch};

    fn source() -> Source {
        Source::of("my-stack-sync")
    }

    async fn line_of(work: impl Future<Output = ()>) -> Option<Value> {
        let (_, sheet) = gather(work).await;
        let now = Timestamp::from_second(1_795_521_600).unwrap();
        let line = source().line(&sheet, now, "r-1")?;
        Some(serde_json::from_str(&line).unwrap())
    }

    #[test]
    fn the_name_of_a_function_tells_its_stack() {
        let Source {
            namespace,
            function,
        } = source();
        assert_eq!((&*namespace, &*function), ("my-stack", "sync"));
    }

    #[tokio::test]
    async fn a_line_has_each_value_and_says_once_what_it_is() {
        let provider = Provider::ALL[0];
        let line = line_of(async {
            touch(provider);
            add(Metric::ColdStarts, 1);
            add(Metric::GivenUp, 2);
            add(Metric::Slices, 3);
            measure(Metric::CrmQuotaUsed, 4);
        })
        .await
        .unwrap();
        let wanted = json!({
            "_aws": {"Timestamp": 1_795_521_600_000_u64, "CloudWatchMetrics": [
                {"Namespace": "my-stack", "Dimensions": [[]], "Metrics": [{"Name": "GivenUp", "Unit": "Count"}]},
                {"Namespace": "my-stack", "Dimensions": [["Function"]], "Metrics": [{"Name": "ColdStarts", "Unit": "Count"}]},
                {"Namespace": "my-stack", "Dimensions": [[], ["Provider"]], "Metrics": [
                    {"Name": "Slices", "Unit": "Count"}, {"Name": "CrmQuotaUsed", "Unit": "Percent"},
                ]},
            ]},
            "request": "r-1", "Function": "sync", "Provider": provider.name(),
            "ColdStarts": 1, "GivenUp": 2, "Slices": 3, "CrmQuotaUsed": 4,
        });
        assert_eq!(line, wanted);
    }

    #[tokio::test]
    async fn an_invocation_that_counted_nothing_writes_no_line() {
        assert_eq!(line_of(async {}).await, None);
        let without_crm = line_of(async { add(Metric::Slices, 1) }).await.unwrap();
        let directive = &without_crm["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Dimensions"], json!([[]]));
        assert!(without_crm.get("Provider").is_none());
    }

    /// What the logs take in is billed by the byte: about half a euro for a million of these lines.
    #[tokio::test]
    async fn a_line_is_short_enough_to_be_written_by_each_slice() {
        let bytes = async |metrics: Vec<Metric>| {
            let (_, sheet) = gather(async {
                touch(Provider::ALL[0]);
                for metric in metrics {
                    add(metric, 1_000_000);
                }
            })
            .await;
            let line = source()
                .line(
                    &sheet,
                    Timestamp::UNIX_EPOCH,
                    "01a2b3c4-1234-5678-9abc-0123456789ab",
                )
                .unwrap();
            line.len()
        };
        let of = |function: &str| {
            let all = Metric::ALL.iter().copied();
            all.filter(|metric| metric.functions().contains(&function))
                .collect()
        };
        let slice = bytes(vec![Metric::Slices, Metric::CrmRequests]).await;
        let all_of_sync = bytes(of("sync")).await;
        let dispatch = bytes(of("dispatch")).await;
        let bytes = (slice, all_of_sync, dispatch);
        assert!(
            slice < 350 && all_of_sync < 2_200 && dispatch < 1_800,
            "{bytes:?}"
        );
    }
}
