//! Every key shape and prefix under which a tenant's data can lie. Writing and sweeping both use this list, so nothing
//! can be written that is not swept. Ids are opaque, and parsing bounds them. No id contains a separator.
//!
//! # To add a key shape
//!
//! 1. A [`Shape`] in [`Shape::ALL`], with its [`Home`] and whether it outlives a removal, and the function that makes the key.
//! 2. The port's file in `dynamodb` or `s3` writes and reads by that function, and never by a text of its own.
//! 3. A removal counts what it deletes by [`What`](domain::removal::What). Say in `sweep.rs` what the shape counts as.
//! 4. A clause in `tests/contract` that writes one. `every_key_that_was_written_is_on_the_list` then looks for the shape.
//! 5. A new attribute that an index reads, or a time to live, goes into `template.yaml`.

use std::fmt::{self, Write as _};

use domain::{
    integration::Which,
    ports::SuppressionKind,
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::{ExportId, Generation, IntegrationId, RunId, Scope, TenantId},
};

/// The number of partitions over which one object of one integration is spread. DynamoDB takes 1,000 writes a second in each.
pub const SHARDS: u32 = 16;
/// The number of partitions of the index of due integrations.
pub const DUE_BUCKETS: u32 = 8;
/// The integration's own row in Ledger.
pub const INTEGRATION: &str = "INTEGRATION";
/// Sort key of a tenant's row about its last receipt.
pub const RECEIPT_HEAD: &str = "RECEIPT";
/// Prefix of the sort keys of a tenant's receipts.
pub const RECEIPTS: &str = "RECEIPT#";

/// Sort key of a tenant's own wrapped keys in Keys.
pub const TENANT_KEY: &str = "TENANT#v1";
/// Sort key of the check value of a tenant's own keys in Ledger.
pub const TENANT_KEY_CHECK: &str = "KEYCHECK";
/// Prefix of the sort keys that list a tenant's integrations.
pub const LISTED: &str = "INTEGRATION#";
/// Prefix of the sort keys of consents that were begun.
const STATES: &str = "STATE#";

/// Sort key of a tenant's row that counts the editions of its suppressions.
pub const MARKS: &str = "MARKS";
/// Sort key of a tenant's row about itself as the controller.
pub const CONTROLLER: &str = "CONTROLLER";
/// Prefix of the sort keys of a tenant's assessments.
pub const ASSESSMENTS: &str = "ASSESSMENT#";
/// Prefix of the sort keys of a tenant's templates.
pub const TEMPLATES: &str = "TEMPLATE#";

/// A shape of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Ledger: the integration. It outlives a removal, without credentials.
    Integration,
    /// Ledger, the tenant's own: the entry that lists an integration. It outlives a removal.
    Listed,
    /// Ledger, the tenant's own: a consent that was begun, under its OAuth state. It expires by itself.
    State,
    /// Ledger: the progress of an object.
    Progress,
    /// Ledger: the report of a run.
    Run,
    /// Ledger: a record that could not be kept.
    Quarantine,
    /// Ledger: an intent to create a record.
    Intent,
    /// Ledger: the intent that made a record.
    Made,
    /// Ledger: the progress of an export. It expires by itself.
    Exporting,
    /// Ledger: the progress of a removal. It outlives the removal: counts and times.
    Removal,
    /// Ledger: the receipt of a removal, under the tenant. It outlives everything.
    Receipt,
    /// Ledger: number and hash of a tenant's last receipt.
    ReceiptHead,
    /// Ledger: an audit entry under the tenant: who did what and when, with opaque ids.
    Audit,
    /// Ledger: an assessment. The tenant's own data outlives every removal, so this shape and the next ones do.
    Assessment,
    /// Ledger: the numbers of a person's assessments.
    Assessed,
    /// Ledger: a version of an activity template.
    Template,
    /// Ledger: a person's objection.
    Objection,
    /// Ledger: the erasure of a person.
    Erasure,
    /// Ledger: the edition of a tenant's suppressions, which is a number.
    Suppressions,
    /// Ledger, the tenant's own: what it says about itself as the controller.
    Controller,
    /// Ledger, the tenant's own: the check value of its keys. It outlives every removal, as the keys do.
    TenantKeyCheck,
    /// Ledger: a user's decision about a relation.
    Decision,
    /// Ledger: the record into which another one was merged.
    Merged,
    /// Ledger: a held-back deletion.
    HeldBack,
    /// Ledger: the last decision about held-back deletions.
    DeletionsDecided,
    /// Copies: a record.
    Record,
    /// Copies: a relation, beside its record.
    Relation,
    /// Keys: a generation's wrapped keys.
    Key,
    /// Keys: a tenant's wrapped keys. They outlive every removal.
    TenantKey,
    /// Pages: a page as the CRM sent it.
    Page,
    /// Pages: a body too large for an item.
    Body,
    /// Pages: an exported file.
    Export,
}

