//! Finds the columns of a table that have the values of every CRM.

use domain::record::{Object, OptOut};

use super::super::{
    super::client::sources::{AttributeSources, DisplaySources, Ended, places},
    field::{Field, Kind, position, without_prefix},
    people::person,
};

/// A lookup of a record's parent.
pub(in super::super) struct Parent {
    pub(in super::super) at: usize,
    /// The object that it names. `None` if the answer says it.
    pub(in super::super) object: Option<Object>,
}

/// Columns by which a person says by which ways nobody may come. Each is `true` if the way is not allowed.
const OPT_OUTS: [(OptOut, &str); 4] = [
    (OptOut::Email, "donotemail"),
    (OptOut::SomeEmail, "donotbulkemail"),
    (OptOut::Phone, "donotphone"),
    (OptOut::Fax, "donotfax"),
];

/// The state of what is still open. Every other state is an end.
const OPEN: &str = "0";

/// Returns the columns of a record's display fields.
pub(super) fn display(object: Object, fields: &[Field]) -> DisplaySources {
    let all = |names: &[&str]| all(fields, names);
    let ended = || Some((position(fields, "statecode")?, Ended::Unless(OPEN)));
    let common = DisplaySources {
        owner: all(&["_ownerid_value"]),
        ..DisplaySources::default()
    };
    let opt_outs = || {
        let found = OPT_OUTS.iter();
        let found = found.filter_map(|(way, name)| Some((*way, position(fields, name)?)));
        found.collect()
    };
    match object {
        Object::Account => DisplaySources {
            label: all(&["name"]),
            stage: all(&["statuscode"]),
            ..common
        },
        Object::Contact => DisplaySources {
            label: person(fields),
            stage: all(&["statuscode"]),
            opt_outs: opt_outs(),
            ..common
        },
        Object::Lead => DisplaySources {
            label: person(fields),
            stage: all(&["statuscode"]),
            ended: ended(),
            opt_outs: opt_outs(),
            ..common
        },
        Object::Task => DisplaySources {
            label: all(&["subject"]),
            stage: all(&["statuscode"]),
            ended: ended(),
            due: all(&["scheduledend"]),
            activity: all(&["actualend"]),
            ..common
        },
        Object::Opportunity => DisplaySources {
            label: all(&["name"]),
            stage: all(&["stepname", "statuscode"]),
            ended: ended(),
            // What was earned counts once it is known.
            amount: all(&["actualvalue", "estimatedvalue"]),
            currency: all(&["_transactioncurrencyid_value"]),
            due: all(&["estimatedclosedate"]),
            activity: all(&["actualclosedate"]),
            ..common
        },
    }
}

/// Returns the columns of a record's matching attributes.
pub(super) fn attributes(object: Object, fields: &[Field]) -> AttributeSources {
    let all = |names: &[&str]| all(fields, names);
    let address = || AttributeSources {
        street: all(&["address1_line1", "address1_line2"]),
        zip: all(&["address1_postalcode"]),
        city: all(&["address1_city"]),
        country: all(&["address1_country"]),
        website: all(&["websiteurl"]),
        email: all(&["emailaddress1", "emailaddress2", "emailaddress3"]),
        ..AttributeSources::default()
    };
    let texts = fields.iter().enumerate();
    let texts = texts.filter(|(_, field)| field.kind == Kind::Text);
    let texts = texts.map(|(at, field)| (at, without_prefix(&field.name)));
    match object {
        Object::Account => AttributeSources {
            company: all(&["name"]),
            phone: all(&["telephone1", "telephone2", "telephone3"]),
            ..address()
        }
        .numbers(texts),
        Object::Contact => AttributeSources {
            phone: all(&["telephone1", "mobilephone", "telephone2"]),
            ..address()
        },
        Object::Lead => AttributeSources {
            company: all(&["companyname"]),
            phone: all(&["telephone1", "mobilephone", "telephone2"]),
            ..address()
        }
        .numbers(texts),
        Object::Task | Object::Opportunity => AttributeSources::default(),
    }
}

/// Returns the lookups of a record's parent: an account before a person. A qualified lead points at what it became.
pub(super) fn parents(object: Object, fields: &[Field]) -> Vec<Parent> {
    use Object::{Account, Contact};
    let names: &[(&str, Option<Object>)] = match object {
        Account => &[("_parentaccountid_value", Some(Account))],
        Contact => &[("_parentcustomerid_value", None)],
        Object::Lead => &[
            ("_parentaccountid_value", Some(Account)),
            ("_parentcontactid_value", Some(Contact)),
            ("_customerid_value", None),
        ],
        Object::Task => &[("_regardingobjectid_value", None)],
        Object::Opportunity => &[
            ("_parentaccountid_value", Some(Account)),
            ("_customerid_value", None),
            ("_parentcontactid_value", Some(Contact)),
        ],
    };
    let found = names.iter();
    found
        .filter_map(|(name, object)| {
            let at = position(fields, name)?;
            Some(Parent {
                at,
                object: *object,
            })
        })
        .collect()
}

fn all(fields: &[Field], names: &[&str]) -> Vec<usize> {
    places(names, |name| position(fields, name))
}
