//! The port `Exports`.

use domain::{
    exports::{Export, Phase},
    fault::{AwsCode, Code, Kind, Outcome},
    ports::Exports,
    removal::{Asked, Asker, Leftover, Part, What},
    tenant::{ExportId, Scope},
};
use infra::aws::AwsStore;
use jiff::SignedDuration;

use super::{
    backends::{self, World},
    samples::{at, scope, which},
    store::{connected, leased},
};
use crate::support::{
    aws::clients,
    proxy::{Break, Proxy},
    python::Server,
};

fn asked() -> Asked {
    Asked {
        by: Asker::stored("u-1").unwrap(),
        at: at(500),
    }
}

fn export(n: u32) -> Export {
    Export::begin(ExportId::begin(at(500), n), asked())
}

async fn begun(world: &World, tenant: &str) -> (Scope, Export) {
    let scope = connected(world, tenant).await.0;
    let export = export(1);
    world.store.begin_export(&scope, &export).await.unwrap();
    (scope, export)
}

async fn ended(world: &World, scope: &Scope) {
    let begun = world.store.begin_removal(&which(scope), &asked()).await;
    begun.unwrap().unwrap();
}

fn is_fenced<T>(answer: Outcome<T>) -> bool {
    answer
        .err()
        .is_some_and(|fault| fault.kind() == Kind::Fenced)
}

pub(super) async fn an_export_is_noted_once_and_listed_in_the_order_of_asking(world: &World) {
    let (scope, first) = begun(world, "export-list").await;
    let second = export(2);
    for export in [&second, &first, &second] {
        world.store.begin_export(&scope, export).await.unwrap();
    }
    let listed = world.store.exports(&scope).await.unwrap();
    let exports: Vec<&Export> = listed.iter().map(|found| &found.export).collect();
    assert_eq!(exports, [&first, &second]);
    assert!(listed.iter().all(|found| found.leased_until.is_none()));
    let mut other = scope.clone();
    other.generation.0 += 1;
    assert!(world.store.exports(&other).await.unwrap().is_empty());
    assert!(is_fenced(world.store.begin_export(&other, &first).await));
}

pub(super) async fn an_export_is_leased_to_one_and_noted_by_that_one_only(world: &World) {
    let (scope, mut export) = begun(world, "export-lease").await;
    let (store, id) = (&world.store, export.id.clone());
    let take = async |holder: &str, deadline, now| {
        let taken = store.take_export(&scope, &id, holder, at(deadline), at(now));
        taken.await.unwrap()
    };
    assert_eq!(take("one", 900, 500).await, Some(export.clone()));
    assert_eq!(
        take("one", 900, 500).await,
        Some(export.clone()),
        "again is harmless"
    );
    assert_eq!(take("two", 950, 510).await, None);
    export.records = 7;
    export.phase = Phase::Done;
    store.note_export(&scope, "one", &export).await.unwrap();
    let listed = store.exports(&scope).await.unwrap();
    assert_eq!(
        (&listed[0].export, listed[0].leased_until),
        (&export, Some(at(900)))
    );
    assert!(is_fenced(store.note_export(&scope, "two", &export).await));
    store.release_export(&scope, &id, "two").await.unwrap();
    assert_eq!(take("two", 950, 510).await, None);
    assert!(
        take("two", 990, 900).await.is_some(),
        "the first one's time is over"
    );
    assert!(is_fenced(store.note_export(&scope, "one", &export).await));
    store.release_export(&scope, &id, "two").await.unwrap();
    assert!(take("three", 999, 901).await.is_some());
    let unknown = ExportId::parse("018bcfe56800-00000000").unwrap();
    let taken = store.take_export(&scope, &unknown, "one", at(999), at(998));
    assert!(is_fenced(taken.await));
}

pub(super) async fn an_export_of_what_is_being_removed_is_fenced(world: &World) {
    let (scope, export) = begun(world, "export-fence").await;
    let (store, id) = (&world.store, &export.id);
    let taken = store.take_export(&scope, id, "me", at(900), at(500)).await;
    assert!(taken.unwrap().is_some());
    ended(world, &scope).await;
    assert!(is_fenced(store.note_export(&scope, "me", &export).await));
    let taken = store.take_export(&scope, id, "me", at(900), at(500)).await;
    assert!(is_fenced(taken));
    assert!(is_fenced(
        store.begin_export(&scope, &self::export(3)).await
    ));
    let until = async || store.exports(&scope).await.unwrap()[0].leased_until;
    assert_eq!(until().await, Some(at(900)), "who may be writing is noted");
    store.release_export(&scope, id, "me").await.unwrap();
    assert_eq!(until().await, None);
}

async fn found(world: &World, scope: &Scope, part: Part) -> Vec<What> {
    let found = world.store.leftovers(scope, part, 100).await.unwrap();
    found.into_iter().map(|leftover| leftover.what).collect()
}