/// The table or bucket that holds a shape's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Table Ledger.
    Ledger,
    /// Table Copies.
    Copies,
    /// Table Keys.
    Keys,
    /// Bucket Pages.
    Pages,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 32] = [
        Self::Integration,
        Self::Listed,
        Self::State,
        Self::Progress,
        Self::Run,
        Self::Quarantine,
        Self::Intent,
        Self::Made,
        Self::Exporting,
        Self::Removal,
        Self::Receipt,
        Self::ReceiptHead,
        Self::Audit,
        Self::Assessment,
        Self::Assessed,
        Self::Template,
        Self::Objection,
        Self::Erasure,
        Self::Suppressions,
        Self::Controller,
        Self::TenantKeyCheck,
        Self::Decision,
        Self::Merged,
        Self::HeldBack,
        Self::DeletionsDecided,
        Self::Record,
        Self::Relation,
        Self::Key,
        Self::TenantKey,
        Self::Page,
        Self::Body,
        Self::Export,
    ];

    /// Returns the table or bucket of the shape's keys.
    pub fn home(self) -> Home {
        match self {
            Self::Integration
            | Self::Listed
            | Self::State
            | Self::Progress
            | Self::Run
            | Self::Quarantine
            | Self::Intent
            | Self::Made
            | Self::Exporting
            | Self::Removal
            | Self::Receipt
            | Self::ReceiptHead
            | Self::Audit
            | Self::Assessment
            | Self::Assessed
            | Self::Template
            | Self::Objection
            | Self::Erasure
            | Self::Suppressions
            | Self::Controller
            | Self::TenantKeyCheck
            | Self::Decision
            | Self::Merged
            | Self::HeldBack
            | Self::DeletionsDecided => Home::Ledger,
            Self::Record | Self::Relation => Home::Copies,
            Self::Key | Self::TenantKey => Home::Keys,
            Self::Page | Self::Body | Self::Export => Home::Pages,
        }
    }

    /// Returns whether the shape stays after its generation was removed. Such shapes are the tenant's own data, or
    /// prove what was done.
    pub fn outlives_removal(self) -> bool {
        matches!(
            self,
            Self::Integration
                | Self::Removal
                | Self::Receipt
                | Self::ReceiptHead
                | Self::Audit
                | Self::TenantKey
                | Self::Assessment
                | Self::Assessed
                | Self::Template
                | Self::Objection
                | Self::Erasure
                | Self::Suppressions
                | Self::Controller
                | Self::TenantKeyCheck
        )
    }

    /// Returns the shape of a stored key. `None` if it has no known shape. The key is a partition and sort key, or an
    /// object's key and "".
    pub fn of(home: Home, key: &str, sort: &str) -> Option<Self> {
        let after = |prefix: &str| key.strip_prefix(prefix);
        let part = |n: usize| sort.split('#').nth(n);
        match home {
            Home::Ledger | Home::Keys | Home::Copies => {
                after("T#")?;
                match home {
                    Home::Copies if part(1) == Some("R") => Some(Self::Relation),
                    Home::Copies if !sort.contains('#') => Some(Self::Record),
                    Home::Keys if sort == TENANT_KEY => Some(Self::TenantKey),
                    Home::Keys if part(1)?.starts_with('v') => Some(Self::Key),
                    Home::Ledger if sort == INTEGRATION => Some(Self::Integration),
                    // The tenant's own partition, which outlives integrations.
                    Home::Ledger if key.split('#').count() == 2 => match part(0)? {
                        RECEIPT_HEAD if !sort.contains('#') => Some(Self::ReceiptHead),
                        "RECEIPT" => Some(Self::Receipt),
                        "AUDIT" => Some(Self::Audit),
                        "INTEGRATION" => Some(Self::Listed),
                        "STATE" => Some(Self::State),
                        "ASSESSMENT" => Some(Self::Assessment),
                        "ASSESSED" => Some(Self::Assessed),
                        "TEMPLATE" => Some(Self::Template),
                        "OBJECTION" => Some(Self::Objection),
                        "ERASED" => Some(Self::Erasure),
                        MARKS if !sort.contains('#') => Some(Self::Suppressions),
                        CONTROLLER if !sort.contains('#') => Some(Self::Controller),
                        TENANT_KEY_CHECK if !sort.contains('#') => Some(Self::TenantKeyCheck),
                        _ => None,
                    },
                    Home::Ledger => match part(1)? {
                        "OBJECT" => Some(Self::Progress),
                        "RUN" => Some(Self::Run),
                        "QUARANTINE" => Some(Self::Quarantine),
                        "INTENT" => Some(Self::Intent),
                        "MADE" => Some(Self::Made),
                        "EXPORT" => Some(Self::Exporting),
                        "REMOVAL" => Some(Self::Removal),
                        "DECISION" => Some(Self::Decision),
                        "MERGED" => Some(Self::Merged),
                        "HELD" => Some(Self::HeldBack),
                        "DECIDED" => Some(Self::DeletionsDecided),
                        _ => None,
                    },
                    _ => None,
                }
            }
            Home::Pages if key.starts_with("pages/") => Some(Self::Page),
            Home::Pages if key.starts_with("bodies/") => Some(Self::Body),
            Home::Pages if key.starts_with("exports/") => Some(Self::Export),
            Home::Pages => None,
        }
    }
}

