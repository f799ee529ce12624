//! Every call of every port in a removal breaks in turn, in every way. The removal ends as an undisturbed one, and its receipt has
//! the same counts.

use domain::ports::Removals;
use infra::memory::{Faults, Mode};

use super::*;

/// The deletions in the receipt, and everything that is left. Times and attempts at the CRM may differ.
async fn end(
    world: &World,
    receipt: &SignedReceipt,
) -> (String, Vec<String>, Vec<(String, Vec<u8>)>) {
    assert_gone(world).await;
    let said = document(receipt);
    let counted = format!(
        "{} {} {}",
        said["deleted"], said["keys"]["destroyed"], said["revocation"]["confirmed"]
    );
    let stored = world.store.receipt(&world.scope).await.unwrap();
    assert_eq!(stored.as_ref(), Some(receipt));
    (
        counted,
        of_ours(world),
        of_neighbours(world)
            .into_iter()
            .map(|(place, _)| (place, Vec::new()))
            .collect(),
    )
}

#[tokio::test(start_paused = true)]
async fn a_broken_removal_ends_as_an_undisturbed_one_with_the_same_counts() {
    let shared = Shared::new().await;
    let world = copied(&shared).await;
    let calm = Faults::none();
    begun(&world).await;
    let (receipt, _) = finish(&world, calm.clone()).await;
    let undisturbed = end(&world, &receipt).await;
    let n_calls = calm.n_calls();
    assert!(n_calls > 60, "{n_calls}");
    for mode in Mode::ALL {
        for n in 1..=n_calls {
            let world = copied(&shared).await;
            begun(&world).await;
            let faults = Faults::at(n, mode);
            let (receipt, _) = finish(&world, faults.clone()).await;
            let broke = faults.broke().expect("every call is reached");
            let end = end(&world, &receipt).await;
            assert_eq!(
                end, undisturbed,
                "{mode:?} at call {n} of {n_calls}, {broke}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_removal_whose_beginning_broke_can_be_requested_again() {
    let shared = Shared::new().await;
    for mode in Mode::ALL {
        let world = copied(&shared).await;
        let faults = Faults::at(1, mode);
        let ports = faults.wrap(&world.ports);
        let (which, first) = (which(&world.scope), asked(&world));
        let begun_ = faults
            .until_killed(begin(ports.store.as_ref(), &which, &first))
            .await;
        assert!(!matches!(begun_, Some(Ok(_))), "{mode:?}");
        begun(&world).await;
        let (receipt, _) = finish(&world, Faults::none()).await;
        assert_eq!(document(&receipt)["deleted"]["copies"]["records"], 11);
        assert_gone(&world).await;
    }
}
