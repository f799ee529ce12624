//! Where in a record's fields the values of every CRM are. A vendor says which fields it means; how values are taken out of them
//! is the same for all.

use std::borrow::Cow;

use domain::{
    record::{DisplayFields, MatchingAttributes, OptOut},
    settings::{Mapping, Meaning},
};

use super::wording;

/// The texts of a record, each at its field's place. `None` if the field is empty.
pub(in crate::crm) type Slots<'a> = [Option<Cow<'a, str>>];

/// The fields of a record's matching attributes. The first field counts that is not empty, except for register court and
/// number, which are joined.
#[derive(Default)]
pub(in crate::crm) struct AttributeSources {
    pub(in crate::crm) company: Vec<usize>,
    pub(in crate::crm) street: Vec<usize>,
    pub(in crate::crm) zip: Vec<usize>,
    pub(in crate::crm) city: Vec<usize>,
    pub(in crate::crm) country: Vec<usize>,
    pub(in crate::crm) website: Vec<usize>,
    pub(in crate::crm) phone: Vec<usize>,
    pub(in crate::crm) email: Vec<usize>,
    pub(in crate::crm) vat_id: Vec<usize>,
    pub(in crate::crm) register: Vec<usize>,
    pub(in crate::crm) lei: Vec<usize>,
}

/// The fields of a record's display fields. Of several fields the first one counts that is not empty, and a label is joined from
/// all.
#[derive(Default)]
pub(in crate::crm) struct DisplaySources {
    pub(in crate::crm) label: Vec<usize>,
    pub(in crate::crm) owner: Vec<usize>,
    pub(in crate::crm) stage: Vec<usize>,
    pub(in crate::crm) ended: Option<(usize, Ended)>,
    pub(in crate::crm) amount: Vec<usize>,
    pub(in crate::crm) currency: Vec<usize>,
    pub(in crate::crm) due: Vec<usize>,
    pub(in crate::crm) activity: Vec<usize>,
    /// The fields that say `true` of a person who has opted out.
    pub(in crate::crm) opt_outs: Vec<(OptOut, usize)>,
}

/// How a field says that a record has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::crm) enum Ended {
    /// By the value `true`.
    IfTrue,
    /// By this value.
    If(&'static str),
    /// By any value except this one.
    Unless(&'static str),
}

impl Ended {
    fn is(self, value: &str) -> bool {
        match self {
            Self::IfTrue => value == "true",
            Self::If(end) => value == end,
            Self::Unless(open) => value != open,
        }
    }
}

impl AttributeSources {
    /// Takes the fields that an administrator chose. A chosen field that does not exist gives no value.
    pub(in crate::crm) fn map(
        &mut self,
        mapping: &Mapping,
        position: impl Fn(&str) -> Option<usize>,
    ) {
        for (meaning, name) in mapping {
            let at = match meaning {
                Meaning::Company => &mut self.company,
                Meaning::Street => &mut self.street,
                Meaning::Zip => &mut self.zip,
                Meaning::City => &mut self.city,
                Meaning::Country => &mut self.country,
                Meaning::Website => &mut self.website,
                Meaning::Phone => &mut self.phone,
                Meaning::Email => &mut self.email,
                Meaning::VatId => &mut self.vat_id,
                Meaning::Register => &mut self.register,
                Meaning::Lei => &mut self.lei,
            };
            *at = position(name.as_str()).into_iter().collect();
        }
    }

    /// Takes the numbers of companies from the fields whose names say that they have them. `texts` are the fields that may.
    pub(in crate::crm) fn numbers<'f>(
        self,
        texts: impl Iterator<Item = (usize, &'f str)> + Clone,
    ) -> Self {
        let one = |is| said(texts.clone(), is).into_iter().take(1).collect();
        Self {
            vat_id: one(wording::is_vat),
            lei: one(wording::is_lei),
            register: register(texts.clone()),
            ..self
        }
    }

    /// Returns a record's values. They lack the parent, which each vendor says in its own way.
    pub(in crate::crm) fn values(&self, slots: &Slots<'_>) -> MatchingAttributes {
        MatchingAttributes {
            company: first(slots, &self.company),
            street: first(slots, &self.street),
            zip: first(slots, &self.zip),
            city: first(slots, &self.city),
            country: first(slots, &self.country),
            website: first(slots, &self.website),
            phone: first(slots, &self.phone),
            email: first(slots, &self.email),
            vat_id: first(slots, &self.vat_id),
            register: joined(slots, &self.register),
            lei: first(slots, &self.lei),
            parent: None,
        }
    }
}

impl DisplaySources {
    /// Returns a record's values.
    pub(in crate::crm) fn values(&self, slots: &Slots<'_>) -> DisplayFields {
        // Both dates and times begin with the day. Times are in UTC.
        let day = |places: &[usize]| first(slots, places)?.get(..10).map(Box::from);
        let open = self.ended.and_then(|(at, ended)| {
            let value = slots.get(at)?.as_deref()?;
            Some(!ended.is(value))
        });
        DisplayFields {
            label: joined(slots, &self.label),
            owner: first(slots, &self.owner),
            stage: first(slots, &self.stage),
            open,
            amount: first(slots, &self.amount),
            currency: first(slots, &self.currency),
            due: day(&self.due),
            activity: day(&self.activity),
            opt_out: OptOut::all_of(self.opt_outs.iter().filter_map(|(way, at)| {
                let value = slots.get(*at)?.as_deref()?;
                (value == "true").then_some(*way)
            })),
        }
    }
}

/// Returns the first of these fields that is not empty.
pub(in crate::crm) fn first(slots: &Slots<'_>, places: &[usize]) -> Option<Box<str>> {
    filled(slots, places).next().map(Box::from)
}

/// Returns all of these fields, joined.
fn joined(slots: &Slots<'_>, places: &[usize]) -> Option<Box<str>> {
    let texts: Vec<&str> = filled(slots, places).collect();
    (!texts.is_empty()).then(|| texts.join(" ").into())
}

fn filled<'s>(slots: &'s Slots<'_>, places: &'s [usize]) -> impl Iterator<Item = &'s str> {
    let texts = places.iter().filter_map(|at| slots.get(*at)?.as_deref());
    texts.map(str::trim).filter(|text| !text.is_empty())
}

