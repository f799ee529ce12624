use super::fields::Fields;
use super::id::record_id;
use super::{Crm, Record, account, contact, lead, opportunity};
use crate::draw::{Draw, For};
use crate::values::{date, notes};

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let mut draw = Draw::new(crm.seed, For::Task, n);
    let draw = &mut draw;
    let id = record_id("00T", crm.seed, n);
    let mut fields = Fields::new(draw, crm.seed, &id);
    let mut named = None;
    // A Task about a Lead cannot be about anything else. That is a rule of Salesforce.
    if crm.leads > 0 && draw.chance(20) {
        let lead = draw.below(crm.leads);
        fields.text("WhoId", lead::id(crm, lead));
        named = Some(lead::person(crm, lead).0);
    } else if crm.contacts > 0 && draw.chance(75) {
        let contact = draw.below(crm.contacts);
        fields.text("WhoId", contact::id(crm, contact));
        if let Some(account) = crm.contact_account(contact) {
            fields.text("WhatId", account::id(crm, account));
            fields.text("AccountId", account::id(crm, account));
        }
        named = Some(contact::person(crm, contact).0);
    } else if crm.opportunities > 0 && draw.chance(50) {
        fields.text(
            "WhatId",
            opportunity::id(crm, draw.below(crm.opportunities)),
        );
    } else if crm.accounts > 0 {
        let account = account::id(crm, draw.below(crm.accounts));
        fields.text("WhatId", account.as_str());
        fields.text("AccountId", account);
    }
    let kind = *draw.pick(&["Call", "Email", "Task"]);
    let named = named.map(|person| person.full_name()).unwrap_or_default();
    fields.text(
        "Subject",
        format!(
            "{} {named}",
            draw.pick(&["Anruf", "Nachfassen", "Einladung", "Vertrag senden"])
        )
        .trim_end(),
    );
    fields.text("TaskSubtype", kind);
    fields.text("ActivityDate", date(draw, 2025, 2026));
    let done = draw.chance(60);
    fields.text(
        "Status",
        if done {
            "Completed"
        } else {
            *draw.pick(&["Not Started", "In Progress", "Deferred"])
        },
    );
    fields.set("IsClosed", done);
    fields.text(
        "CompletedDateTime",
        if done {
            format!("{}T12:00:00.000+0000", date(draw, 2025, 2025))
        } else {
            String::new()
        },
    );
    let urgent = draw.chance(10);
    fields.text("Priority", if urgent { "High" } else { "Normal" });
    fields.set("IsHighPriority", urgent);
    fields.set("IsArchived", false);
    fields.set(
        "CallDurationInSeconds",
        if kind == "Call" {
            Some(draw.between(10, 3_600))
        } else {
            None
        },
    );
    fields.text("CallType", if kind == "Call" { "Outbound" } else { "" });
    fields.text(
        "CallDisposition",
        if kind == "Call" {
            *draw.pick(&["erreicht", "Mailbox", "besetzt"])
        } else {
            ""
        },
    );
    fields.text("External_Id__c", format!("ACT-{}-{n}", crm.seed));
    fields.text("Description", notes(draw, 13));
    Record {
        object: "Task",
        id,
        fields: fields.finish(),
        company: None,
    }
}
