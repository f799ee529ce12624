//! The heads of the legal register: what is signed, and what is missed when something was taken out behind our back.

use domain::{
    admission::Admission,
    allowance::{Allowance, Limit},
    fault::Code,
    legal::{
        ChainHash, Objection, Register,
        heads::{Heads, Kept, heads},
        suppressions,
    },
    ports::{Legal, SuppressionKind, TenantKeyring},
    seal::{HashKind, KeyedHash},
    tenant::TenantId,
};
use infra::memory::{MemoryKeys, MemoryStore};
use serde_json::Value;

use crate::legal::{interest, now, person};

struct House {
    store: MemoryStore,
    keys: MemoryKeys,
    tenant: TenantId,
}

impl House {
    /// A register with two assessments, three objections and an erasure, of which one objection was lifted.
    async fn new() -> Self {
        let house = Self {
            store: MemoryStore::with_page_size(2),
            keys: MemoryKeys::new(),
            tenant: TenantId::parse("acme-1").unwrap(),
        };
        let register = Register::open(&house.store, &house.keys, &house.tenant);
        let register = register.await.unwrap();
        for email in ["a@example.com", "b@example.com"] {
            register
                .file(&interest(person(email)), now())
                .await
                .unwrap();
            house.mark(SuppressionKind::Objection, email).await;
        }
        house
            .mark(SuppressionKind::Objection, "c@example.com")
            .await;
        house.mark(SuppressionKind::Erasure, "a@example.com").await;
        let keys = house.keys.tenant(&house.tenant).await.unwrap();
        let (kind, lifted) = (SuppressionKind::Objection, person("c@example.com"));
        let lift = suppressions::lift(
            &house.store,
            Some(&keys),
            &house.tenant,
            kind,
            &lifted,
            now(),
        );
        assert_eq!(lift.await.unwrap(), 1);
        house
    }

    async fn mark(&self, kind: SuppressionKind, email: &str) {
        let keys = self.keys.tenant(&self.tenant).await.unwrap();
        let noted = Objection {
            person: &person(email),
            at: now(),
            by: "user-1",
            reference: None,
        };
        let added = suppressions::add(&self.store, &keys, &self.tenant, kind, noted);
        added.await.unwrap();
    }

    async fn heads(&self, kept: Kept) -> Heads {
        let allowance = Allowance::default();
        let admission = Admission {
            tenant: &self.tenant,
            allowance: &allowance,
            now: now(),
        };
        heads(&self.store, &self.keys, &admission, "request", kept)
            .await
            .unwrap()
    }

    async fn hash(&self, email: &str) -> KeyedHash {
        let keys = self.keys.tenant(&self.tenant).await.unwrap();
        person(email).hashes(&keys, HashKind::Objection)[0]
    }
}

fn kept(heads: &Heads) -> Kept {
    let (assessments, changes) = (&heads.assessments, &heads.suppressions.chain);
    Kept {
        assessments: Some((assessments.entries, assessments.head)),
        changes: Some((changes.entries, changes.head)),
    }
}

#[tokio::test]
async fn the_heads_of_a_whole_register_are_signed_and_found_again_later() {
    let house = House::new().await;
    let first = house.heads(Kept::default()).await;
    let statement = first.statement.as_ref().unwrap();
    let said: Value = serde_json::from_str(&statement.document).unwrap();
    assert_eq!(
        (&said["assessments"]["number"], &said["changes"]["number"]),
        (&2.into(), &5.into())
    );
    assert_eq!(
        said["changes"]["hash"],
        first.suppressions.chain.head.to_string()
    );
    assert_eq!(said["tenant"], "acme-1");
    assert!(!statement.signature.is_empty());
    house.mark(SuppressionKind::Erasure, "d@example.com").await;
    let later = house.heads(kept(&first)).await;
    assert_eq!(
        (later.assessments.kept, later.suppressions.chain.kept),
        (Some(true), Some(true))
    );
    assert_eq!(
        (later.suppressions.missing, later.suppressions.unknown),
        (0, 0)
    );
}

#[tokio::test]
async fn an_objection_that_was_taken_out_is_missed_and_nothing_is_signed() {
    for (kind, email) in [
        (SuppressionKind::Objection, "b@example.com"),
        (SuppressionKind::Erasure, "a@example.com"),
    ] {
        let house = House::new().await;
        house
            .store
            .lose_suppression(&house.tenant, kind, house.hash(email).await);
        let found = house.heads(Kept::default()).await;
        assert_eq!(
            (found.suppressions.missing, found.suppressions.chain.broken),
            (1, None)
        );
        assert!(found.statement.is_none());
    }
    // The one that was lifted is nobody's loss.
    let house = House::new().await;
    let lifted = house.hash("c@example.com").await;
    house
        .store
        .lose_suppression(&house.tenant, SuppressionKind::Objection, lifted);
    assert!(house.heads(Kept::default()).await.statement.is_some());
}

