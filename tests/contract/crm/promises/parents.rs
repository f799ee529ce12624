//! Parents that are associations: they move no time stamp.

use domain::{
    ports::{Abilities, Crm, Parents},
    record::{
        Item,
        Object::{self, Account, Contact, Opportunity, Task},
        Parent, RecordId,
    },
};
use jiff::SignedDuration;

use super::{accounts, promises};
use crate::{
    reader::{Copy, turn},
    stage::Stage,
};

promises![
    a_parent_that_is_set_moved_or_removed_is_answered_though_no_time_stamp_moves if associates,
    of_several_parents_the_primary_one_is_answered if associates,
    a_parent_that_cannot_be_read_is_none_and_the_record_is_read_all_the_same if associates,
    parents_are_answered_in_the_order_asked_and_of_as_many_as_the_ability_says if associates,
    records_on_a_page_bear_their_parents_where_the_page_says_so if associates,
];

/// Returns an object whose parents are associations. Which one it is differs by CRM.
fn associated(abilities: &Abilities) -> Option<Object> {
    let mut objects = [Contact, Opportunity, Task].into_iter();
    objects.find(|object| abilities.reading(*object).parents != Parents::InRecord)
}

fn associates(abilities: &Abilities) -> bool {
    associated(abilities).is_some()
}

fn child_of(stage: &dyn Stage) -> Object {
    associated(&stage.abilities()).expect("who is asked has associations")
}

async fn parent(crm: &dyn Crm, id: &RecordId) -> Option<RecordId> {
    let object = associated(crm.abilities()).unwrap();
    let ids = std::slice::from_ref(id);
    let mut parents = crm.parents(object, ids).await.unwrap();
    assert_eq!(parents.len(), 1);
    account(parents.remove(0))
}

/// The account that is a parent.
fn account(parent: Option<Parent>) -> Option<RecordId> {
    parent.map(|parent| parent.account().unwrap().clone())
}

async fn a_parent_that_is_set_moved_or_removed_is_answered_though_no_time_stamp_moves(
    stage: Box<dyn Stage>,
) {
    let object = child_of(&*stage);
    let made = accounts(&*stage, 2);
    let child = stage.make(object, "Kind");
    stage.advance(SignedDuration::from_hours(2));
    let mut copy = Copy::of(object);
    copy.run(&*stage.connect()).await;
    assert_eq!(parent(&*stage.connect(), &child).await, None);
    for parents in [vec![made[0].clone()], vec![made[1].clone()], Vec::new()] {
        stage.advance(SignedDuration::from_hours(2));
        stage.associate(object, &child, &parents);
        stage.advance(SignedDuration::from_hours(2));
        let crm = stage.connect();
        assert_eq!(parent(&*crm, &child).await.as_ref(), parents.first());
        // A page may bring the record, and need not.
        copy.run(&*crm).await;
        assert!(copy.live.contains_key(&child) && copy.gone.is_empty());
    }
}

async fn of_several_parents_the_primary_one_is_answered(stage: Box<dyn Stage>) {
    let object = child_of(&*stage);
    let mut parents = accounts(&*stage, 3);
    let child = stage.make(object, "Kind");
    for _ in 0..parents.len() {
        stage.associate(object, &child, &parents);
        stage.advance(SignedDuration::from_mins(1));
        let answered = parent(&*stage.connect(), &child).await;
        assert_eq!(answered.as_ref(), parents.first());
        parents.rotate_left(1);
    }
}

async fn a_parent_that_cannot_be_read_is_none_and_the_record_is_read_all_the_same(
    stage: Box<dyn Stage>,
) {
    let object = child_of(&*stage);
    let made = accounts(&*stage, 1);
    let child = stage.make(object, "Kind");
    stage.associate(object, &child, &made);
    stage.hide(Account, &made[0]);
    stage.advance(SignedDuration::from_hours(2));
    let crm = stage.connect();
    assert_eq!(parent(&*crm, &child).await, None);
    let mut copy = Copy::of(object);
    copy.run(&*crm).await;
    assert!(copy.live.contains_key(&child));
}

async fn parents_are_answered_in_the_order_asked_and_of_as_many_as_the_ability_says(
    stage: Box<dyn Stage>,
) {
    let object = child_of(&*stage);
    let Parents::Associated { at_most } = stage.abilities().reading(object).parents else {
        panic!("who is asked has associations");
    };
    let made = accounts(&*stage, 2);
    let mut wanted = Vec::new();
    for n in 0..at_most {
        let child = stage.make(object, &format!("Kind {n:05}"));
        let of = made.get(n % 3).cloned();
        stage.associate(object, &child, &Vec::from_iter(of.clone()));
        wanted.push((child, of));
    }
    // One that is gone has no parent, and moves no other's.
    stage.delete(object, &wanted[0].0);
    wanted[0].1 = None;
    wanted.reverse();
    stage.advance(SignedDuration::from_mins(1));
    let ids: Vec<RecordId> = wanted.iter().map(|(id, _)| id.clone()).collect();
    let answered = stage.connect().parents(object, &ids).await.unwrap();
    let answered: Vec<_> = answered.into_iter().map(account).collect();
    let wanted: Vec<Option<RecordId>> = wanted.into_iter().map(|(_, parent)| parent).collect();
    assert_eq!(answered, wanted);
}

async fn records_on_a_page_bear_their_parents_where_the_page_says_so(stage: Box<dyn Stage>) {
    let object = child_of(&*stage);
    let made = accounts(&*stage, 1);
    let child = stage.make(object, "Kind");
    stage.associate(object, &child, &made);
    stage.advance(SignedDuration::from_hours(2));
    let crm = stage.connect();
    let window = Copy::of(object).window(&*crm).await;
    let page = turn(&*crm, object, &window, None, None).await.unwrap();
    let [Item::Live(record)] = &page.items[..] else {
        panic!("one record");
    };
    let wanted = page.has_parents.then(|| made[0].clone());
    assert_eq!(account(record.attributes.parent.clone()), wanted);
}
