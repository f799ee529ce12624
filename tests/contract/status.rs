//! What a status of 100 companies costs at DynamoDB: how many requests, in how many round trips.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

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
    legal::{Objection, Person, suppressions},
    people::{People, Role},
    ports::{
        Copies, Integrations, Keys, MAX_LOOKUPS, Ports, StoredRecord, StoredRelation,
        SuppressionKind, TenantKeyring,
    },
    record::{DisplayFields, MatchingAttributes, Object, Parent, Record, RecordId},
    seal::{HashKind, Place, Room, Sealer},
    show_copy::{self, CompanyStatus, InCrm, View},
    tenant::Scope,
};
use infra::{
    aws::{AwsKeys, AwsStore, clients::Clients},
    memory::MemoryCompanies,
};
use matching::{CompanyId, RelationStatus};

use super::{
    backends,
    samples::{at, integration, scope, which},
};
use crate::support::{aws, proxy::Proxy, python::Server};

const N: usize = 100;
/// Contacts of companies: one of each of the first companies.
const CONTACTS: usize = 20;
/// With nine contacts and the account, each company has as many records as are listed at most.
const MOST_CONTACTS: usize = 9 * N;

/// The latency of DynamoDB. It is longer than sending all concurrent requests takes, even on a busy machine.
const DISTANCE: Duration = Duration::from_millis(500);

/// Counts requests, and the waves in which they come. A request that is sent after an earlier one is answered begins a new wave.
#[derive(Clone, Debug, Default)]
struct Waves(Arc<Mutex<(usize, usize, bool)>>);

impl Waves {
    /// Returns the requests and waves so far, and begins to count anew.
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

/// Makes a record whose body, projection and relations are as sync would write them.
fn made(
    keys: &domain::seal::GenerationKeys,
    scope: &Scope,
    (object, id): (Object, &str),
    company: Option<&str>,
    parent: Option<&str>,
) -> StoredRecord {
    let id = RecordId::parse(id).unwrap();
    let email = (object == Object::Contact).then(|| format!("{id}@werk.example").into_boxed_str());
    let record = Record {
        id: id.clone(),
        modified: at(0),
        fields: "{}".into(),
        people: match &email {
            Some(email) => People {
                role: Role::Person,
                emails: vec![email.clone()],
                ..People::default()
            },
            None => People::default(),
        },
        attributes: MatchingAttributes {
            email,
            parent: parent.map(|parent| Parent::named_by_id(RecordId::parse(parent).unwrap())),
            ..MatchingAttributes::default()
        },
        display: DisplayFields {
            owner: Some("005A".into()),
            open: Some(true),
            ..DisplayFields::default()
        },
    };
    let mut sealer = Sealer::new(&keys.sealing, 1).unwrap();
    let mut text = Vec::new();
    body::write(&mut text, &record, at(0), &[]).unwrap();
    let place = |room| Place::within(scope, room, object.name(), id.as_str());
    let sealed = sealer.seal(&place(Room::CopyRecord), &text).unwrap();
    body::write_projection(&mut text, &record.display).unwrap();
    let projection = sealer.seal(&place(Room::CopyBrief), &text).unwrap();
    let mut stored = super::samples::record(scope, 0, b"x", &[]);
    stored.id = id.clone();
    stored.sealed = sealed;
    stored.projection = Some(projection).filter(|_| object.has_projection());
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
    stored
}

/// A tenant whose CRM has 100 companies. Each has an account with a task and an opportunity, and some have a contact.
struct House {
    waves: Waves,
    clients: Clients,
    store: Arc<AwsStore>,
    kms_key: String,
    scope: Scope,
    proxy: Proxy,
    n_contacts: usize,
    _moto: Server,
}

impl House {
    async fn new(name: &str, n_contacts: usize) -> Self {
        let proxy = Proxy::start(&backends::dynoxide().await).await;
        let endpoint = proxy.endpoint.clone();
        let moto = Server::start(&format!("{name}-moto"), "moto");
        let waves = Waves::default();
        let mut clients = aws::clients(&endpoint, &moto.endpoint);
        backends::make_tables(&clients).await;
        clients.dynamodb = aws_sdk_dynamodb::Client::from_conf(
            aws_sdk_dynamodb::config::Builder::from(&aws::config(&endpoint))
                .interceptor(waves.clone())
                .build(),
        );
        let made = clients.kms.create_key().send().await.unwrap();
        let [ledger, copies, pages] = ["ledger", "copies", "pages"].map(str::to_owned);
        let house = Self {
            waves,
            store: Arc::new(AwsStore::new(clients.clone(), ledger, copies, pages)),
            clients,
            kms_key: made.key_metadata.unwrap().key_id,
            scope: scope("status"),
            proxy,
            n_contacts,
            _moto: moto,
        };
        house.fill().await;
        house
    }

    async fn fill(&self) {
        let (store, scope) = (self.store.as_ref(), &self.scope);
        let keys = self.keys().create(scope).await.unwrap();
        assert!(store.connect(&integration(scope), None).await.unwrap());
        let of = |object: Object, prefix: &str, n: usize| {
            let (account, company) = (format!("001{}", n % N), format!("c-{}", n % N));
            let is_related = matches!(object, Object::Account | Object::Contact);
            let id = format!("{prefix}{n}");
            made(
                &keys,
                scope,
                (object, id.as_str()),
                is_related.then_some(company.as_str()),
                (object != Object::Account).then_some(account.as_str()),
            )
        };
        for (object, prefix, n) in [
            (Object::Account, "001", N),
            (Object::Contact, "003", self.n_contacts),
            (Object::Task, "00T", N),
            (Object::Opportunity, "006", N),
        ] {
            let records = (0..n).map(|n| of(object, prefix, n)).collect();
            store.put(scope, object, records).await.unwrap();
        }
    }

