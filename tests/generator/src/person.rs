//! Made-up people. The surname tells each from everything else.

use crate::draw::{Draw, For};
use crate::words::{FIRST_NAMES, SYLLABLES_END, SYLLABLES_MIDDLE, SYLLABLES_START};

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
