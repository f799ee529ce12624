//! Companies as the vendor's database has them. They belong to the operator, and are the same for all tenants.

use domain::{allowance::Limit, show_copy::MAX_COMPANIES};
use matching::{Company, CompanyId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Call, Reply, allowed::spend, http::Answered};
use crate::problem::Problem;

/// Ids of companies, as a request has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    companies: Vec<String>,
}

impl Wanted {
    /// Returns the ids.
    ///
    /// # Errors
    /// 422 if there are none or too many, or if one cannot be an id.
    pub(super) fn ids(&self) -> Result<Vec<CompanyId>, Problem> {
        if !(1..=MAX_COMPANIES).contains(&self.companies.len()) {
            let range = format!("1 to {MAX_COMPANIES} ids");
            return Err(Problem::invalid(range).with_field("/companies"));
        }
        let ids = self.companies.iter().enumerate().map(|(at, id)| {
            CompanyId::parse(id).map_err(|error| {
                Problem::invalid(error.to_string()).with_field(format!("/companies/{at}"))
            })
        });
        ids.collect()
    }
}

/// `POST /v1/companies/search`. A company that is not in the database is not in the answer.
///
/// Each id counts in the allowance, so that nobody reads the whole database of the operator by trying ids. If the counter fails, nothing
/// is answered.
pub(super) async fn find(call: &Call<'_>) -> Answered {
    let wanted: Wanted = call.request.json()?;
    let ids = wanted.ids()?;
    let n = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    spend(call, Limit::CompanyEntriesPerDay, n).await?;
    let found = call.ports.companies.companies(&ids).await?;
    let companies: Vec<Told<'_>> = found.iter().flatten().map(told).collect();
    Reply::ok(json!({ "companies": companies }))
}

/// A company, as the vendor wrote it. It is at most 16 KB, so 100 of them fit an answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    company: &'a CompanyId,
    name: &'a str,
    legal_form: Option<&'a str>,
    street: Option<&'a str>,
    zip: Option<&'a str>,
    city: Option<&'a str>,
    country: Option<&'a str>,
    domain: Option<&'a str>,
    phone: Option<&'a str>,
    vat_id: Option<&'a str>,
    register_court: Option<&'a str>,
    register_number: Option<&'a str>,
    lei: Option<&'a str>,
    parent: Option<&'a CompanyId>,
}

fn told(company: &Company) -> Told<'_> {
    // Without `..`, so that the compiler asks for a new column.
    let Company {
        id,
        name,
        legal_form,
        street,
        zip,
        city,
        country,
        domain,
        phone,
        vat_id,
        register_court,
        register_number,
        lei,
        parent_id,
    } = company;
    Told {
        company: id,
        name,
        legal_form: legal_form.as_deref(),
        street: street.as_deref(),
        zip: zip.as_deref(),
        city: city.as_deref(),
        country: country.as_deref(),
        domain: domain.as_deref(),
        phone: phone.as_deref(),
        vat_id: vat_id.as_deref(),
        register_court: register_court.as_deref(),
        register_number: register_number.as_deref(),
        lei: lei.as_deref(),
        parent: parent_id.as_ref(),
    }
}
