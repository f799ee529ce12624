use domain::{
    fault::{AwsCode, CrmCode, Fault, Kind},
    ports::{Removals, Revoked},
    removal::Stage,
};
use infra::memory::Faults;

use super::*;

/// One slice with these faults, then undisturbed ones. Returns the receipt.
async fn removed_in(faults: Faults) -> (World, SignedReceipt) {
    let world = copied(&Shared::new().await).await;
    let neighbours = of_neighbours(&world);
    begun(&world).await;
    let (receipt, _) = finish(&world, faults).await;
    assert_gone(&world).await;
    assert_eq!(of_neighbours(&world), neighbours);
    (world, receipt)
}

#[tokio::test(start_paused = true)]
async fn a_crm_that_refuses_or_is_down_or_never_answers_is_recorded_and_not_waited_for() {
    let many = 1_000;
    for (faults, tries, code) in [
        (
            Faults::refusing(
                "revoke",
                many,
                Fault::crm("crm", CrmCode::said("bad_request")),
            ),
            1,
            "crm.bad_request",
        ),
        (
            Faults::refusing("revoke", many, Fault::crm("crm", CrmCode::ServerError)),
            3,
            "crm.server_error",
        ),
        (Faults::silent("revoke", many), 3, "crm.silent"),
    ] {
        let world = copied(&Shared::new().await).await;
        begun(&world).await;
        let begun_at = world.now();
        let (receipt, slices) = finish(&world, faults).await;
        assert_eq!(slices, 1);
        assert_gone(&world).await;
        let said = &document(&receipt)["revocation"];
        assert_eq!(
            said,
            &serde_json::json!({"confirmed": false, "tries": tries, "code": code})
        );
        let removal = world.store.removal(&world.scope).await.unwrap().unwrap();
        let until_destroyed = removal.keys_destroyed.unwrap().duration_since(begun_at);
        assert!(until_destroyed <= MINUTE + MINUTE, "{until_destroyed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_crm_that_answers_at_the_second_attempt_has_confirmed_the_revocation() {
    let (_, receipt) = removed_in(Faults::refusing(
        "revoke",
        1,
        Fault::crm("crm", CrmCode::said("busy")).with_kind(Kind::Transient),
    ))
    .await;
    let said = &document(&receipt)["revocation"];
    assert_eq!(
        said,
        &serde_json::json!({"confirmed": true, "tries": 2, "code": null})
    );
}

#[tokio::test(start_paused = true)]
async fn a_receipt_says_what_revoking_achieved_if_tokens_stay_valid() {
    for (revoking, said) in [
        (
            Revoked::DeadWithinMinutes(30),
            serde_json::json!({
                "confirmed": true, "tries": 1, "code": null, "achieved": {"dead_within_minutes": 30}
            }),
        ),
        (
            Revoked::StillInstalled(30),
            serde_json::json!({
                "confirmed": true, "tries": 1, "code": null, "achieved": {"still_installed": 30}
            }),
        ),
        (
            Revoked::NotByUs,
            serde_json::json!({
                "confirmed": false, "tries": 1, "code": null, "achieved": "not_by_us"
            }),
        ),
    ] {
        let world = copied(&Shared::new().await).await;
        world.crm.revoke_as(revoking);
        begun(&world).await;
        let (receipt, _) = finish(&world, Faults::none()).await;
        assert_gone(&world).await;
        assert_eq!(document(&receipt)["revocation"], said);
    }
}

/// `neighbours()` has another integration of the same tenant, connected to the same organisation.
#[tokio::test(start_paused = true)]
async fn a_shared_grant_is_left_to_the_tenants_other_integration_and_the_receipt_says_so() {
    let world = copied(&Shared::new().await).await;
    world.crm.share_grants();
    begun(&world).await;
    let (receipt, _) = finish(&world, Faults::none()).await;
    assert_gone(&world).await;
    assert_eq!(world.crm.calls("revoke"), 0);
    assert_eq!(
        document(&receipt)["revocation"],
        serde_json::json!({
            "confirmed": false, "tries": 1, "code": null, "achieved": "kept_for_another"
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_shared_grant_is_revoked_if_no_other_integration_lives_on_it() {
    for change in [
        |row: &mut Integration| row.organisation = "00D000000000009".to_owned(),
        |row: &mut Integration| row.provider = Provider::HubSpot,
        |row: &mut Integration| row.status = Status::NeedsReconnect,
    ] {
        let world = copied(&Shared::new().await).await;
        world.crm.share_grants();
        let other = which(&neighbours()[0]);
        let seen = world.store.integration(&other).await.unwrap().unwrap();
        let mut changed = integration(&world.keys, &seen.scope).await;
        change(&mut changed);
        let earlier = Some((seen.scope.generation, seen.status));
        assert!(world.store.connect(&changed, earlier).await.unwrap());
        begun(&world).await;
        let (receipt, _) = finish(&world, Faults::none()).await;
        assert_eq!(world.crm.calls("revoke"), 1);
        assert_eq!(document(&receipt)["revocation"]["confirmed"], true);
    }
}

/// A token of an account is no consent to the app, so nothing is shared with it, whichever of the two is removed.
#[tokio::test(start_paused = true)]
async fn a_consent_is_not_left_to_an_integration_with_a_token_of_the_account() {
    for is_own in [false, true] {
        let world = copied(&Shared::new().await).await;
        world.crm.share_grants();
        let scope = match is_own {
            true => world.scope.clone(),
            false => neighbours()[0].clone(),
        };
        let seen = world.store.integration(&which(&scope)).await.unwrap();
        let seen = seen.unwrap();
        let keys = world.ports.keys.open(&scope).await.unwrap().unwrap();
        let mut credentials = Credentials::open(&keys, &scope, &seen.credentials).unwrap();
        credentials.grant = Grant::Token {
            token: "pat-eu1".to_owned(),
        };
        let earlier = Some((seen.scope.generation, seen.status));
        let changed = Integration {
            credentials: credentials.seal(&keys, &scope).unwrap(),
            ..seen
        };
        assert!(world.store.connect(&changed, earlier).await.unwrap());
        begun(&world).await;
        let (receipt, _) = finish(&world, Faults::none()).await;
        assert_eq!(world.crm.calls("revoke"), 1, "{is_own}");
        let achieved = &document(&receipt)["revocation"]["achieved"];
        assert_ne!(achieved, "kept_for_another", "{is_own}");
    }
}

#[tokio::test(start_paused = true)]
async fn if_kms_does_not_unwrap_the_grant_is_not_revoked_and_everything_is_deleted() {
    let denied = Fault::aws("kms_decrypt", AwsCode::said("AccessDeniedException"));
    let (world, receipt) = removed_in(Faults::refusing("open", 1_000, denied)).await;
    assert_eq!(document(&receipt)["revocation"]["confirmed"], false);
    assert_eq!(world.crm.calls("revoke"), 0);
}

#[tokio::test(start_paused = true)]
async fn if_kms_does_not_sign_only_the_receipt_is_delayed() {
    let world = copied(&Shared::new().await).await;
    begun(&world).await;
    let denied = Faults::refusing(
        "sign",
        3,
        Fault::aws("kms_sign", AwsCode::said("AccessDeniedException")),
    );
    for n in 0..3 {
        let failed = slice_with(&world, &denied, &settings(), &format!("slice-{n}")).await;
        assert!(matches!(failed, Some(Err(_))), "{failed:?}");
        let removal = world.store.removal(&world.scope).await.unwrap().unwrap();
        assert_eq!(removal.stage, Stage::Signing);
        assert_eq!(of_ours(&world).len(), 3, "{:?}", of_ours(&world));
    }
    let (receipt, _) = finish(&world, denied).await;
    assert_eq!(document(&receipt)["deleted"]["copies"]["records"], 11);
    assert_gone(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_throttled_part_is_swept_later_and_delays_no_other_part() {
    // Exports are listed twice before the accounts are.
    for (name, n) in [("leftovers", 3), ("discard", 1)] {
        let world = copied(&Shared::new().await).await;
        begun(&world).await;
        // The fault hits the first part, and the others are not affected.
        let throttled = Faults::refusing(name, n, Fault::aws("batch_write", AwsCode::Unprocessed));
        let failed = slice_with(&world, &throttled, &settings(), "first").await;
        assert!(matches!(failed, Some(Err(_))), "{failed:?}");
        let left = of_ours(&world);
        assert!(
            left.iter().any(|place| place.contains("record ")),
            "{left:?}"
        );
        assert!(
            left.iter()
                .all(|place| !place.starts_with("page ") && !place.starts_with("run ")),
            "{left:?}"
        );
        let (receipt, _) = finish(&world, Faults::none()).await;
        assert_eq!(
            document(&receipt)["deleted"]["copies"]["records"],
            11,
            "{name}"
        );
        assert_gone(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_a_connection_made_too_late_are_destroyed_too() {
    let world = copied(&Shared::new().await).await;
    begun(&world).await;
    // Between the first sweep and the second. The API requested the keys before the generation ended.
    let slow = RemovalLimits {
        settle: SLICE + SLICE,
        ..settings()
    };
    let handed_over = slice_with(&world, &Faults::none(), &slow, "first").await;
    assert!(
        matches!(handed_over, Some(Ok(Ended::HandedOver { .. }))),
        "{handed_over:?}"
    );
    world.keys.create(&world.scope).await.unwrap();
    let (receipt, _) = finish(&world, Faults::none()).await;
    assert_eq!(document(&receipt)["deleted"]["keys"]["key_versions"], 2);
    assert_gone(&world).await;
}
