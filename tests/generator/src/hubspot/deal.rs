use super::id::{self, Range};
use super::properties::Properties;
use super::{Record, company, contact, to};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::values::{date, notes};

pub(super) fn id(crm: &Crm, n: u64) -> String {
    id::record_id(Range::Deal, crm.seed, n)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let mut draw = Draw::new(crm.seed, For::Opportunity, n);
    let draw = &mut draw;
    let mut all = Properties::new(draw, "createdate", "hs_lastmodifieddate");
    // The company is that of the contact if there is a contact.
    let contact = (crm.contacts > 0 && draw.chance(70)).then(|| draw.below(crm.contacts));
    let any = (crm.accounts > 0).then(|| draw.below(crm.accounts));
    let account = contact
        .and_then(|contact| crm.contact_account(contact))
        .or(any);
    let account = account.map(|account| to("companies", company::id(crm, account), true));
    let contact = contact.map(|contact| to("contacts", contact::id(crm, contact), false));
    let associations = account.into_iter().chain(contact).collect();
    let (stage, probability) = *draw.pick(&[
        ("appointmentscheduled", "0.2"),
        ("qualifiedtobuy", "0.4"),
        ("presentationscheduled", "0.6"),
        ("decisionmakerboughtin", "0.8"),
        ("contractsent", "0.9"),
        ("closedwon", "1"),
        ("closedlost", "0"),
    ]);
    let wish = *draw.pick(&["Rahmenvertrag", "Lizenzen", "Pilotprojekt", "Wartung"]);
    all.set("dealname", format!("{wish} {}", draw.digits(5)));
    all.set("pipeline", "default");
    all.set("dealstage", stage);
    all.set("hs_deal_stage_probability", probability);
    all.number("amount", draw.between(5, 9_000) * 100);
    all.set(
        "deal_currency_code",
        *draw.pick(&["EUR", "EUR", "EUR", "CHF"]),
    );
    all.flag("hs_is_closed", stage.starts_with("closed"));
    all.flag("hs_is_closed_won", stage == "closedwon");
    all.set(
        "closedate",
        format!("{}T12:00:00.000Z", date(draw, 2025, 2026)),
    );
    all.set("dealtype", *draw.pick(&["newbusiness", "existingbusiness"]));
    let steps = ["Angebot nachfassen", "Demo", "Vertrag prüfen", ""];
    all.set("hs_next_step", *draw.pick(&steps));
    all.set("hs_priority", *draw.pick(&["low", "medium", "high", ""]));
    let lost = if stage == "closedlost" {
        notes(draw, 2)
    } else {
        String::new()
    };
    all.set("closed_lost_reason", lost);
    all.set("erp_number", format!("OPP-{}-{n}", crm.seed));
    all.set("description", notes(draw, 14));
    Record {
        object: "deals",
        id: id(crm, n),
        properties: all.finish(),
        associations,
        company: None,
    }
}
