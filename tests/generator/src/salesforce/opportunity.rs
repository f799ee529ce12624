use super::fields::Fields;
use super::id::record_id;
use super::{Crm, Record, account, contact};
use crate::draw::{Draw, For};
use crate::values::{date, notes};

pub(super) fn id(crm: &Crm, n: u64) -> String {
    record_id("006", crm.seed, n)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let mut draw = Draw::new(crm.seed, For::Opportunity, n);
    let draw = &mut draw;
    let id = id(crm, n);
    let mut fields = Fields::new(draw, crm.seed, &id);
    // The account is that of the contact if there is a contact.
    let contact = (crm.contacts > 0 && draw.chance(70)).then(|| draw.below(crm.contacts));
    let any = (crm.accounts > 0).then(|| draw.below(crm.accounts));
    let account = contact
        .and_then(|contact| crm.contact_account(contact))
        .or(any);
    fields.text(
        "AccountId",
        account
            .map(|account| account::id(crm, account))
            .unwrap_or_default(),
    );
    fields.text(
        "ContactId",
        contact
            .map(|contact| contact::id(crm, contact))
            .unwrap_or_default(),
    );
    let (stage, probability) = *draw.pick(&[
        ("Prospecting", 10),
        ("Qualification", 20),
        ("Needs Analysis", 35),
        ("Proposal/Price Quote", 65),
        ("Negotiation/Review", 80),
        ("Closed Won", 100),
        ("Closed Lost", 0),
    ]);
    fields.text(
        "Name",
        format!(
            "{} {}",
            draw.pick(&["Rahmenvertrag", "Lizenzen", "Pilotprojekt", "Wartung"]),
            draw.digits(5)
        ),
    );
    fields.text("StageName", stage);
    fields.set("Probability", probability);
    let amount = draw.between(5, 9_000) * 100;
    fields.set("Amount", amount);
    fields.set("ExpectedRevenue", amount * probability / 100);
    fields.set("IsClosed", stage.starts_with("Closed"));
    fields.set("IsWon", stage == "Closed Won");
    fields.set("IsPrivate", false);
    fields.text(
        "ForecastCategoryName",
        if stage.starts_with("Closed") {
            "Closed"
        } else {
            "Pipeline"
        },
    );
    fields.text("CloseDate", date(draw, 2025, 2026));
    fields.text("Type", *draw.pick(&["Existing Business", "New Business"]));
    fields.text(
        "NextStep",
        *draw.pick(&["Angebot nachfassen", "Demo", "Vertrag prüfen", ""]),
    );
    fields.text("LeadSource", *draw.pick(&["Web", "Messe", "Empfehlung"]));
    fields.text("LastActivityDate", date(draw, 2025, 2025));
    fields.text("External_Id__c", format!("OPP-{}-{n}", crm.seed));
    fields.text("Description", notes(draw, 14));
    Record {
        object: "Opportunity",
        id,
        fields: fields.finish(),
        company: None,
    }
}
