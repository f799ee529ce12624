#![allow(clippy::unwrap_used)]

use std::convert::Infallible;

use proptest::prelude::*;

use super::*;
use crate::{company::CompanyId, profile::Profile};

/// Companies with few different names, postal codes and domains, so that they share keys.
fn companies() -> impl Strategy<Value = Vec<Company>> {
    let one = (
        0..400_u32,
        "[a-d]{1,2}",
        0..3_u32,
        prop::option::of(0..3_u32),
        prop::option::of(0..30_u32),
    );
    prop::collection::vec(one, 0..120).prop_map(|rows| {
        let company =
            |(id, name, zip, domain, register): (u32, String, u32, Option<u32>, Option<u32>)| {
                Company {
                    zip: Some(format!("1011{zip}")),
                    city: Some("Berlin".to_owned()),
                    domain: domain.map(|n| format!("firma-{n}.example")),
                    register_number: register.map(|n| format!("HRB {n}")),
                    register_court: Some("Berlin".to_owned()),
                    ..Company::new(CompanyId::parse(&format!("c{id}")).unwrap(), name)
                }
            };
        rows.into_iter().map(company).collect()
    })
}

fn built(companies: &[Company], passes: u32) -> BTreeMap<MatchKey, Postings> {
    let mut index = BTreeMap::new();
    let open = || Ok::<_, Infallible>(companies.iter().cloned().map(Ok));
    let sink = |key: MatchKey, postings| {
        assert!(
            index.insert(key, postings).is_none(),
            "a key was handed over twice"
        );
        Ok(())
    };
    build(passes, open, sink).unwrap();
    index
}

proptest! {
    #[test]
    fn the_index_does_not_depend_on_the_number_of_passes(companies in companies(), passes in 2_u32..9) {
        prop_assert_eq!(built(&companies, passes), built(&companies, 1));
    }

    #[test]
    fn each_company_is_found_under_each_of_its_keys_unless_a_key_is_too_common(companies in companies()) {
        let index = built(&companies, 3);
        for company in &companies {
            for key in Profile::of_company(company).index_keys() {
                let found = match &index[&key] {
                    Postings::Companies(postings) => postings.iter().any(|posting| posting.company == company.id),
                    Postings::TooCommon(n) => *n > MAX_POSTINGS as u64,
                };
                prop_assert!(found);
            }
        }
    }

    #[test]
    fn a_key_is_always_in_the_same_partition(text in "[a-z0-9.]{1,40}", parts in 1_u32..1_000) {
        let key = MatchKey::parse(&format!("d:{text}")).unwrap();
        prop_assert!(key.partition(parts) < parts);
        prop_assert_eq!(key.partition(parts), key.clone().partition(parts));
    }
}

#[test]
fn a_key_with_too_many_companies_is_marked_as_too_common_rather_than_truncated() {
    let company = |n: u64| Company {
        domain: Some("gross.example".to_owned()),
        ..Company::new(
            CompanyId::parse(&format!("c{n:03}")).unwrap(),
            format!("Filiale {n}"),
        )
    };
    let key = MatchKey::parse("d:gross.example").unwrap();
    let max = MAX_POSTINGS as u64;
    let full: Vec<Company> = (0..max).map(company).collect();
    assert_eq!(built(&full, 2)[&key].companies().len(), MAX_POSTINGS);
    let over: Vec<Company> = (0..max + 7).map(company).collect();
    assert_eq!(built(&over, 2)[&key], Postings::TooCommon(max + 7));
    assert!(built(&over, 2)[&key].companies().is_empty());
}

#[test]
fn the_first_error_ends_the_build() {
    let open = || Ok([Err("broken")].into_iter());
    assert_eq!(build(1, open, |_, _| Ok(())), Err("broken"));
    let company = Company::new(CompanyId::parse("c").unwrap(), "Müller");
    let company = Company {
        zip: Some("10115".to_owned()),
        ..company
    };
    let open = || Ok([Ok(company.clone())].into_iter());
    assert_eq!(build(1, open, |_, _| Err("full")), Err("full"));
}

#[test]
fn more_companies_or_less_memory_take_more_passes() {
    assert_eq!(n_passes(0, 1 << 30), 1);
    assert_eq!(n_passes(1_000_000, 128 << 20), 82);
    assert_eq!(n_passes(u64::MAX, 0), 1_024);
}

#[test]
fn partitions_have_about_the_same_size() {
    let mut sizes = [0_u32; 16];
    for n in 0..16_000 {
        let key = MatchKey::parse(&format!("d:firma-{n}.example")).unwrap();
        sizes[key.partition(16) as usize] += 1;
    }
    assert!(
        sizes.iter().all(|size| (850..1_150).contains(size)),
        "{sizes:?}"
    );
}