#[tokio::test]
async fn a_change_that_was_taken_out_breaks_the_chain_or_the_head_that_was_kept() {
    for number in 1..5 {
        let house = House::new().await;
        house.store.lose_change(&house.tenant, number);
        let found = house.heads(Kept::default()).await;
        assert_eq!(
            found.suppressions.chain.broken,
            Some((number, "a change is missing"))
        );
        assert!(found.statement.is_none());
    }
    let house = House::new().await;
    house.store.lose_change(&house.tenant, 5);
    let found = house.heads(Kept::default()).await;
    let why = Some((5, "a change is missing"));
    assert_eq!(found.suppressions.chain.broken, why);
    assert!(found.statement.is_none());
}

#[tokio::test]
async fn a_register_that_was_cut_short_consistently_is_not_signed_for_whoever_kept_its_head() {
    for is_of_changes in [true, false] {
        let house = House::new().await;
        house.mark(SuppressionKind::Erasure, "d@example.com").await;
        let kept = kept(&house.heads(Kept::default()).await);
        if is_of_changes {
            let lost = house.hash("d@example.com").await;
            let kind = SuppressionKind::Erasure;
            house.store.lose_suppression(&house.tenant, kind, lost);
            house.store.cut_changes(&house.tenant);
        } else {
            house.store.cut_assessments(&house.tenant);
        }
        // Nothing else tells: the rest is whole.
        assert!(house.heads(Kept::default()).await.statement.is_some());
        let found = house.heads(kept).await;
        assert_eq!(
            (
                found.assessments.kept,
                found.suppressions.chain.kept,
                found.suppressions.missing
            ),
            (Some(is_of_changes), Some(!is_of_changes), 0)
        );
        assert!(found.statement.is_none());
    }
}

#[tokio::test]
async fn the_heads_of_an_empty_register_are_found_again_later() {
    let house = House {
        store: MemoryStore::new(),
        keys: MemoryKeys::new(),
        tenant: TenantId::parse("acme-1").unwrap(),
    };
    let empty = kept(&house.heads(Kept::default()).await);
    assert_eq!(empty.changes, Some((0, ChainHash::START)));
    house.mark(SuppressionKind::Erasure, "d@example.com").await;
    let later = house.heads(empty).await;
    assert_eq!(
        (later.assessments.kept, later.suppressions.chain.kept),
        (Some(true), Some(true))
    );
    assert!(later.statement.is_some());
}

#[tokio::test]
async fn an_objection_is_stored_though_the_head_was_lost_and_the_loss_shows_for_good() {
    let house = House::new().await;
    house.store.lose_head(&house.tenant);
    let found = house.heads(Kept::default()).await;
    assert!(found.suppressions.chain.broken.is_some() && found.statement.is_none());
    for email in ["d@example.com", "e@example.com"] {
        house.mark(SuppressionKind::Objection, email).await;
        let hash = house.hash(email).await;
        let stands = house.store.suppressed(&house.tenant, &[hash]).await;
        assert!(stands.unwrap()[0].objected);
        let found = house.heads(Kept::default()).await;
        assert_eq!(
            found.suppressions.chain.broken,
            Some((6, "the head was lost before the change"))
        );
        assert!(found.statement.is_none());
    }
}

/// KMS has one rate of signatures for the account. No tenant may use it up.
#[tokio::test]
async fn heads_are_signed_as_often_as_the_allowance_says() {
    let house = House::new().await;
    let allowance = Allowance([(Limit::HeadsPerHour, 2)].into());
    let admission = Admission {
        tenant: &house.tenant,
        allowance: &allowance,
        now: now(),
    };
    let asked = async |id: &str| {
        let (store, keys) = (&house.store, &house.keys);
        heads(store, keys, &admission, id, Kept::default()).await
    };
    for id in ["r-1", "r-2"] {
        assert!(asked(id).await.unwrap().statement.is_some());
    }
    let refused = asked("r-3").await.unwrap_err();
    assert_eq!(*refused.code(), Code::AllowanceUsedUp);
    assert!(refused.retry_after().is_some());
}
