//! The ports `Companies` and `Editions`.

use domain::{
    fault::Kind,
    ports::{Candidates, Edition, Version},
};
use matching::{Company, CompanyId, MatchKey, Posting};

use super::backends::World;

fn entry(id: &str, domain: &str) -> (MatchKey, Candidates) {
    let mut company = Company::new(CompanyId::parse(id).unwrap(), "Beispiel");
    company.domain = Some(domain.to_owned());
    (
        key(domain),
        Candidates::Some(vec![std::sync::Arc::new(Posting::of(&company))]),
    )
}

fn key(domain: &str) -> MatchKey {
    MatchKey::parse(&format!("d:{domain}")).unwrap()
}

pub(super) async fn nothing_is_found_before_a_version_is_published(world: &World) {
    let companies = &world.companies;
    assert_eq!(companies.published().await.unwrap(), None);
    let version = Version("v0".to_owned());
    companies.begin(&version).await.unwrap();
    let entry = entry("C0", "zero.example");
    companies
        .load(&version, std::slice::from_ref(&entry))
        .await
        .unwrap();
    let found = companies.candidates(&[entry.0]).await.unwrap();
    assert_eq!(found, [Candidates::None]);
    companies.discard(&version, 100).await.unwrap();
}

pub(super) async fn a_published_version_is_found_whole_and_its_predecessor_can_be_discarded(
    world: &World,
) {
    let companies = &world.companies;
    let (old, new) = (Version("v1".to_owned()), Version("v2".to_owned()));
    let olds: Vec<_> = (0..60)
        .map(|n| entry(&format!("C{n}"), &format!("old{n}.example")))
        .collect();
    companies.begin(&old).await.unwrap();
    companies.load(&old, &olds).await.unwrap();
    companies.publish(&old, 60).await.unwrap();
    let keys: Vec<_> = olds.iter().map(|(key, _)| key.clone()).collect();
    let found = companies.candidates(&keys).await.unwrap();
    assert!(
        found
            == olds
                .iter()
                .map(|(_, found)| found.clone())
                .collect::<Vec<_>>()
    );

    let common = (key("common.example"), Candidates::TooCommon);
    let news = [entry("C1", "old1.example"), common];
    companies.begin(&new).await.unwrap();
    companies.load(&new, &news).await.unwrap();
    assert_eq!(
        companies.left_over().await.unwrap(),
        std::slice::from_ref(&new)
    );
    let still = companies
        .candidates(&[key("common.example")])
        .await
        .unwrap();
    assert_eq!(still, [Candidates::None], "half a version is never seen");
    companies.publish(&new, 2).await.unwrap();
    assert_eq!(companies.published().await.unwrap(), Some(new));
    assert_eq!(
        companies.left_over().await.unwrap(),
        std::slice::from_ref(&old)
    );
    while companies.discard(&old, 25).await.unwrap() {}
    assert_eq!(companies.left_over().await.unwrap(), []);
    let asked = [
        key("old1.example"),
        key("old2.example"),
        key("common.example"),
    ];
    let found = companies.candidates(&asked).await.unwrap();
    assert!(found == [news[0].1.clone(), Candidates::None, Candidates::TooCommon]);
}

pub(super) async fn a_published_version_is_not_discarded(world: &World) {
    let companies = &world.companies;
    let version = Version("v3".to_owned());
    companies.begin(&version).await.unwrap();
    let entry = entry("C3", "three.example");
    companies
        .load(&version, std::slice::from_ref(&entry))
        .await
        .unwrap();
    companies.publish(&version, 1).await.unwrap();
    let refused = companies.discard(&version, 100).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Permanent);
    let found = companies.candidates(&[entry.0]).await.unwrap();
    assert!(found == [entry.1]);
}

pub(super) async fn a_company_is_read_by_its_id_in_the_published_version_and_goes_with_it(
    world: &World,
) {
    let companies = &world.companies;
    let (old, new) = (Version("v5".to_owned()), Version("v6".to_owned()));
    let id = |n: usize| CompanyId::parse(&format!("Firma #{n}/ö")).unwrap();
    let row = |n: usize, city: &str| {
        let mut company = Company::new(id(n), format!("Beispiel {n} GmbH"));
        company.city = Some(city.to_owned());
        company.parent_id = Some(id(n + 1));
        company
    };
    let olds: Vec<_> = (0..230).map(|n| row(n, "Köln")).collect();
    companies.begin(&old).await.unwrap();
    companies.load_companies(&old, &olds).await.unwrap();
    companies.load_companies(&old, &olds[..3]).await.unwrap();
    companies.publish(&old, 230).await.unwrap();
    let mut ids: Vec<_> = (0..230).rev().map(id).collect();
    ids.push(id(999));
    ids.push(id(0));
    let found = companies.companies(&ids).await.unwrap();
    let mut expected: Vec<_> = olds.iter().rev().cloned().map(Some).collect();
    expected.push(None);
    expected.push(Some(olds[0].clone()));
    assert!(found == expected, "in the order asked, repeated ones too");

    companies.begin(&new).await.unwrap();
    let news = [row(1, "Bonn")];
    companies.load_companies(&new, &news).await.unwrap();
    let asked = [id(0), id(1)];
    let still = companies.companies(&asked).await.unwrap();
    assert!(
        still == [Some(olds[0].clone()), Some(olds[1].clone())],
        "half a version is never seen"
    );
    companies.publish(&new, 1).await.unwrap();
    while companies.discard(&old, 50).await.unwrap() {}
    let found = companies.companies(&asked).await.unwrap();
    assert!(found == [None, Some(news[0].clone())]);
    assert!(!companies.left_over().await.unwrap().contains(&old));
}

pub(super) async fn the_operators_word_for_a_smaller_edition_holds_until_the_next_is_published(
    world: &World,
) {
    let companies = &world.companies;
    let (old, new) = (Version("v8".to_owned()), Version("v9".to_owned()));
    companies.begin(&old).await.unwrap();
    companies.publish(&old, 230).await.unwrap();
    let edition = |version: &Version, n, accepts| {
        Some(Edition {
            version: version.clone(),
            companies: Some(n),
            accepts,
        })
    };
    assert_eq!(companies.edition().await.unwrap(), edition(&old, 230, None));
    assert!(
        !companies.accept_smaller(&new, 5).await.unwrap(),
        "a word about another edition"
    );
    assert!(companies.accept_smaller(&old, 7).await.unwrap());
    let noted = edition(&old, 230, Some(7));
    assert_eq!(companies.edition().await.unwrap(), noted);
    assert_eq!(companies.published().await.unwrap(), Some(old.clone()));
    companies.begin(&new).await.unwrap();
    companies.publish(&new, 9).await.unwrap();
    assert_eq!(companies.edition().await.unwrap(), edition(&new, 9, None));
    companies.discard(&old, 100).await.unwrap();
}
