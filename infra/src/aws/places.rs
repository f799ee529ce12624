//! Every key shape and prefix where a tenant's data can be. Writing and sweeping both start from here, so that nothing can
//! be written that is not swept. Ids are opaque and bounded where they are parsed; none of them holds a separator.
//!
//! # To add a key shape
//!
//! 1. A [`Shape`] in [`Shape::ALL`], with its [`Home`] and whether a removal takes it; and the function that makes the key.
//! 2. The port's file in `dynamodb` or `s3` writes and reads by that function, and by no text of its own.
//! 3. What a removal deletes is counted by [`What`](domain::removal::What): say there what the shape counts as.
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

/// Partitions that one object of one integration is spread over: DynamoDB takes 1,000 writes a second in each.
pub const SHARDS: u32 = 16;
/// Partitions of the index of due integrations.
pub const DUE_BUCKETS: u32 = 8;
/// The integration's own row in Ledger.
pub const INTEGRATION: &str = "INTEGRATION";
/// Sort key of the row, under the tenant, that names its last receipt.
pub const RECEIPT_HEAD: &str = "RECEIPT";
/// Sort keys of a tenant's receipts begin so.
pub const RECEIPTS: &str = "RECEIPT#";

/// Sort key of a tenant's own wrapped keys, in Keys.
pub const TENANT_KEY: &str = "TENANT#v1";
/// Sort key of the check value of a tenant's own keys, in Ledger.
pub const TENANT_KEY_CHECK: &str = "KEYCHECK";
/// Sort keys of the names of a tenant's integrations begin so.
pub const LISTED: &str = "INTEGRATION#";
/// Sort keys of what was begun under OAuth states begin so.
const STATES: &str = "STATE#";

/// Sort key of the row, under the tenant, that counts the editions of its suppressions.
pub const MARKS: &str = "MARKS";
/// Sort key of the row, under the tenant, that says who it is.
pub const CONTROLLER: &str = "CONTROLLER";
/// Sort keys of a tenant's assessments begin so.
pub const ASSESSMENTS: &str = "ASSESSMENT#";
/// Sort keys of a tenant's templates begin so.
pub const TEMPLATES: &str = "TEMPLATE#";

/// A shape of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Ledger: the integration. Outlives a removal, without credentials.
    Integration,
    /// Ledger, the tenant's own: an integration's name among the tenant's. Outlives a removal.
    Listed,
    /// Ledger, the tenant's own: what was begun under an OAuth state. Ends by itself.
    State,
    /// Ledger: how far an object has come.
    Progress,
    /// Ledger: the report of a run.
    Run,
    /// Ledger: a record that could not be kept.
    Quarantine,
    /// Ledger: an intent to create a record.
    Intent,
    /// Ledger: which intent made a record.
    Made,
    /// Ledger: how far an export has come. Ends by itself.
    Exporting,
    /// Ledger: how far a removal has come. Outlives it: counts and times.
    Removal,
    /// Ledger: the receipt of a removal, under the tenant. Outlives everything.
    Receipt,
    /// Ledger: number and hash of a tenant's last receipt.
    ReceiptHead,
    /// Ledger: who did what and when, under the tenant; opaque ids.
    Audit,
    /// Ledger: an assessment. What is a tenant's own outlives every removal, and so do the next ones.
    Assessment,
    /// Ledger: the numbers of a person's assessments.
    Assessed,
    /// Ledger: a version of an activity template.
    Template,
    /// Ledger: a person's objection.
    Objection,
    /// Ledger: that a person was erased.
    Erasure,
    /// Ledger: the edition of a tenant's suppressions, a number.
    Suppressions,
    /// Ledger, the tenant's own: what it said of itself.
    Controller,
    /// Ledger, the tenant's own: the check value of its keys. Outlives every removal, as the keys do.
    TenantKeyCheck,
    /// Ledger: what a user decided about a relation.
    Decision,
    /// Ledger: what a record was merged into.
    Merged,
    /// Ledger: a deletion that is held back.
    HeldBack,
    /// Ledger: what was said last about held-back deletions.
    DeletionsDecided,
    /// Copies: a record.
    Record,
    /// Copies: a relation, beside its record.
    Relation,
    /// Keys: a generation's wrapped keys.
    Key,
    /// Keys: a tenant's wrapped keys. Outlive every removal.
    TenantKey,
    /// Pages: a page as the CRM sent it.
    Page,
    /// Pages: a body too large for an item.
    Body,
    /// Pages: a file that was exported.
    Export,
}

/// Where a shape's keys are.
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
    /// All of them.
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

    /// Where its keys are.
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

    /// Whether it stays when its generation is removed: what is not a tenant's data but what proves what became of it.
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

    /// The shape of a key that was found, if it is any of ours: partition and sort key, or an object's key and "".
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
                    // The tenant's own partition: what outlives integrations.
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

