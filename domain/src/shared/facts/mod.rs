//! The record of processing that a processor has to keep (Art. 30 (2) GDPR). The integrations, the region, and the retention of
//! pages and logs are read from what is deployed. The statements of the operator and of the tenant are repeated as they were made.
//! What the program itself does (categories, data subjects, measures, its fixed retention times) is written down as sentences in
//! this module, with numbers from the constants by which it acts. Whoever changes that behaviour has to change the sentences, too.
//!
//! | Art. 30 (2) | members of [`Processing`] |
//! | --- | --- |
//! | (a) names and contact details | `processor`, `subprocessors`, `controller` |
//! | (b) categories of processing | `categories`, `subjects`, `integrations`, `retention` |
//! | (c) transfers to third countries | `region`, `transfers`, the places of `subprocessors` |
//! | (d) measures | `measures` (technical), `organisational_measures` |

mod controller;
mod stated;

use serde::{Deserialize, Serialize};

pub use self::{
    controller::{controller, put_controller},
    stated::{Accountable, Party, Stated, Transfer},
};
use crate::{
    exports::OFFERED,
    grant::CONSENT_LIMIT,
    integration::{Integration, Status},
    record::Object,
    tenant::TenantId,
};

/// How far back the Ledger can be restored, in days. `template.yaml` sets it, and a test compares the two.
const RECOVERY_DAYS: u32 = 35;

/// What the operator has deployed and stated.
pub struct Deployment<'a> {
    /// The tenant. It is the controller on whose behalf data is processed.
    pub tenant: &'a TenantId,
    /// The tenant's statement about itself.
    pub controller: Accountable,
    /// The stage.
    pub stage: &'a str,
    /// The AWS region of all data.
    pub region: &'a str,
    /// The operator's statement about itself.
    pub processor: &'a Accountable,
    /// Transfers to third countries.
    pub transfers: &'a Stated<Vec<Transfer>>,
    /// Measures that people take, as opposed to programs.
    pub organisational_measures: &'a Stated<Vec<String>>,
    /// The retention of sealed pages as the CRM sent them, in days.
    pub page_retention_days: u32,
    /// The retention of logs, in days. Logs contain no personal data.
    pub log_retention_days: u32,
    /// Other processors.
    pub subprocessors: &'a [Subprocessor],
}

/// Another processor that the operator engages (Art. 28 (2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subprocessor {
    /// The name.
    pub name: String,
    /// The purpose.
    pub purpose: String,
    /// The place.
    pub place: String,
}

/// A record of processing.
#[derive(PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Processing {
    /// The controller.
    pub controller: Controller,
    /// The processor, which is the operator.
    pub processor: Accountable,
    /// The stage that was queried.
    pub stage: String,
    /// The AWS region of all data.
    pub region: String,
    /// The categories of processing.
    pub categories: Vec<&'static str>,
    /// The categories of data subjects.
    pub subjects: Vec<&'static str>,
    /// The data processed, per integration.
    pub integrations: Vec<Connected>,
    /// Other processors.
    pub subprocessors: Vec<Subprocessor>,
    /// Transfers to third countries.
    pub transfers: Stated<Vec<Transfer>>,
    /// Technical measures (Art. 32), by the programs and by what is deployed.
    pub measures: Vec<&'static str>,
    /// Organisational measures (Art. 32), by people.
    pub organisational_measures: Stated<Vec<String>>,
    /// Retention.
    pub retention: Vec<RetentionRule>,
}

/// The tenant: its id, and its statement about itself.
#[derive(PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Controller {
    /// The tenant's id.
    pub tenant: String,
    /// The tenant's statement.
    #[serde(flatten)]
    pub stated: Accountable,
}

/// An integration.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connected {
    /// The integration.
    pub integration: String,
    /// The CRM.
    pub provider: &'static str,
    /// The status.
    pub status: Status,
    /// The copied objects.
    pub objects: Vec<Object>,
}

/// The retention of one kind of data.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct RetentionRule {
    /// The kind of data.
    pub what: &'static str,
    /// The end of the retention, in words.
    pub until: String,
}

