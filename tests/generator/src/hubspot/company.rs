use super::Record;
use super::id::{self, Range};
use super::properties::Properties;
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::noise;
use crate::values::notes;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    id::record_id(Range::CompanyOrTask, crm.seed, n)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let (company, known) = crm.account_company(n);
    let mut draw = Draw::new(crm.seed, For::Account, n);
    let draw = &mut draw;
    let mut all = Properties::new(draw, "createdate", "hs_lastmodifieddate");
    all.set("name", noise::name(draw, &company));
    // HubSpot takes the domain from the web site or from the address of a contact, if a user gives none.
    let domain = if draw.chance(60) {
        company.domain.as_str()
    } else {
        ""
    };
    all.set("domain", domain);
    all.set("website", noise::website(draw, &company.domain));
    all.set(
        "phone",
        noise::phone(draw, &company.phone, &company.country),
    );
    all.set("address", noise::street(draw, &company.street));
    let city = if draw.chance(10) { "" } else { &company.city };
    all.set("city", city);
    let zip = if draw.chance(18) { "" } else { &company.zip };
    all.set("zip", zip);
    all.set("country", noise::country(draw, &company.country));
    let industries = [
        "CHEMICALS",
        "CONSTRUCTION",
        "COMPUTER_SOFTWARE",
        "RETAIL",
        "",
    ];
    all.set("industry", *draw.pick(&industries));
    all.set("type", *draw.pick(&["PROSPECT", "PARTNER", "RESELLER", ""]));
    let stages = ["lead", "opportunity", "customer", "other"];
    all.set("lifecyclestage", *draw.pick(&stages));
    all.number("annualrevenue", draw.between(1, 90_000) * 10_000);
    all.number("numberofemployees", draw.between(1, 4_000));
    all.number("founded_year", draw.between(1890, 2023));
    all.flag("is_public", draw.chance(6));
    all.set("vat_id", noise::vat_id(draw, &company.vat_id));
    let register = if draw.chance(8) && !company.register_number.is_empty() {
        format!("{} {}", company.register_number, company.register_court)
    } else {
        String::new()
    };
    all.set("register_number", register);
    let lei = if draw.chance(30) { &company.lei } else { "" };
    all.set("lei", lei);
    all.set("erp_number", format!("ERP-{}-{n}", crm.seed));
    all.set("about_us", notes(draw, 4));
    all.set("description", notes(draw, 9));
    Record {
        object: "companies",
        id: id(crm, n),
        properties: all.finish(),
        associations: Vec::new(),
        company: known.then_some(company.id),
    }
}