/// Returns the places of those of these names that there are.
pub(in crate::crm) fn places(
    names: &[&str],
    position: impl Fn(&str) -> Option<usize>,
) -> Vec<usize> {
    names.iter().filter_map(|name| position(name)).collect()
}

/// Returns a fingerprint of fields for tokens that outlive this process: FNV-1a over the names.
pub(in crate::crm) fn fingerprint<'f>(names: impl Iterator<Item = &'f str>) -> u64 {
    let bytes = names.flat_map(|name| name.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Returns the fields whose names consist of words that `is` accepts.
fn said<'f>(
    texts: impl Iterator<Item = (usize, &'f str)>,
    is: fn(&[String]) -> bool,
) -> Vec<usize> {
    texts
        .filter(|(_, name)| is(&wording::words(name)))
        .map(|(at, _)| at)
        .collect()
}

/// Returns register court and number, if there are two fields for them.
fn register<'f>(texts: impl Iterator<Item = (usize, &'f str)>) -> Vec<usize> {
    let mut found: Vec<(bool, usize)> = texts
        .map(|(at, name)| (at, wording::words(name)))
        .filter(|(_, words)| wording::is_register(words))
        .map(|(at, words)| (!wording::names_court(&words), at))
        .collect();
    found.sort_unstable();
    found.truncate(2);
    found.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_companies_are_found_by_the_names_of_their_fields() {
        let names = [
            "hrb_nr",
            "lei",
            "name",
            "registergericht",
            "vat_id",
            "ust_id",
        ];
        let found = AttributeSources::default().numbers(names.into_iter().enumerate());
        assert_eq!((found.vat_id, found.lei), (vec![4], vec![1]));
        assert_eq!(found.register, [3, 0], "the court comes first");
    }

    #[test]
    fn the_first_filled_field_counts_and_a_label_is_joined() {
        let slots = [Some(" ".into()), Some("b".into()), None, Some("d".into())];
        let display = DisplaySources {
            label: vec![0, 1, 2, 3],
            stage: vec![2, 0, 3, 1],
            ended: Some((3, Ended::Unless("d"))),
            ..DisplaySources::default()
        };
        let shown = display.values(&slots);
        assert_eq!(shown.label.as_deref(), Some("b d"));
        assert_eq!(shown.stage.as_deref(), Some("d"));
        assert_eq!(shown.open, Some(true));
    }
}
