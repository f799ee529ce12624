//! Windows of changes, page by page.

use std::collections::BTreeSet;

use domain::{
    ports::{Abilities, Resuming},
    progress::Window,
    record::{Item, Object::Account, RecordId},
};
use jiff::SignedDuration;

use super::{accounts, promises};
use crate::{
    reader::{Copy, turn},
    stage::Stage,
};

promises![
    a_window_brings_every_record_over_as_many_pages_as_it_takes,
    records_of_one_time_stamp_all_come_over_page_borders,
    a_window_is_half_open_and_ends_before_its_end,
    a_reading_that_goes_on_behind_what_was_reached_misses_nothing,
    a_page_token_serves_another_connector,
    no_page_is_larger_than_was_asked_for,
    a_lost_page_token_is_told_and_a_reading_that_begins_again_brings_all,
    what_is_changed_while_pages_are_read_is_in_them_or_in_the_next_window,
    a_record_that_shows_late_is_in_the_next_window,
    a_window_without_changes_is_one_empty_page,
    a_window_taken_up_by_a_token_brings_what_changed_since_and_no_more if takes_up_by_token,
    a_forgotten_end_of_a_window_is_told_apart_from_a_lost_page if takes_up_by_token,
    a_record_reads_the_same_whichever_way_it_comes,
];

async fn a_window_brings_every_record_over_as_many_pages_as_it_takes(stage: Box<dyn Stage>) {
    let mut made = BTreeSet::new();
    for n in 0..=2 * stage.page() {
        made.insert(stage.make(Account, &format!("Werk {n}")));
        stage.advance(SignedDuration::from_secs(1));
    }
    let mut copy = Copy::of(Account);
    copy.run(&*stage.connect()).await;
    assert!(copy.live.keys().eq(made.iter()), "{}", copy.live.len());
}

async fn records_of_one_time_stamp_all_come_over_page_borders(stage: Box<dyn Stage>) {
    let made: BTreeSet<RecordId> = accounts(&*stage, 2 * stage.page() + 1)
        .into_iter()
        .collect();
    stage.advance(SignedDuration::from_secs(1));
    let mut copy = Copy::of(Account);
    copy.run(&*stage.connect()).await;
    assert!(copy.live.keys().eq(made.iter()), "{}", copy.live.len());
}

async fn a_window_is_half_open_and_ends_before_its_end(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let before = stage.make(Account, "before");
    stage.advance(SignedDuration::from_secs(1));
    let first = Window {
        after: None,
        until: crm.clock().await.unwrap(),
    };
    let at = stage.make(Account, "at the end");
    stage.advance(SignedDuration::from_secs(1));
    let second = Window {
        after: Some(domain::progress::Position {
            at: first.until,
            id: None,
        }),
        until: crm.clock().await.unwrap(),
    };
    // What is told by a token is told once. It may come before its time, and the next window need not repeat it.
    let is_told_once = takes_up_by_token(crm.abilities());
    for (window, expected) in [(first, before), (second, at)] {
        let page = turn(&*crm, Account, &window, None, None).await.unwrap();
        let mut copy = Copy::of(Account);
        copy.keep(page.items);
        let came: Vec<RecordId> = copy.live.into_keys().collect();
        match is_told_once {
            true => assert!(came.contains(&expected)),
            false => assert_eq!(came, [expected]),
        }
    }
}

async fn a_reading_that_goes_on_behind_what_was_reached_misses_nothing(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 3 * stage.page());
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    let mut copy = Copy::of(Account);
    let mut window = copy.window(&*crm).await;
    // Each page is requested as a window of its own, which begins where the last page ended.
    loop {
        let turned = turn(&*crm, Account, &window, None, None).await.unwrap();
        let goes_on = turned.next.is_some();
        let moved = turned.window != window;
        copy.keep(turned.items);
        if !goes_on {
            break;
        }
        if !moved {
            // Unordered pages have no position before their end, so the window begins again. Other promises cover that.
            return;
        }
        window = turned.window;
    }
    assert_eq!(copy.live.len(), made.len());
}

async fn a_page_token_serves_another_connector(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 2 * stage.page() + 1);
    stage.advance(SignedDuration::from_secs(1));
    let mut copy = Copy::of(Account);
    let mut window = copy.window(&*stage.connect()).await;
    let mut token = None;
    loop {
        let crm = stage.connect();
        let turned = turn(&*crm, Account, &window, token.as_ref(), None).await;
        let turned = turned.expect("another connector knows the token");
        copy.keep(turned.items);
        (window, token) = (turned.window, turned.next);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(copy.live.len(), made.len());
}

async fn no_page_is_larger_than_was_asked_for(stage: Box<dyn Stage>) {
    accounts(&*stage, 2 * stage.page());
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    let window = Copy::of(Account).window(&*crm).await;
    let most = u32::try_from(stage.page()).unwrap();
    let mut token = None;
    loop {
        let turned = turn(&*crm, Account, &window, token.as_ref(), Some(most)).await;
        let Some(turned) = turned else { return };
        assert!(turned.items.len() <= stage.page(), "{}", turned.items.len());
        token = turned.next;
        if token.is_none() || turned.window != window {
            break;
        }
    }
}

