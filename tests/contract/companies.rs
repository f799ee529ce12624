//! The ports `Companies` and `Editions`.

use domain::{
    fault::{Code, Kind},
    ports::{
        Amended, Begun, Candidates, Edition, KeyNumber, KeySet, PARTS, Publication, Row, RowName,
        RowValue, Version,
    },
};
use matching::{Company, CompanyId, MatchKey, Posting};

use super::backends::World;

fn version(name: &str) -> Version {
    Version(name.to_owned())
}

fn entry(id: &str, domain: &str) -> (RowName, RowValue) {
    let mut company = Company::new(CompanyId::parse(id).unwrap(), "Beispiel");
    company.domain = Some(domain.to_owned());
    let posting = std::sync::Arc::new(Posting::of(&company));
    (RowName::Key(key(domain)), RowValue::Postings(vec![posting]))
}

fn row(company: &Company) -> (RowName, RowValue) {
    let name = RowName::Company(company.id.clone());
    (name, RowValue::Company(Box::new(company.clone())))
}

fn key(domain: &str) -> MatchKey {
    MatchKey::parse(&format!("d:{domain}")).unwrap()
}

/// Returns all rows of a part.
async fn rows_of(world: &World, begun: &Begun, part: u32) -> Vec<Row> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let held = world.companies.rows(begun, part, after.as_ref()).await;
        let held = held.unwrap();
        all.extend(held.rows);
        after = all.last().map(|row: &Row| row.name.clone());
        if !held.more {
            return all;
        }
    }
}

/// Begins a version and writes what makes it hold exactly these rows, as an import does.
async fn written(world: &World, version: &Version, wanted: &[(RowName, RowValue)]) -> Begun {
    let begun = world.companies.begin(version).await.unwrap();
    let mut amended: Vec<Amended> = Vec::new();
    let mut amend = |row: Row, wanted| {
        amended.extend(row.amended(begun.number, &begun.published, wanted));
    };
    let mut held = Vec::new();
    for part in 0..PARTS {
        held.extend(rows_of(world, &begun, part).await);
    }
    let find = |name: &RowName| {
        let found = wanted.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.clone())
    };
    for (name, value) in wanted {
        if !held.iter().any(|row| row.name == *name) {
            amend(Row::missing(name.clone()), Some(value.clone()));
        }
    }
    for row in held {
        let value = find(&row.name);
        amend(row, value);
    }
    world.companies.amend(&begun, &amended).await.unwrap();
    // An answer that is lost is asked for again.
    world.companies.amend(&begun, &amended).await.unwrap();
    begun
}

fn publication(companies: u64, changed: Option<&KeySet>) -> Publication<'_> {
    Publication {
        companies,
        rules: "r",
        changed,
    }
}

async fn published(world: &World, name: &str, wanted: &[(RowName, RowValue)]) -> Version {
    let version = version(name);
    let begun = written(world, &version, wanted).await;
    let n = wanted.len() as u64;
    world
        .companies
        .publish(&begun, publication(n, None))
        .await
        .unwrap();
    for version in world.companies.left_over().await.unwrap() {
        while world.companies.discard(&version, 50).await.unwrap() {}
    }
    version
}

pub(super) async fn nothing_is_found_before_a_version_is_published(world: &World) {
    let companies = &world.companies;
    assert_eq!(companies.published().await.unwrap(), None);
    let entry = entry("C0", "zero.example");
    let begun = written(world, &version("v0"), std::slice::from_ref(&entry)).await;
    assert!(!begun.is_shared());
    let found = companies.candidates(&[key("zero.example")]).await.unwrap();
    assert_eq!(found, [Candidates::None]);
    assert_eq!(companies.left_over().await.unwrap(), [version("v0")]);
    let same = companies.begin(&version("v0")).await.unwrap();
    assert_eq!(same.number, begun.number, "an import may go on");
    companies.discard(&version("v0"), 1).await.unwrap();
    let other = companies.begin(&version("v0")).await.unwrap();
    assert_ne!(other.number, begun.number, "what was written may be gone");
    while companies.discard(&version("v0"), 1).await.unwrap() {}
    assert_eq!(companies.left_over().await.unwrap(), []);
    let part = entry.0.part();
    assert_eq!(rows_of(world, &begun, part).await, [], "its rows are gone");
}

