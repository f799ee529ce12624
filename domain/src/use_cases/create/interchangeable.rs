//! Which of the records that a look found were made of which of the records that were sent.
//!
//! Where the CRM keeps an id of ours, each look finds its own. Else a look finds what has the same natural key, was made by
//! the user that we are, and in the time in which it can have been made; and several records of one request may be so
//! alike that all of their looks find the same.
//!
//! Records that are the same in every field need not be told apart: of k that were sent and n that are there, n were made and
//! k - n were not, and which is which makes no difference to anybody. With n > k, some are another's, and nobody knows
//! which. Records that are not the same, and whose looks find the same, cannot be told apart without asking what the
//! found ones say, and a wrong guess would give one of them twice and the other never: they stay unknown.
//!
//! The looks of a class are taken to be over the same time: the items of a request are sent together, whatever is sent again
//! later is sent when no earlier one can appear any more.
//!
//! So there are never more records than were asked for: a record is taken by one item of one request, and an item is sent
//! again only when each record that its look, or one of its like, found was taken by another, and no more can appear.

use std::collections::BTreeSet;

use crate::{
    ports::Draft,
    record::{Object, RecordId},
};

/// A record that was sent, and what a look for it found.
pub(super) struct Looked<'a> {
    /// What was sent.
    pub(super) draft: &'a Draft,
    /// What may have been made of it, without what others are known to have made; none: too many to list, or
    /// nothing to look by.
    pub(super) found: Option<BTreeSet<RecordId>>,
    /// Whether no more can appear.
    pub(super) is_over: bool,
}

/// What a look told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// This was made of it.
    Made(RecordId),
    /// Nothing was made of it, nor will be.
    NotMade,
    /// It cannot be known, or not yet.
    Unknown,
}

/// What looks told, in their order. They are all of one request.
pub(super) fn tell(looks: &[Looked<'_>]) -> Vec<Told> {
    let mut told = vec![Told::Unknown; looks.len()];
    let classes = classes(looks);
    for (at, class) in classes.iter().enumerate() {
        let others = classes.iter().enumerate();
        let others = others.filter(|(other, _)| *other != at);
        // A look that found too much may have found anything of its object.
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
            let own = looks[*member].found.iter().flatten();
            let first = own.clone().find(|id| left.contains(*id)).cloned();
            if let Some(id) = first {
                left.remove(&id);
                told[*member] = Told::Made(id);
            }
        }
        for member in &class.members {
            if left.is_empty() && told[*member] == Told::Unknown && looks[*member].is_over {
                told[*member] = Told::NotMade;
            }
        }
    }
    told
}

/// Records that are the same in every field.
struct Class {
    object: Object,
    members: Vec<usize>,
    /// What the looks for any of them found.
    found: BTreeSet<RecordId>,
    /// Whether that is all.
    is_whole: bool,
}

fn classes(looks: &[Looked<'_>]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for (at, look) in looks.iter().enumerate() {
        let is_like = |class: &&mut Class| {
            let first = class.members.first().map(|first| looks[*first].draft);
            first == Some(look.draft)
        };
        let found = look.found.iter().flatten().cloned();
        match classes.iter_mut().find(is_like) {
            Some(class) => {
                class.members.push(at);
                class.found.extend(found);
                class.is_whole &= look.found.is_some();
            }
            None => classes.push(Class {
                object: look.draft.object,
                members: vec![at],
                found: found.collect(),
                is_whole: look.found.is_some(),
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
        }
    }

    fn ids(names: &str) -> BTreeSet<RecordId> {
        let ids = names.split_whitespace();
        ids.map(|id| RecordId::parse(id).unwrap()).collect()
    }

    /// What is told of `(name, found or "?", over)`: an id, `no`, or `?`.
    fn told(looks: &[(&str, &str, bool)]) -> Vec<String> {
        let drafts: Vec<Draft> = looks.iter().map(|(name, ..)| draft(name)).collect();
        let looked: Vec<Looked<'_>> = looks
            .iter()
            .zip(&drafts)
            .map(|((_, found, is_over), draft)| Looked {
                draft,
                found: (*found != "?").then(|| ids(found)),
                is_over: *is_over,
            })
            .collect();
        let word = |told: Told| match told {
            Told::Made(id) => id.to_string(),
            Told::NotMade => "no".to_owned(),
            Told::Unknown => "?".to_owned(),
        };
        tell(&looked).into_iter().map(word).collect()
    }

    #[test]
    fn of_records_that_are_the_same_as_many_were_made_as_are_there() {
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
            // A look that came a moment earlier may have seen less.
            (vec![("a", "", true), ("a", "x", true)], vec!["no", "x"]),
            (vec![("a", "x y", true), ("a", "x", true)], vec!["x", "?"]),
            // Ids of our own: each look finds its own.
            (
                vec![("a", "y", true), ("a", "", true), ("a", "x", true)],
                vec!["y", "no", "x"],
            ),
        ] {
            assert_eq!(told(&looks), expected, "{looks:?}");
        }
    }

    #[test]
    fn records_that_differ_and_whose_looks_find_the_same_are_not_told_apart() {
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
            let looked: Vec<Looked<'_>> = looks
                .iter()
                .map(|(of, found, is_over)| Looked {
                    draft: &drafts[*of],
                    found: Some(found.iter().map(name).collect()),
                    is_over: *is_over,
                })
                .collect();
            let told = tell(&looked);
            let mut taken = BTreeSet::new();
            for (told, look) in told.iter().zip(&looked) {
                if let Told::Made(id) = told {
                    prop_assert!(look.found.as_ref().unwrap().contains(id));
                    prop_assert!(taken.insert(id.clone()), "{id:?} twice");
                }
            }
            for ((told, look), (of, ..)) in told.iter().zip(&looked).zip(&looks) {
                if *told == Told::NotMade {
                    prop_assert!(look.is_over);
                    let like = looks.iter().zip(&looked).filter(|((other, ..), _)| other == of);
                    let mut may_be = like.flat_map(|(_, look)| look.found.iter().flatten());
                    prop_assert!(may_be.all(|id| taken.contains(id)));
                }
            }
        }
    }
}
