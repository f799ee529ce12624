use super::columns::{Columns, fitting};
use super::id::{Range, row_id};
use super::{Record, account};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::noise;
use crate::person::{FREE_MAIL, Person, email, mobile};
use crate::values::notes;
use crate::words::TITLES;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    row_id(Range::Contact, crm.seed, n)
}

/// Returns the person of contact `n` and their e-mail addresses, of which there are up to three.
pub(super) fn person(crm: &Crm, n: u64) -> (Person, Vec<String>) {
    let person = Person::nth(crm.seed, n);
    let (company, _) = crm.contact_company(n);
    let first = fitting(email(crm.seed, n, &person, &company), &person);
    let mut draw = Draw::new(crm.seed, For::Person, n | 1 << 45);
    let others = match draw.below(100) {
        0..70 => 0,
        70..93 => 1,
        _ => 2,
    };
    let from = draw.below(FREE_MAIL.len() as u64) as usize;
    let providers = FREE_MAIL.iter().cycle().skip(from);
    let others = providers
        .map(|provider| person.email(provider))
        .filter(|other| *other != first)
        .take(others);
    let emails = std::iter::once(first.clone()).chain(others).collect();
    (person, emails)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let account = crm.contact_account(n);
    let (company, known) = crm.contact_company(n);
    let (person, emails) = person(crm, n);
    let mut draw = Draw::new(crm.seed, For::Contact, n);
    let draw = &mut draw;
    let mut all = Columns::new(draw);
    let at_home = FREE_MAIL
        .iter()
        .any(|provider| emails[0].ends_with(provider));
    // A contact with a private address always has its company, since otherwise nothing would tell where the person works.
    let is_linked = at_home || !draw.chance(6);
    if let Some(account) = account.filter(|_| is_linked) {
        all.link("parentcustomerid", "account", &account::id(crm, account));
    } else if n > 0 && draw.chance(50) {
        // An assistant may belong to another contact.
        all.link("parentcustomerid", "contact", &id(crm, draw.below(n)));
    }
    all.set("firstname", person.first.as_str());
    all.set("lastname", person.last.as_str());
    for (name, email) in ["emailaddress1", "emailaddress2", "emailaddress3"]
        .into_iter()
        .zip(&emails)
    {
        all.set(name, email.as_str());
    }
    all.set("salutation", *draw.pick(&["Herr", "Frau", "Dr.", ""]));
    all.set("jobtitle", *draw.pick(TITLES));
    all.set(
        "telephone1",
        noise::phone(draw, &company.phone, &company.country),
    );
    let number = mobile(draw);
    all.set("mobilephone", if draw.chance(60) { &number } else { "" });
    all.set("address1_line1", noise::street(draw, &company.street));
    all.set("address1_city", company.city.as_str());
    all.set("address1_postalcode", company.zip.as_str());
    all.set("address1_country", noise::country(draw, &company.country));
    all.flag("donotemail", draw.chance(15));
    all.flag("donotbulkemail", draw.chance(20));
    all.flag("donotphone", draw.chance(8));
    let note = format!("{} {}", person.full_name(), notes(draw, 10));
    all.set("description", note);
    all.set("new_erpnumber", format!("ERP-P-{}-{n}", crm.seed));
    Record {
        object: "contact",
        id: id(crm, n),
        columns: all.finish(),
        company: known.then_some(company.id),
    }
}