pub(super) async fn an_edition_is_found_whole_and_shares_its_rows_with_the_next(world: &World) {
    let companies = &world.companies;
    let olds: Vec<_> = (0..60)
        .map(|n| entry(&format!("C{n}"), &format!("old{n}.example")))
        .collect();
    let old = published(world, "v1", &olds).await;
    let keys: Vec<_> = (0..60).map(|n| key(&format!("old{n}.example"))).collect();
    let found = companies.candidates(&keys).await.unwrap();
    let expected: Vec<_> = olds.iter().map(|(_, value)| value.candidates()).collect();
    assert!(found == expected);

    let common = (RowName::Key(key("common.example")), RowValue::TooCommon);
    let news = [entry("C1", "old1.example"), common];
    let begun = written(world, &version("v2"), &news).await;
    assert!(begun.is_shared());
    let asked = [
        key("old1.example"),
        key("old2.example"),
        key("common.example"),
    ];
    let still = companies.candidates(&asked).await.unwrap();
    let before = [
        olds[1].1.candidates(),
        olds[2].1.candidates(),
        Candidates::None,
    ];
    assert!(still == before, "half a version is never seen");
    companies
        .publish(&begun, publication(2, None))
        .await
        .unwrap();
    assert_eq!(companies.published().await.unwrap(), Some(version("v2")));
    let found = companies.candidates(&asked).await.unwrap();
    assert!(
        found
            == [
                olds[1].1.candidates(),
                Candidates::None,
                Candidates::TooCommon
            ]
    );
    let refused = companies.discard(&old, 100).await.unwrap_err();
    assert_eq!(
        refused.kind(),
        Kind::Permanent,
        "the new version reads rows of its"
    );
    let found = companies.candidates(&asked).await.unwrap();
    assert!(
        found
            == [
                olds[1].1.candidates(),
                Candidates::None,
                Candidates::TooCommon
            ]
    );
}

pub(super) async fn an_import_that_was_given_up_is_seen_by_nobody(world: &World) {
    let companies = &world.companies;
    let kept = [entry("C3", "three.example"), entry("C4", "four.example")];
    published(world, "v3", &kept).await;
    let asked = [
        key("three.example"),
        key("four.example"),
        key("five.example"),
    ];
    let before = companies.candidates(&asked).await.unwrap();
    let given_up = [entry("C9", "four.example"), entry("C5", "five.example")];
    let begun = written(world, &version("v4a"), &given_up).await;
    assert_eq!(companies.candidates(&asked).await.unwrap(), before);
    assert_eq!(
        companies.begin(&version("v4a")).await.unwrap(),
        begun,
        "a retry goes on with its number"
    );
    // The next edition is published without a look at those rows.
    let next = companies.begin(&version("v4b")).await.unwrap();
    assert_ne!(next.number, begun.number);
    companies
        .publish(&next, publication(2, None))
        .await
        .unwrap();
    assert_eq!(companies.candidates(&asked).await.unwrap(), before);
    assert_eq!(
        companies.left_over().await.unwrap(),
        [version("v3"), version("v4a")]
    );
    for left in ["v3", "v4a"] {
        assert!(!companies.discard(&version(left), 1).await.unwrap());
    }
    assert_eq!(companies.candidates(&asked).await.unwrap(), before);
    // An import drops what was left.
    let clean = written(world, &version("v4c"), &kept).await;
    let part = RowName::Key(key("four.example")).part();
    let rows = rows_of(world, &clean, part).await;
    let layers = rows.iter().flat_map(|row| &row.layers);
    let mut numbers = layers.map(|layer| layer.number);
    assert!(numbers.all(|number| number != begun.number));
}

pub(super) async fn two_imports_at_a_time_do_not_overwrite_each_other(world: &World) {
    let companies = &world.companies;
    published(world, "v5", &[entry("C3", "three.example")]).await;
    let late = companies.begin(&version("v5a")).await.unwrap();
    let name = RowName::Key(key("three.example"));
    let held = rows_of(world, &late, name.part()).await;
    let held = held.into_iter().find(|row| row.name == name).unwrap();
    let amended = |begun: &Begun, wanted: Option<RowValue>| {
        let row = held.clone();
        row.amended(begun.number, &begun.published, wanted).unwrap()
    };
    let other = companies.begin(&version("v5b")).await.unwrap();
    let wanted = Some(RowValue::TooCommon);
    companies
        .amend(&other, &[amended(&other, wanted)])
        .await
        .unwrap();
    for wanted in [None, Some(entry("C9", "three.example").1)] {
        let refused = companies.amend(&late, &[amended(&late, wanted)]).await;
        assert_eq!(*refused.unwrap_err().code(), Code::CompaniesFenced);
    }
    companies
        .publish(&other, publication(1, None))
        .await
        .unwrap();
    companies
        .publish(&other, publication(1, None))
        .await
        .unwrap();
    let refused = companies
        .publish(&late, publication(1, None))
        .await
        .unwrap_err();
    assert_eq!(*refused.code(), Code::CompaniesFenced);
    assert_eq!(companies.published().await.unwrap(), Some(version("v5b")));
    let found = companies.candidates(&[key("three.example")]).await.unwrap();
    assert_eq!(found, [Candidates::TooCommon]);
}

