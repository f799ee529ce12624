//! Made-up people. The surname tells each from everything else.

use crate::company::Company;
use crate::draw::{Draw, For};
use crate::words::{FIRST_NAMES, SYLLABLES_END, SYLLABLES_MIDDLE, SYLLABLES_START};

/// Mail providers whose addresses do not identify a company.
pub(crate) const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "gmx.de",
    "web.de",
    "t-online.de",
    "outlook.com",
    "yahoo.de",
    "icloud.com",
];

/// A made-up person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Given name.
    pub first: String,
    /// Surname, made of syllables that occur in nothing else.
    pub last: String,
}

impl Person {
    /// Makes person number `index` of a seed.
    pub fn nth(seed: u64, index: u64) -> Self {
        let mut draw = Draw::new(seed, For::Person, index);
        let surname = |draw: &mut Draw| {
            [
                draw.pick(SYLLABLES_START),
                draw.pick(SYLLABLES_MIDDLE),
                draw.pick(SYLLABLES_END),
            ]
            .map(|syllable| *syllable)
            .concat()
        };
        let first = (*draw.pick(FIRST_NAMES)).to_owned();
        let mut last = surname(&mut draw);
        if draw.chance(6) {
            last = format!("{last}-{}", surname(&mut draw));
        } else if draw.chance(3) {
            last = format!("von {last}");
        } else if draw.chance(2) {
            last = format!("O'{last}");
        }
        Self { first, last }
    }

    /// Returns first name, blank and surname.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// Returns the person's e-mail address at `domain`. It is ASCII, as mail systems need it.
    pub fn email(&self, domain: &str) -> String {
        format!(
            "{}.{}@{domain}",
            local_part(&self.first),
            local_part(&self.last)
        )
    }
}

/// Returns the e-mail address of person `n` of a CRM: at the company, or at one of [`FREE_MAIL`].
pub(crate) fn email(seed: u64, n: u64, person: &Person, company: &Company) -> String {
    let mut draw = Draw::new(seed, For::Person, n | 1 << 41);
    let provider = *draw.pick(FREE_MAIL);
    person.email(if company.domain.is_empty() || draw.chance(12) {
        provider
    } else {
        &company.domain
    })
}

/// Returns a mobile number from the Bundesnetzagentur's ranges for fiction (0171 39200xx, 0176 040690xx).
pub(crate) fn mobile(draw: &mut Draw) -> String {
    let n = draw.below(100);
    if draw.chance(50) {
        format!("+49 171 39200{n:02}")
    } else {
        format!("0176/040690{n:02}")
    }
}

/// Returns lower-case ASCII letters, digits and hyphens, with umlauts written out.
pub(crate) fn local_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in spell_umlauts(text).chars() {
        let folded = any_ascii::any_ascii_char(c).to_ascii_lowercase();
        if folded.is_empty() || folded.chars().all(|c| !c.is_ascii_alphanumeric()) {
            if !out.ends_with('-') && !out.is_empty() && c != '\'' && c != '.' {
                out.push('-');
            }
        } else {
            out.extend(folded.chars().filter(char::is_ascii_alphanumeric));
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Spells `ä` as `ae` and so on, the German way.
pub(crate) fn spell_umlauts(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'Ä' => out.push_str("Ae"),
            'Ö' => out.push_str("Oe"),
            'Ü' => out.push_str("Ue"),
            'ß' => out.push_str("ss"),
            _ => out.push(c),
        }
    }
    out
}
