//! A removal is killed at each of its requests. It ends with a receipt that says what became of the grant, and nothing is left.

use domain::{
    fault::Outcome,
    removal::{Asked, Asker, SignedReceipt},
    remove_integration::{Begun, Ended, RemovalLimits, Slice, begin, remove},
};
use futures::FutureExt as _;

use super::*;

impl House {
    fn remove_slice(&self) -> Option<Outcome<Ended>> {
        let settings = RemovalLimits {
            deletes_per_second: 100_000,
            ..RemovalLimits::default()
        };
        let (holder, clock) = (self.holder(), now);
        let sleep = |time: SignedDuration| {
            async move {
                // The patience with HubSpot is real time, and all other waits pass at once.
                if time == RemovalLimits::default().revoke_patience {
                    tokio::time::sleep(Duration::from_secs(20)).await;
                }
                wait(time);
            }
            .boxed()
        };
        let work = async {
            let slice = Slice {
                store: &*self.ports.store,
                keys: &*self.ports.keys,
                crm: &*self.ports.crm,
                scope: &self.scope,
                holder,
                deadline: now().checked_add(SLICE).unwrap(),
                clock: &clock,
                sleep: &sleep,
                settings: &settings,
            };
            Box::pin(remove(slice)).await
        };
        self.process(work)
    }

    fn removed(&self) -> SignedReceipt {
        let asked = Asked {
            by: Asker::stored("user-7").unwrap(),
            at: now(),
        };
        let which = self.which();
        let begun = futures::executor::block_on(begin(&self.store, &which, &asked));
        assert!(matches!(begun, Ok(Begun::Removing { .. })), "{begun:?}");
        for _ in 0..9 {
            match self.remove_slice() {
                None | Some(Err(_)) | Some(Ok(Ended::Busy)) => self.pass(SLICE + MINUTE),
                Some(Ok(Ended::HandedOver { .. })) => {}
                Some(Ok(Ended::Finished { receipt, .. })) => return receipt,
                Some(Ok(Ended::Stale)) => panic!("there is a removal"),
            }
        }
        panic!("the removal does not end");
    }
}

/// A house with a copy, before it is removed.
fn copied() -> House {
    let house = House::new(small_pages());
    house.account.load(
        "companies",
        json!({"name": "Werk 1 GmbH", "domain": "werk1.example"}),
    );
    house.account.load(
        "contacts",
        json!({"lastname": "Muster", "email": "m@werk1.example"}),
    );
    house.pass(HOUR * 2);
    house.run();
    house.pass(HOUR);
    house
}

/// The kinds and places of everything that is stored. An audit entry is named without its time, which depends on how often the removal
/// had to go on.
fn left(house: &House) -> Vec<String> {
    let timeless = |place: String| match (place.split_once('/'), place.split_once('#')) {
        (Some((tenant, _)), Some((_, what))) if place.starts_with("audit ") => {
            format!("{tenant}/{what}")
        }
        _ => place,
    };
    house
        .store
        .raw()
        .into_iter()
        .map(|(place, _)| timeless(place))
        .collect()
}

#[test]
fn a_removal_that_is_killed_at_any_request_ends_and_the_account_has_let_the_app_go() {
    let calm = copied();
    let before = calm.n_requests();
    calm.removed();
    let (wanted, n_requests) = (left(&calm), calm.n_requests() - before);
    assert!(n_requests >= 2, "{n_requests}");
    assert!(
        !wanted.iter().any(|place| place.starts_with("record")),
        "{wanted:?}"
    );
    for n in 1..=n_requests {
        for ending in endings() {
            let house = copied();
            house.spoil(n, ending.clone());
            let receipt: Value = serde_json::from_str(&house.removed().document).unwrap();
            let what = format!("killed at request {n} of {n_requests}: {ending:?}");
            assert_eq!(left(&house), wanted, "{what}");
            assert_eq!(
                receipt["revocation"]["confirmed"], true,
                "{what}: {receipt}"
            );
            let token = Config::default().refresh_token;
            assert!(!house.account.control().is_granted(&token), "{what}");
        }
    }
}