pub(super) async fn a_company_is_read_by_its_id_in_the_published_version_and_goes_with_it(
    world: &World,
) {
    let companies = &world.companies;
    let id = |n: usize| CompanyId::parse(&format!("Firma #{n}/ö")).unwrap();
    let made = |n: usize, city: &str| {
        let mut company = Company::new(id(n), format!("Beispiel {n} GmbH"));
        company.city = Some(city.to_owned());
        company.parent_id = Some(id(n + 1));
        company
    };
    let olds: Vec<_> = (0..230).map(|n| made(n, "Köln")).collect();
    let rows: Vec<_> = olds.iter().map(row).collect();
    published(world, "v6", &rows).await;
    let mut ids: Vec<_> = (0..230).rev().map(id).collect();
    ids.push(id(999));
    ids.push(id(0));
    let found = companies.companies(&ids).await.unwrap();
    let mut expected: Vec<_> = olds.iter().rev().cloned().map(Some).collect();
    expected.push(None);
    expected.push(Some(olds[0].clone()));
    assert!(found == expected, "in the order asked, repeated ones too");

    let new = made(1, "Bonn");
    let begun = written(world, &version("v7"), &[row(&new)]).await;
    let asked = [id(0), id(1)];
    let still = companies.companies(&asked).await.unwrap();
    assert!(
        still == [Some(olds[0].clone()), Some(olds[1].clone())],
        "half a version is never seen"
    );
    companies
        .publish(&begun, publication(1, None))
        .await
        .unwrap();
    let found = companies.companies(&asked).await.unwrap();
    assert!(found == [None, Some(new.clone())]);
    // What holds nothing any more is deleted by the next import.
    let begun = written(world, &version("v8"), &[row(&new)]).await;
    let mut rows = Vec::new();
    for part in 0..PARTS {
        rows.extend(rows_of(world, &begun, part).await);
    }
    assert_eq!(rows.len(), 1);
    companies
        .publish(&begun, publication(1, None))
        .await
        .unwrap();
    assert!(companies.companies(&asked).await.unwrap() == [None, Some(new)]);
}

pub(super) async fn the_operators_word_for_a_smaller_edition_holds_until_the_next_is_published(
    world: &World,
) {
    let companies = &world.companies;
    let (old, new) = (version("v8a"), version("v9"));
    let begun = companies.begin(&old).await.unwrap();
    companies
        .publish(&begun, publication(230, None))
        .await
        .unwrap();
    let edition = |version: &Version, n, accepts| {
        Some(Edition {
            version: version.clone(),
            companies: Some(n),
            accepts,
            rules: Some("r".to_owned()),
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
    let begun = companies.begin(&new).await.unwrap();
    companies
        .publish(&begun, publication(9, None))
        .await
        .unwrap();
    assert_eq!(companies.edition().await.unwrap(), edition(&new, 9, None));
    companies.discard(&old, 100).await.unwrap();
}

pub(super) async fn the_keys_that_editions_changed_are_known_over_several_of_them(world: &World) {
    let companies = &world.companies;
    let keys = |from: usize, to: usize| -> Vec<MatchKey> {
        let keys = from..to;
        keys.map(|n| key(&format!("changed{n}.example"))).collect()
    };
    let put = async |name: &str, changed: Option<Vec<MatchKey>>| {
        let begun = companies.begin(&version(name)).await.unwrap();
        let changed = changed.map(|keys| {
            let numbers: Vec<_> = keys.iter().map(KeyNumber::of).collect();
            KeySet::of(&numbers)
        });
        let publication = publication(1, changed.as_ref());
        companies.publish(&begun, publication).await.unwrap();
        companies.publish(&begun, publication).await.unwrap();
        for version in companies.left_over().await.unwrap() {
            while companies.discard(&version, 50).await.unwrap() {}
        }
    };
    let changed = async |from: &str, to: &str| {
        let found = companies.changed(&version(from), &version(to)).await;
        found.unwrap()
    };
    // More than one item of DynamoDB holds the second set.
    let many = keys(10, 200_010);
    put("w1", None).await;
    put("w2", Some(keys(0, 10))).await;
    put("w3", Some(many.clone())).await;
    let both = changed("w1", "w3").await.unwrap();
    assert!(
        keys(0, 10)
            .iter()
            .all(|key| both.touch(std::slice::from_ref(key)))
    );
    assert!(
        many.iter()
            .step_by(97)
            .all(|key| both.touch(std::slice::from_ref(key)))
    );
    let first = changed("w1", "w2").await.unwrap();
    assert!(first.touch(&keys(0, 1)) && !first.touch(&keys(10, 12)));
    assert!(!changed("w3", "w3").await.unwrap().touch(&keys(0, 9)));
    for (from, to) in [("w0", "w3"), ("v9", "w1"), ("w3", "w1"), ("w1", "x")] {
        assert!(changed(from, to).await.is_none(), "{from} {to}");
    }
    // What is no longer kept is not known.
    for n in 0..32 {
        put(&format!("x{n:02}"), Some(keys(n, n + 1))).await;
    }
    assert!(changed("w3", "x31").await.unwrap().touch(&keys(31, 32)));
    assert!(changed("w2", "x31").await.is_none());
}
