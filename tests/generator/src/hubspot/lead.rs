use super::id::{self, Range};
use super::properties::Properties;
use super::{Record, company, contact, to};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::values::notes;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    id::record_id(Range::Lead, crm.seed, n)
}

/// Returns how many leads there can be.
pub(super) fn number(crm: &Crm) -> u64 {
    if crm.accounts + crm.contacts > 0 {
        crm.leads
    } else {
        0
    }
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let mut draw = Draw::new(crm.seed, For::Lead, n);
    let draw = &mut draw;
    let mut all = Properties::new(draw, "hs_createdate", "hs_lastmodifieddate");
    let by_company = crm.contacts == 0 || (crm.accounts > 0 && draw.chance(15));
    let wish = *draw.pick(&["Rahmenvertrag", "Lizenzen", "Pilotprojekt", "Wartung"]);
    let (mut associations, mut name) = (Vec::new(), format!("{wish} {}", draw.digits(5)));
    let (account, (company, known)) = if by_company {
        let account = draw.below(crm.accounts);
        (Some(account), crm.account_company(account))
    } else {
        let contact = draw.below(crm.contacts);
        let (person, emails) = contact::person(crm, contact);
        associations.push(to("contacts", contact::id(crm, contact), true));
        // HubSpot offers the contact's name as the name of a lead.
        name = format!("{} – {wish}", person.full_name());
        let account = crm.contact_account(contact);
        let account = account.filter(|_| contact::is_linked(crm, contact, &emails[0]));
        (account, crm.contact_company(contact))
    };
    if let Some(account) = account {
        associations.push(to("companies", company::id(crm, account), true));
    }
    all.set("hs_lead_name", name);
    all.set("hs_lead_label", *draw.pick(&["HOT", "WARM", "COLD", ""]));
    all.set("hs_lead_type", *draw.pick(&["NEW_BUSINESS", "UPSELL"]));
    let (stage, category) = *draw.pick(&[
        ("new-stage-id", "OPEN"),
        ("attempting-stage-id", "OPEN"),
        ("connected-stage-id", "OPEN"),
        ("unqualified-stage-id", "UNQUALIFIED"),
    ]);
    all.set("hs_pipeline", "lead-pipeline-id");
    all.set("hs_pipeline_stage", stage);
    all.set("hs_pipeline_stage_category", category);
    all.set("campaign", *draw.pick(&["Messe", "Web", "Empfehlung", ""]));
    all.set("lead_notes", notes(draw, 9));
    all.set("erp_number", format!("WEB-{}-{n}", crm.seed));
    Record {
        object: "leads",
        id: id(crm, n),
        properties: all.finish(),
        associations,
        company: known.then_some(company.id),
    }
}