/// Returns the sort key of the entry that lists an integration.
pub fn listed(integration: &IntegrationId) -> String {
    format!("{LISTED}{integration}")
}

/// Returns the sort key of a consent that was begun. `hash` is the hash of its state.
pub fn state(hash: &str) -> String {
    format!("{STATES}{hash}")
}

/// Returns the partition of an integration in Ledger and Keys, for all generations.
pub fn integration(tenant: &TenantId, integration: &IntegrationId) -> String {
    format!("T#{tenant}#{integration}")
}

/// Returns the partition of an integration in Ledger and Keys, for all generations.
pub fn integration_of(which: &Which) -> String {
    integration(&which.tenant, &which.integration)
}

/// Returns the partition of an integration in Ledger and Keys, for all generations.
pub fn integration_in(scope: &Scope) -> String {
    integration(&scope.tenant, &scope.integration)
}

/// Returns the prefix of the sort keys of all rows of a generation in Ledger.
pub fn generation(generation: Generation) -> String {
    format!("{generation}#")
}

/// Returns the prefix of the sort keys of a generation's progress rows.
pub fn progress_rows(generation: Generation) -> String {
    format!("{generation}#OBJECT#")
}

/// Returns the sort key of an object's progress.
pub fn progress(generation: Generation, object: Object) -> String {
    format!("{generation}#OBJECT#{object}")
}

/// Returns the prefix of the sort keys of a generation's reports.
pub fn run_rows(generation: Generation) -> String {
    format!("{generation}#RUN#")
}

/// Returns the sort key of a run's report.
pub fn run(generation: Generation, run: &RunId) -> String {
    format!("{generation}#RUN#{run}")
}

/// Returns the sort key of a quarantined record: by its id, or by its position if it has no id.
pub fn quarantine(
    generation: Generation,
    object: Object,
    id: Option<&RecordId>,
    page: u64,
    position: usize,
) -> String {
    match id {
        Some(id) => format!("{generation}#QUARANTINE#{object}#{id}"),
        None => format!("{generation}#QUARANTINE#{object}#/{page}/{position}"),
    }
}

/// Returns the sort key of an intent, by the hash of its request's key.
pub fn intent(generation: Generation, key: &KeyedHash) -> String {
    format!("{generation}#INTENT#{key}")
}

/// Returns the sort key of the intent that made a record.
pub fn maker(generation: Generation, object: Object, id: &RecordId) -> String {
    format!("{generation}#MADE#{object}#{id}")
}

/// Returns the prefix of the sort keys of a generation's exports.
pub fn export_rows(generation: Generation) -> String {
    format!("{generation}#EXPORT#")
}

/// Returns the sort key of an export's progress.
pub fn exporting(generation: Generation, id: &ExportId) -> String {
    format!("{generation}#EXPORT#{id}")
}

/// Returns the sort key of a generation's removal.
pub fn removal(generation: Generation) -> String {
    format!("{generation}#REMOVAL")
}

/// Returns the partition of a tenant's own rows in Ledger and Keys, which outlive its integrations.
pub fn tenant(tenant: &TenantId) -> String {
    format!("T#{tenant}")
}

