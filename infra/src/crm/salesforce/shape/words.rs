//! Finds the fields of an object that have the values of every CRM: standard fields, and custom ones by their names.

use domain::record::{Object, OptOut};

use super::{
    super::{
        super::client::wording::{is_company, is_lei, is_register, is_vat, names_court, words},
        settings::Options,
    },
    Field, position,
};

/// The fields with opt-outs of contacts and leads. Those of person accounts begin with `Person`.
const OPT_OUTS: [(OptOut, &str); 3] = [
    (OptOut::Email, "HasOptedOutOfEmail"),
    (OptOut::Phone, "DoNotCall"),
    (OptOut::Fax, "HasOptedOutOfFax"),
];

/// The indexes of a record's display fields.
#[derive(Default)]
pub(in super::super) struct DisplaySources {
    /// These fields are joined.
    pub(in super::super) label: Vec<usize>,
    pub(in super::super) owner: Option<usize>,
    pub(in super::super) stage: Option<usize>,
    /// Whether the record is closed or converted.
    pub(in super::super) ended: Option<usize>,
    pub(in super::super) amount: Option<usize>,
    pub(in super::super) currency: Option<usize>,
    pub(in super::super) due: Option<usize>,
    /// The first of these that is not empty.
    pub(in super::super) activity: Vec<usize>,
    /// Whether the field counts as an activity only once the record has ended.
    pub(in super::super) only_ended: bool,
    /// The fields that are true of a person who has opted out.
    pub(in super::super) opt_outs: Vec<(OptOut, usize)>,
}

/// The indexes of a record's matching attributes.
#[derive(Default)]
pub(in super::super) struct AttributeSources {
    pub(in super::super) company: Option<usize>,
    pub(in super::super) street: Option<usize>,
    pub(in super::super) zip: Option<usize>,
    pub(in super::super) city: Option<usize>,
    pub(in super::super) country: Option<usize>,
    pub(in super::super) website: Option<usize>,
    pub(in super::super) phone: Option<usize>,
    pub(in super::super) email: Option<usize>,
    pub(in super::super) vat_id: Option<usize>,
    /// If court and number are two fields, the court comes first.
    pub(in super::super) register: Vec<usize>,
    pub(in super::super) lei: Option<usize>,
    /// The first of these that is not empty.
    pub(in super::super) parents: Vec<usize>,
}

impl DisplaySources {
    pub(super) fn of(object: Object, fields: &[Field]) -> Self {
        let find = |name: &str| position(fields, name);
        let all = |names: &[&str]| -> Vec<usize> { names.iter().filter_map(|n| find(n)).collect() };
        let person = || match find("Name") {
            Some(name) => vec![name],
            None => all(&["FirstName", "LastName"]),
        };
        let opt_outs = |stem: &str| -> Vec<(OptOut, usize)> {
            let place =
                |(way, name): &(OptOut, &str)| Some((*way, find(&format!("{stem}{name}"))?));
            OPT_OUTS.iter().filter_map(place).collect()
        };
        let common = Self {
            owner: find("OwnerId"),
            activity: all(&["LastActivityDate"]),
            ..Self::default()
        };
        match object {
            Object::Account => Self {
                label: all(&["Name"]),
                // They exist where accounts may be people.
                opt_outs: opt_outs("Person"),
                ..common
            },
            Object::Contact => Self {
                label: person(),
                opt_outs: opt_outs(""),
                ..common
            },
            Object::Lead => Self {
                label: person(),
                stage: find("Status"),
                ended: find("IsConverted"),
                opt_outs: opt_outs(""),
                ..common
            },
            Object::Task => Self {
                label: all(&["Subject"]),
                stage: find("Status"),
                ended: find("IsClosed"),
                due: find("ActivityDate"),
                activity: all(&["CompletedDateTime", "ActivityDate"]),
                only_ended: true,
                ..common
            },
            Object::Opportunity => Self {
                label: all(&["Name"]),
                stage: find("StageName"),
                ended: find("IsClosed"),
                amount: find("Amount"),
                currency: find("CurrencyIsoCode"),
                due: find("CloseDate"),
                ..common
            },
        }
    }
}

impl AttributeSources {
    pub(super) fn of(object: Object, fields: &[Field], options: &Options) -> Self {
        let find = |name: &str| position(fields, name).filter(|_| !name.is_empty());
        let address = |stem: &str| Self {
            street: find(&format!("{stem}Street")),
            zip: find(&format!("{stem}PostalCode")),
            city: find(&format!("{stem}City")),
            country: find(&format!("{stem}Country")),
            ..Self::default()
        };
        let all = |names: &[&str]| names.iter().filter_map(|name| find(name)).collect();
        let numbers = |attributes: Self| Self {
            website: find("Website"),
            phone: find("Phone"),
            vat_id: match &options.vat_field {
                Some(name) => find(name),
                None => custom(fields, is_vat).first().copied(),
            },
            register: match &options.register_field {
                Some(name) => find(name).into_iter().collect(),
                None => register(fields),
            },
            lei: custom(fields, is_lei).first().copied(),
            ..attributes
        };
        match object {
            Object::Account => Self {
                company: find("Name"),
                // It is filled for people only: a company's account has no e-mail address of its own.
                email: find("PersonEmail"),
                ..numbers(address("Billing"))
            },
            Object::Lead => Self {
                company: find("Company"),
                email: find("Email"),
                ..numbers(address(""))
            },
            Object::Contact => Self {
                // Organisations that keep people without accounts note the company somewhere. Salesforce has no
                // standard field for it.
                company: custom(fields, is_company).first().copied(),
                phone: find("Phone"),
                email: find("Email"),
                parents: all(&["AccountId"]),
                ..address("Mailing")
            },
            Object::Task => Self {
                // Salesforce finds the account itself, through a contact or an opportunity.
                parents: all(&["AccountId", "WhatId", "WhoId"]),
                ..Self::default()
            },
            Object::Opportunity => Self {
                parents: all(&["AccountId"]),
                ..Self::default()
            },
        }
    }
}

/// Returns custom text fields whose names consist of words that `is` accepts.
fn custom(fields: &[Field], is: fn(&[String]) -> bool) -> Vec<usize> {
    let texts = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.kind.is_text());
    texts
        .filter(|(_, field)| field.name.ends_with("__c") && is(&words(&field.name)))
        .map(|(index, _)| index)
        .collect()
}

fn register(fields: &[Field]) -> Vec<usize> {
    let mut found = custom(fields, is_register);
    let is_court = |index: &usize| {
        let words = fields
            .get(*index)
            .map(|field| words(&field.name))
            .unwrap_or_default();
        names_court(&words)
    };
    found.sort_by_key(|index| !is_court(index));
    found.truncate(2);
    found
}
