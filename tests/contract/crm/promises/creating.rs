//! Records are created once, and found again when the answer was lost.

use domain::{
    fault::Fault,
    ports::{Abilities, Crm, Draft, Duplicates, NewRecord, Sought, Written},
    record::{Item, Object::Account, RecordId},
};
use jiff::SignedDuration;

use super::promises;
use crate::stage::Stage;

promises![
    a_created_record_can_be_fetched_at_once,
    outcomes_come_in_the_order_of_the_records,
    a_record_that_the_crm_refuses_costs_the_others_nothing if divides_batches,
    a_lost_answer_is_told_as_unknown_and_the_record_is_found,
    a_record_that_was_never_sent_is_not_found,
    a_rehearsal_keeps_nothing if |abilities| abilities.creating.rehearses,
    a_duplicate_is_told_and_saved_when_that_is_wanted if |abilities| abilities.creating.judges_duplicates,
    a_draft_without_what_the_crm_needs_is_told_apart_before_it_is_sent,
];

fn divides_batches(abilities: &Abilities) -> bool {
    abilities.creating.batch > 1
}

async fn record(crm: &dyn Crm, draft: &Draft, mark: &str) -> NewRecord {
    let checked = crm.check(std::slice::from_ref(draft)).await.unwrap();
    let record = NewRecord::cleared(draft, &checked[0], &[], Vec::new()).unwrap();
    record.with_external_id(Some(mark.to_owned()))
}

async fn records(stage: &dyn Stage, crm: &dyn Crm, names: &[&str]) -> Vec<NewRecord> {
    let mut all = Vec::new();
    for name in names {
        all.push(record(crm, &stage.draft(Account, name), name).await);
    }
    all
}

fn id_of(written: &Written) -> RecordId {
    match written {
        Written::Created(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

async fn names_of(crm: &dyn Crm, ids: &[RecordId]) -> Vec<String> {
    let mut names = Vec::new();
    for id in ids {
        let items = crm.fetch(Account, std::slice::from_ref(id)).await.unwrap();
        match &items[..] {
            [Item::Live(record)] => names.push(crate::reader::name(&record.fields)),
            _ => panic!("{id} is not there"),
        }
    }
    names
}

async fn a_created_record_can_be_fetched_at_once(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    let written = crm.create(&new, Duplicates::Refuse).await.unwrap();
    assert_eq!(names_of(&*crm, &[id_of(&written[0])]).await, ["Werk"]);
}

async fn outcomes_come_in_the_order_of_the_records(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let names = ["c", "a", "b", "e", "d"];
    let new = records(&*stage, &*crm, &names).await;
    let written = crm.create(&new, Duplicates::Refuse).await.unwrap();
    let ids: Vec<RecordId> = written.iter().map(id_of).collect();
    assert_eq!(names_of(&*crm, &ids).await, names);
}

async fn a_record_that_the_crm_refuses_costs_the_others_nothing(stage: Box<dyn Stage>) {
    stage.make(Account, "there already");
    stage.refuse_duplicates();
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["first", "there already", "last"]).await;
    let written = crm.create(&new, Duplicates::Refuse).await.unwrap();
    assert!(!matches!(written[1], Written::Created(_)), "{written:?}");
    let made = [id_of(&written[0]), id_of(&written[2])];
    assert_eq!(names_of(&*crm, &made).await, ["first", "last"]);
    assert_eq!(stage.n_records(Account), 3);
}

/// Returns whether the result is that of a lost answer: a transient fault, or unknown outcomes.
fn is_unknown(written: &Result<Vec<Written>, Fault>) -> bool {
    match written {
        Err(fault) => fault.is_transient(),
        Ok(all) => all.iter().all(|one| matches!(one, Written::Unknown(_))),
    }
}

async fn sought(stage: &dyn Stage, crm: &dyn Crm, name: &str) -> Sought {
    let now = crm.clock().await.unwrap();
    Sought {
        draft: stage.draft(Account, name),
        external_id: Some(name.to_owned()),
        since: now - SignedDuration::from_mins(5),
        until: now + SignedDuration::from_mins(5),
    }
}

async fn a_lost_answer_is_told_as_unknown_and_the_record_is_found(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    stage.lose_next_answer();
    let written = crm.create(&new, Duplicates::Refuse).await;
    assert!(is_unknown(&written), "{written:?}");
    assert_eq!(stage.n_records(Account), 1, "it was sent twice");
    stage.advance(crm.abilities().creating.index_lag);
    let found = crm.find(&[sought(&*stage, &*crm, "Werk").await]).await;
    assert_eq!(found.unwrap()[0].as_deref().map(<[_]>::len), Some(1));
}

async fn a_record_that_was_never_sent_is_not_found(stage: Box<dyn Stage>) {
    stage.make(Account, "another");
    let crm = stage.connect();
    let found = crm.find(&[sought(&*stage, &*crm, "Werk").await]).await;
    assert_eq!(found.unwrap()[0].as_deref(), Some(&[][..]));
}

async fn a_rehearsal_keeps_nothing(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["first", "second"]).await;
    let written = crm.rehearse(&new, Duplicates::Refuse).await.unwrap();
    assert_eq!(written, [Written::Rehearsed, Written::Rehearsed]);
    assert_eq!(stage.n_records(Account), 0);
}

async fn a_duplicate_is_told_and_saved_when_that_is_wanted(stage: Box<dyn Stage>) {
    stage.make(Account, "Werk");
    stage.refuse_duplicates();
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    let told = crm.create(&new, Duplicates::Refuse).await.unwrap();
    assert!(
        matches!(&told[0], Written::Duplicate { may_save: true, .. }),
        "{told:?}"
    );
    assert_eq!(stage.n_records(Account), 1);
    let saved = crm.create(&new, Duplicates::Save).await.unwrap();
    id_of(&saved[0]);
    assert_eq!(stage.n_records(Account), 2);
}

async fn a_draft_without_what_the_crm_needs_is_told_apart_before_it_is_sent(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let empty = Draft {
        object: Account,
        fields: domain::ports::Fields::default(),
    };
    let whole = stage.draft(Account, "Werk");
    let checked = crm.check(&[empty, whole]).await.unwrap();
    assert!(!checked[0].missing.is_empty());
    assert!(checked[1].missing.is_empty() && checked[1].refused.is_empty());
}
