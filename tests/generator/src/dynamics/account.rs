use super::Record;
use super::columns::Columns;
use super::id::{Range, row_id};
use crate::crm::Crm;
use crate::draw::{Draw, For};
use crate::noise;
use crate::values::notes;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    row_id(Range::Account, crm.seed, n)
}

/// Returns the id of any account, if there are accounts.
pub(super) fn any(crm: &Crm, draw: &mut Draw) -> Option<String> {
    (crm.accounts > 0).then(|| id(crm, draw.below(crm.accounts)))
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let (company, known) = crm.account_company(n);
    let mut draw = Draw::new(crm.seed, For::Account, n);
    let draw = &mut draw;
    let mut all = Columns::new(draw);
    all.cut("name", &noise::name(draw, &company), 160);
    all.set("websiteurl", noise::website(draw, &company.domain));
    all.set(
        "telephone1",
        noise::phone(draw, &company.phone, &company.country),
    );
    all.set("address1_line1", noise::street(draw, &company.street));
    let city = if draw.chance(10) { "" } else { &company.city };
    all.set("address1_city", city);
    let zip = if draw.chance(18) { "" } else { &company.zip };
    all.set("address1_postalcode", zip);
    all.set("address1_country", noise::country(draw, &company.country));
    if draw.chance(60) {
        all.number("industrycode", *draw.pick(&[1, 2, 7, 12, 33]));
    }
    all.number("revenue", draw.between(1, 90_000) * 10_000);
    all.number("numberofemployees", draw.between(1, 4_000));
    // A group has its parts as accounts of their own. A parent comes before its parts.
    if n > 0 && draw.chance(6) {
        all.link("parentaccountid", "account", &id(crm, draw.below(n)));
    }
    all.set("accountnumber", format!("D{}-{n}", crm.seed));
    all.set("new_vatid", noise::vat_id(draw, &company.vat_id));
    let register = if draw.chance(8) && !company.register_number.is_empty() {
        format!("{} {}", company.register_number, company.register_court)
    } else {
        String::new()
    };
    all.set("new_registernumber", register);
    let lei = if draw.chance(30) { &company.lei } else { "" };
    all.set("new_lei", lei);
    if draw.chance(5) {
        // An inactive row is not a deleted one.
        all.number("statecode", 1);
    }
    all.set("description", notes(draw, 9));
    Record {
        object: "account",
        id: id(crm, n),
        columns: all.finish(),
        company: known.then_some(company.id),
    }
}
