//! Names of people. `Thomas Müller` may be a sole trader, but many people have that name. A record
//! is never related automatically because of a person's name alone.

use super::context::FullVector;
use super::features::Feature;
use super::given_names::is_given_name;
use crate::normalise::Word;
use crate::profile::Profile;

/// Whether a person's name is all that supports a candidate.
///
/// `is_persons_name` tells whether the record says that its name is a person's. In that case the
/// city does not count as support either: people live where their namesakes run businesses.
pub(super) fn is_only_a_persons_name(
    record: &Profile,
    whole: &FullVector,
    is_persons_name: &dyn Fn() -> bool,
) -> bool {
    if has_other_reason(whole) {
        return false;
    }
    if is_persons_name() {
        return true;
    }
    let value = |feature: Feature| whole[feature as usize];
    let is_placed = value(Feature::Zip) >= 5 || value(Feature::City) == 3;
    !is_placed && is_just_a_name(record)
}

/// Whether an identifier, phone line, domain or street agrees.
fn has_other_reason(whole: &FullVector) -> bool {
    let value = |feature: Feature| whole[feature as usize];
    value(Feature::Domain) >= 3
        || value(Feature::Phone) >= 3
        || value(Feature::Vat) >= 2
        || value(Feature::Register) >= 2
        || value(Feature::Lei) >= 2
        || value(Feature::Street) >= 5
}

/// Whether a name is just a person's name: a given name with surnames, but no legal form and no
/// trade.
fn is_just_a_name(record: &Profile) -> bool {
    let words = record.name.split(' ');
    let words: Vec<&str> = words.filter(|word| !TITLES.contains(word)).collect();
    let is_name =
        |word: &&str| is_given_name(word) || matches!(Word::of(word), Word::Rare | Word::Surname);
    record.forms.is_empty()
        && (2..=4).contains(&words.len())
        && words.iter().all(is_name)
        && words.iter().any(|word| is_given_name(word))
}

/// Titles in front of a person's name.
const TITLES: [&str; 6] = ["dr", "prof", "herr", "frau", "mr", "ms"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Attributes;

    #[test]
    fn just_a_name_has_neither_a_legal_form_nor_a_trade() {
        let is_just_a_name = |name| {
            let record = Attributes {
                name: Some(name),
                ..Attributes::default()
            };
            is_just_a_name(&record.profile())
        };
        for name in [
            "Thomas Müller",
            "Müller, Thomas",
            "Jürgen Zwackelmann",
            "Dr. Anna Maria Huber",
        ] {
            assert!(is_just_a_name(name), "{name}");
        }
        for name in [
            "Thomas Müller GmbH",
            "Thomas Müller Bau",
            "Müller",
            "Müller Schmidt",
            "Autohaus Thomas Müller",
            "Siemens",
            "",
        ] {
            assert!(!is_just_a_name(name), "{name}");
        }
    }
}
