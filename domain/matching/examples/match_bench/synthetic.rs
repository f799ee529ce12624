//! The generator's files.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use generator::{Companies, Crm, Record};

use super::Result;

/// The seed of the companies. Training uses others.
const SEED: u64 = 471_103;
const N_RECORDS: u64 = 10_000;

/// The columns of a record, and the fields of the generator's accounts that they come from.
const COLUMNS: [(&str, &str); 11] = [
    ("name", "Name"),
    ("street", "BillingStreet"),
    ("zip", "BillingPostalCode"),
    ("city", "BillingCity"),
    ("country", "BillingCountry"),
    ("website", "Website"),
    ("phone", "Phone"),
    ("email", "Email"),
    ("vat_id", "VAT_ID__c"),
    ("register", "Register_Number__c"),
    ("lei", "LEI__c"),
];

/// Writes companies, records and truth into a folder, and returns their paths.
pub(super) fn write(folder: &Path, size: u64) -> Result<[PathBuf; 3]> {
    fs::create_dir_all(folder)?;
    let paths = ["companies.csv", "records.csv", "truth.csv"].map(|name| folder.join(name));
    let companies = Companies { seed: SEED, size };
    generator::company::write(
        &companies,
        generator::company::Format::Csv,
        generator::company::Packing::None,
        File::create(&paths[0])?,
    )?;
    let crm = Crm {
        seed: SEED + 1,
        companies,
        accounts: N_RECORDS,
        contacts: 0,
        leads: 0,
        person_accounts: 0,
        tasks: 0,
        opportunities: 0,
    };
    let mut records = csv::Writer::from_path(&paths[1])?;
    let mut truth = csv::Writer::from_path(&paths[2])?;
    records.write_record(std::iter::once("id").chain(COLUMNS.map(|(name, _)| name)))?;
    truth.write_record(["record_id", "company_id"])?;
    for record in crm.records() {
        records.write_record(row(&record))?;
        truth.write_record([record.id.as_str(), record.company.as_deref().unwrap_or("")])?;
    }
    records.flush()?;
    truth.flush()?;
    Ok(paths)
}

fn row(record: &Record) -> Vec<&str> {
    let text = |field: &str| record.fields.get(field).and_then(|value| value.as_str());
    let values = COLUMNS
        .iter()
        .map(|(_, field)| text(field).unwrap_or_default());
    std::iter::once(record.id.as_str()).chain(values).collect()
}