/// Sort key of an integration's name among its tenant's.
pub fn listed(integration: &IntegrationId) -> String {
    format!("{LISTED}{integration}")
}

/// Sort key of what was begun under the state of that hash.
pub fn state(hash: &str) -> String {
    format!("{STATES}{hash}")
}

/// Partition of an integration in Ledger and Keys, all generations.
pub fn integration(tenant: &TenantId, integration: &IntegrationId) -> String {
    format!("T#{tenant}#{integration}")
}

/// Partition of an integration in Ledger and Keys, all generations.
pub fn integration_of(which: &Which) -> String {
    integration(&which.tenant, &which.integration)
}

/// Partition of an integration in Ledger and Keys, all generations.
pub fn integration_in(scope: &Scope) -> String {
    integration(&scope.tenant, &scope.integration)
}

/// Sort keys of all rows in Ledger that one generation has begin so.
pub fn generation(generation: Generation) -> String {
    format!("{generation}#")
}

/// Sort keys of a generation's progress rows begin so.
pub fn progress_rows(generation: Generation) -> String {
    format!("{generation}#OBJECT#")
}

/// Sort key of an object's progress.
pub fn progress(generation: Generation, object: Object) -> String {
    format!("{generation}#OBJECT#{object}")
}

/// Sort keys of a generation's reports begin so.
pub fn run_rows(generation: Generation) -> String {
    format!("{generation}#RUN#")
}

/// Sort key of a run's report.
pub fn run(generation: Generation, run: &RunId) -> String {
    format!("{generation}#RUN#{run}")
}

/// Sort key of a record that could not be kept: by its id, or by where it stood.
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

/// Sort key of an intent: by the hash of its request's key.
pub fn intent(generation: Generation, key: &KeyedHash) -> String {
    format!("{generation}#INTENT#{key}")
}

/// Sort key of which intent made a record.
pub fn maker(generation: Generation, object: Object, id: &RecordId) -> String {
    format!("{generation}#MADE#{object}#{id}")
}

/// Sort keys of a generation's exports begin so.
pub fn export_rows(generation: Generation) -> String {
    format!("{generation}#EXPORT#")
}

/// Sort key of how far an export has come.
pub fn exporting(generation: Generation, id: &ExportId) -> String {
    format!("{generation}#EXPORT#{id}")
}

/// Sort key of a generation's removal.
pub fn removal(generation: Generation) -> String {
    format!("{generation}#REMOVAL")
}

/// Partition of what outlives a tenant's integrations, in Ledger and Keys.
pub fn tenant(tenant: &TenantId) -> String {
    format!("T#{tenant}")
}

/// Sort key of the receipt of a generation, under its tenant.
pub fn receipt(scope: &Scope) -> String {
    format!("{RECEIPTS}{}#{}", scope.integration, scope.generation)
}

/// Sort key of an audit entry, under its tenant: in the order of time.
pub fn audit(at: &str, scope: &Scope, what: &str) -> String {
    format!(
        "AUDIT#{at}#{}#{}#{what}",
        scope.integration, scope.generation
    )
}

/// Sort key of an assessment: as long for every number, so that text order is the order of numbers.
pub fn assessment(number: u64) -> String {
    format!("{ASSESSMENTS}{number:020}")
}

/// Sort key of the numbers of a person's assessments.
pub fn assessed(person: &KeyedHash) -> String {
    format!("ASSESSED#{person}")
}

/// Sort key of a version of an activity template.
pub fn template(name: &str, version: u32) -> String {
    format!("{TEMPLATES}{name}#{version:010}")
}

/// Sort keys of a tenant's suppressions of a kind begin so.
pub fn suppression_rows(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Objection => "OBJECTION#",
        SuppressionKind::Erasure => "ERASED#",
    }
}

/// Sort key of a suppression of a person.
pub fn suppression(kind: SuppressionKind, person: &KeyedHash) -> String {
    format!("{}{person}", suppression_rows(kind))
}

/// What sort keys begin with of everything in Ledger that a tenant's own keys seal or hash.
pub const UNDER_TENANT_KEYS: [&str; 6] = [
    "ASSESS",
    CONTROLLER,
    "ERASED#",
    MARKS,
    "OBJECTION#",
    TEMPLATES,
];

/// Sort keys of decisions begin so: all of a generation, those about an object's records, those about one record.
pub fn decision_rows(generation: Generation, of: Option<(Object, Option<&RecordId>)>) -> String {
    match of {
        None => format!("{generation}#DECISION#"),
        Some((object, None)) => format!("{generation}#DECISION#{object}#"),
        Some((object, Some(id))) => format!("{generation}#DECISION#{object}#{id}#"),
    }
}