async fn a_lost_page_token_is_told_and_a_reading_that_begins_again_brings_all(
    stage: Box<dyn Stage>,
) {
    let made = accounts(&*stage, 2 * stage.page() + 1);
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    let mut copy = Copy::of(Account);
    let window = copy.window(&*crm).await;
    let turned = turn(&*crm, Account, &window, None, None).await.unwrap();
    let token = turned.next.expect("there is another page");
    if !stage.lose_tokens() {
        // The connector's tokens are places of its own.
        return;
    }
    let lost = turn(&*crm, Account, &turned.window, Some(&token), None).await;
    assert!(lost.is_none(), "a token that the CRM forgot brought a page");
    copy.run(&*crm).await;
    assert_eq!(copy.live.len(), made.len());
}

async fn what_is_changed_while_pages_are_read_is_in_them_or_in_the_next_window(
    stage: Box<dyn Stage>,
) {
    let made = accounts(&*stage, 2 * stage.page() + 1);
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    let mut copy = Copy::of(Account);
    let whole = copy.window(&*crm).await;
    let (mut window, mut token, mut n) = (whole.clone(), None, 0);
    loop {
        let turned = turn(&*crm, Account, &window, token.as_ref(), None).await;
        let turned = turned.unwrap();
        copy.keep(turned.items);
        // Changes the first record and the last one, and creates a new one.
        stage.rename(Account, &made[0], &format!("renamed {n}"));
        stage.rename(Account, made.last().unwrap(), &format!("renamed {n}"));
        stage.make(Account, &format!("new {n}"));
        stage.advance(SignedDuration::from_secs(1));
        n += 1;
        (window, token) = (turned.window, turned.next);
        if token.is_none() {
            break;
        }
    }
    copy.end(&*crm, &whole);
    copy.run(&*crm).await;
    assert_eq!(copy.live.len(), made.len() + n);
    let last = format!("renamed {}", n - 1);
    for id in [&made[0], made.last().unwrap()] {
        assert_eq!(copy.live[id], last);
    }
}

async fn a_record_that_shows_late_is_in_the_next_window(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let lag = crm.abilities().reading(Account).lag;
    stage.make(Account, "seen at once");
    let late = stage.make_late(Account, "late", lag);
    stage.advance(SignedDuration::from_secs(1));
    let mut copy = Copy::of(Account);
    copy.run(&*crm).await;
    assert!(!copy.live.contains_key(&late));
    stage.advance(lag);
    copy.run(&*crm).await;
    assert!(copy.live.contains_key(&late), "it never came");
}

async fn a_window_without_changes_is_one_empty_page(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let mut copy = Copy::of(Account);
    let turned = turn(&*crm, Account, &copy.window(&*crm).await, None, None).await;
    let turned = turned.unwrap();
    assert!(turned.items.is_empty() && turned.next.is_none());
    copy.run(&*crm).await;
    assert!(copy.live.is_empty());
}

fn takes_up_by_token(abilities: &Abilities) -> bool {
    abilities.reading(Account).resuming == Resuming::ByToken
}

async fn a_window_taken_up_by_a_token_brings_what_changed_since_and_no_more(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 2 * stage.page() + 1);
    stage.advance(SignedDuration::from_secs(1));
    let mut copy = Copy::of(Account);
    copy.run(&*stage.connect()).await;
    assert!(copy.resume.is_some(), "no token of the window's end");
    stage.rename(Account, &made[1], "renamed");
    stage.delete(Account, &made[2]);
    stage.advance(SignedDuration::from_secs(1));
    let mut since = Copy::of(Account);
    since.resume = copy.resume;
    since.run(&*stage.connect()).await;
    assert_eq!(
        since.live.into_keys().collect::<Vec<_>>(),
        [made[1].clone()]
    );
    assert_eq!(
        since.gone.into_keys().collect::<Vec<_>>(),
        [made[2].clone()]
    );
}

async fn a_forgotten_end_of_a_window_is_told_apart_from_a_lost_page(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 3);
    stage.advance(SignedDuration::from_secs(1));
    let mut copy = Copy::of(Account);
    copy.run(&*stage.connect()).await;
    stage.lose_resumes();
    stage.make(Account, "new");
    stage.advance(SignedDuration::from_secs(1));
    copy.run(&*stage.connect()).await;
    assert!(copy.must_compare, "everything had to be read again");
    assert_eq!(copy.live.len(), made.len() + 1);
}

async fn a_record_reads_the_same_whichever_way_it_comes(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 3);
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    let window = Copy::of(Account).window(&*crm).await;
    let turned = turn(&*crm, Account, &window, None, None).await.unwrap();
    let text = |items: Vec<Item>| {
        let mut all: Vec<_> = items
            .into_iter()
            .map(|item| match item {
                Item::Live(record) => (record.id, record.fields.to_string(), record.modified),
                _ => panic!("it is not live"),
            })
            .collect();
        all.sort();
        all
    };
    let fetched = stage.connect().fetch(Account, &made).await.unwrap();
    assert!(text(turned.items) == text(fetched));
}
