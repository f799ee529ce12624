//! What a record's fields say, under names that are the same for all CRMs.

use serde::{Deserialize, Serialize};

use crate::parent::Parent;

/// The matching attributes of a record, for matching and lookups. A value that the record lacks is `None`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchingAttributes {
    /// The company's name: an Account's own name, a Lead's company, or a Contact's if the customer keeps it in a field of the
    /// Contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<Box<str>>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<Box<str>>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<Box<str>>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<Box<str>>,
    /// Country, as the CRM spells it: a name or an ISO 3166 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Box<str>>,
    /// Web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<Box<str>>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Box<str>>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Box<str>>,
    /// VAT id, if the customer keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<Box<str>>,
    /// Register court and number, if the customer keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<Box<str>>,
    /// Legal entity identifier, if the customer keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lei: Option<Box<str>>,
    /// The parent record: the account of a Contact, Opportunity or Task. Without an account it may be the person whom the record is
    /// about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
}

/// The display fields of a record: its label, owner, stage, amount and dates. A value that the record lacks is `None`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisplayFields {
    /// The label: an Account's or Opportunity's name, a person's full name, a Task's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Box<str>>,
    /// The CRM's id of the user who owns the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Box<str>>,
    /// The stage or status, as the CRM spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Box<str>>,
    /// Whether something is still to be done. `None` for objects that are never closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// The amount, in decimal digits as the CRM has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Box<str>>,
    /// The amount's currency, ISO 4217. `None` for the organisation's own currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Box<str>>,
    /// The day on which it is due or expected to close, `2026-11-24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Box<str>>,
    /// The day of the last activity, `2026-11-24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Box<str>>,
    /// The ways by which the person does not want to be contacted, as somebody noted it in the CRM. Sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub opt_out: Vec<OptOut>,
}

/// A way by which a person does not want to be contacted. It is shown to users. No rule is built on it: an objection is what
/// somebody declares to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOut {
    /// By e-mail.
    Email,
    /// By some kinds of e-mail, such as a newsletter.
    SomeEmail,
    /// By telephone.
    Phone,
    /// By fax.
    Fax,
}

impl OptOut {
    /// Returns each of these ways once, sorted. Who wants no e-mail at all need not be said to want some kinds of it no more.
    pub fn all_of(ways: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut all: Vec<Self> = ways.collect();
        all.sort_unstable();
        all.dedup();
        if all.contains(&Self::Email) {
            all.retain(|way| *way != Self::SomeEmail);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_is_named_once_and_all_e_mail_includes_some() {
        use OptOut::{Email, Phone, SomeEmail};
        for (said, told) in [
            (vec![], vec![]),
            (vec![Phone, Email, Phone], vec![Email, Phone]),
            (vec![SomeEmail, SomeEmail], vec![SomeEmail]),
            (vec![SomeEmail, Email], vec![Email]),
        ] {
            assert_eq!(OptOut::all_of(said.into_iter()), told);
        }
    }
}
