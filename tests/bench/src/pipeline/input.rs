//! Pages as Salesforce writes them, and everything that a slice has at hand when it gets one.

use std::collections::{BTreeMap, HashMap};

use domain::{
    ports::Known,
    record::Object,
    seal::GenerationKeys,
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use generator::{Companies, Crm};
use infra::crm::salesforce::{
    Options,
    shape::{Kind, ObjectShape},
};
use jiff::Timestamp;
use matching::{Company, CompanyId, MatchKey, Postings, index};
use serde::Deserialize;
use serde_json::value::RawValue;
use simulator::salesforce::{Config, Simulator};

use crate::Outcome;

const ACCOUNTS: u64 = 20_000;
const COMPANIES: u64 = 20_000;

/// 25 fields.
const FIELDS: [(&str, Kind); 25] = [
    ("AccountNumber", Kind::Text),
    ("AnnualRevenue", Kind::Number),
    ("BillingCity", Kind::Text),
    ("BillingCountry", Kind::Text),
    ("BillingPostalCode", Kind::Text),
    ("BillingStreet", Kind::Text),
    ("CreatedDate", Kind::Time),
    ("Description", Kind::Text),
    ("Id", Kind::Text),
    ("Industry", Kind::Text),
    ("IsDeleted", Kind::Boolean),
    ("LastModifiedDate", Kind::Time),
    ("Name", Kind::Text),
    ("NumberOfEmployees", Kind::Number),
    ("OwnerId", Kind::Text),
    ("Ownership", Kind::Text),
    ("Phone", Kind::Text),
    ("Rating", Kind::Text),
    ("Register_Number__c", Kind::Text),
    ("Sic", Kind::Text),
    ("Site", Kind::Text),
    ("SystemModstamp", Kind::Time),
    ("Type", Kind::Text),
    ("VAT_ID__c", Kind::Text),
    ("Website", Kind::Text),
];

/// The input of the loops.
pub(super) struct Input {
    /// Answers of 2,000 records.
    pub(super) pages: Vec<Page>,
    pub(super) n_records: usize,
    pub(super) shape: ObjectShape,
    /// The company database.
    pub(super) index: HashMap<MatchKey, Postings>,
    /// The copy's state of each record. It always differs from the page's.
    pub(super) earlier: Known,
    pub(super) scope: Scope,
    pub(super) keys: GenerationKeys,
}

/// One answer.
pub(super) struct Page {
    pub(super) bytes: Vec<u8>,
    /// The text of each record. The bare loops seal it.
    pub(super) records: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
    next_records_url: Option<String>,
}

impl Input {
    /// Fetches the pages from a simulator in this process and indexes the companies that the records quote.
    pub(super) async fn make() -> Outcome<Self> {
        let companies = Companies {
            seed: 1,
            size: COMPANIES,
        };
        let pages = pages(companies).await?;
        let fields: BTreeMap<String, Kind> = FIELDS
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), *kind))
            .collect();
        let shape = ObjectShape::new(Object::Account, fields, &Options::default())
            .ok_or("no id or no stamp")?;
        let keys = GenerationKeys::from_bytes(&mut [7; 64])?;
        Ok(Self {
            n_records: pages.iter().map(|page| page.records.len()).sum(),
            pages,
            shape,
            index: indexed(companies)?,
            earlier: Known {
                digest: keys.index.digest(b"earlier"),
                modified: Timestamp::UNIX_EPOCH,
                born: 0,
                page: 0,
                relations: Vec::new(),
                large: false,
                vanished: None,
            },
            scope: Scope {
                tenant: TenantId::parse("tenant-bench")?,
                integration: IntegrationId::parse("crm-bench")?,
                generation: Generation(1),
            },
            keys,
        })
    }

    /// Returns the mean size of a record.
    pub(super) fn bytes_per_record(&self) -> usize {
        let bytes: usize = self.pages.iter().map(|page| page.bytes.len()).sum();
        bytes / self.n_records.max(1)
    }
}

async fn pages(companies: Companies) -> Outcome<Vec<Page>> {
    let simulator = Simulator::start(Config::default()).await?;
    let crm = Crm {
        seed: 1,
        companies,
        accounts: ACCOUNTS,
        person_accounts: 0,
        contacts: 0,
        leads: 0,
        tasks: 0,
        opportunities: 0,
    };
    for record in crm.records() {
        simulator
            .control()
            .load(record.object, &record.fields)
            .map_err(|refusal| refusal.message)?;
    }
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    let soql = format!("SELECT {} FROM Account", names.join(","));
    let client = reqwest::Client::builder().no_proxy().build()?;
    let token = simulator.control().session();
    let mut pages = Vec::new();
    let mut next = Some("/services/data/v64.0/query".to_owned());
    while let Some(path) = next {
        let mut request = client
            .get(format!("{}{path}", simulator.url()))
            .bearer_auth(&token);
        if pages.is_empty() {
            request = request.query(&[("q", &soql)]);
        }
        let bytes = request.send().await?.error_for_status()?.bytes().await?;
        let answer: Answer<'_> = serde_json::from_slice(&bytes)?;
        next = answer.next_records_url;
        pages.push(Page {
            records: answer
                .records
                .iter()
                .map(|record| record.get().to_owned())
                .collect(),
            bytes: bytes.to_vec(),
        });
    }
    simulator.stop().await;
    Ok(pages)
}

fn indexed(companies: Companies) -> Outcome<HashMap<MatchKey, Postings>> {
    let mut found = HashMap::new();
    index::build(
        1,
        || {
            Ok::<_, Box<dyn std::error::Error>>(companies.iter().map(|made| {
                let some = |text: String| Some(text).filter(|text| !text.is_empty());
                Ok(Company {
                    legal_form: some(made.legal_form),
                    street: some(made.street),
                    zip: some(made.zip),
                    city: some(made.city),
                    country: some(made.country),
                    domain: some(made.domain),
                    phone: some(made.phone),
                    vat_id: some(made.vat_id),
                    register_court: some(made.register_court),
                    register_number: some(made.register_number),
                    lei: some(made.lei),
                    parent_id: match made.parent_id.as_str() {
                        "" => None,
                        id => Some(company_id(id)?),
                    },
                    ..Company::new(company_id(&made.id)?, made.name)
                })
            }))
        },
        |key, postings| {
            found.insert(key, postings);
            Ok(())
        },
    )?;
    Ok(found)
}

fn company_id(text: &str) -> Outcome<CompanyId> {
    CompanyId::parse(text).map_err(|error| format!("{text}: {error:?}").into())
}
