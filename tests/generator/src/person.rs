//! People. None of them is real, and each can be told from everything else by the surname.

use crate::draw::{Draw, For};
use crate::words::{FIRST_NAMES, SYLLABLES_END, SYLLABLES_MIDDLE, SYLLABLES_START};

/// A made-up person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Given name.
    pub first: String,
    /// Surname, made of syllables that occur nowhere else.
    pub last: String,
}

impl Person {
    /// Person number `index` of all that `seed` makes.
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

    /// First name, blank, surname.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// An address for this person at `domain`: ASCII, as mail systems want it.
    pub fn email(&self, domain: &str) -> String {
        format!(
            "{}.{}@{domain}",
            local_part(&self.first),
            local_part(&self.last)
        )
    }
}

/// Lower-case ASCII letters, digits and hyphens, umlauts written out.
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

/// `ä` as `ae` and so on, the German way.
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
