//! Records that are deleted, merged and restored.

use domain::{
    ports::{Abilities, Deletions},
    record::Object::Account,
};
use jiff::SignedDuration;

use super::{accounts, promises};
use crate::{reader::Copy, stage::Stage};

promises![
    a_deleted_record_is_told_of_by_the_next_run if shows_deletions,
    a_record_that_is_deleted_for_good_is_told_of_or_the_list_says_that_it_is_too_short if lists_deletions,
    a_list_of_deletions_that_is_too_short_says_so if lists_deletions,
    a_merged_record_names_its_survivor if names_survivors,
    a_chain_of_merges_can_be_followed_to_its_end if names_survivors,
    a_restored_record_comes_again if shows_restored,
    a_record_that_is_gone_is_not_fetched,
];

fn shows_deletions(abilities: &Abilities) -> bool {
    abilities.reading(Account).deletions != Deletions::OnlyByIds
}

fn shows_restored(abilities: &Abilities) -> bool {
    // Elsewhere a restored record keeps its stamp, and ids alone show it.
    let deletions = abilities.reading(Account).deletions;
    matches!(
        deletions,
        Deletions::ListedForGood | Deletions::AmongChanges
    )
}

fn lists_deletions(abilities: &Abilities) -> bool {
    abilities.reading(Account).deletions == Deletions::ListedForGood
}

fn names_survivors(abilities: &Abilities) -> bool {
    abilities.reading(Account).names_survivors
}

/// Returns a copy of so many accounts, some time after they were made.
async fn copied(stage: &dyn Stage, n: usize) -> (Copy, Vec<domain::record::RecordId>) {
    let made = accounts(stage, n);
    stage.advance(SignedDuration::from_secs(1));
    let mut copy = Copy::of(Account);
    copy.run(&*stage.connect()).await;
    assert_eq!(copy.live.len(), n);
    stage.advance(SignedDuration::from_hours(1));
    (copy, made)
}

async fn run(stage: &dyn Stage, copy: &mut Copy) {
    stage.advance(SignedDuration::from_mins(5));
    copy.run(&*stage.connect()).await;
}

async fn a_deleted_record_is_told_of_by_the_next_run(stage: Box<dyn Stage>) {
    let (mut copy, made) = copied(&*stage, 3).await;
    stage.delete(Account, &made[1]);
    run(&*stage, &mut copy).await;
    assert!(copy.gone.contains_key(&made[1]));
    assert_eq!(copy.live.len(), 2);
}

async fn a_record_that_is_deleted_for_good_is_told_of_or_the_list_says_that_it_is_too_short(
    stage: Box<dyn Stage>,
) {
    let (mut copy, made) = copied(&*stage, 3).await;
    stage.delete_for_good(Account, &made[1]);
    run(&*stage, &mut copy).await;
    assert!(copy.must_compare || copy.gone.contains_key(&made[1]));
}

async fn a_list_of_deletions_that_is_too_short_says_so(stage: Box<dyn Stage>) {
    let (mut copy, made) = copied(&*stage, 3).await;
    stage.delete_for_good(Account, &made[1]);
    stage.advance(SignedDuration::from_mins(1));
    stage.purge_deletions();
    run(&*stage, &mut copy).await;
    assert!(copy.must_compare, "a deletion was lost, and nobody is told");
}

async fn a_merged_record_names_its_survivor(stage: Box<dyn Stage>) {
    let (mut copy, made) = copied(&*stage, 3).await;
    let survivor = stage.merge(Account, &made[0], &made[2]);
    run(&*stage, &mut copy).await;
    assert_eq!(copy.gone.get(&made[0]), Some(&Some(survivor.clone())));
    assert!(copy.live.contains_key(&survivor) && copy.live.len() == 2);
}

async fn a_chain_of_merges_can_be_followed_to_its_end(stage: Box<dyn Stage>) {
    let (mut copy, made) = copied(&*stage, 4).await;
    let mut last = made[0].clone();
    for next in &made[1..] {
        last = stage.merge(Account, &last, next);
        stage.advance(SignedDuration::from_mins(1));
    }
    run(&*stage, &mut copy).await;
    let mut at = &made[0];
    while let Some(Some(survivor)) = copy.gone.get(at) {
        at = survivor;
    }
    assert_eq!(at, &last);
    assert_eq!(copy.live.keys().collect::<Vec<_>>(), [&last]);
}

async fn a_restored_record_comes_again(stage: Box<dyn Stage>) {
    let (mut copy, made) = copied(&*stage, 3).await;
    stage.delete(Account, &made[1]);
    run(&*stage, &mut copy).await;
    assert!(!copy.live.contains_key(&made[1]));
    stage.advance(SignedDuration::from_hours(1));
    stage.restore(Account, &made[1]);
    run(&*stage, &mut copy).await;
    assert!(copy.live.contains_key(&made[1]));
}

async fn a_record_that_is_gone_is_not_fetched(stage: Box<dyn Stage>) {
    let (_, made) = copied(&*stage, 3).await;
    stage.delete(Account, &made[0]);
    stage.delete_for_good(Account, &made[1]);
    let fetched = stage.connect().fetch(Account, &made).await.unwrap();
    assert_eq!(fetched.len(), 1);
}
