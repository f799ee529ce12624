//! Legal bases: what clears a person, what is missing, and that the register cannot be changed unnoticed.

use domain::{
    fault::Code,
    legal::{
        Assessment, Balancing, BalancingOutcome, Basis, ChainHash, Missing, Named, Objection,
        Person, Register, Suppressions, Template,
        assessment::{Purpose, TemplateUse},
        chain::{Check, Entry},
        clear, suppressions,
    },
    ports::{Legal, SuppressionKind, TenantKeyring},
    tenant::TenantId,
};
use infra::memory::{MemoryKeys, MemoryStore};
use jiff::Timestamp;
use proptest::prelude::*;

pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) fn person(email: &str) -> Person {
    Person {
        emails: vec![email.to_owned()],
        ..Person::default()
    }
}

fn purpose(name: &str) -> Purpose {
    Purpose::parse(name).unwrap()
}

fn balancing(outcome: BalancingOutcome) -> Basis {
    let text = || "a reason".to_owned();
    Basis::LegitimateInterest(Box::new(Balancing {
        interest: text(),
        whose_interest: text(),
        benefit: text(),
        legality: text(),
        necessity: text(),
        alternatives: text(),
        relationship: text(),
        expectation: text(),
        sensitivity: text(),
        vulnerable: false,
        impact: text(),
        safeguards: vec![text()],
        opt_out: text(),
        outcome,
    }))
}

pub(crate) fn assessment(person: Person, basis: Basis) -> Assessment {
    Assessment {
        person,
        purpose: purpose("outreach"),
        basis,
        source: "the company's imprint".to_owned(),
        reviewer: "data protection officer".to_owned(),
        assessed: "2026-11-01".parse().unwrap(),
        review: "2027-05-01".parse().unwrap(),
        template: None,
    }
}

pub(crate) fn interest(person: Person) -> Assessment {
    assessment(person, balancing(BalancingOutcome::InterestPrevails))
}

struct House {
    store: MemoryStore,
    keys: MemoryKeys,
    tenant: TenantId,
}

impl House {
    fn new() -> Self {
        Self {
            store: MemoryStore::with_page_size(7),
            keys: MemoryKeys::new(),
            tenant: TenantId::parse("acme-1").unwrap(),
        }
    }

    async fn register(&self) -> Register<'_, MemoryStore> {
        Register::open(&self.store, &self.keys, &self.tenant)
            .await
            .unwrap()
    }

    async fn file(&self, assessment: &Assessment) -> u64 {
        let register = self.register().await;
        register.file(assessment, now()).await.unwrap().number
    }

    async fn missing(&self, person: &Person, at: &str) -> Vec<Missing> {
        let register = self.register().await;
        let people = &[Named::from(person.clone())];
        let at = at.parse().unwrap();
        let outreach = purpose("outreach");
        let asked = clear(&self.store, &register, &self.tenant, people, &outreach, at);
        match asked.await.unwrap().remove(0) {
            Ok(clearance) => {
                assert!(clearance.is_for(person));
                Vec::new()
            }
            Err(refusal) => refusal.missing().to_vec(),
        }
    }

    async fn mark(&self, kind: SuppressionKind, person: &Person) {
        let keys = self.keys.tenant(&self.tenant).await.unwrap();
        let noted = Objection {
            person,
            at: now(),
            by: "user-1",
            reference: None,
        };
        suppressions::add(&self.store, &keys, &self.tenant, kind, noted)
            .await
            .unwrap();
    }
}

const TODAY: &str = "2026-11-24T12:00:00Z";

#[tokio::test]
async fn a_register_that_was_opened_before_the_first_entry_reads_it() {
    let house = House::new();
    let register = house.register().await;
    let anna = person("a@example.com");
    register.file(&interest(anna.clone()), now()).await.unwrap();
    house.mark(SuppressionKind::Objection, &anna).await;
    let people = &[Named::from(anna)];
    let outreach = purpose("outreach");
    let at = TODAY.parse().unwrap();
    let asked = clear(
        &house.store,
        &register,
        &house.tenant,
        people,
        &outreach,
        at,
    );
    let refused = asked.await.unwrap().remove(0).unwrap_err();
    assert_eq!(refused.missing(), [Missing::Objection]);
}

#[tokio::test]
async fn a_person_without_any_assessment_has_no_basis() {
    let house = House::new();
    let missing = house.missing(&person("a@example.com"), TODAY).await;
    assert_eq!(missing, [Missing::Basis]);
}