pub(super) async fn a_file_is_made_of_its_parts_and_swept_with_what_is_unfinished(world: &World) {
    let (scope, export) = begun(world, "export-file").await;
    let (store, id) = (&world.store, &export.id);
    let upload = store.begin_upload(&scope, id).await.unwrap();
    let abandoned = store.begin_upload(&scope, id).await.unwrap();
    let given_up = store.begin_upload(&scope, id).await.unwrap();
    for _ in 0..2 {
        store.abort_upload(&scope, id, &given_up).await.unwrap();
    }
    let large = vec![b'a'; 5 << 20];
    let mut tags = Vec::new();
    for (n, bytes) in [(1, b"over".to_vec()), (1, large), (2, b"the end".to_vec())] {
        let tag = store.put_part(&scope, id, &upload, n, bytes).await.unwrap();
        tags.push(tag);
    }
    // The earlier version of the first part is replaced.
    tags.remove(0);
    let put = store.put_part(&scope, id, &abandoned, 1, b"x".to_vec());
    put.await.unwrap();
    for _ in 0..2 {
        let done = store.finish_upload(&scope, id, &upload, &tags).await;
        done.expect("finishing again is harmless");
    }
    let put = store
        .put_part(&scope, id, &given_up, 1, b"x".to_vec())
        .await;
    assert_upload_gone(put);
    let other = ExportId::parse("018bcfe56800-00000009").unwrap();
    let done = store.finish_upload(&scope, &other, &given_up, &tags).await;
    assert_upload_gone(done);

    let url = store.export_url(&scope, id, SignedDuration::from_secs(60));
    let url = url.await.unwrap();
    if world.clients.is_some() {
        let answer = fetched(&url).await;
        assert_eq!(answer.status(), 200, "{url}");
        let body = answer.bytes().await.unwrap();
        assert_eq!(
            (body.len(), &body[5 << 20..]),
            ((5 << 20) + 7, b"the end".as_slice())
        );
    }

    assert_eq!(found(world, &scope, Part::Pages).await, []);
    assert_eq!(
        found(world, &scope, Part::Exports).await,
        [What::Export, What::Upload]
    );
    assert_eq!(found(world, &scope, Part::Ledger).await.len(), 1, "its row");
    for part in [Part::Exports, Part::Ledger] {
        let left: Vec<Leftover> = store.leftovers(&scope, part, 100).await.unwrap();
        store.discard(&scope, part, &left).await.unwrap();
        store.discard(&scope, part, &left).await.unwrap();
        assert_eq!(found(world, &scope, part).await, []);
    }
    if world.clients.is_some() {
        let status = fetched(&url).await.status();
        assert!(
            status.is_client_error(),
            "nothing is there any more: {status}"
        );
    }
    assert!(store.exports(&scope).await.unwrap().is_empty());
}

/// Asserts the fault of an upload that is gone. moto (5.2.5) answers 500 to such a request.
fn assert_upload_gone<T>(answer: Outcome<T>) {
    let fault = answer.err().unwrap();
    let is_moto = fault.is_transient() && matches!(fault.code(), Code::Aws(_, AwsCode::Unknown));
    assert!(
        is_moto || *fault.code() == Code::ExportUploadGone,
        "{fault}"
    );
}

async fn fetched(url: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.get(url).send().await.unwrap()
}

/// Leaves a file and a row behind after all clauses. The list of places has to know both.
pub(super) async fn some_is_left(world: &World) {
    let scope = leased(world, "export-left").await;
    let (store, export) = (&world.store, export(1));
    store.begin_export(&scope, &export).await.unwrap();
    let upload = store.begin_upload(&scope, &export.id).await.unwrap();
    let part = store.put_part(&scope, &export.id, &upload, 1, b"x".to_vec());
    let parts = [part.await.unwrap()];
    let done = store.finish_upload(&scope, &export.id, &upload, &parts);
    done.await.unwrap();
}

/// The last answer is lost. The SDK sends the request again and finds no upload, since it is finished.
pub(super) async fn a_file_whose_last_answer_was_lost_is_whole() {
    let moto = Server::start("export-lost", "moto");
    let proxy = Proxy::start(&moto.endpoint).await;
    let clients = clients(&backends::dynoxide().await, &proxy.endpoint);
    backends::make_bucket(&clients).await;
    let [ledger, copies, pages] = ["ledger", "copies", "pages"].map(str::to_owned);
    let store = AwsStore::new(clients, ledger, copies, pages);
    let (scope, id) = (scope("export-lost"), export(1).id);
    let upload = store.begin_upload(&scope, &id).await.unwrap();
    let part = store.put_part(&scope, &id, &upload, 1, b"x".to_vec());
    let parts = [part.await.unwrap()];
    proxy.break_calls("POST", 0, 1, Break::LoseAnswer);
    let done = store.finish_upload(&scope, &id, &upload, &parts);
    done.await.unwrap();
    assert!(proxy.calls("POST") >= 2, "it was asked again");
}
