//! What a processor has to say of its processing (Art. 30 (2) GDPR). What is connected, the region, and the days for which pages and
//! logs are kept are read from what runs. What the operator and the tenant said is told as they said it. What the program does (categories,
//! people, measures, its own fixed times) are sentences in this module: whoever changes what they are about has to change them too.
//!
//! | Art. 30 (2) | where it stands in [`Processing`] |
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
    integration::{Integration, Status},
    record::Object,
    tenant::TenantId,
};

/// What the operator deployed.
pub struct Deployment<'a> {
    /// The tenant: the controller on whose behalf data is processed.
    pub tenant: &'a TenantId,
    /// What the tenant said of itself.
    pub controller: Accountable,
    /// The stage.
    pub stage: &'a str,
    /// The AWS region that everything is in.
    pub region: &'a str,
    /// What the operator said of itself.
    pub processor: &'a Accountable,
    /// What goes to third countries.
    pub transfers: &'a Stated<Vec<Transfer>>,
    /// How people, not programs, protect the data.
    pub organisational_measures: &'a Stated<Vec<String>>,
    /// Days for which sealed pages as the CRM sent them are kept.
    pub page_retention_days: u32,
    /// Days for which logs are kept; there is no personal data in them.
    pub log_retention_days: u32,
    /// Who else processes.
    pub subprocessors: &'a [Subprocessor],
}

/// Another processor that the operator engages (Art. 28 (2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subprocessor {
    /// Who.
    pub name: String,
    /// What for.
    pub purpose: String,
    /// Where.
    pub place: String,
}

/// A record of processing.
#[derive(PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Processing {
    /// On whose behalf.
    pub controller: Controller,
    /// Who processes: the operator.
    pub processor: Accountable,
    /// The stage that was asked.
    pub stage: String,
    /// The AWS region that everything is in.
    pub region: String,
    /// What is done.
    pub categories: Vec<&'static str>,
    /// Whose data.
    pub subjects: Vec<&'static str>,
    /// What is processed, connection by connection.
    pub integrations: Vec<Connected>,
    /// Who else processes.
    pub subprocessors: Vec<Subprocessor>,
    /// What goes to third countries.
    pub transfers: Stated<Vec<Transfer>>,
    /// What protects it (Art. 32): the programs and what is deployed.
    pub measures: Vec<&'static str>,
    /// What protects it (Art. 32): people.
    pub organisational_measures: Stated<Vec<String>>,
    /// How long it is kept.
    pub retention: Vec<RetentionRule>,
}

/// The tenant, by its id and by what it said of itself.
#[derive(PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Controller {
    /// The tenant's id.
    pub tenant: String,
    /// What it said.
    #[serde(flatten)]
    pub stated: Accountable,
}

/// A connection.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connected {
    /// The integration.
    pub integration: String,
    /// The CRM.
    pub provider: &'static str,
    /// How it stands.
    pub status: Status,
    /// What is copied.
    pub objects: Vec<Object>,
}

/// How long something is kept.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct RetentionRule {
    /// What.
    pub what: &'static str,
    /// How long, in words.
    pub until: String,
}

/// The record of processing; each integration with the objects that are chosen.
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

/// How long what is kept.
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
            until: "a day, or the integration is removed".to_owned(),
        },
        RetentionRule {
            what: "grants and keys of an integration",
            until: "the integration is removed".to_owned(),
        },
        RetentionRule {
            what: "decisions about relations, reports of runs, requests to create records and what came of them (sealed)",
            until: "the integration is removed".to_owned(),
        },
        RetentionRule {
            what: "what was begun of a connection",
            until: "a quarter of an hour".to_owned(),
        },
        RetentionRule {
            what: "assessments, templates, objections and erasures (keyed hashes), receipts, audit entries, what the controller said of itself",
            until: "the contract with the controller ends, and the operator deletes the controller's partition and key".to_owned(),
        },
        RetentionRule {
            what: "earlier states of all that is not the copy, sealed, by the table's point-in-time recovery; sealing keys have none",
            until: days(35),
        },
        RetentionRule {
            what: "logs, without personal data",
            until: days(deployment.log_retention_days),
        },
    ]
}