/// Sort key of what a user decided about a relation.
pub fn decision(
    generation: Generation,
    object: Object,
    id: &RecordId,
    company: &KeyedHash,
) -> String {
    format!("{generation}#DECISION#{object}#{id}#{company}")
}

/// Sort key of what a record was merged into.
pub fn merged(generation: Generation, object: Object, id: &RecordId) -> String {
    format!("{generation}#MERGED#{object}#{id}")
}

/// Sort keys of an object's held-back deletions begin so.
pub fn held_back_rows(generation: Generation, object: Object) -> String {
    format!("{generation}#HELD#{object}#")
}

/// Sort key of a held-back deletion.
pub fn held_back(generation: Generation, object: Object, id: &RecordId) -> String {
    format!("{generation}#HELD#{object}#{id}")
}

/// Sort key of what was said last about held-back deletions.
pub fn deletions_decided(generation: Generation) -> String {
    format!("{generation}#DECIDED")
}

/// Sort key of the `version`-th wrapping of a generation's keys.
pub fn key(generation: Generation, version: u32) -> String {
    format!("{generation}#v{version}")
}

/// Sort keys of all wrappings of a generation's keys begin so.
pub fn keys(generation: Generation) -> String {
    format!("{generation}#v")
}

/// A partition of an object's records.
pub fn shard(scope: &Scope, object: Object, shard: u32) -> String {
    scoped(scope, format_args!("{object}#{shard:02}"))
}

/// The partition of a record.
pub fn record_shard(scope: &Scope, object: Object, id: &RecordId) -> String {
    shard(scope, object, spread(id.as_str(), SHARDS))
}

/// Sort key of a relation, beside its record's.
pub fn relation(id: &RecordId, company: &KeyedHash) -> String {
    format!("{id}#R#{company}")
}

/// Sort keys of a record's relations begin so.
pub fn relations_of(id: &str) -> String {
    format!("{id}#R#")
}

/// What a hash is indexed as: a generation's own, whatever the index.
pub fn lookup(scope: &Scope, hash: &KeyedHash) -> String {
    scoped(scope, format_args!("{hash}"))
}

/// Several of these are made for each record, so with room for the whole: `format!` begins with little and grows.
fn scoped(scope: &Scope, rest: fmt::Arguments<'_>) -> String {
    let (tenant, integration) = (scope.tenant.as_str(), scope.integration.as_str());
    let mut text = String::with_capacity(tenant.len() + integration.len() + 40);
    text.extend(["T#", tenant, "#", integration, "#"]);
    // A `String` takes all that is written to it.
    let _ = write!(text, "{}#{rest}", scope.generation);
    text
}

/// The `n`-th partition of the index of suggested relations: as many as records have, since each is written with its
/// record.
pub fn review(scope: &Scope, n: u32) -> String {
    format!(
        "T#{}#{}#{}#{n:02}",
        scope.tenant, scope.integration, scope.generation
    )
}

/// The partition of the index of suggested relations that a record's are in.
pub fn review_of(scope: &Scope, id: &RecordId) -> String {
    review(scope, spread(id.as_str(), SHARDS))
}

/// The object whose records a partition of Copies holds.
pub fn object_of(partition: &str) -> Option<Object> {
    Object::parse(partition.split('#').nth(4)?).ok()
}

/// The partition of the index of due integrations.
pub fn due_bucket(scope: &Scope) -> String {
    let name = integration_in(scope);
    due_bucket_of(spread(&name, DUE_BUCKETS))
}

/// The `n`-th partition of the index of due integrations.
pub fn due_bucket_of(n: u32) -> String {
    format!("due#{n}")
}

/// Prefixes of everything that a generation has in the bucket Pages: pages, bodies, exports.
pub fn prefixes(scope: &Scope) -> [String; 3] {
    ["pages", "bodies", "exports"].map(|root| {
        format!(
            "{root}/{}/{}/{}/",
            scope.tenant, scope.integration, scope.generation
        )
    })
}

/// Key of a page as the CRM sent it.
pub fn page(scope: &Scope, object: Object, run: &RunId, page: u64) -> String {
    let [mut key, ..] = prefixes(scope);
    let _ = write!(key, "{object}/{run}/{page:010}");
    key
}

/// Key of a body too large for an item. It ends in a word of ours, since a record's id may be `.` or `..`, which a path
/// swallows.
pub fn body(scope: &Scope, object: Object, id: &RecordId) -> String {
    let [_, mut key, _] = prefixes(scope);
    let _ = write!(key, "{object}/{id}/body");
    key
}

/// Key of a file that was exported.
pub fn export(scope: &Scope, id: &ExportId) -> String {
    let [.., key] = prefixes(scope);
    format!("{key}{id}.ndjson.gz")
}

/// FNV-1a: stable for ever, since it decides where things lie.
pub(super) fn spread(text: &str, over: u32) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The high bits: FNV's low ones follow the text's low ones.
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
