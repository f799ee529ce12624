use super::columns::Columns;
use super::id::{Range, row_id};
use super::{Record, account, contact, lead};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::values::{date, notes};

/// The currencies that the simulator knows.
const CURRENCIES: [&str; 2] = [
    "5a1e0000-0000-4000-8000-00000000e001",
    "5a1e0000-0000-4000-8000-00000000d001",
];

pub(super) fn id(crm: &Crm, n: u64) -> String {
    row_id(Range::Opportunity, crm.seed, n)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let mut draw = Draw::new(crm.seed, For::Opportunity, n);
    let draw = &mut draw;
    let mut all = Columns::new(draw);
    // The account is that of the contact if there is a contact.
    let person = (crm.contacts > 0 && draw.chance(70)).then(|| draw.below(crm.contacts));
    let of_person = person.and_then(|person| crm.contact_account(person));
    let of_person = of_person.map(|number| account::id(crm, number));
    let parent = of_person.or_else(|| account::any(crm, draw));
    if let Some(parent) = &parent {
        all.link("parentaccountid", "account", parent);
        all.link("customerid", "account", parent);
    }
    if let Some(person) = person {
        all.link("parentcontactid", "contact", &contact::id(crm, person));
    }
    if crm.leads > 0 && draw.chance(20) {
        let origin = lead::id(crm, draw.below(crm.leads));
        all.link("originatingleadid", "lead", &origin);
    }
    let wish = *draw.pick(&["Rahmenvertrag", "Lizenzen", "Pilotprojekt", "Wartung"]);
    all.set("name", format!("{wish} {}", draw.digits(5)));
    let (state, reason) = *draw.pick(&[(0, 1), (0, 1), (0, 2), (1, 3), (2, 4), (2, 5)]);
    all.number("statecode", state);
    all.number("statuscode", reason);
    let steps = ["1-Qualify", "2-Develop", "3-Propose", "4-Close"];
    all.set("stepname", *draw.pick(&steps));
    all.number("closeprobability", draw.between(0, 10) * 10);
    all.number("estimatedvalue", draw.between(5, 9_000) * 100);
    let currency = if draw.chance(80) {
        CURRENCIES[0]
    } else {
        CURRENCIES[1]
    };
    all.link("transactioncurrencyid", "transactioncurrency", currency);
    all.set("estimatedclosedate", date(draw, 2025, 2026));
    if state != 0 {
        all.set("actualclosedate", date(draw, 2025, 2025));
    }
    all.number("opportunityratingcode", draw.between(1, 3));
    all.set("description", notes(draw, 14));
    all.set("new_erpnumber", format!("OPP-{}-{n}", crm.seed));
    Record {
        object: "opportunity",
        id: id(crm, n),
        columns: all.finish(),
        company: None,
    }
}
