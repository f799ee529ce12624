//! Finds the properties of an object that have the values of every CRM.

use domain::record::{Object, OptOut};

use super::super::{
    super::client::sources::{AttributeSources, DisplaySources, Ended, places},
    field::{Field, Kind, position},
};

/// Returns the properties of a record's display fields.
pub(super) fn display(object: Object, fields: &[Field]) -> DisplaySources {
    let all = |names: &[&str]| all(fields, names);
    let ended = |name: &str, ended| Some((position(fields, name)?, ended));
    let common = DisplaySources {
        owner: all(&["hubspot_owner_id"]),
        activity: all(&[
            "notes_last_contacted",
            "hs_last_sales_activity_timestamp",
            "notes_last_updated",
        ]),
        ..DisplaySources::default()
    };
    match object {
        Object::Account => DisplaySources {
            label: all(&["name"]),
            stage: all(&["lifecyclestage"]),
            ..common
        },
        Object::Contact => DisplaySources {
            label: all(&["firstname", "lastname"]),
            stage: all(&["lifecyclestage"]),
            opt_outs: opt_outs(fields),
            ..common
        },
        Object::Lead => DisplaySources {
            label: all(&["hs_lead_name"]),
            stage: all(&["hs_pipeline_stage"]),
            ended: ended("hs_pipeline_stage_category", Ended::Unless("OPEN")),
            ..common
        },
        Object::Task => DisplaySources {
            label: all(&["hs_task_subject"]),
            stage: all(&["hs_task_status"]),
            ended: ended("hs_task_status", Ended::If("COMPLETED")),
            due: all(&["hs_timestamp"]),
            activity: all(&["hs_task_completion_date"]),
            ..common
        },
        Object::Opportunity => DisplaySources {
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

/// Returns the properties of a record's matching attributes.
pub(super) fn attributes(object: Object, fields: &[Field]) -> AttributeSources {
    let all = |names: &[&str]| all(fields, names);
    let address = || AttributeSources {
        street: all(&["address"]),
        zip: all(&["zip"]),
        city: all(&["city"]),
        country: all(&["country"]),
        ..AttributeSources::default()
    };
    match object {
        Object::Account => {
            let texts = fields.iter().enumerate();
            let texts = texts.filter(|(_, field)| field.kind == Kind::Text);
            AttributeSources {
                company: all(&["name"]),
                website: all(&["website", "domain"]),
                phone: all(&["phone"]),
                ..address()
            }
            .numbers(texts.map(|(at, field)| (at, &*field.name)))
        }
        Object::Contact => AttributeSources {
            // This is free text, and not the company to which the contact belongs.
            company: all(&["company"]),
            phone: all(&["phone", "mobilephone"]),
            email: all(&["email"]),
            ..address()
        },
        Object::Lead => AttributeSources {
            // These are copies of values of the lead's company and contact.
            company: all(&["hs_associated_company_name"]),
            website: all(&["hs_associated_company_domain"]),
            email: all(&["hs_associated_contact_email"]),
            ..AttributeSources::default()
        },
        Object::Task | Object::Opportunity => AttributeSources::default(),
    }
}

/// Returns the properties that mirror associations with a record's parents, the preferred one first.
pub(super) fn parents(object: Object, fields: &[Field]) -> Vec<(Object, usize)> {
    let mirrors: &[(Object, &str)] = match object {
        Object::Contact => &[(Object::Account, "associatedcompanyid")],
        Object::Lead => &[
            (Object::Account, "hs_primary_company_id"),
            (Object::Contact, "hs_primary_contact_id"),
        ],
        Object::Account | Object::Task | Object::Opportunity => &[],
    };
    let found = mirrors.iter();
    found
        .filter_map(|(object, name)| Some((*object, position(fields, name)?)))
        .collect()
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
    places(names, |name| position(fields, name))
}
