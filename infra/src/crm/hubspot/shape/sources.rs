//! Finds the properties of an object that have the values of every CRM.

use domain::record::{Object, OptOut};

use super::super::{
    super::client::wording,
    field::{Field, Kind, position},
};

/// The properties of a record's display fields. Of several properties the first one counts that is not empty, and a
/// label is joined from all.
#[derive(Default)]
pub(in super::super) struct DisplaySources {
    pub(in super::super) label: Vec<usize>,
    pub(in super::super) owner: Vec<usize>,
    pub(in super::super) stage: Vec<usize>,
    pub(in super::super) ended: Option<(usize, Ended)>,
    pub(in super::super) amount: Vec<usize>,
    pub(in super::super) currency: Vec<usize>,
    pub(in super::super) due: Vec<usize>,
    pub(in super::super) activity: Vec<usize>,
    /// The properties that say `true` of a person who has opted out.
    pub(in super::super) opt_outs: Vec<(OptOut, usize)>,
}

/// How a property says that a record has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Ended {
    /// By the value `true`.
    IfTrue,
    /// By this value.
    If(&'static str),
    /// By any value except this one.
    Unless(&'static str),
}

impl Ended {
    pub(in super::super) fn is(self, value: &str) -> bool {
        match self {
            Self::IfTrue => value == "true",
            Self::If(end) => value == end,
            Self::Unless(open) => value != open,
        }
    }
}

/// The properties of a record's matching attributes. The first property counts that is not empty, except for register
/// court and number, and for streets.
#[derive(Default)]
pub(in super::super) struct AttributeSources {
    pub(in super::super) company: Vec<usize>,
    pub(in super::super) street: Vec<usize>,
    pub(in super::super) zip: Vec<usize>,
    pub(in super::super) city: Vec<usize>,
    pub(in super::super) country: Vec<usize>,
    pub(in super::super) website: Vec<usize>,
    pub(in super::super) phone: Vec<usize>,
    pub(in super::super) email: Vec<usize>,
    pub(in super::super) vat_id: Vec<usize>,
    pub(in super::super) register: Vec<usize>,
    pub(in super::super) lei: Vec<usize>,
    /// The properties that mirror associations with the record's parents, the preferred one first.
    pub(in super::super) parents: Vec<(Object, usize)>,
}

impl DisplaySources {
    pub(super) fn of(object: Object, fields: &[Field]) -> Self {
        let all = |names: &[&str]| all(fields, names);
        let ended = |name: &str, ended| Some((position(fields, name)?, ended));
        let common = Self {
            owner: all(&["hubspot_owner_id"]),
            activity: all(&[
                "notes_last_contacted",
                "hs_last_sales_activity_timestamp",
                "notes_last_updated",
            ]),
            ..Self::default()
        };
        match object {
            Object::Account => Self {
                label: all(&["name"]),
                stage: all(&["lifecyclestage"]),
                ..common
            },
            Object::Contact => Self {
                label: all(&["firstname", "lastname"]),
                stage: all(&["lifecyclestage"]),
                opt_outs: opt_outs(fields),
                ..common
            },
            Object::Lead => Self {
                label: all(&["hs_lead_name"]),
                stage: all(&["hs_pipeline_stage"]),
                ended: ended("hs_pipeline_stage_category", Ended::Unless("OPEN")),
                ..common
            },
            Object::Task => Self {
                label: all(&["hs_task_subject"]),
                stage: all(&["hs_task_status"]),
                ended: ended("hs_task_status", Ended::If("COMPLETED")),
                due: all(&["hs_timestamp"]),
                activity: all(&["hs_task_completion_date"]),
                ..common
            },
            Object::Opportunity => Self {
                label: all(&["dealname"]),
                stage: all(&["dealstage"]),
                ended: ended("hs_is_closed", Ended::IfTrue),
                amount: all(&["amount"]),
                currency: all(&["deal_currency_code"]),
                due: all(&["closedate"]),
                ..common
            },
        }
    }
}

impl AttributeSources {
    pub(super) fn of(object: Object, fields: &[Field]) -> Self {
        let all = |names: &[&str]| all(fields, names);
        let mirrors = |names: &[(Object, &str)]| -> Vec<(Object, usize)> {
            let places = names.iter();
            let places = places.map(|(object, name)| Some((*object, position(fields, name)?)));
            places.flatten().collect()
        };
        let address = || Self {
            street: all(&["address"]),
            zip: all(&["zip"]),
            city: all(&["city"]),
            country: all(&["country"]),
            ..Self::default()
        };
        match object {
            Object::Account => Self {
                company: all(&["name"]),
                website: all(&["website", "domain"]),
                phone: all(&["phone"]),
                vat_id: said(fields, wording::is_vat).into_iter().take(1).collect(),
                register: register(fields),
                lei: said(fields, wording::is_lei).into_iter().take(1).collect(),
                ..address()
            },
            Object::Contact => Self {
                // This is free text, and not the company to which the contact belongs.
                company: all(&["company"]),
                phone: all(&["phone", "mobilephone"]),
                email: all(&["email"]),
                parents: mirrors(&[(Object::Account, "associatedcompanyid")]),
                ..address()
            },
            Object::Lead => Self {
                // These are copies of values of the lead's company and contact.
                company: all(&["hs_associated_company_name"]),
                website: all(&["hs_associated_company_domain"]),
                email: all(&["hs_associated_contact_email"]),
                parents: mirrors(&[
                    (Object::Account, "hs_primary_company_id"),
                    (Object::Contact, "hs_primary_contact_id"),
                ]),
                ..Self::default()
            },
            Object::Task | Object::Opportunity => Self::default(),
        }
    }
}

/// Returns the properties with opt-outs: one from all e-mail, and one for each type of subscription, `hs_email_optout_1234`.
fn opt_outs(fields: &[Field]) -> Vec<(OptOut, usize)> {
    let named = fields.iter().enumerate().filter_map(|(at, field)| {
        let rest = field.name.strip_prefix("hs_email_optout")?;
        let of_one = rest.strip_prefix('_');
        let is_of_one =
            of_one.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
        match rest {
            "" => Some((OptOut::Email, at)),
            _ => is_of_one.then_some((OptOut::SomeEmail, at)),
        }
    });
    named.collect()
}

fn all(fields: &[Field], names: &[&str]) -> Vec<usize> {
    let places = names.iter().map(|name| position(fields, name));
    places.flatten().collect()
}

/// Returns text properties whose names consist of words that `is` accepts.
fn said(fields: &[Field], is: fn(&[String]) -> bool) -> Vec<usize> {
    let texts = fields.iter().enumerate();
    let texts = texts.filter(|(_, field)| field.kind == Kind::Text);
    texts
        .filter(|(_, field)| is(&wording::words(&field.name)))
        .map(|(at, _)| at)
        .collect()
}

/// Returns register court and number, if there are two properties for them.
fn register(fields: &[Field]) -> Vec<usize> {
    let mut found = said(fields, wording::is_register);
    let is_court = |at: &usize| {
        let words = fields.get(*at).map(|field| wording::words(&field.name));
        wording::names_court(&words.unwrap_or_default())
    };
    found.sort_by_key(|at| !is_court(at));
    found.truncate(2);
    found
}
