//! The port `Companies`.

use domain::{
    company::{Company, CompanyId, MatchKey, Posting},
    fault::Kind,
    ports::{Found, Version},
};

use super::backends::World;

fn entry(id: &str, domain: &str) -> (MatchKey, Found) {
    let mut company = Company::new(CompanyId::parse(id).unwrap(), "Beispiel");
    company.domain = Some(domain.to_owned());
    (key(domain), Found::Some(vec![Posting::of(&company)]))
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
    assert_eq!(found, [Found::None]);
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
    companies.publish(&old).await.unwrap();
    let keys: Vec<_> = olds.iter().map(|(key, _)| key.clone()).collect();
    let found = companies.candidates(&keys).await.unwrap();
    assert!(
        found
            == olds
                .iter()
                .map(|(_, found)| found.clone())
                .collect::<Vec<_>>()
    );

    let common = (key("common.example"), Found::TooCommon);
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
    assert_eq!(still, [Found::None], "half a version is never seen");
    companies.publish(&new).await.unwrap();
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
    assert!(found == [news[0].1.clone(), Found::None, Found::TooCommon]);
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
    companies.publish(&version).await.unwrap();
    let refused = companies.discard(&version, 100).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Lasting);
    let found = companies.candidates(&[entry.0]).await.unwrap();
    assert!(found == [entry.1]);
}