/// Returns the sort key of a generation's receipt, under its tenant.
pub fn receipt(scope: &Scope) -> String {
    format!("{RECEIPTS}{}#{}", scope.integration, scope.generation)
}

/// Returns the sort key of an audit entry, under its tenant. The keys sort by time.
pub fn audit(at: &str, scope: &Scope, what: &str) -> String {
    format!(
        "AUDIT#{at}#{}#{}#{what}",
        scope.integration, scope.generation
    )
}

/// Returns the sort key of an assessment. All numbers have one length, so the order of the texts is that of the numbers.
pub fn assessment(number: u64) -> String {
    format!("{ASSESSMENTS}{number:020}")
}

/// Returns the sort key of the numbers of a person's assessments.
pub fn assessed(person: &KeyedHash) -> String {
    format!("ASSESSED#{person}")
}

/// Returns the sort key of a version of an activity template.
pub fn template(name: &str, version: u32) -> String {
    format!("{TEMPLATES}{name}#{version:010}")
}

/// Returns the prefix of the sort keys of a tenant's suppressions of a kind.
pub fn suppression_rows(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Objection => "OBJECTION#",
        SuppressionKind::Erasure => "ERASED#",
    }
}

/// Returns the sort key of a suppression of a person.
pub fn suppression(kind: SuppressionKind, person: &KeyedHash) -> String {
    format!("{}{person}", suppression_rows(kind))
}

/// The prefixes of all sort keys in Ledger whose rows a tenant's own keys seal or hash.
pub const UNDER_TENANT_KEYS: [&str; 6] = [
    "ASSESS",
    CONTROLLER,
    "ERASED#",
    MARKS,
    "OBJECTION#",
    TEMPLATES,
];

/// Returns the prefix of the sort keys of decisions: all of a generation, those about an object's records, or those
/// about one record.
pub fn decision_rows(generation: Generation, of: Option<(Object, Option<&RecordId>)>) -> String {
    match of {
        None => format!("{generation}#DECISION#"),
        Some((object, None)) => format!("{generation}#DECISION#{object}#"),
        Some((object, Some(id))) => format!("{generation}#DECISION#{object}#{id}#"),
    }
}

/// Returns the sort key of a user's decision about a relation.
pub fn decision(
    generation: Generation,
    object: Object,
    id: &RecordId,
    company: &KeyedHash,
) -> String {
    format!("{generation}#DECISION#{object}#{id}#{company}")
}

/// Returns the sort key of the record into which another one was merged.
pub fn merged(generation: Generation, object: Object, id: &RecordId) -> String {
    format!("{generation}#MERGED#{object}#{id}")
}

/// Returns the prefix of the sort keys of an object's held-back deletions.
pub fn held_back_rows(generation: Generation, object: Object) -> String {
    format!("{generation}#HELD#{object}#")
}

/// Returns the sort key of a held-back deletion.
pub fn held_back(generation: Generation, object: Object, id: &RecordId) -> String {
    format!("{generation}#HELD#{object}#{id}")
}

/// Returns the sort key of the last decision about held-back deletions.
pub fn deletions_decided(generation: Generation) -> String {
    format!("{generation}#DECIDED")
}

/// Returns the sort key of the `version`-th wrapping of a generation's keys.
pub fn key(generation: Generation, version: u32) -> String {
    format!("{generation}#v{version}")
}

/// Returns the prefix of the sort keys of all wrappings of a generation's keys.
pub fn keys(generation: Generation) -> String {
    format!("{generation}#v")
}

/// Returns a partition of an object's records.
pub fn shard(scope: &Scope, object: Object, shard: u32) -> String {
    scoped(scope, format_args!("{object}#{shard:02}"))
}

/// Returns the partition of a record.
pub fn record_shard(scope: &Scope, object: Object, id: &RecordId) -> String {
    shard(scope, object, spread(id.as_str(), SHARDS))
}

/// Returns the sort key of a relation, which follows its record's.
pub fn relation(id: &RecordId, company: &KeyedHash) -> String {
    format!("{id}#R#{company}")
}

/// Returns the prefix of the sort keys of a record's relations.
pub fn relations_of(id: &str) -> String {
    format!("{id}#R#")
}

/// What a hash is indexed as: a generation's own, whatever the index.
pub fn lookup(scope: &Scope, hash: &KeyedHash) -> String {
    scoped(scope, format_args!("{hash}"))
}

