use super::id::{self, Range};
use super::properties::Properties;
use super::{Record, company, contact, deal, lead, to};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::values::{date, notes};

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let mut draw = Draw::new(crm.seed, For::Task, n);
    let draw = &mut draw;
    let mut all = Properties::new(draw, "hs_createdate", "hs_lastmodifieddate");
    let (mut associations, mut named) = (Vec::new(), String::new());
    let leads = lead::number(crm);
    if leads > 0 && draw.chance(20) {
        associations.push(to("leads", lead::id(crm, draw.below(leads)), false));
    } else if crm.contacts > 0 && draw.chance(75) {
        let contact = draw.below(crm.contacts);
        associations.push(to("contacts", contact::id(crm, contact), false));
        if let Some(account) = crm.contact_account(contact) {
            associations.push(to("companies", company::id(crm, account), false));
        }
        named = contact::person(crm, contact).0.full_name();
    } else if crm.opportunities > 0 && draw.chance(50) {
        let deal = deal::id(crm, draw.below(crm.opportunities));
        associations.push(to("deals", deal, false));
    } else if crm.accounts > 0 {
        let company = company::id(crm, draw.below(crm.accounts));
        associations.push(to("companies", company, false));
    }
    let about = *draw.pick(&["Anruf", "Nachfassen", "Einladung", "Vertrag senden"]);
    all.set("hs_task_subject", format!("{about} {named}").trim_end());
    all.set("hs_task_body", notes(draw, 13));
    all.set("hs_task_type", *draw.pick(&["TODO", "EMAIL", "CALL"]));
    let done = draw.chance(60);
    let open = ["NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED"];
    let status = if done { "COMPLETED" } else { *draw.pick(&open) };
    all.set("hs_task_status", status);
    all.set("hs_task_is_completed", if done { "1" } else { "0" });
    let day = date(draw, 2025, 2025);
    let completed = if done {
        format!("{day}T12:00:00.000Z")
    } else {
        String::new()
    };
    all.set("hs_task_completion_date", completed);
    all.set(
        "hs_task_priority",
        *draw.pick(&["NONE", "LOW", "MEDIUM", "HIGH"]),
    );
    let due = date(draw, 2025, 2026);
    all.set("hs_timestamp", format!("{due}T08:30:00.000Z"));
    all.set("erp_number", format!("ACT-{}-{n}", crm.seed));
    Record {
        object: "tasks",
        id: id::record_id(Range::CompanyOrTask, crm.seed, n),
        properties: all.finish(),
        associations,
        company: None,
    }
}
