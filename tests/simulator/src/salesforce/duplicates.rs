//! Duplicate rules: they decide which new record is refused with DUPLICATES_DETECTED.

use serde_json::{Value, json};

use super::error::Refusal;
use super::org::Org;
use super::row::{Row, Values, plain};

/// The requests of the header `Sforce-Duplicate-Rule-Header`. Without the header all are false.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Saving {
    pub(crate) allow: bool,
    pub(crate) details: bool,
}

impl Saving {
    /// Parses `allowSave=true; includeRecordDetails=false; …`.
    pub(crate) fn parse(header: &str) -> Self {
        let says = |name: &str| {
            let mut pairs = header
                .split([';', ','])
                .filter_map(|pair| pair.split_once('='));
            pairs.any(|(key, value)| {
                key.trim().eq_ignore_ascii_case(name) && value.trim().eq_ignore_ascii_case("true")
            })
        };
        Self {
            allow: says("allowSave"),
            details: says("includeRecordDetails"),
        }
    }
}

impl Org {
    pub(crate) fn check_duplicates(
        &self,
        object: &str,
        values: &Values,
        saving: Saving,
    ) -> Result<(), Refusal> {
        let schema = &self.table(object)?.schema;
        for rule in self
            .duplicate_rules
            .iter()
            .filter(|rule| rule.object.eq_ignore_ascii_case(object))
        {
            let wanted: Option<Vec<_>> = rule
                .fields
                .iter()
                .map(|name| {
                    values
                        .get_key_value(&schema.index(name))
                        .map(|(index, json)| (*index, plain(json).to_lowercase()))
                })
                .collect();
            let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else {
                continue;
            };
            let equal = |row: &Row| {
                wanted.iter().all(|(index, text)| {
                    row.get(*index)
                        .is_some_and(|json| plain(json).to_lowercase() == *text)
                })
            };
            let rows = self
                .table(object)?
                .by_id(std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
            let matches: Vec<_> = rows
                .filter(|row| !row.deleted && equal(row))
                .take(10)
                .collect();
            if matches.is_empty() || saving.allow && !rule.block {
                continue;
            }
            let records: Vec<Value> = matches
                .iter()
                .map(|row| {
                    let mut record = json!({ "attributes": { "type": object, "url": format!("/services/data/v60.0/sobjects/{object}/{}", row.id) }, "Id": row.id.as_str() });
                    if saving.details {
                        for field in &rule.fields {
                            record[field] = row.get(schema.index(field)).and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default();
                        }
                    }
                    json!({ "additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0, "record": record })
                })
                .collect();
            let mut refusal =
                Refusal::on_fields("DUPLICATES_DETECTED", "Use one of these records?", &[]);
            refusal.duplicates = Some(json!({
                "allowSave": !rule.block, "duplicateRule": format!("Simulated_{object}_Rule"), "duplicateRuleEntityType": object,
                "errorMessage": "Use one of these records?",
                "matchResults": [{ "entityType": object, "errors": [], "matchEngine": "ExactMatchEngine", "matchRecords": records,
                    "rule": format!("Simulated_{object}_Matching_Rule"), "size": records.len(), "success": true }],
            }));
            return Err(refusal);
        }
        Ok(())
    }
}