/// The hash in what [`lookup`] made.
pub fn hash_of_lookup(text: &str) -> Option<KeyedHash> {
    KeyedHash::parse(text.rsplit('#').next()?)
}

/// Several of these are made for each record, so with room for the whole: `format!` begins with little and grows.
fn scoped(scope: &Scope, rest: fmt::Arguments<'_>) -> String {
    let (tenant, integration) = (scope.tenant.as_str(), scope.integration.as_str());
    let mut text = String::with_capacity(tenant.len() + integration.len() + 40);
    text.extend(["T#", tenant, "#", integration, "#"]);
    // Writing to a `String` cannot fail.
    let _ = write!(text, "{}#{rest}", scope.generation);
    text
}

/// Returns the `n`-th partition of the index of suggested relations. There are as many as partitions of records, since
/// each relation is written with its record.
pub fn review(scope: &Scope, n: u32) -> String {
    format!(
        "T#{}#{}#{}#{n:02}",
        scope.tenant, scope.integration, scope.generation
    )
}

/// Returns the partition of the index of suggested relations for a record's relations.
pub fn review_of(scope: &Scope, id: &RecordId) -> String {
    review(scope, spread(id.as_str(), SHARDS))
}

/// Returns the object of a partition of Copies.
pub fn object_of(partition: &str) -> Option<Object> {
    Object::parse(partition.split('#').nth(4)?).ok()
}

/// Returns an integration's partition of the index of due integrations.
pub fn due_bucket(scope: &Scope) -> String {
    let name = integration_in(scope);
    due_bucket_of(spread(&name, DUE_BUCKETS))
}

/// Returns the `n`-th partition of the index of due integrations.
pub fn due_bucket_of(n: u32) -> String {
    format!("due#{n}")
}

/// Returns the prefixes of everything that a generation has in the bucket Pages: pages, bodies, exports.
pub fn prefixes(scope: &Scope) -> [String; 3] {
    ["pages", "bodies", "exports"].map(|root| {
        format!(
            "{root}/{}/{}/{}/",
            scope.tenant, scope.integration, scope.generation
        )
    })
}

/// Returns the key of a page as the CRM sent it.
pub fn page(scope: &Scope, object: Object, run: &RunId, page: u64) -> String {
    let [mut key, ..] = prefixes(scope);
    let _ = write!(key, "{object}/{run}/{page:010}");
    key
}

/// Returns the key of a body that is too large for an item. It ends in a fixed word, since a record's id may be `.` or
/// `..`, which a path would swallow.
pub fn body(scope: &Scope, object: Object, id: &RecordId) -> String {
    let [_, mut key, _] = prefixes(scope);
    let _ = write!(key, "{object}/{id}/body");
    key
}

/// Returns the key of an exported file.
pub fn export(scope: &Scope, id: &ExportId) -> String {
    let [.., key] = prefixes(scope);
    format!("{key}{id}.ndjson.gz")
}

