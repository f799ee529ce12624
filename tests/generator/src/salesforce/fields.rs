//! The fields of each object, about 25 of them and 1.3 KB, as a sales team fills them.

use serde_json::{Map, Value, json};

use super::{Crm, Kind, Record, record_id};
use crate::{
    company::Company,
    draw::{Draw, For},
    noise::{mail_domain, name, sometimes, stranger_domain, website},
    person::Person,
    words::{DEPARTMENTS, SENTENCES, TITLES},
};

/// 2026-01-01T00:00:00Z; records follow each other by some seconds, some share theirs.
const EPOCH: u64 = 1_767_225_600;
/// Of a hundred records so many are companies that are in no file.
const STRANGERS: u64 = 12;

impl Crm {
    /// The company that an Account or a Lead is, as the vendor has it; in no file: without an id.
    fn company_of(&self, purpose: For, index: u64) -> Company {
        let mut draw = Draw::new(self.seed ^ (purpose as u64) << 32, For::Truth, index);
        if draw.chance(STRANGERS) || self.companies.size == 0 {
            let mut stranger = self.companies.nth(self.companies.size + 1_000_000 + index);
            stranger.id = String::new();
            stranger.domain = stranger_domain(&stranger.name, index);
            return stranger;
        }
        self.companies.nth(draw.below(self.companies.size))
    }

    pub(super) fn account(&self, index: u64) -> Record {
        let company = self.company_of(For::Account, index);
        let mut draw = Draw::new(self.seed, For::Account, index);
        let mut fields = common(&mut draw, For::Account, index);
        let mut put = |key: &str, value: String| put(&mut fields, key, value);
        put("Name", name(&mut draw, &company));
        put("BillingStreet", sometimes(&mut draw, 85, &company.street));
        put("BillingPostalCode", sometimes(&mut draw, 90, &company.zip));
        put("BillingCity", sometimes(&mut draw, 92, &company.city));
        put(
            "BillingCountry",
            sometimes(&mut draw, 70, country(&company.country)),
        );
        let domain = sometimes(&mut draw, 75, &company.domain);
        put("Website", website(&mut draw, &domain));
        put("Phone", sometimes(&mut draw, 70, &company.phone));
        put("VAT_ID__c", sometimes(&mut draw, 20, &company.vat_id));
        let register = format!("{} {}", company.register_number, company.register_court);
        put(
            "Register_Number__c",
            sometimes(&mut draw, 12, register.trim()),
        );
        put("AccountNumber", draw.digits(8));
        put("Sic", draw.digits(4));
        put("Site", company.city.clone());
        let choice = |draw: &mut Draw, of: &[&str]| (*draw.pick(of)).to_owned();
        put(
            "Type",
            choice(
                &mut draw,
                &["Prospect", "Customer - Direct", "Partner", "Other"],
            ),
        );
        put(
            "Industry",
            choice(
                &mut draw,
                &[
                    "Banking",
                    "Chemicals",
                    "Construction",
                    "Energy",
                    "Manufacturing",
                ],
            ),
        );
        put("Rating", choice(&mut draw, &["Hot", "Warm", "Cold"]));
        put(
            "Ownership",
            choice(&mut draw, &["Public", "Private", "Other"]),
        );
        put("Description", text(&mut draw, 8));
        fields.insert(
            "AnnualRevenue".to_owned(),
            json!(draw.between(10, 90_000) * 1000),
        );
        fields.insert("NumberOfEmployees".to_owned(), json!(draw.between(1, 4000)));
        record("Account", Kind::Account, index, fields, Some(company.id))
    }

