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
}
