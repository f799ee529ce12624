//! Counts, ids, and what an object has.

use std::collections::BTreeSet;

use domain::{
    ports::{Abilities, Counting},
    record::Object::{Account, Contact},
};
use jiff::SignedDuration;

use super::{accounts, promises};
use crate::{
    reader::{Copy, ids},
    stage::Stage,
};

promises![
    the_count_is_that_of_the_records_that_are_there if counts_exactly,
    all_ids_come_once_over_page_borders,
    ids_are_those_of_the_records_that_are_there,
    a_list_of_ids_goes_on_while_records_come_and_go,
    ids_come_with_the_times_of_the_last_changes,
    ids_that_no_record_has_are_no_fault,
    what_is_read_of_an_object_is_what_describe_says,
    an_object_has_its_own_records,
];

fn counts_exactly(abilities: &Abilities) -> bool {
    abilities.reading(Account).counting == Counting::Exact
}

async fn the_count_is_that_of_the_records_that_are_there(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 7);
    stage.delete(Account, &made[0]);
    stage.delete_for_good(Account, &made[1]);
    stage.merge(Account, &made[2], &made[3]);
    let count = stage.connect().count(Account).await.unwrap();
    assert_eq!(count.exact(), Some(4));
}

async fn all_ids_come_once_over_page_borders(stage: Box<dyn Stage>) {
    let made: BTreeSet<_> = accounts(&*stage, 2 * stage.page() + 1)
        .into_iter()
        .collect();
    let listed = ids(&*stage.connect(), Account).await;
    assert_eq!(listed.len(), made.len());
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), made);
}

async fn ids_are_those_of_the_records_that_are_there(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 5);
    stage.delete(Account, &made[0]);
    stage.delete_for_good(Account, &made[1]);
    let survivor = stage.merge(Account, &made[2], &made[3]);
    let mut listed = ids(&*stage.connect(), Account).await;
    listed.sort();
    let mut there = [survivor, made[4].clone()];
    there.sort();
    assert_eq!(listed, there);
}

async fn a_list_of_ids_goes_on_while_records_come_and_go(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 2 * stage.page() + 1);
    let first = stage.connect().ids(Account, None).await.unwrap();
    // Records that exist all the time are listed once, whatever else is created and deleted.
    let seen: BTreeSet<_> = first.ids.iter().map(|(id, _)| id.clone()).collect();
    let one_seen = seen.first().unwrap().clone();
    stage.delete(Account, &one_seen);
    stage.make(Account, "new");
    stage.lose_tokens();
    let mut listed: Vec<_> = seen.into_iter().collect();
    let mut token = first.next;
    while let Some(next) = token {
        let page = stage.connect().ids(Account, Some(&next)).await.unwrap();
        listed.extend(page.ids.into_iter().map(|(id, _)| id));
        token = page.next;
    }
    let unique: BTreeSet<_> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "an id was listed twice");
    for id in made.iter().filter(|id| **id != one_seen) {
        assert!(unique.contains(id), "{id} is missing");
    }
}

async fn ids_come_with_the_times_of_the_last_changes(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 2);
    stage.advance(SignedDuration::from_mins(7));
    stage.rename(Account, &made[1], "renamed");
    let page = stage.connect().ids(Account, None).await.unwrap();
    let at = |id| page.ids.iter().find(|(listed, _)| listed == id).unwrap().1;
    let apart = at(&made[1]).duration_since(at(&made[0]));
    assert_eq!(apart, SignedDuration::from_mins(7));
}

async fn ids_that_no_record_has_are_no_fault(stage: Box<dyn Stage>) {
    let mut asked = accounts(&*stage, 2);
    for odd in ["1", "nobody", "001000000000001AAA", "a1-b2_c3:d4"] {
        asked.push(domain::record::RecordId::parse(odd).unwrap());
    }
    let fetched = stage.connect().fetch(Account, &asked).await.unwrap();
    assert_eq!(fetched.len(), 2);
}

async fn what_is_read_of_an_object_is_what_describe_says(stage: Box<dyn Stage>) {
    stage.make(Account, "Werk");
    let crm = stage.connect();
    assert_eq!(crm.in_use(Account), None, "nothing was asked yet");
    let described = crm.describe(Account).await.unwrap();
    let shape = described.expect("the object is there");
    assert!(shape.fields.is_sorted() && !shape.fields.is_empty());
    assert_eq!(crm.in_use(Account).as_deref(), Some(&shape));
}

async fn an_object_has_its_own_records(stage: Box<dyn Stage>) {
    let account = stage.make(Account, "Werk");
    let contact = stage.make(Contact, "Muster");
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    for (object, id) in [(Account, account), (Contact, contact)] {
        assert_eq!(ids(&*crm, object).await, std::slice::from_ref(&id));
        let mut copy = Copy::of(object);
        copy.run(&*crm).await;
        assert_eq!(copy.live.into_keys().collect::<Vec<_>>(), [id]);
    }
}