#[tokio::test]
async fn an_assessment_clears_its_person_for_its_purpose_and_nobody_else() {
    let house = House::new();
    let mut colleague = person("b@example.com");
    colleague.phones.push("+49 30 1234567".to_owned());
    let mut assessed = person("a@example.com");
    assessed.phones.push("+49 30 1234567".to_owned());
    house.file(&interest(assessed.clone())).await;
    assert!(house.missing(&assessed, TODAY).await.is_empty());
    assert!(
        house
            .missing(&person("A@EXAMPLE.com"), TODAY)
            .await
            .is_empty()
    );
    assert_eq!(house.missing(&colleague, TODAY).await, [Missing::Basis]);

    let mut other = interest(colleague.clone());
    other.purpose = purpose("newsletter");
    house.file(&other).await;
    assert_eq!(
        house.missing(&colleague, TODAY).await,
        [Missing::Assessment]
    );
}

#[tokio::test]
async fn an_assessment_clears_from_its_day_to_the_day_of_its_review() {
    let house = House::new();
    let someone = person("a@example.com");
    house.file(&interest(someone.clone())).await;
    for (at, missing) in [
        ("2026-10-31T23:59:59Z", vec![Missing::Expiry]),
        ("2026-11-01T00:00:00Z", vec![]),
        ("2027-05-01T23:59:59Z", vec![]),
        ("2027-05-02T00:00:00Z", vec![Missing::Expiry]),
    ] {
        assert_eq!(house.missing(&someone, at).await, missing, "{at}");
    }
}

#[tokio::test]
async fn the_last_assessment_counts_in_either_direction() {
    let house = House::new();
    let someone = person("a@example.com");
    house.file(&interest(someone.clone())).await;
    let against = assessment(someone.clone(), balancing(BalancingOutcome::PersonPrevails));
    house.file(&against).await;
    assert_eq!(
        house.missing(&someone, TODAY).await,
        [Missing::BalancingOutcome]
    );
    let consent = |withdrawn: Option<&str>| {
        let basis = Basis::Consent {
            given: "2026-11-02T10:00:00Z".parse().unwrap(),
            wording: "a newsletter a month".to_owned(),
            evidence: "form 17".to_owned(),
            withdrawn: withdrawn.map(|at| at.parse().unwrap()),
        };
        assessment(someone.clone(), basis)
    };
    house.file(&consent(None)).await;
    assert!(house.missing(&someone, TODAY).await.is_empty());
    house.file(&consent(Some("2026-11-20T10:00:00Z"))).await;
    assert_eq!(
        house.missing(&someone, TODAY).await,
        [Missing::BalancingOutcome]
    );
}

#[tokio::test]
async fn an_objection_overrides_every_basis_until_it_is_withdrawn() {
    let house = House::new();
    let someone = person("a@example.com");
    house.file(&interest(someone.clone())).await;
    house
        .mark(SuppressionKind::Objection, &person(" A@example.COM "))
        .await;
    house.mark(SuppressionKind::Erasure, &someone).await;
    assert_eq!(
        house.missing(&someone, "2027-06-01T00:00:00Z").await,
        [Missing::Expiry, Missing::Objection, Missing::Erasure]
    );
    let keys = house.keys.tenant(&house.tenant).await.unwrap();
    for kind in [SuppressionKind::Objection, SuppressionKind::Erasure] {
        let lifted = suppressions::lift(
            &house.store,
            Some(&keys),
            &house.tenant,
            kind,
            &someone,
            now(),
        );
        assert_eq!(lifted.await.unwrap(), 1);
    }
    assert!(house.missing(&someone, TODAY).await.is_empty());
}

#[tokio::test]
async fn suppressions_are_found_by_any_identifier_and_only_by_the_tenant() {
    let house = House::new();
    let mut someone = person("a@example.com");
    someone.phones.push("030 1234567".to_owned());
    someone.name = Some("Anna Muster".to_owned());
    someone.company = Some("Werk GmbH".to_owned());
    house.mark(SuppressionKind::Objection, &someone).await;
    let load = |tenant: TenantId| {
        let (store, keys) = (house.store.clone(), house.keys.clone());
        async move { Suppressions::load(&store, &keys, &tenant).await.unwrap() }
    };
    let suppressions = load(house.tenant.clone()).await;
    let by_name = Person {
        name: Some("Dr. MUSTER, Anna".to_owned()),
        company: Some("Werk".to_owned()),
        ..Person::default()
    };
    let by_phone = Person {
        phones: vec!["+49 30 1234567".to_owned()],
        ..Person::default()
    };
    for one in [&someone, &by_name, &by_phone, &person("a@example.com")] {
        assert!(suppressions.of(one).objected);
    }
    assert!(!suppressions.of(&person("b@example.com")).objected);
    let others = load(TenantId::parse("other-1").unwrap()).await;
    assert!(others.is_empty() && !others.of(&someone).objected);
}

