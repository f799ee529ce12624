//! Assigns the records that lookups found to the drafts that were sent.
//!
//! If the CRM keeps our external id, each lookup finds its own record. Otherwise a lookup finds the records that have the same
//! natural key, were created by our own user, and were created at a time when the draft can have been sent. Several drafts of one
//! request may be so similar that all of their lookups find the same records.
//!
//! Drafts that are equal in every field are interchangeable. If k of them were sent and n records are there, then n were created
//! and k - n were not, and it does not matter which is which. If n > k, some of the records belong to another request, and it is
//! not known which. If drafts differ and their lookups find the same records, the drafts cannot be told apart without reading those
//! records. A wrong guess would create one of them twice and the other never, so their outcome stays unknown.
//!
//! The lookups of a class cover the same time: the items of a request are sent together, and an item is sent again only when
//! no earlier record of it can appear any more.
//!
//! So there are never more records than were asked for. A record is assigned to one item of one request. An item is sent again
//! only if all records that the lookups of its class found are assigned to other items, and no more can appear.

use std::collections::BTreeSet;

use crate::{
    ports::Draft,
    record::{Object, RecordId},
};

/// A draft that was sent, and the result of its lookup.
pub(super) struct Finding<'a> {
    /// The draft.
    pub(super) draft: &'a Draft,
    /// The records that may have been created from it, without those that others are known to have created. `None` if there were
    /// too many to list, or if the draft has nothing to be looked up by.
    pub(super) found: Option<BTreeSet<RecordId>>,
    /// Whether no more records can appear.
    pub(super) is_over: bool,
}

/// The proof of a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// This record was created from the draft.
    Made(RecordId),
    /// Nothing was created from the draft, and nothing will be.
    NotMade,
    /// The outcome cannot be known, or not yet.
    Unknown,
}

