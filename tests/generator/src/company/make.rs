use super::Company;
use super::identifiers::{firmenbuch_letter, lei, phone, vat_id};
use crate::draw::{Draw, For};
use crate::person::local_part;
use crate::words::{
    BRAND_ENDS, BRAND_STARTS, FIRST_NAMES, FORMS_BY_COUNTRY, PLACES, Place, STREETS,
    STREETS_ABROAD, SUBSIDIARIES, SURNAMES, TRADES, TRADES_ABROAD,
};

/// Every 16th company has no parent and a name of its own. It can be the parent or namesake of others without a further search.
const ROOT: u64 = 16;

/// The largest distance to a parent, in indexes.
const NEAR: u64 = 4_096;

/// A company's relationship to another one.
enum Tie {
    None,
    /// Part of that company. In most cases it has the same domain.
    Subsidiary(u64),
    /// Same name in another town, and otherwise unrelated.
    Namesake(u64),
}

/// A name without legal form, and the company's place.
struct Root {
    core: String,
    place: &'static Place,
    domain: String,
}

pub(super) fn company(seed: u64, index: u64) -> Company {
    let tie = tie(seed, index);
    let own = root(seed, index);
    let mut draw = Draw::new(seed, For::Company, index);
    let (core, domain, parent) = match tie {
        Tie::None => (own.core, own.domain, None),
        Tie::Subsidiary(parent) => {
            let family = root(seed, parent);
            let core = format!("{} {}", family.core, draw.pick(SUBSIDIARIES));
            let domain = if draw.chance(70) {
                family.domain
            } else {
                domain_of(&core, index)
            };
            (core, domain, Some(parent))
        }
        Tie::Namesake(other) => {
            let core = root(seed, other).core;
            let domain = domain_of(&core, index);
            (core, domain, None)
        }
    };
    let country = own.place.country;
    let forms = FORMS_BY_COUNTRY
        .iter()
        .find(|(code, _)| *code == country)
        .map_or(&["GmbH"][..], |(_, forms)| forms);
    let legal_form = *draw.pick(forms);
    let (court, number) = register(&mut draw, country, legal_form, own.place.city);
    let mut some = |percent: u64, value: String| {
        if draw.chance(percent) {
            value
        } else {
            String::new()
        }
    };
    let domain = some(90, domain);
    let register_number = some(96, number);
    let register_court = if register_number.is_empty() {
        String::new()
    } else {
        court
    };
    Company {
        id: id(index),
        name: format!("{core} {legal_form}"),
        legal_form: legal_form.to_owned(),
        street: some_street(&mut draw, country),
        zip: zip(&mut draw, own.place),
        city: own.place.city.to_owned(),
        country: country.to_owned(),
        domain,
        phone: if draw.chance(88) {
            phone(&mut draw, country, own.place.area)
        } else {
            String::new()
        },
        vat_id: if draw.chance(92) {
            vat_id(&mut draw, country)
        } else {
            String::new()
        },
        register_court,
        register_number,
        lei: if draw.chance(12) {
            lei(&mut draw)
        } else {
            String::new()
        },
        parent_id: parent.map(id).unwrap_or_default(),
    }
}

fn id(index: u64) -> String {
    format!("C{index:07}")
}

fn tie(seed: u64, index: u64) -> Tie {
    let mut draw = Draw::new(seed, For::Relation, index);
    if index.is_multiple_of(ROOT) {
        return Tie::None;
    }
    let other = (index - draw.below(index.min(NEAR))) / ROOT * ROOT;
    match draw.below(100) {
        0..12 => Tie::Subsidiary(other),
        12..17 => Tie::Namesake(other),
        _ => Tie::None,
    }
}

fn root(seed: u64, index: u64) -> Root {
    // This draw differs from the company's own, so that the root of a parent can be drawn without the rest of it.
    let mut draw = Draw::new(seed.rotate_left(17), For::Company, index);
    let place = draw.pick(PLACES);
    let german = matches!(place.country, "DE" | "AT" | "CH");
    let trade = *if german {
        draw.pick(TRADES)
    } else {
        draw.pick(TRADES_ABROAD)
    };
    let surname = *draw.pick(SURNAMES);
    let brand = format!("{}{}", draw.pick(BRAND_STARTS), draw.pick(BRAND_ENDS));
    let core = match (german, draw.below(100)) {
        (true, 0..30) => format!("{surname} {trade}"),
        (true, 30..38) => format!("{surname} & {} {trade}", draw.pick(SURNAMES)),
        (true, 38..43) => format!("{surname} & Söhne"),
        (true, 43..47) => format!("Gebr. {surname} {trade}"),
        (true, 47..52) => format!("{trade} {} {surname}", draw.pick(FIRST_NAMES)),
        (true, 52..57) => format!("{trade} {}", place.city),
        (true, 57..60) => format!("{surname}-{trade}"),
        (true, 60..63) => format!("Dr. {surname} und Partner {trade}"),
        (_, 0..85) => format!("{brand} {trade}"),
        _ => brand,
    };
    let domain = domain_of(&core, index);
    Root {
        core,
        place,
        domain,
    }
}

/// Returns a domain such as `mueller-werkzeugbau-4711.example`. No two roots share one, whatever their names.
fn domain_of(core: &str, index: u64) -> String {
    let mut label = local_part(core);
    label.truncate(48);
    format!("{}-{index}.example", label.trim_end_matches('-'))
}

fn some_street(draw: &mut Draw, country: &str) -> String {
    if draw.chance(3) {
        return String::new();
    }
    let number = draw.between(1, 180);
    let letter = if draw.chance(12) {
        *draw.pick(&["a", "b", "c"])
    } else {
        ""
    };
    if matches!(country, "DE" | "AT" | "CH") {
        format!("{} {number}{letter}", draw.pick(STREETS))
    } else {
        format!("{number}{letter} {}", draw.pick(STREETS_ABROAD))
    }
}

fn zip(draw: &mut Draw, place: &Place) -> String {
    if place.country == "GB" {
        return format!(
            "{}{}{}",
            place.zip,
            draw.between(1, 9),
            draw.pick(&["AA", "BD", "HJ", "LN", "QP"])
        );
    }
    let mut zip = place.zip.to_owned();
    while zip.len() < place.zip_len {
        zip.push(char::from(b'0' + draw.below(10) as u8));
    }
    zip
}

/// Returns court and number, or empty texts if the country's register is not one of courts.
fn register(draw: &mut Draw, country: &str, legal_form: &str, city: &str) -> (String, String) {
    let number = draw.between(1_000, 299_999);
    let kind = match legal_form {
        "GmbH & Co. KG" | "KG" | "OHG" | "e.K." => "HRA",
        "eG" => "GnR",
        "PartG mbB" => "PR",
        "GbR" => "GsR",
        _ => "HRB",
    };
    match country {
        "DE" if city == "Berlin" => (
            "Berlin (Charlottenburg)".to_owned(),
            format!("{kind} {number} B"),
        ),
        "DE" => (city.to_owned(), format!("{kind} {number}")),
        "AT" => (
            city.to_owned(),
            format!("FN {number}{}", firmenbuch_letter(number)),
        ),
        _ => (String::new(), String::new()),
    }
}
