//! What a sales team makes of a company's data when it types it in.

use crate::{
    company::Company,
    draw::Draw,
    person::{local_part, spell_umlauts},
};

/// The name as somebody wrote it: with or without its legal form, in capitals, with umlauts written out, with a slip.
pub(crate) fn name(draw: &mut Draw, company: &Company) -> String {
    let mut name = company.name.clone();
    if draw.chance(25) && !company.legal_form.is_empty() {
        name = name.replace(&company.legal_form, "").trim().to_owned();
    }
    if draw.chance(15) {
        name = spell_umlauts(&name);
    }
    if draw.chance(6) {
        name = name.to_uppercase();
    }
    if draw.chance(8) {
        name = slip(draw, &name);
    }
    name
}

/// Two neighbouring letters changed places, or one was left out.
fn slip(draw: &mut Draw, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 5 {
        return text.to_owned();
    }
    let at = draw.between(1, letters.len() as u64 - 3) as usize;
    if draw.chance(50) {
        letters.swap(at, at + 1);
    } else {
        letters.remove(at);
    }
    letters.into_iter().collect()
}

/// The web address as somebody pasted it.
pub(crate) fn website(draw: &mut Draw, domain: &str) -> String {
    if domain.is_empty() {
        return String::new();
    }
    let form = draw.below(5);
    match form {
        0 => domain.to_owned(),
        1 => format!("www.{domain}"),
        2 => format!("https://{domain}/de/home"),
        3 => format!("http://www.{domain}/"),
        _ => format!("https://www.{domain}"),
    }
}

/// An address at the company, or with a mail provider where it has no domain, or now and then all the same.
pub(crate) fn mail_domain(draw: &mut Draw, domain: &str) -> String {
    if domain.is_empty() || draw.chance(8) {
        (*draw.pick(&["gmail.com", "gmx.de", "web.de", "t-online.de"])).to_owned()
    } else {
        domain.to_owned()
    }
}

/// The value in `percent` of all cases.
pub(crate) fn sometimes(draw: &mut Draw, percent: u64, value: &str) -> String {
    if draw.chance(percent) {
        value.to_owned()
    } else {
        String::new()
    }
}

/// A company that is in no file: nobody's data.
pub(crate) fn stranger_domain(name: &str, index: u64) -> String {
    format!("{}-unlisted-{index}.example", local_part(name))
}
