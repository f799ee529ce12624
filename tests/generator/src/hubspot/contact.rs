use super::id::{self, Range};
use super::properties::Properties;
use super::{Record, company, to};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::noise;
use crate::person::{FREE_MAIL, Person, email, mobile};
use crate::values::notes;
use crate::words::TITLES;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    id::record_id(Range::Contact, crm.seed, n)
}

/// Returns the person of contact `n` and their e-mail addresses. The first one is the primary one. HubSpot makes no two
/// contacts with the same address, so each has the contact's number.
pub(super) fn person(crm: &Crm, n: u64) -> (Person, Vec<String>) {
    let person = Person::nth(crm.seed, n);
    let (company, _) = crm.contact_company(n);
    let primary = numbered(&email(crm.seed, n, &person, &company), n);
    let mut draw = Draw::new(crm.seed, For::Person, n | 1 << 45);
    let others = match draw.below(100) {
        0..70 => 0,
        70..93 => 1,
        _ => 2,
    };
    let first = draw.below(FREE_MAIL.len() as u64) as usize;
    let providers = FREE_MAIL.iter().cycle().skip(first);
    let others = providers
        .map(|provider| numbered(&person.email(provider), n))
        .filter(|other| *other != primary)
        .take(others);
    let emails = std::iter::once(primary.clone()).chain(others).collect();
    (person, emails)
}

/// Returns whether the company of contact `n` is associated with it. A contact with a private address always has its
/// company, since otherwise nothing would tell where the person works.
pub(super) fn is_linked(crm: &Crm, n: u64, email: &str) -> bool {
    let at_home = FREE_MAIL.iter().any(|provider| email.ends_with(provider));
    let linked = at_home || !Draw::new(crm.seed, For::Truth, n | 1 << 46).chance(6);
    linked && crm.accounts > 0
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let account = crm.contact_account(n);
    let (company, known) = crm.contact_company(n);
    let (person, emails) = person(crm, n);
    let mut draw = Draw::new(crm.seed, For::Contact, n);
    let draw = &mut draw;
    let mut all = Properties::new(draw, "createdate", "lastmodifieddate");
    let account = account.filter(|_| is_linked(crm, n, &emails[0]));
    let mut associations = Vec::new();
    if let Some(account) = account {
        associations.push(to("companies", company::id(crm, account), true));
        // A contact may have to do with further companies. None of them is the contact's own.
        let other = draw.below(crm.accounts);
        if draw.chance(8) && other != account {
            associations.push(to("companies", company::id(crm, other), false));
        }
    }
    all.set("firstname", person.first.as_str());
    all.set("lastname", person.last.as_str());
    all.set("email", emails[0].as_str());
    all.set("hs_additional_emails", emails[1..].join(";"));
    all.set("salutation", *draw.pick(&["Herr", "Frau", "Dr.", ""]));
    all.set("jobtitle", *draw.pick(TITLES));
    all.set(
        "phone",
        noise::phone(draw, &company.phone, &company.country),
    );
    let number = mobile(draw);
    all.set("mobilephone", if draw.chance(60) { &number } else { "" });
    let name = noise::name(draw, &company);
    all.set("company", if draw.chance(40) { name.as_str() } else { "" });
    all.set("address", noise::street(draw, &company.street));
    all.set("city", company.city.as_str());
    all.set("zip", company.zip.as_str());
    all.set("country", noise::country(draw, &company.country));
    all.set(
        "lifecyclestage",
        *draw.pick(&["lead", "opportunity", "customer"]),
    );
    all.set(
        "hs_lead_status",
        *draw.pick(&["NEW", "OPEN", "CONNECTED", ""]),
    );
    let bases = ["Not applicable", "Performance of a contract", "", ""];
    all.set("hs_legal_basis", *draw.pick(&bases));
    all.flag("hs_email_optout", draw.chance(15));
    let note = format!("{} {}", person.full_name(), notes(draw, 10));
    all.set("message", note);
    all.set("erp_number", format!("ERP-P-{}-{n}", crm.seed));
    Record {
        object: "contacts",
        id: id(crm, n),
        properties: all.finish(),
        associations,
        company: known.then_some(company.id),
    }
}

fn numbered(email: &str, n: u64) -> String {
    email.replacen('@', &format!("{n}@"), 1)
}
