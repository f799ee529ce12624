//! The bodies of requests to create records, and what they ask of the rules.

use domain::{
    create::{Request, Wanted},
    integration::Provider,
    legal::assessment::Purpose,
    ports::{Draft, Fields, Link, MAX_BATCH},
    record::Object,
};
use matching::CompanyId;
use serde::Deserialize;

use super::fields;
use crate::{api, problem::Problem};

/// The body for one record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct One {
    object: Object,
    #[serde(default, deserialize_with = "fields::read")]
    fields: Fields,
    #[serde(default, deserialize_with = "fields::links")]
    links: Vec<Link>,
    #[serde(default)]
    company: Option<CompanyId>,
    #[serde(default)]
    purpose: Option<Purpose>,
    #[serde(default)]
    allow_duplicate: bool,
}

/// The body for a batch.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Many {
    records: Vec<Item>,
    #[serde(default)]
    allow_duplicate: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    object: Object,
    #[serde(default, deserialize_with = "fields::read")]
    fields: Fields,
    #[serde(default, deserialize_with = "fields::links")]
    links: Vec<Link>,
    #[serde(default)]
    company: Option<CompanyId>,
    #[serde(default)]
    purpose: Option<Purpose>,
}

impl Many {
    /// Reads the body for one record.
    ///
    /// # Errors
    /// The errors of [`api::Request::json`].
    pub(super) fn of_one(request: &api::Request) -> Result<Self, Problem> {
        let one: One = request.json()?;
        let item = Item {
            object: one.object,
            fields: one.fields,
            links: one.links,
            company: one.company,
            purpose: one.purpose,
        };
        Ok(Self {
            records: vec![item],
            allow_duplicate: one.allow_duplicate,
        })
    }

    /// Reads the body for a batch and checks its size before any work.
    ///
    /// # Errors
    /// The errors of [`api::Request::json`], and 422 for no record or for too many.
    pub(super) fn of(request: &api::Request) -> Result<Self, Problem> {
        let many: Self = request.json()?;
        if (1..=MAX_BATCH).contains(&many.records.len()) {
            return Ok(many);
        }
        Err(Problem::invalid(format!("1 to {MAX_BATCH} records")).with_field("/records"))
    }

    /// The request, with the ids of links as the copy spells them.
    ///
    /// # Errors
    /// Naming the link, when its id's check characters do not fit.
    pub(super) fn request(self, provider: Provider) -> Result<Request, Problem> {
        let spelling = provider.spelling();
        let mut items = Vec::with_capacity(self.records.len());
        for (at, mut item) in self.records.into_iter().enumerate() {
            for (n, link) in item.links.iter_mut().enumerate() {
                let pointer = format!("/records/{at}/links/{n}/id");
                let spelt = spelling.one(&link.id);
                link.id = spelt.map_err(|fault| fault.with_field(pointer))?;
            }
            items.push(Wanted {
                draft: Draft {
                    object: item.object,
                    fields: item.fields,
                    links: item.links,
                },
                purpose: item.purpose,
                company: item.company,
            });
        }
        Ok(Request {
            items,
            allow_duplicate: self.allow_duplicate,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::body;

    proptest! {
        #[test]
        fn a_number_is_read_with_all_its_digits(
            number in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,5})?"
        ) {
            let fields = format!(r#"{{"Revenue":{number}}}"#);
            let body = format!(r#"{{"records": [{{"object": "Account", "fields": {fields}}}]}}"#);
            let many: Many = body::read(body.as_bytes()).unwrap();
            let [wanted] = many.request(Provider::Salesforce).unwrap().items.try_into().unwrap();
            prop_assert_eq!(serde_json::to_string(&wanted.draft.fields).unwrap(), fields);
        }
    }

    #[test]
    fn a_link_has_the_one_spelling_of_its_id_or_is_named() {
        let many = |id: &str| -> Many {
            let link = format!(r#"{{"object": "Account", "id": "{id}"}}"#);
            let body = format!(r#"{{"records": [{{"object": "Task", "links": [{link}]}}]}}"#);
            body::read(body.as_bytes()).unwrap()
        };
        let request = many("001xx000003DGb2")
            .request(Provider::Salesforce)
            .unwrap();
        let spelt = request.items[0].draft.links[0].id.as_str();
        assert_eq!(spelt, "001xx000003DGb2AAG");
        let misspelt = many("001xx000003DGb2ABG").request(Provider::Salesforce);
        let problem = misspelt.map(|_| ()).unwrap_err();
        assert_eq!(problem.field.as_deref(), Some("/records/0/links/0/id"));
    }
}