    pub(super) fn contact(&self, index: u64) -> Record {
        let mut draw = Draw::new(self.seed, For::Contact, index);
        let person = Person::nth(self.seed, index);
        let account = draw.below(self.accounts);
        let company = self.company_of(For::Account, account);
        let mut fields = common(&mut draw, For::Contact, index);
        if self.accounts > 0 && draw.chance(92) {
            put(&mut fields, "AccountId", record_id(Kind::Account, account));
        }
        person_fields(&mut draw, &mut fields, &person, &company);
        put(
            &mut fields,
            "MailingStreet",
            sometimes(&mut draw, 60, &company.street),
        );
        put(
            &mut fields,
            "MailingPostalCode",
            sometimes(&mut draw, 60, &company.zip),
        );
        put(
            &mut fields,
            "MailingCity",
            sometimes(&mut draw, 60, &company.city),
        );
        put(
            &mut fields,
            "MailingCountry",
            sometimes(&mut draw, 50, country(&company.country)),
        );
        put(
            &mut fields,
            "Department",
            (*draw.pick(DEPARTMENTS)).to_owned(),
        );
        put(
            &mut fields,
            "AssistantName",
            Person::nth(self.seed, index + 7_000_000).full_name(),
        );
        put(
            &mut fields,
            "LinkedIn__c",
            format!("https://profiles.example/in/{index}"),
        );
        record("Contact", Kind::Contact, index, fields, None)
    }

    pub(super) fn lead(&self, index: u64) -> Record {
        let company = self.company_of(For::Lead, index);
        let mut draw = Draw::new(self.seed, For::Lead, index);
        let person = Person::nth(self.seed ^ 0x1ead, index);
        let mut fields = common(&mut draw, For::Lead, index);
        person_fields(&mut draw, &mut fields, &person, &company);
        put(&mut fields, "Company", name(&mut draw, &company));
        put(
            &mut fields,
            "Street",
            sometimes(&mut draw, 50, &company.street),
        );
        put(
            &mut fields,
            "PostalCode",
            sometimes(&mut draw, 60, &company.zip),
        );
        put(&mut fields, "City", sometimes(&mut draw, 70, &company.city));
        put(
            &mut fields,
            "Country",
            sometimes(&mut draw, 60, country(&company.country)),
        );
        let domain = sometimes(&mut draw, 40, &company.domain);
        put(&mut fields, "Website", website(&mut draw, &domain));
        put(&mut fields, "Status", "Open - Not Contacted".to_owned());
        put(
            &mut fields,
            "Rating",
            (*draw.pick(&["Hot", "Warm", "Cold"])).to_owned(),
        );
        record("Lead", Kind::Lead, index, fields, None)
    }

    pub(super) fn task(&self, index: u64) -> Record {
        let mut draw = Draw::new(self.seed, For::Task, index);
        let mut fields = common(&mut draw, For::Task, index);
        if self.accounts > 0 {
            let account = record_id(Kind::Account, draw.below(self.accounts));
            put(&mut fields, "WhatId", account);
        }
        if self.contacts > 0 && draw.chance(60) {
            let contact = record_id(Kind::Contact, draw.below(self.contacts));
            put(&mut fields, "WhoId", contact);
        }
        put(&mut fields, "Subject", text(&mut draw, 1));
        put(&mut fields, "ActivityDate", date(&mut draw));
        put(
            &mut fields,
            "Status",
            (*draw.pick(&["Not Started", "Completed"])).to_owned(),
        );
        put(
            &mut fields,
            "Priority",
            (*draw.pick(&["High", "Normal", "Low"])).to_owned(),
        );
        put(&mut fields, "Description", text(&mut draw, 9));
        record("Task", Kind::Task, index, fields, None)
    }

    pub(super) fn opportunity(&self, index: u64) -> Record {
        let mut draw = Draw::new(self.seed, For::Opportunity, index);
        let mut fields = common(&mut draw, For::Opportunity, index);
        if self.accounts > 0 {
            let account = record_id(Kind::Account, draw.below(self.accounts));
            put(&mut fields, "AccountId", account);
        }
        put(&mut fields, "Name", text(&mut draw, 1));
        put(
            &mut fields,
            "StageName",
            (*draw.pick(&["Prospecting", "Qualification"])).to_owned(),
        );
        put(&mut fields, "CloseDate", date(&mut draw));
        put(&mut fields, "NextStep", text(&mut draw, 1));
        put(&mut fields, "Description", text(&mut draw, 6));
        fields.insert("Amount".to_owned(), json!(draw.between(1, 900) * 500));
        fields.insert("Probability".to_owned(), json!(draw.between(0, 10) * 10));
        record("Opportunity", Kind::Opportunity, index, fields, None)
    }
}

fn record(
    object: &'static str,
    kind: Kind,
    index: u64,
    mut fields: Map<String, Value>,
    company: Option<String>,
) -> Record {
    let id = record_id(kind, index);
    put(&mut fields, "Id", id.clone());
    Record {
        object,
        fields,
        id,
        company: company.filter(|company| !company.is_empty()),
    }
}

