//! What happens to a company's data when people type it into a CRM.

use crate::company::Company;
use crate::draw::Draw;
use crate::person::spell_umlauts;

/// Returns the name as somebody might write it.
pub(crate) fn name(draw: &mut Draw, company: &Company) -> String {
    let core = company
        .name
        .strip_suffix(&company.legal_form)
        .unwrap_or(&company.name)
        .trim_end();
    let mut name = match draw.below(100) {
        0..52 => company.name.clone(),
        52..72 => core.to_owned(),
        72..86 => format!("{core} {}", form_otherwise(draw, &company.legal_form)),
        86..90 => format!("{} ({})", company.name, company.city),
        90..93 => format!("{core} {}", company.city),
        _ => company.name.replace('-', " "),
    };
    if draw.chance(15) {
        name = spell_umlauts(&name);
    } else if draw.chance(4) {
        name = any_ascii::any_ascii(&name);
    }
    if draw.chance(20) {
        name = name.replace(" & ", draw.pick::<&str>(&[" und ", " u. ", "&", " + "]));
    }
    if draw.chance(9) {
        name = typo(draw, &name);
    }
    match draw.below(100) {
        0..5 => name.to_uppercase(),
        5..8 => name.to_lowercase(),
        8..9 => format!(" {name}  "),
        9..10 => format!("{name} – INAKTIV"),
        _ => name,
    }
}

/// Makes one typing error somewhere after the first letter.
pub(crate) fn typo(draw: &mut Draw, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let inner: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|at| letters[*at].is_alphabetic() && letters[at + 1].is_alphabetic())
        .collect();
    if inner.is_empty() {
        return text.to_owned();
    }
    let at = *draw.pick(&inner);
    match draw.below(4) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = *draw.pick(&['e', 'n', 'r', 't', 'a', 's', 'i']),
    }
    letters.into_iter().collect()
}

/// Returns the web site, or an empty text.
pub(crate) fn website(draw: &mut Draw, domain: &str) -> String {
    if domain.is_empty() {
        return String::new();
    }
    match draw.below(100) {
        0..35 => String::new(),
        35..60 => format!("https://www.{domain}"),
        60..72 => format!("www.{domain}/"),
        72..82 => domain.to_owned(),
        82..90 => format!("http://{domain}/de/home?utm=1"),
        90..94 => format!("HTTPS://WWW.{}", domain.to_uppercase()),
        94..97 => format!("https://karriere.{domain}/jobs"),
        _ => format!(
            "https://www.facebook.com/{}",
            domain.split('.').next().unwrap_or_default()
        ),
    }
}

/// Returns the phone number in one of its notations, sometimes with another extension, or an empty text.
pub(crate) fn phone(draw: &mut Draw, phone: &str, country: &str) -> String {
    if phone.is_empty() || draw.chance(35) {
        return String::new();
    }
    let mut phone = phone.to_owned();
    if draw.chance(20)
        && let Some((base, _)) = phone.split_once('-')
    {
        phone = format!("{base}-{}", draw.between(0, 99));
    }
    match draw.below(5) {
        0 => phone.replacen('+', "00", 1),
        1 if country == "DE" => phone.replacen("+49 ", "0", 1).replace('-', " "),
        2 if country == "DE" => phone.replacen("+49 ", "+49 (0)", 1),
        3 => phone.replace([' ', '-'], ""),
        _ => phone,
    }
}

/// Returns the street, sometimes abbreviated or missing.
pub(crate) fn street(draw: &mut Draw, street: &str) -> String {
    match draw.below(100) {
        0..25 => String::new(),
        25..45 => street.replace("straße", "str.").replace("Straße", "Str."),
        45..52 => street
            .replace("straße", "strasse")
            .replace("Straße", "Strasse"),
        52..55 => format!("{street}\n2. OG"),
        _ => street.to_owned(),
    }
}

/// Returns the country as a code or a name, or an empty text.
pub(crate) fn country(draw: &mut Draw, code: &str) -> String {
    let names: &[&str] = match code {
        "DE" => &["DE", "Deutschland", "Germany", "D"],
        "AT" => &["AT", "Österreich", "Austria"],
        "CH" => &["CH", "Schweiz", "Switzerland"],
        "NL" => &["NL", "Niederlande", "Netherlands"],
        "FR" => &["FR", "France", "Frankreich"],
        "GB" => &["GB", "United Kingdom", "UK"],
        "US" => &["US", "USA", "United States"],
        _ => {
            return if draw.chance(10) {
                String::new()
            } else {
                code.to_owned()
            };
        }
    };
    if draw.chance(10) {
        String::new()
    } else {
        (*draw.pick(names)).to_owned()
    }
}

/// Returns a VAT id with the blanks and marks that people add. Mostly returns an empty text.
pub(crate) fn vat_id(draw: &mut Draw, vat_id: &str) -> String {
    match draw.below(100) {
        0..10 => vat_id.to_owned(),
        10..13 if vat_id.len() > 8 && vat_id.is_ascii() => {
            format!("{} {} {}", &vat_id[..2], &vat_id[2..5], &vat_id[5..])
        }
        13..15 => vat_id.to_lowercase(),
        _ => String::new(),
    }
}

fn form_otherwise(draw: &mut Draw, form: &str) -> &'static str {
    let others: &[&'static str] = match form {
        "GmbH" => &[
            "G.m.b.H.",
            "Gmbh",
            "GMBH",
            "Gesellschaft mit beschränkter Haftung",
            "mbH",
        ],
        "GmbH & Co. KG" => &[
            "GmbH & Co KG",
            "GmbH u. Co. KG",
            "GmbH und Co. KG",
            "GmbH&Co.KG",
        ],
        "AG" => &["Aktiengesellschaft", "A.G."],
        "UG (haftungsbeschränkt)" => &["UG", "UG haftungsbeschränkt"],
        "e.K." => &["e. K.", "eK"],
        "KG" => &["Kommanditgesellschaft", "K.G."],
        "Ltd" | "Limited" => &["Ltd.", "LTD", "Limited"],
        "Inc." => &["Inc", "Incorporated"],
        "B.V." | "BV" => &["BV", "b.v."],
        "S.à r.l." | "SARL" | "Sàrl" => &["Sarl", "S.A.R.L.", "S.à.r.l."],
        _ => &["GmbH"],
    };
    draw.pick::<&'static str>(others)
}