    /// Returns the keys of a process that has not opened any yet.
    fn keys(&self) -> AwsKeys {
        AwsKeys::new(self.clients.clone(), backends::key_places(&self.kms_key))
    }

    /// Returns the ports of a process that remembers nothing.
    fn process(&self) -> Ports {
        let [ledger, copies, pages] = ["ledger", "copies", "pages"].map(str::to_owned);
        Ports {
            store: Arc::new(AwsStore::new(self.clients.clone(), ledger, copies, pages)),
            keys: Arc::new(self.keys()),
            companies: Arc::new(MemoryCompanies::new()),
            crm: Arc::new(|_| unreachable!("nothing is asked of the CRM")),
        }
    }

    /// Asks for the status of all companies. Returns the answer, the number of requests and the number of round trips.
    async fn ask(&self, ports: &Ports) -> (Vec<CompanyStatus>, usize, usize) {
        let companies: Vec<CompanyId> = (0..N)
            .map(|n| CompanyId::parse(&format!("c-{n}")).unwrap())
            .collect();
        self.proxy.move_away(DISTANCE);
        self.waves.take();
        let view = View::open(&*ports.store, &*ports.keys, &which(&self.scope))
            .await
            .unwrap();
        let (told, _) = show_copy::status(&view, &companies).await.unwrap();
        let (requests, round_trips) = self.waves.take();
        self.proxy.move_away(Duration::ZERO);
        (told, requests, round_trips)
    }
}

/// The integration and the edition of the suppressions. An index query for each company, and the freshness of the copy.
/// Two batches of records, and an index query for each record.
const REQUESTS: usize = 2 + (N + 1) + (2 + N + CONTACTS);
/// Where no row counts suppressions, two lists of them are read, concurrently with the second round trip.
const UNCOUNTED: usize = 2;

#[tokio::test]
async fn the_status_of_100_companies_takes_three_round_trips_with_keys_and_without() {
    let house = House::new("status", CONTACTS).await;
    let ports = house.process();
    let (told, requests, round_trips) = house.ask(&ports).await;
    assert!(told.iter().all(|one| one.in_crm == InCrm::Yes));
    for (n, one) in told.iter().enumerate() {
        assert_eq!((one.open_tasks, one.open_opportunities), (1, 1));
        assert_eq!(one.records.len(), if n < CONTACTS { 2 } else { 1 });
    }
    // Keys that are not remembered are fetched at the same time as the integration.
    assert_eq!(requests, REQUESTS + UNCOUNTED + 1);
    assert!(round_trips <= 3, "{round_trips}");
    let (_, requests, round_trips) = house.ask(&ports).await;
    assert_eq!(requests, REQUESTS + UNCOUNTED);
    assert!(round_trips <= 3, "{round_trips}");
}

#[tokio::test]
async fn the_status_of_companies_with_as_many_records_as_are_listed_takes_three_round_trips_too() {
    let house = House::new("status-most", MOST_CONTACTS).await;
    let (told, requests, round_trips) = house.ask(&house.process()).await;
    for one in &told {
        assert_eq!((one.records.len(), one.n_records), (10, 10));
        assert_eq!((one.open_tasks, one.open_opportunities), (1, 1));
        assert!(
            one.is_partial,
            "of some records it was not asked what belongs to them"
        );
    }
    // Three requests of the first round trip, then the second. Then records, a hundred per request, and as many lookups
    // of what belongs to them as run concurrently.
    assert_eq!(requests, 3 + UNCOUNTED + (N + 1) + (10 + MAX_LOOKUPS));
    assert!(round_trips <= 3, "{round_trips}");
}

#[tokio::test]
async fn people_who_objected_are_left_out_of_it_without_another_round_trip() {
    let house = House::new("status-marks", CONTACTS).await;
    let tenant = &house.scope.tenant;
    let keys = house.keys().tenant(tenant).await.unwrap();
    let person = Person {
        emails: vec!["0037@werk.example".to_owned()],
        name: Some("Erika Muster".to_owned()),
        company: Some("Werk GmbH".to_owned()),
        ..Person::default()
    };
    let noted = Objection {
        person: &person,
        at: at(0),
        by: "user-1",
        reference: None,
    };
    suppressions::add(
        house.store.as_ref(),
        &keys,
        tenant,
        SuppressionKind::Objection,
        noted,
    )
    .await
    .unwrap();
    let ports = house.process();
    // The first time also reads the tenant's keys, their check value and two lists of suppressions, concurrently with
    // the second round trip.
    for more in [2 + 3, 0] {
        let (told, requests, round_trips) = house.ask(&ports).await;
        let listed: usize = told.iter().map(|one| one.records.len()).sum();
        assert_eq!(listed, N + CONTACTS - 1, "one of them objected");
        assert_eq!(told[7].records.len(), 1);
        assert_eq!(requests, REQUESTS + more);
        assert!(round_trips <= 3, "{round_trips}");
    }
}