/// Hashes with FNV-1a. The function must never change, since it determines where things lie.
pub(super) fn spread(text: &str, over: u32) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Uses the high bits, since FNV's low bits follow the text's low bits.
    u32::try_from((hash >> 40) % u64::from(over)).unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope {
            tenant: TenantId::parse("tenant-a").unwrap(),
            integration: IntegrationId::parse("crm").unwrap(),
            generation: Generation(2),
        }
    }

    #[test]
    fn records_are_spread_over_all_shards() {
        let mut seen = std::collections::BTreeSet::new();
        for n in 0..400 {
            let id = RecordId::parse(&format!("001{n:015}")).unwrap();
            seen.insert(record_shard(&scope(), Object::Account, &id));
        }
        assert_eq!(seen.len(), SHARDS as usize);
    }

    #[test]
    fn a_partition_says_whose_object_it_holds() {
        for object in Object::ALL {
            assert_eq!(object_of(&shard(&scope(), object, 3)), Some(object));
        }
        assert_eq!(object_of(&review(&scope(), 3)), None);
    }

    #[test]
    fn every_key_that_is_made_here_has_a_shape() {
        let (scope, g) = (scope(), Generation(2));
        let id = RecordId::parse("001000000000001AAA").unwrap();
        let run_id = RunId::parse("0123-ab").unwrap();
        let hash = KeyedHash::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let home = integration_in(&scope);
        let shard = record_shard(&scope, Object::Account, &id);
        let made = [
            (
                Home::Ledger,
                home.clone(),
                INTEGRATION.to_owned(),
                Shape::Integration,
            ),
            (
                Home::Ledger,
                tenant(&scope.tenant),
                listed(&scope.integration),
                Shape::Listed,
            ),
            (
                Home::Ledger,
                tenant(&scope.tenant),
                state("AAAA"),
                Shape::State,
            ),
            (
                Home::Ledger,
                home.clone(),
                progress(g, Object::Lead),
                Shape::Progress,
            ),
            (Home::Ledger, home.clone(), run(g, &run_id), Shape::Run),
            (
                Home::Ledger,
                home.clone(),
                quarantine(g, Object::Lead, Some(&id), 1, 0),
                Shape::Quarantine,
            ),
            (
                Home::Ledger,
                home.clone(),
                quarantine(g, Object::Lead, None, 1, 0),
                Shape::Quarantine,
            ),
            (
                Home::Ledger,
                home.clone(),
                decision(g, Object::Lead, &id, &hash),
                Shape::Decision,
            ),
            (
                Home::Ledger,
                home.clone(),
                merged(g, Object::Lead, &id),
                Shape::Merged,
            ),
            (Home::Copies, shard.clone(), id.to_string(), Shape::Record),
            (Home::Copies, shard, relation(&id, &hash), Shape::Relation),
            (Home::Keys, home, key(g, 1), Shape::Key),
            (
                Home::Keys,
                tenant(&scope.tenant),
                TENANT_KEY.to_owned(),
                Shape::TenantKey,
            ),
            (
                Home::Pages,
                page(&scope, Object::Task, &run_id, 7),
                String::new(),
                Shape::Page,
            ),
            (
                Home::Pages,
                body(&scope, Object::Task, &id),
                String::new(),
                Shape::Body,
            ),
            (
                Home::Pages,
                export(&scope, &ExportId::parse("0123-ab").unwrap()),
                String::new(),
                Shape::Export,
            ),
            (
                Home::Ledger,
                integration_in(&scope),
                removal(g),
                Shape::Removal,
            ),
            (
                Home::Ledger,
                tenant(&scope.tenant),
                receipt(&scope),
                Shape::Receipt,
            ),
            (
                Home::Ledger,
                tenant(&scope.tenant),
                RECEIPT_HEAD.to_owned(),
                Shape::ReceiptHead,
            ),
            (
                Home::Ledger,
                tenant(&scope.tenant),
                audit("2026-11-24T00:00:00.000Z", &scope, "removal_asked"),
                Shape::Audit,
            ),
        ];
        let of_the_generation = [
            (intent(g, &hash), Shape::Intent),
            (maker(g, Object::Lead, &id), Shape::Made),
            (held_back(g, Object::Lead, &id), Shape::HeldBack),
            (deletions_decided(g), Shape::DeletionsDecided),
            (
                exporting(g, &ExportId::parse("0123-ab").unwrap()),
                Shape::Exporting,
            ),
        ]
        .map(|(sort, shape)| (Home::Ledger, integration_in(&scope), sort, shape));
        let own = tenant(&scope.tenant);
        let of_the_tenant = [
            (assessment(1), Shape::Assessment),
            (assessed(&hash), Shape::Assessed),
            (template("outreach", 1), Shape::Template),
            (
                suppression(SuppressionKind::Objection, &hash),
                Shape::Objection,
            ),
            (suppression(SuppressionKind::Erasure, &hash), Shape::Erasure),
            (MARKS.to_owned(), Shape::Suppressions),
            (CONTROLLER.to_owned(), Shape::Controller),
        ]
        .map(|(sort, shape)| (Home::Ledger, own.clone(), sort, shape));
        for (place, key, sort, shape) in made
            .into_iter()
            .chain(of_the_generation)
            .chain(of_the_tenant)
        {
            assert_eq!(Shape::of(place, &key, &sort), Some(shape), "{key} {sort}");
            assert_eq!(shape.home(), place);
        }
        assert_eq!(Shape::of(Home::Ledger, "T#a#b", "g1#OTHER#x"), None);
    }

    #[test]
    fn one_tenants_prefix_is_no_prefix_of_anothers() {
        let mut other = scope();
        other.generation = Generation(21);
        for (mine, theirs) in prefixes(&scope()).iter().zip(prefixes(&other)) {
            assert!(!theirs.starts_with(mine.as_str()));
        }
    }
}
