use super::fields::Fields;
use super::id::record_id;
use super::{Crm, Record};
use crate::draw::{Draw, For};
use crate::noise;
use crate::values::{date, notes};

pub(super) fn id(crm: &Crm, n: u64) -> String {
    record_id("001", crm.seed, n)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let (company, known) = crm.account_company(n);
    let mut draw = Draw::new(crm.seed, For::Account, n);
    let draw = &mut draw;
    let id = id(crm, n);
    let mut fields = Fields::new(draw, crm.seed, &id);
    fields.text("Name", noise::name(draw, &company));
    fields.text(
        "Type",
        *draw.pick(&["Prospect", "Customer - Direct", "Partner", ""]),
    );
    if n > 0 && draw.chance(5) {
        fields.text("ParentId", self::id(crm, draw.below(n)));
    }
    fields.text("BillingStreet", noise::street(draw, &company.street));
    let city = if draw.chance(10) {
        String::new()
    } else {
        company.city.clone()
    };
    fields.text("BillingCity", city);
    let zip = if draw.chance(18) {
        String::new()
    } else {
        company.zip.clone()
    };
    fields.text("BillingPostalCode", zip);
    fields.text("BillingCountry", noise::country(draw, &company.country));
    fields.text(
        "Phone",
        noise::phone(draw, &company.phone, &company.country),
    );
    fields.text("Website", noise::website(draw, &company.domain));
    fields.text("AccountNumber", draw.digits(8));
    fields.text(
        "Industry",
        *draw.pick(&[
            "Manufacturing",
            "Technology",
            "Construction",
            "Consulting",
            "Energy",
            "",
        ]),
    );
    fields.set("AnnualRevenue", draw.between(1, 90_000) * 10_000);
    fields.set("NumberOfEmployees", draw.between(1, 4_000));
    fields.text(
        "Ownership",
        *draw.pick(&["Private", "Public", "Subsidiary", ""]),
    );
    fields.text("Rating", *draw.pick(&["Hot", "Warm", "Cold", ""]));
    fields.text(
        "AccountSource",
        *draw.pick(&["Web", "Messe", "Partner", "Zukauf"]),
    );
    fields.text("LastActivityDate", date(draw, 2025, 2025));
    fields.text("VAT_ID__c", noise::vat_id(draw, &company.vat_id));
    let register = match draw.below(100) {
        0..6 if !company.register_number.is_empty() => {
            format!("{} {}", company.register_number, company.register_court)
        }
        6..9 if !company.register_number.is_empty() => format!(
            "Amtsgericht {}, {}",
            company.register_court, company.register_number
        ),
        _ => String::new(),
    };
    fields.text("Register_Number__c", register);
    fields.text(
        "LEI__c",
        if draw.chance(30) {
            company.lei.clone()
        } else {
            String::new()
        },
    );
    fields.text("External_Id__c", format!("ERP-{}-{n}", crm.seed));
    fields.text("Description", notes(draw, 9));
    Record {
        object: "Account",
        id,
        fields: fields.finish(),
        company: known.then_some(company.id),
    }
}