/// Returns the record of processing. Each integration comes with its chosen objects.
pub fn processing(
    deployment: &Deployment<'_>,
    integrations: &[(Integration, Vec<Object>)],
) -> Processing {
    let connected = integrations.iter().map(|(integration, chosen)| Connected {
        integration: integration.scope.integration.to_string(),
        provider: integration.provider.name(),
        status: integration.status,
        objects: match integration.status {
            Status::Removed | Status::Removing => Vec::new(),
            Status::Connected | Status::NeedsReconnect => chosen.clone(),
        },
    });
    Processing {
        controller: Controller {
            tenant: deployment.tenant.to_string(),
            stated: deployment.controller.clone(),
        },
        processor: deployment.processor.clone(),
        stage: deployment.stage.to_owned(),
        region: deployment.region.to_owned(),
        categories: vec![
            "copying the controller's CRM once a day, sealed",
            "matching CRM records with the company database",
            "showing the copy to the controller's users",
            "creating records in the CRM on the controller's instruction, with a legal basis for every person",
            "giving the copy back to the controller, as a file, on the controller's instruction",
            "keeping the controller's assessments, objections and erasures, and holding records against them",
            "finding and erasing on the controller's instruction what is held of a person",
            "erasing the copy when an integration is removed",
        ],
        subjects: vec![
            "contacts and leads in the controller's CRM, and whoever else its records name",
            "people whom the controller assessed, or who objected or were erased, in the CRM or not",
            "the controller's users who act, and reviewers and contacts whom it names",
        ],
        integrations: connected.collect(),
        subprocessors: deployment.subprocessors.to_vec(),
        transfers: deployment.transfers.clone(),
        measures: vec![
            "records are sealed with XAES-256-GCM under a key of their own generation, wrapped by KMS and bound to their place",
            "lookups by keyed hashes: no personal data in clear, in keys, logs, events or metrics",
            "tenants are separated by key and by encryption context",
            "each function has a role with the least privileges it needs",
            "removal destroys keys, sweeps copies, verifies that nothing is left and signs a receipt",
            "tables, buckets and logs are encrypted by a key of the deployment's own; buckets take TLS only and are never public",
            "what cannot be fetched again is in a table with point-in-time recovery; the copy can be fetched again from the CRM, and has no backups",
            "each run compares the copy with the CRM, in count and regularly in ids; what still differs, or is held back because too much would vanish, is shown",
        ],
        organisational_measures: deployment.organisational_measures.clone(),
        retention: retention(deployment),
    }
}

/// Says how long an export stays.
pub fn exports_until() -> String {
    format!("{} hours and the midnight (UTC) after", OFFERED.as_hours())
}

/// Returns the retention of each kind of data.
pub fn retention(deployment: &Deployment<'_>) -> Vec<RetentionRule> {
    let days = |n: u32| format!("{n} days");
    vec![
        RetentionRule {
            what: "the sealed copy of records and their relations",
            until: "deleted in the CRM, erased, or the integration removed".to_owned(),
        },
        RetentionRule {
            what: "sealed pages as the CRM sent them",
            until: days(deployment.page_retention_days),
        },
        RetentionRule {
            what: "exports that an administrator asked for, encrypted by the bucket only",
            until: format!("{}, or the integration is removed", exports_until()),
        },
        RetentionRule {
            what: "grants and keys of an integration",
            until: "the integration is removed".to_owned(),
        },
        RetentionRule {
            what: "decisions about relations, reports of runs, requests to create records and their results (sealed)",
            until: "the integration is removed".to_owned(),
        },
        RetentionRule {
            what: "a consent that was begun",
            until: format!(
                "{} minutes; its row goes within days after",
                CONSENT_LIMIT.as_mins()
            ),
        },
        RetentionRule {
            what: "assessments, templates, objections and erasures (keyed hashes), receipts, audit entries, the controller's statement about itself, the id, status and generation of integrations, the controller's allowance, the check value of the controller's keys",
            until: "the contract ends, and the operator deletes all of it and the controller's keys; receipts stay, and that the controller has ended".to_owned(),
        },
        RetentionRule {
            what: "earlier states of all that is not the copy, sealed, by the tables' point-in-time recovery; the keys that seal a copy have none",
            until: days(RECOVERY_DAYS),
        },
        RetentionRule {
            what: "logs, without personal data but for the network addresses of the API's callers",
            until: days(deployment.log_retention_days),
        },
    ]
}
