use super::columns::Columns;
use super::id::{Range, row_id};
use super::{Record, account, contact, lead, opportunity};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::values::{date, notes};

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let mut draw = Draw::new(crm.seed, For::Task, n);
    let draw = &mut draw;
    let mut all = Columns::new(draw);
    let (mut about_whom, mut end) = (String::new(), None);
    if crm.leads > 0 && draw.chance(20) {
        end = Some(("lead", lead::id(crm, draw.below(crm.leads))));
    } else if crm.contacts > 0 && draw.chance(60) {
        let person = draw.below(crm.contacts);
        end = Some(("contact", contact::id(crm, person)));
        about_whom = contact::person(crm, person).0.full_name();
    } else if crm.opportunities > 0 && draw.chance(50) {
        let id = opportunity::id(crm, draw.below(crm.opportunities));
        end = Some(("opportunity", id));
    } else if draw.chance(90) {
        end = account::any(crm, draw).map(|id| ("account", id));
    }
    if let Some((table, id)) = end {
        all.link("regardingobjectid", table, &id);
    }
    let about = *draw.pick(&["Anruf", "Nachfassen", "Einladung", "Vertrag senden"]);
    all.set("subject", format!("{about} {about_whom}").trim_end());
    all.set("description", notes(draw, 13));
    let (state, reason) = *draw.pick(&[(0, 2), (0, 3), (0, 4), (1, 5), (1, 5), (1, 5), (2, 6)]);
    all.number("statecode", state);
    all.number("statuscode", reason);
    all.number("prioritycode", draw.below(3));
    if state == 1 {
        all.set("actualend", format!("{}T12:00:00Z", date(draw, 2025, 2025)));
    }
    all.set(
        "scheduledend",
        format!("{}T08:30:00Z", date(draw, 2025, 2026)),
    );
    all.set("new_erpnumber", format!("ACT-{}-{n}", crm.seed));
    Record {
        object: "task",
        id: row_id(Range::Task, crm.seed, n),
        columns: all.finish(),
        company: None,
    }
}
