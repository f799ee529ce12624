//! Several functions work on one account beside each other, each with a connector of its own, under HubSpot's published limits.

use simulator::hubspot as crm;

use super::*;

async fn limited() -> Account {
    Account::with(Config {
        limits: crm::Limits::OAUTH,
        ..Config::default()
    })
    .await
}

/// Returns the options of a function that works in slices, as deployed, with small pages.
fn patient() -> Options {
    let client = ClientSettings {
        allow_loopback: true,
        ..options().client
    };
    let retry = ClientSettings::default().retry;
    Options {
        list_page: 10,
        search_page: 10,
        ..Options::of(ClientSettings { retry, ..client })
    }
}

/// Returns the options of a function for whose answer somebody waits.
fn impatient() -> Options {
    let options = patient();
    let retry = Retry {
        tries: 3,
        longest: Duration::from_secs(2),
        longest_asked: Duration::from_secs(3),
        total: Duration::from_secs(8),
        ..options.client.retry
    };
    let client = ClientSettings {
        retry,
        is_awaited: true,
        ..options.client
    };
    Options {
        list_page: 10,
        search_page: 10,
        ..Options::of(client)
    }
}

fn load(account: &Account, n: usize) -> Vec<RecordId> {
    let all = (0..n).map(|n| account.load("companies", json!({ "name": format!("Werk {n}") })));
    all.map(|one| id(&one)).collect()
}

#[tokio::test]
async fn users_are_answered_while_a_first_reading_takes_what_it_may_have() {
    let account = limited().await;
    let all = load(&account, 1_300);
    account.advance(SignedDuration::from_secs(1));
    let (sync, api) = (account.crm_with(patient()), account.crm_with(impatient()));
    let window = since(&account, None);
    let read = async { live(items(&*sync, Object::Account, &window).await).len() };
    let answers = async {
        // The reading sends what it may send at once, and then slows down.
        while account.control().count_requests("/crm/objects/companies") < 75 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        for one in &all[..15] {
            let found = api.fetch(Object::Account, std::slice::from_ref(one)).await;
            assert_eq!(found.unwrap().len(), 1, "the user is answered");
        }
    };
    let (read, ()) = tokio::join!(read, answers);
    assert_eq!(read, 1_300, "nothing is lost");
}

/// Returns the ids of a window's records, read as slices would do: one that is refused goes on a second later.
async fn slices(crm: &dyn Crm, window: &Window) -> std::collections::BTreeSet<String> {
    let (mut all, mut window) = (std::collections::BTreeSet::new(), window.clone());
    let mut token: Option<PageToken> = None;
    loop {
        let ask = Changes {
            object: Object::Account,
            window: &window,
            resume: None,
            token: token.as_ref(),
            at_most: None,
        };
        match crm.changes(ask).await {
            Ok(Answer::Page(page)) => {
                all.extend(live(page.items).into_keys());
                window.after = page.reached.or(window.after);
                token = page.next;
                if token.is_none() {
                    return all;
                }
            }
            Ok(_) => panic!("a token is lost"),
            Err(fault) => {
                assert_eq!(fault.crm_code(), Some(&CrmCode::Throttled));
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

#[tokio::test]
async fn three_that_search_at_once_all_come_to_their_end_and_are_seldom_refused() {
    let account = limited().await;
    load(&account, 150);
    let from = account.control().now();
    account.control().restamp("companies", from + 1).unwrap();
    account.advance(SignedDuration::from_secs(1));
    let crms = [(); 3].map(|()| account.crm_with(patient()));
    let window = since(&account, Some(from));
    let all = crms.iter().map(|crm| slices(&**crm, &window));
    for read in futures::future::join_all(all).await {
        assert_eq!(read.len(), 150);
    }
    let (mut refused, mut answered) = (0, 0);
    for one in account.control().requests() {
        match (one.template.ends_with("/search"), one.status) {
            (true, 429) => refused += one.count,
            (true, _) => answered += one.count,
            (false, _) => {}
        }
    }
    assert!(answered >= 45, "{answered}");
    assert!(
        refused <= answered * 2,
        "{refused} refused, {answered} answered"
    );
}
