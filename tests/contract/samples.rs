//! Values for the clauses.

use domain::{
    integration::{Integration, Lease, OpenRun, Provider, Status, Which},
    ports::{Lookups, StoredRecord, StoredRelation},
    progress::{Progress, RunReport, Summary},
    record::{Object, RecordId},
    seal::{GenerationKeys, HashKind, Place, Room, Sealed, Sealer},
    tenant::{Generation, IntegrationId, RunId, Scope, TenantId},
};
use jiff::Timestamp;
use matching::RelationStatus;

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

pub(super) fn scope(tenant: &str) -> Scope {
    Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        integration: IntegrationId::parse("crm-1").unwrap(),
        generation: Generation(1),
    }
}

pub(super) fn which(scope: &Scope) -> Which {
    Which {
        tenant: scope.tenant.clone(),
        integration: scope.integration.clone(),
    }
}

pub(super) fn keys() -> GenerationKeys {
    GenerationKeys::from_bytes(&mut [7; 64]).unwrap()
}

pub(super) fn sealed(scope: &Scope, body: &[u8]) -> Sealed {
    Sealer::new(&keys().sealing, 1)
        .unwrap()
        .seal(&Place::new(scope, Room::LedgerCursor, "x"), body)
        .unwrap()
}

pub(super) fn integration(scope: &Scope) -> Integration {
    Integration {
        scope: scope.clone(),
        provider: Provider::Salesforce,
        organisation: "00D000000000001AAA".to_owned(),
        status: Status::Connected,
        credentials: sealed(scope, b"a grant"),
        due: at(0),
        open_run: None,
        standstill: None,
        untold: Vec::new(),
        lease: None,
        settings: None,
    }
}

pub(super) fn run() -> RunId {
    RunId::begin(at(0), 1)
}

pub(super) fn open_run() -> OpenRun {
    OpenRun {
        id: run(),
        begun: at(0),
        next: at(86_400),
    }
}

pub(super) fn lease(holder: &str, deadline: i64) -> Lease {
    Lease {
        holder: holder.to_owned(),
        run: run(),
        deadline: at(deadline),
    }
}

pub(super) fn id(n: u32) -> RecordId {
    RecordId::parse(&format!("001{n:012}AAA")).unwrap()
}

pub(super) fn record(scope: &Scope, n: u32, body: &[u8], companies: &[&str]) -> StoredRecord {
    let keys = keys();
    StoredRecord {
        id: id(n),
        modified: at(i64::from(n)),
        digest: keys.index.digest(body),
        born: 1,
        page: 2,
        sealed: sealed(scope, body),
        projection: None,
        lookups: Lookups {
            email: Some(keys.index.hash(HashKind::Email, "a@b.example")),
            domain: Some(keys.index.hash(HashKind::Domain, "b.example")),
            parent: None,
        },
        relations: companies
            .iter()
            .map(|company| StoredRelation {
                company: keys.index.hash(HashKind::Company, company),
                status: RelationStatus::Automatic,
                score: 990,
                link: None,
            })
            .collect(),
        dropped: Vec::new(),
        was_large: false,
        vanished: None,
    }
}

pub(super) fn progress(scope: &Scope, seen: u64) -> Progress {
    Progress {
        object: Object::Account,
        run: run(),
        cursor: sealed(scope, b"cursor"),
        held: 0,
        summary: Summary {
            seen,
            ..Summary::default()
        },
    }
}

pub(super) fn report(failure: Option<&str>) -> RunReport {
    RunReport {
        run: run(),
        begun: at(0),
        ended: at(60),
        objects: vec![(Object::Account, Summary::default())],
        failure: failure.map(str::to_owned),
    }
}
