//! Fills the store with a copy: records sealed as sync seals them, a relation for each third, their pages, and what a
//! run leaves in the Ledger.

use domain::{
    body,
    integration::{Credentials, Grant, Integration, Lease, Provider, Status},
    people::People,
    ports::{Checkpoint, Lookups, StoredRecord, StoredRelation},
    progress::{Progress, Summary},
    record::{DisplayFields, MatchingAttributes, Object, Record, RecordId},
    seal::{GenerationKeys, HashKind, Place, Room, Sealer},
    sync::LEVEL,
    tenant::RunId,
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use matching::RelationStatus;

use crate::{Outcome, world::World};

/// The number of records on a page, as the bulk interface sends them.
const PAGE: u64 = 2_000;
/// How many pages are under way at a time.
const IN_FLIGHT: usize = 2;
/// The objects of ten records in a row.
const SHARES: [Object; 10] = [
    Object::Account,
    Object::Account,
    Object::Contact,
    Object::Contact,
    Object::Contact,
    Object::Contact,
    Object::Lead,
    Object::Task,
    Object::Task,
    Object::Opportunity,
];

pub(crate) async fn fill(n_records: u64) -> Outcome<()> {
    let world = World::new().await?;
    let keys = connect(&world).await?;
    let run = RunId::begin(Timestamp::now(), 1);
    let pages = (0..n_records.div_ceil(PAGE)).map(|page| {
        let object = SHARES[usize::try_from(page % 10).unwrap_or(0)];
        let last = ((page + 1) * PAGE).min(n_records);
        put_page(&world, &keys, &run, object, page, page * PAGE..last)
    });
    stream::iter(pages)
        .buffer_unordered(IN_FLIGHT)
        .try_collect::<Vec<()>>()
        .await?;
    note_counts(&world, &keys, &run, n_records).await
}

/// Makes the generation's keys and the integration's row, which is leased to the filling.
async fn connect(world: &World) -> Outcome<std::sync::Arc<GenerationKeys>> {
    let keys = world.ports.keys.create(&world.scope).await?;
    let credentials = Credentials {
        login_url: "https://login.salesforce.com".to_owned(),
        instance_url: None,
        client_id: "bench".to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: "none".to_owned(),
            client_secret: None,
        },
        access_token: None,
        expires: None,
        scope: None,
    };
    let row = Integration {
        scope: world.scope.clone(),
        provider: Provider::Salesforce,
        organisation: "00DBE00000000B3EAA".to_owned(),
        status: Status::Connected,
        credentials: credentials.seal(&keys, &world.scope)?,
        due: Timestamp::now(),
        open_run: None,
        standstill: None,
        untold: Vec::new(),
        lease: None,
        settings: None,
    };
    if !world.ports.store.connect(&row, None).await? {
        return Err("there is one already".into());
    }
    Ok(keys)
}

async fn put_page(
    world: &World,
    keys: &GenerationKeys,
    run: &RunId,
    object: Object,
    page: u64,
    numbers: std::ops::Range<u64>,
) -> Outcome<()> {
    let mut sealer = Sealer::new(&keys.sealing, LEVEL)?;
    let (scope, store) = (&world.scope, &world.ports.store);
    let mut records = Vec::new();
    let mut raw = Vec::new();
    for number in numbers {
        let record = record(number)?;
        raw.extend_from_slice(record.fields.as_bytes());
        let mut text = Vec::new();
        body::write(&mut text, &record, record.modified, &[])?;
        let place = Place::within(scope, Room::CopyRecord, object.name(), record.id.as_str());
        let company = keys
            .index
            .hash(HashKind::Company, &format!("{}", number / 7));
        let relation = StoredRelation {
            company,
            status: RelationStatus::Automatic,
            score: 987,
            link: None,
        };
        let hash = |kind, value: String| Some(keys.index.hash(kind, &value));
        records.push(StoredRecord {
            sealed: sealer.seal(&place, &text)?,
            digest: keys.index.digest(&text),
            modified: record.modified,
            born: page,
            page,
            projection: None,
            lookups: Lookups {
                email: hash(HashKind::Email, format!("{number}@example.com")),
                domain: hash(HashKind::Domain, format!("{}.example", number / 3)),
                parent: hash(HashKind::Parent, format!("{}", number / 5)),
            },
            relations: if number % 3 == 0 {
                vec![relation]
            } else {
                Vec::new()
            },
            dropped: Vec::new(),
            was_large: false,
            vanished: None,
            id: record.id,
        });
    }
    store.put(scope, object, records).await?;
    let name = page.to_string();
    let place = Place::within(scope, Room::Page, object.name(), &name);
    let sealed = sealer.seal(&place, &raw)?;
    store.put_page(scope, object, run, page, sealed).await?;
    Ok(())
}

/// Makes a record of about 1,300 bytes of fields. Half of them cannot be compressed.
fn record(number: u64) -> Outcome<Record> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016x}")
    };
    let noise: String = (0..36).map(|_| word()).collect();
    let fields = format!(
        "{{\"BillingCity\":\"Berlin\",\"BillingCountry\":\"Germany\",\"BillingStreet\":\"Werkstra\u{df}e {number}\",\
         \"Description\":\"{noise}\",\"Industry\":\"Machinery\",\"Name\":\"Werk {number} GmbH\",\
         \"Website\":\"https://werk{number}.example\",\"Note\":\"{}\"}}",
        "a customer for many years; ".repeat(20)
    );
    Ok(Record {
        id: RecordId::parse(&format!("001{number:015}"))?,
        modified: Timestamp::UNIX_EPOCH,
        fields: fields.into(),
        attributes: MatchingAttributes::default(),
        display: DisplayFields::default(),
        people: People::default(),
    })
}

/// Notes the counts in the Ledger by which the removal estimates its end.
async fn note_counts(
    world: &World,
    keys: &GenerationKeys,
    run: &RunId,
    n_records: u64,
) -> Outcome<()> {
    let (scope, store) = (&world.scope, &world.ports.store);
    let now = Timestamp::now();
    let lease = Lease {
        holder: "fill".to_owned(),
        run: run.clone(),
        deadline: now.checked_add(SignedDuration::from_secs(60))?,
    };
    store.take_lease(scope, &lease, now).await?;
    let mut sealer = Sealer::new(&keys.sealing, LEVEL)?;
    let progress = Progress {
        object: Object::Account,
        run: run.clone(),
        cursor: sealer.seal(&Place::new(scope, Room::LedgerCursor, "Account"), b"{}")?,
        held: n_records,
        summary: Summary::default(),
    };
    let step = Checkpoint {
        progress: &progress,
        added: i64::try_from(n_records)?,
        gone: &[],
    };
    store.checkpoint(scope, "fill", step).await?;
    store.release_lease(scope, "fill").await?;
    Ok(())
}
