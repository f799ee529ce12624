//! The legal bases of people: in a property of their contacts, whose values the account itself lists. HubSpot has no place for
//! them beside a record.

use std::borrow::Cow;

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{Bases, BasisOf, KeptBases, Written},
    record::Object,
};

use super::super::{
    HubSpot,
    describe::{Choice, Property},
    provider::VENDOR,
};

/// The property of contacts with their legal bases.
const PROPERTY: &str = "hs_legal_basis";

/// Our bases, each with the words that HubSpot's option for it has, in English or in German.
const WORDS: [(&str, &[&[&str]]); 3] = [
    ("contract", &[&["contract"], &["vertrag"], &["vertrags"]]),
    (
        "legitimate_interest",
        &[&["legitimate", "interest"], &["berechtigtes", "interesse"]],
    ),
    ("consent", &[&["consent"], &["einwilligung"]]),
];

/// The words of the option that claims no more than the basis itself. Others say that somebody is a customer, say.
const NEUTRAL: [&str; 4] = ["other", "sonstiges", "andere", "anderes"];

/// Where a contact's legal basis is kept.
#[derive(Default)]
pub(super) struct BasisProperty {
    /// Our basis, and the value for it.
    values: Vec<(&'static str, String)>,
    /// Whether it takes several values.
    several: bool,
}

impl BasisProperty {
    /// Of the properties of an object. Without a fitting option, there is no place for a basis.
    pub(super) fn of(object: Object, properties: &[Property], can_set: bool) -> Self {
        let mut properties = properties.iter();
        let found = properties.find(|one| one.name == PROPERTY && one.is_settable());
        let Some(property) = found.filter(|_| object == Object::Contact && can_set) else {
            return Self::default();
        };
        let value = |words: &[&[&str]]| fitting(&property.options, words);
        let values = WORDS.iter();
        Self {
            values: values
                .filter_map(|(basis, words)| Some((*basis, value(words)?)))
                .collect(),
            several: property.field_type == "checkbox",
        }
    }

    /// Returns the bases that a record can say. A draft may have a value of its own where there is room for only one.
    pub(super) fn kept(&self, given: Option<&str>) -> KeptBases {
        if given.is_some() && !self.several {
            return KeptBases::Nothing;
        }
        let names = self.values.iter().map(|(basis, _)| (*basis).to_owned());
        KeptBases::These(names.collect())
    }

    /// Returns the property and its value for a basis, with what the draft gives beside it.
    pub(super) fn set<'a>(
        &'a self,
        basis: &str,
        given: Option<&str>,
    ) -> Option<(&'static str, Cow<'a, str>)> {
        let mut values = self.values.iter();
        let (_, value) = values.find(|(known, _)| *known == basis)?;
        let Some(given) = given else {
            return Some((PROPERTY, Cow::Borrowed(value)));
        };
        let is_there = given.split(';').any(|one| one == value);
        let adds = self.several && !is_there;
        adds.then(|| (PROPERTY, Cow::Owned(format!("{given};{value}"))))
    }

    /// The property's name.
    pub(super) const NAME: &'static str = PROPERTY;
}

/// Returns the value of the one option that has all these words, in its value or in its label. Of several options only the neutral one
/// is true of everybody.
fn fitting(options: &[Choice], words: &[&[&str]]) -> Option<String> {
    let said = |text: Option<&str>| words_of(text.unwrap_or_default());
    let has =
        |said: &[String], all: &[&str]| all.iter().all(|word| said.iter().any(|one| one == word));
    let all: Vec<(&str, Vec<String>)> = options
        .iter()
        .filter_map(|option| {
            let mut words = said(option.value.as_deref());
            words.extend(said(option.label.as_deref()));
            Some((option.value.as_deref()?, words))
        })
        .filter(|(_, said)| words.iter().any(|all| has(said, all)))
        .collect();
    let is_neutral = |said: &[String]| NEUTRAL.iter().any(|word| has(said, &[word]));
    let neutral: Vec<_> = all.iter().filter(|(_, said)| is_neutral(said)).collect();
    match (all.as_slice(), neutral.as_slice()) {
        ([(value, _)], _) | (_, [(value, _)]) => Some((*value).to_owned()),
        _ => None,
    }
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[async_trait]
impl Bases for HubSpot {
    async fn has_bases(&self) -> Outcome<bool> {
        Ok(false)
    }

    async fn note_bases(&self, _: &[BasisOf]) -> Outcome<Vec<Written>> {
        Err(VENDOR.fault(CrmCode::Unwritable))
    }

    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>> {
        Ok(bases.iter().map(|_| false).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(field: &str, options: &[(&str, &str)]) -> BasisProperty {
        let options = options.iter();
        let options: Vec<_> = options
            .map(|(value, label)| json!({"value": value, "label": label}))
            .collect();
        let described = json!({
            "name": PROPERTY, "type": "enumeration", "fieldType": field, "options": options,
        });
        let property: Property = serde_json::from_value(described).unwrap();
        BasisProperty::of(Object::Contact, &[property], true)
    }

    const ALL: [(&str, &str); 6] = [
        (
            "Legitimate interest – prospect/lead",
            "Berechtigtes Interesse – Lead",
        ),
        (
            "Legitimate interest – existing customer",
            "Berechtigtes Interesse – Kunde",
        ),
        (
            "Legitimate interest - other",
            "Berechtigtes Interesse – Sonstiges",
        ),
        ("Performance of a contract", "Vertragserfüllung"),
        ("Freely given consent from contact", "Einwilligung"),
        ("Not applicable", "Nicht zutreffend"),
    ];

    #[test]
    fn each_basis_has_the_option_that_claims_no_more_than_it() {
        let place = place("checkbox", &ALL);
        let set = |basis: &str| place.set(basis, None).map(|(_, value)| value.into_owned());
        assert_eq!(set("contract").as_deref(), Some(ALL[3].0));
        assert_eq!(set("consent").as_deref(), Some(ALL[4].0));
        assert_eq!(set("legitimate_interest").as_deref(), Some(ALL[2].0));
        let beside = place.set("contract", Some("Not applicable")).unwrap().1;
        assert_eq!(beside, "Not applicable;Performance of a contract");
        assert_eq!(place.set("contract", Some(ALL[3].0)), None);
    }

    #[test]
    fn a_basis_without_a_fitting_option_has_no_place() {
        let two = place("select", &ALL[..2]);
        assert_eq!(two.kept(None), KeptBases::These(Vec::new()));
        let none = place("select", &[]);
        assert!(!none.kept(None).has("contract"));
        // Values that an account made up are understood by their labels.
        let own = place("select", &[("opt_1", "Einwilligung"), ("opt_2", "Vertrag")]);
        assert!(own.kept(None).has("consent") && own.kept(None).has("contract"));
        assert_eq!(own.set("consent", None).unwrap().1, "opt_1");
        assert_eq!(own.kept(Some("opt_2")), KeptBases::Nothing);
    }
}
