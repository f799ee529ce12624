//! What a status of 100 companies asks of DynamoDB: how many requests, in how many round trips.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
        },
    },
    error::BoxError,
};
use domain::{
    body,
    company::CompanyId,
    matching::RelationStatus,
    ports::{Keys, Ports, Store, StoredRelation},
    record::{About, Object, Record, RecordId, Standing},
    seal::{HashKind, Place, Room, Sealer},
    show::{self, InCrm, View},
    tenant::Scope,
};
use infra::{
    aws::{AwsStore, clients::Clients, meter::Meter},
    memory::{MemoryCompanies, MemoryKeys},
};

use super::{
    backends,
    samples::{at, integration, scope, which},
};
use crate::support::aws::config;

const N: usize = 100;

/// Counts requests, and the waves that they come in: a request that is sent once an earlier one is answered begins a new
/// wave.
#[derive(Clone, Debug, Default)]
struct Waves(Arc<Mutex<(usize, usize, bool)>>);

impl Waves {
    /// Requests and waves so far; from here on they are counted anew.
    fn take(&self) -> (usize, usize) {
        let (requests, waves, _) = std::mem::take(&mut *self.0.lock().unwrap());
        (requests, waves)
    }
}

impl Intercept for Waves {
    fn name(&self) -> &'static str {
        "Waves"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut counts = self.0.lock().unwrap();
        let (requests, waves, under_way) = &mut *counts;
        *requests += 1;
        if !*under_way {
            *waves += 1;
            *under_way = true;
        }
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        _: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.lock().unwrap().2 = false;
        Ok(())
    }
}

/// Puts a record whose body, brief and relations are as sync would have them.
async fn put(
    store: &dyn Store,
    keys: &domain::seal::GenerationKeys,
    scope: &Scope,
    (object, id): (Object, &str),
    company: Option<&str>,
    parent: Option<&str>,
) {
    let id = RecordId::parse(id).unwrap();
    let record = Record {
        id: id.clone(),
        modified: at(0),
        fields: "{}".into(),
        about: About {
            parent: parent.map(|parent| RecordId::parse(parent).unwrap()),
            ..About::default()
        },
        standing: Standing {
            owner: Some("005A".into()),
            open: Some(true),
            ..Standing::default()
        },
    };
    let mut sealer = Sealer::new(&keys.sealing, 1).unwrap();
    let mut text = Vec::new();
    body::write(&mut text, &record, at(0), &[]).unwrap();
    let place = |room| Place::within(scope, room, object.name(), id.as_str());
    let sealed = sealer.seal(&place(Room::CopyRecord), &text).unwrap();
    body::write_brief(&mut text, &record.standing).unwrap();
    let brief = sealer.seal(&place(Room::CopyBrief), &text).unwrap();
    let mut stored = super::samples::record(scope, 0, b"x", &[]);
    stored.id = id.clone();
    stored.sealed = sealed;
    stored.brief = Some(brief).filter(|_| body::has_brief(object));
    stored.lookups.parent = parent.map(|parent| keys.index.hash(HashKind::Parent, parent));
    stored.relations = company
        .into_iter()
        .map(|company| StoredRelation {
            company: keys.index.hash(HashKind::Company, company),
            status: RelationStatus::Automatic,
            score: 990,
            link: None,
        })
        .collect();
    store.put(scope, object, vec![stored]).await.unwrap();
}

#[tokio::test]
async fn the_status_of_100_companies_takes_three_round_trips() {
    let endpoint = backends::dynoxide().await;
    let waves = Waves::default();
    let mut clients = Clients::new(&config(&endpoint), &Meter::default());
    backends::make_tables(&clients).await;
    clients.dynamodb = aws_sdk_dynamodb::Client::from_conf(
        aws_sdk_dynamodb::config::Builder::from(&config(&endpoint))
            .interceptor(waves.clone())
            .build(),
    );
    let [ledger, copies, pages] = ["ledger", "copies", "pages"].map(str::to_owned);
    let store = Arc::new(AwsStore::new(clients, ledger, copies, pages));
    let memory = MemoryKeys::new();
    let scope = scope("status");
    let keys = memory.create(&scope).await.unwrap();
    assert!(store.connect(&integration(&scope), None).await.unwrap());
    for n in 0..N {
        let account = format!("001{n}");
        let company = format!("c-{n}");
        let is = (Object::Account, account.as_str());
        put(store.as_ref(), &keys, &scope, is, Some(&company), None).await;
        for (object, prefix) in [(Object::Task, "00T"), (Object::Opportunity, "006")] {
            let id = format!("{prefix}{n}");
            let is = (object, id.as_str());
            put(store.as_ref(), &keys, &scope, is, None, Some(&account)).await;
        }
    }
    let ports = Ports {
        store,
        keys: Arc::new(memory),
        companies: Arc::new(MemoryCompanies::new()),
        crm: Arc::new(|_| unreachable!("nothing is asked of the CRM")),
    };
    let companies: Vec<CompanyId> = (0..N)
        .map(|n| CompanyId::parse(&format!("c-{n}")).unwrap())
        .collect();
    waves.take();
    let view = View::open(&ports, &which(&scope)).await.unwrap();
    let (told, _) = show::status(&view, &companies).await.unwrap();
    let (requests, round_trips) = waves.take();
    assert!(told.iter().all(|one| one.in_crm == InCrm::Yes));
    assert!(
        told.iter()
            .all(|one| (one.open_tasks, one.open_opportunities) == (1, 1))
    );
    // The integration; an index query for each company, and how fresh the copy is; one batch of records, and an index
    // query for each of them.
    assert_eq!(requests, 1 + (N + 1) + (1 + N));
    assert!(round_trips <= 3, "{round_trips}");
}