#[tokio::test]
async fn a_template_prefills_and_an_assessment_may_only_name_an_existing_one() {
    let house = House::new();
    let register = house.register().await;
    let mut begun = interest(person("a@example.com"));
    begun.template = Some(TemplateUse {
        name: purpose("outreach"),
        version: 1,
    });
    let refused = register.file(&begun, now()).await.unwrap_err();
    assert_eq!(*refused.code(), Code::TemplateUnknown);
    let template = Template {
        name: purpose("outreach"),
        interest: "to offer what the company needs".to_owned(),
        whose_interest: "ours".to_owned(),
        benefit: "sales".to_owned(),
        legality: "lawful".to_owned(),
        necessity: "no other way".to_owned(),
        alternatives: "post".to_owned(),
    };
    for version in [1, 2] {
        let stored = register.put_template(&template, now()).await.unwrap();
        assert_eq!(stored.version, version);
    }
    register.file(&begun, now()).await.unwrap();
    begun.purpose = purpose("newsletter");
    let refused = register.file(&begun, now()).await.unwrap_err();
    assert_eq!(
        *refused.code(),
        Code::TemplateUnknown,
        "it is another purpose's"
    );
}

#[tokio::test]
async fn an_assessment_without_a_reason_is_refused() {
    let house = House::new();
    let register = house.register().await;
    let mut blank = interest(person("a@example.com"));
    if let Basis::LegitimateInterest(balancing) = &mut blank.basis {
        balancing.expectation = "  ".to_owned();
    }
    let mut unreviewed = interest(person("a@example.com"));
    unreviewed.review = unreviewed.assessed;
    let mut later = interest(person("a@example.com"));
    later.assessed = "2026-11-25".parse().unwrap();
    for wrong in [blank, unreviewed, later, interest(Person::default())] {
        assert!(register.file(&wrong, now()).await.is_err());
    }
    assert_eq!(
        house.store.last_assessment(&house.tenant).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn concurrent_assessments_form_one_chain() {
    let house = House::new();
    let all: Vec<Assessment> = (0..12)
        .map(|n| interest(person(&format!("p{n}@example.com"))))
        .collect();
    let filed = futures::future::join_all(all.iter().map(|one| house.file(one))).await;
    let mut numbers = filed.clone();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let verified = house.register().await.verify(None).await.unwrap();
    assert_eq!((verified.entries, verified.broken), (12, None));
}

async fn chain(house: &House, n: u64) -> Vec<Entry> {
    for number in 0..n {
        house
            .file(&interest(person(&format!("p{number}@example.com"))))
            .await;
    }
    let numbers: Vec<u64> = (1..=n).collect();
    house
        .store
        .assessments_at(&house.tenant, &numbers)
        .await
        .unwrap()
}

fn verified(
    tenant: &TenantId,
    entries: &[Entry],
    kept: Option<(u64, ChainHash)>,
) -> (u64, bool, Option<bool>) {
    let mut check = Check::new(tenant, kept);
    let whole = entries.iter().all(|entry| check.take(entry));
    let done = check.done();
    assert_eq!(whole, done.broken.is_none());
    (done.entries, whole, done.kept)
}

#[tokio::test]
async fn a_truncated_chain_no_longer_has_the_entry_that_was_kept() {
    let house = House::new();
    let entries = chain(&house, 5).await;
    let kept = entries.last().map(|last| (last.number, last.hash));
    assert_eq!(
        verified(&house.tenant, &entries, kept),
        (5, true, Some(true))
    );
    assert_eq!(
        verified(&house.tenant, &entries[..4], kept),
        (4, true, Some(false))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_chain_that_was_changed_anywhere_does_not_verify(at in 0_usize..6, how in 0_u8..6, byte in any::<prop::sample::Index>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async move {
            let house = House::new();
            let mut entries = chain(&house, 6).await;
            let other = TenantId::parse("other-1").unwrap();
            assert_eq!(verified(&house.tenant, &entries, None), (6, true, None));
            let mut tenant = &house.tenant;
            match how {
                0 => {
                    entries.remove(at);
                    // Without its last entry the chain is still valid. Only the kept entry shows the loss.
                    if at == 5 {
                        return;
                    }
                }
                1 => entries.swap(at, (at + 1) % 6),
                2 => {
                    let mut bytes = entries[at].sealed.as_bytes().to_vec();
                    let place = byte.index(bytes.len());
                    bytes[place] ^= 1;
                    entries[at].sealed = domain::seal::Sealed::from_stored(bytes);
                }
                3 => entries[at].people.clear(),
                4 => entries[at].at = Timestamp::UNIX_EPOCH,
                _ => tenant = &other,
            }
            assert!(!verified(tenant, &entries, None).1);
        });
    }
}