/// Returns what the lookups of one request prove, in their order.
pub(super) fn proofs(findings: &[Finding<'_>]) -> Vec<Proof> {
    let mut proven = vec![Proof::Unknown; findings.len()];
    let classes = classes(findings);
    for (at, class) in classes.iter().enumerate() {
        let others = classes.iter().enumerate();
        let others = others.filter(|(other, _)| *other != at);
        // A lookup with too many results may have found any record of its object.
        let is_apart = |other: &Class| {
            other.object != class.object || other.is_whole && other.found.is_disjoint(&class.found)
        };
        let is_known = class.is_whole
            && class.found.len() <= class.members.len()
            && others.map(|(_, other)| other).all(is_apart);
        if !is_known {
            continue;
        }
        let mut left = class.found.clone();
        for member in &class.members {
            let own = findings[*member].found.iter().flatten();
            let first = own.clone().find(|id| left.contains(*id)).cloned();
            if let Some(id) = first {
                left.remove(&id);
                proven[*member] = Proof::Made(id);
            }
        }
        for member in &class.members {
            if left.is_empty() && proven[*member] == Proof::Unknown && findings[*member].is_over {
                proven[*member] = Proof::NotMade;
            }
        }
    }
    proven
}

/// Interchangeable drafts: they are equal in every field.
struct Class {
    object: Object,
    members: Vec<usize>,
    /// The records that the lookups for its members found.
    found: BTreeSet<RecordId>,
    /// Whether `found` is complete.
    is_whole: bool,
}

fn classes(findings: &[Finding<'_>]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let is_like = |class: &&mut Class| {
            let first = class.members.first().map(|first| findings[*first].draft);
            first == Some(finding.draft)
        };
        let found = finding.found.iter().flatten().cloned();
        match classes.iter_mut().find(is_like) {
            Some(class) => {
                class.members.push(at);
                class.found.extend(found);
                class.is_whole &= finding.found.is_some();
            }
            None => classes.push(Class {
                object: finding.draft.object,
                members: vec![at],
                found: found.collect(),
                is_whole: finding.found.is_some(),
            }),
        }
    }
    classes
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ports::Fields;

    fn draft(name: &str) -> Draft {
        let fields: Fields = serde_json::from_str(&format!(r#"{{"Name":"{name}"}}"#)).unwrap();
        Draft {
            object: Object::Account,
            fields,
            links: Vec::new(),
        }
    }

    fn ids(names: &str) -> BTreeSet<RecordId> {
        let ids = names.split_whitespace();
        ids.map(|id| RecordId::parse(id).unwrap()).collect()
    }

    /// What is told of `(name, found or "?", over)`: an id, `no`, or `?`.
    fn told(looks: &[(&str, &str, bool)]) -> Vec<String> {
        let drafts: Vec<Draft> = looks.iter().map(|(name, ..)| draft(name)).collect();
        let looked: Vec<Finding<'_>> = looks
            .iter()
            .zip(&drafts)
            .map(|((_, found, is_over), draft)| Finding {
                draft,
                found: (*found != "?").then(|| ids(found)),
                is_over: *is_over,
            })
            .collect();
        let word = |told: Proof| match told {
            Proof::Made(id) => id.to_string(),
            Proof::NotMade => "no".to_owned(),
            Proof::Unknown => "?".to_owned(),
        };
        proofs(&looked).into_iter().map(word).collect()
    }

    #[test]
    fn of_interchangeable_drafts_as_many_were_made_as_are_there() {
        for (looks, expected) in [
            (vec![("a", "x", false)], vec!["x"]),
            (vec![("a", "", false)], vec!["?"]),
            (vec![("a", "", true)], vec!["no"]),
            (vec![("a", "x y", true)], vec!["?"]),
            (
                vec![("a", "x y", false), ("a", "x y", false)],
                vec!["x", "y"],
            ),
            (vec![("a", "x", false), ("a", "x", false)], vec!["x", "?"]),
            (vec![("a", "x", true), ("a", "x", true)], vec!["x", "no"]),
            (vec![("a", "", true), ("a", "", true)], vec!["no", "no"]),
            (
                vec![("a", "x y z", true), ("a", "x y z", true)],
                vec!["?", "?"],
            ),
            // A lookup that came a moment earlier may have seen less.
            (vec![("a", "", true), ("a", "x", true)], vec!["no", "x"]),
            (vec![("a", "x y", true), ("a", "x", true)], vec!["x", "?"]),
            // Ids of our own: each lookup finds its own.
            (
                vec![("a", "y", true), ("a", "", true), ("a", "x", true)],
                vec!["y", "no", "x"],
            ),
        ] {
            assert_eq!(told(&looks), expected, "{looks:?}");
        }
    }

    #[test]
    fn drafts_that_differ_and_whose_lookups_find_the_same_are_not_told_apart() {
        for (looks, expected) in [
            (vec![("a", "x", true), ("b", "y", true)], vec!["x", "y"]),
            (vec![("a", "x", true), ("b", "x", true)], vec!["?", "?"]),
            (vec![("a", "x y", true), ("b", "x y", true)], vec!["?", "?"]),
            (vec![("a", "?", true), ("b", "y", true)], vec!["?", "?"]),
            (vec![("a", "?", true), ("b", "", true)], vec!["?", "?"]),
            (vec![("a", "?", true), ("a", "x", true)], vec!["?", "?"]),
        ] {
            assert_eq!(told(&looks), expected, "{looks:?}");
        }
    }

    proptest! {
        #[test]
        fn no_record_is_two_items_and_nothing_is_not_made_while_one_that_may_be_it_is_left(
            looks in prop::collection::vec((0..3_usize, prop::collection::btree_set(0..6_usize, 0..4), any::<bool>()), 1..8)
        ) {
            let drafts = ["a", "b", "c"].map(draft);
            let name = |n: &usize| RecordId::parse(&format!("r{n}")).unwrap();
            let looked: Vec<Finding<'_>> = looks
                .iter()
                .map(|(of, found, is_over)| Finding {
                    draft: &drafts[*of],
                    found: Some(found.iter().map(name).collect()),
                    is_over: *is_over,
                })
                .collect();
            let told = proofs(&looked);
            let mut taken = BTreeSet::new();
            for (told, look) in told.iter().zip(&looked) {
                if let Proof::Made(id) = told {
                    prop_assert!(look.found.as_ref().unwrap().contains(id));
                    prop_assert!(taken.insert(id.clone()), "{id:?} twice");
                }
            }
            for ((told, look), (of, ..)) in told.iter().zip(&looked).zip(&looks) {
                if *told == Proof::NotMade {
                    prop_assert!(look.is_over);
                    let like = looks.iter().zip(&looked).filter(|((other, ..), _)| other == of);
                    let mut may_be = like.flat_map(|(_, look)| look.found.iter().flatten());
                    prop_assert!(may_be.all(|id| taken.contains(id)));
                }
            }
        }
    }
}
