use super::Record;
use super::columns::{Columns, fitting};
use super::id::{Range, row_id};
use crate::company::Company;
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::noise;
use crate::person::{Person, email, mobile};
use crate::values::notes;

/// The bit of an index that tells the people of leads from those of contacts.
const OF_LEADS: u64 = 1 << 44;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    row_id(Range::Lead, crm.seed, n)
}

/// Returns the company of lead `n`, and whether the database has it.
fn company(crm: &Crm, n: u64) -> (Company, bool) {
    let mut draw = Draw::new(crm.seed, For::Truth, n | OF_LEADS);
    match crm.known(&mut draw) {
        Some(index) => (crm.companies.nth(index), true),
        None => (crm.stranger(n | OF_LEADS), false),
    }
}

/// Returns the person of lead `n` with the e-mail address.
pub(super) fn person(crm: &Crm, n: u64) -> (Person, String) {
    let person = Person::nth(crm.seed, n | OF_LEADS);
    let (company, _) = company(crm, n);
    let email = fitting(email(crm.seed, n | OF_LEADS, &person, &company), &person);
    (person, email)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let (company, known) = company(crm, n);
    let (person, email) = person(crm, n);
    let mut draw = Draw::new(crm.seed, For::Lead, n);
    let draw = &mut draw;
    let mut all = Columns::new(draw);
    let wish = *draw.pick(&["Rahmenvertrag", "Lizenzen", "Pilotprojekt", "Wartung"]);
    all.set("subject", format!("{wish} {}", draw.digits(5)));
    all.set("firstname", person.first.as_str());
    all.set("lastname", person.last.as_str());
    all.set("emailaddress1", email);
    all.cut("companyname", &noise::name(draw, &company), 100);
    all.set("websiteurl", noise::website(draw, &company.domain));
    all.set(
        "telephone1",
        noise::phone(draw, &company.phone, &company.country),
    );
    let number = mobile(draw);
    all.set("mobilephone", if draw.chance(40) { &number } else { "" });
    all.set("address1_line1", noise::street(draw, &company.street));
    all.set("address1_city", company.city.as_str());
    all.set("address1_postalcode", company.zip.as_str());
    all.set("address1_country", noise::country(draw, &company.country));
    let (state, reason) = *draw.pick(&[(0, 1), (0, 1), (0, 2), (2, 4), (2, 7)]);
    all.number("statecode", state);
    all.number("statuscode", reason);
    all.number("leadqualitycode", draw.between(1, 3));
    all.number("leadsourcecode", *draw.pick(&[1, 2, 8, 10]));
    if draw.chance(30) {
        all.number("estimatedamount", draw.between(5, 9_000) * 100);
    }
    all.set("description", notes(draw, 9));
    all.set("new_erpnumber", format!("WEB-{}-{n}", crm.seed));
    Record {
        object: "lead",
        id: id(crm, n),
        columns: all.finish(),
        company: known.then_some(company.id),
    }
}