/// Stamps. A tenth of the records share theirs with the one before, as after a mass update.
fn common(draw: &mut Draw, purpose: For, index: u64) -> Map<String, Value> {
    let shared = index - index % 10 / 9;
    let seconds = EPOCH + (purpose as u64) * 3_600 + shared * 7;
    let stamp = time(seconds);
    let mut fields = Map::new();
    put(&mut fields, "SystemModstamp", stamp.clone());
    put(&mut fields, "LastModifiedDate", stamp);
    put(
        &mut fields,
        "CreatedDate",
        time(seconds - 86_400 * draw.between(1, 900)),
    );
    fields
}

fn person_fields(
    draw: &mut Draw,
    fields: &mut Map<String, Value>,
    person: &Person,
    company: &Company,
) {
    put(fields, "FirstName", person.first.clone());
    put(fields, "LastName", person.last.clone());
    put(
        fields,
        "Salutation",
        (*draw.pick(&["Mr.", "Ms.", "Dr."])).to_owned(),
    );
    let domain = mail_domain(draw, &company.domain);
    put(fields, "Email", person.email(&domain));
    put(fields, "Phone", sometimes(draw, 60, &company.phone));
    put(fields, "Title", (*draw.pick(TITLES)).to_owned());
    put(fields, "Description", text(draw, 6));
    fields.insert("HasOptedOutOfEmail".to_owned(), json!(draw.chance(5)));
    fields.insert("DoNotCall".to_owned(), json!(draw.chance(5)));
}

fn put(fields: &mut Map<String, Value>, key: &str, value: String) {
    if !value.is_empty() {
        fields.insert(key.to_owned(), Value::String(value));
    }
}

fn text(draw: &mut Draw, sentences: usize) -> String {
    let mut text = String::new();
    for _ in 0..sentences {
        if !text.is_empty() {
            text.push(' ');
        }
        let sentence: &&str = draw.pick(SENTENCES);
        text.push_str(sentence);
    }
    text
}

fn country(code: &str) -> &str {
    match code {
        "DE" => "Germany",
        "AT" => "Austria",
        "CH" => "Switzerland",
        other => other,
    }
}

fn date(draw: &mut Draw) -> String {
    format!("2026-{:02}-{:02}", draw.between(1, 12), draw.between(1, 28))
}

/// Salesforce's spelling of a second.
fn time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days to a date, after Howard Hinnant's civil_from_days.
    let z = days + 719_468;
    let era = z / 146_097;
    let of_era = z % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.000+0000",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::Companies;

    #[test]
    fn a_second_is_spelled_as_salesforce_does() {
        assert_eq!(time(EPOCH), "2026-01-01T00:00:00.000+0000");
        assert_eq!(time(951_782_399), "2000-02-28T23:59:59.000+0000");
        assert_eq!(time(951_868_800), "2000-03-01T00:00:00.000+0000");
    }

    fn crm(seed: u64) -> Crm {
        Crm {
            seed,
            companies: Companies { seed: 1, size: 200 },
            accounts: 100,
            contacts: 50,
            leads: 50,
            tasks: 20,
            opportunities: 20,
        }
    }

    fn lines(seed: u64) -> Vec<String> {
        let of = |record: Record| format!("{} {:?}", Value::Object(record.fields), record.company);
        crm(seed).records().map(of).collect()
    }

    #[test]
    fn one_seed_makes_one_crm_and_another_another() {
        assert_eq!(lines(1), lines(1));
        assert_ne!(lines(1), lines(2));
        assert_eq!(lines(1).len(), 240);
    }

    #[test]
    fn most_accounts_are_a_company_of_the_file_and_some_are_not() {
        let known = crm(1)
            .records()
            .take(100)
            .filter(|record| record.company.is_some())
            .count();
        assert!((75..=96).contains(&known), "{known}");
    }

    #[test]
    fn records_have_the_size_of_real_ones() {
        let sizes: Vec<usize> = lines(1).iter().map(String::len).collect();
        let mean = sizes.iter().sum::<usize>() / sizes.len();
        assert!((700..1800).contains(&mean), "{mean}");
    }
}
