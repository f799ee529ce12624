//! How much a word of a company's name tells about the company: a rare word tells much,
//! `Immobilien` hardly anything.

mod lists;
mod small;

pub(crate) use small::is_small;

use lists::{ENDINGS, WORDS};

/// What kind of word a name contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Occurs in few names.
    Rare,
    /// A common surname of the German-speaking countries.
    Surname,
    /// A trade, an institution or a function word: occurs in many names.
    Common,
    /// A large city or a region.
    Location,
    /// The role of a company in its group. Words with the same meaning have the same number.
    Role(u8),
    /// Digits only.
    Number,
}

impl Word {
    /// The kind of a folded word.
    pub(crate) fn of(word: &str) -> Self {
        const STEMS: [(&str, u8); 11] = [
            ("verwaltung", 0),
            ("beteiligung", 1),
            ("vertrieb", 2),
            ("immobilien", 3),
            ("grundstuck", 3),
            ("besitz", 3),
            ("vermogen", 4),
            ("holding", 5),
            ("management", 6),
            ("produktion", 7),
            ("service", 9),
        ];
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Number;
        }
        if word.len() >= 6
            && let Some((_, role)) = STEMS.iter().find(|(stem, _)| word.starts_with(stem))
        {
            return Self::Role(*role);
        }
        if let Some(role) = role(word) {
            return Self::Role(role);
        }
        match TABLE.find(word) {
            Some(0) => Self::Common,
            Some(1) => Self::Surname,
            Some(_) => Self::Location,
            None if ENDINGS
                .iter()
                .any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending)) =>
            {
                Self::Common
            }
            None => Self::Rare,
        }
    }

    /// Whether the role is a country or a continent.
    pub(crate) fn is_country(self) -> bool {
        matches!(self, Self::Role(10..=13 | 16..=21))
    }

    /// Whether the role is a head office.
    pub(crate) fn is_head_office(self) -> bool {
        self == Self::Role(29)
    }
}

fn role(word: &str) -> Option<u8> {
    Some(match word {
        "international" | "global" | "worldwide" => 8,
        "kundendienst" => 9,
        "deutschland" | "germany" | "deutsche" => 10,
        "osterreich" | "austria" => 11,
        "schweiz" | "suisse" | "switzerland" | "svizzera" => 12,
        "europe" | "europa" => 13,
        "leasing" => 14,
        "finance" | "financial" | "finanz" => 15,
        "sales" | "handelsgesellschaft" => 2,
        "properties" | "property" => 3,
        "investment" | "investments" | "invest" => 1,
        "uk" => 16,
        "usa" | "us" | "america" => 17,
        "france" | "frankreich" => 18,
        "italia" | "italy" => 19,
        "nederland" | "netherlands" => 20,
        "polska" | "poland" => 21,
        "stiftung" | "foundation" => 22,
        "logistik" | "logistics" => 23,
        "gruppe" | "group" => 24,
        "nord" | "north" => 25,
        "sud" | "south" => 26,
        "ost" | "east" => 27,
        "west" => 28,
        "zentrum" | "center" | "centre" | "zentrale" => 29,
        "digital" | "online" => 30,
        "systems" | "systeme" => 31,
        "media" | "medien" => 32,
        "energie" | "energy" => 33,
        "projekt" | "projects" | "projektgesellschaft" => 34,
        "trading" => 35,
        _ => return None,
    })
}

/// Hash table of the words, built at compile time. A binary search would take as long as everything
/// else that is done with a word.
struct Table([u16; SLOTS]);

const SLOTS: usize = 2_048;
const NOTHING: u16 = u16::MAX;
static TABLE: Table = Table::new();

impl Table {
    const fn new() -> Self {
        let mut slots = [NOTHING; SLOTS];
        let mut list = 0;
        while list < WORDS.len() {
            let mut at = 0;
            while at < WORDS[list].len() {
                let mut slot = hash(WORDS[list][at].as_bytes()) % SLOTS;
                while slots[slot] != NOTHING {
                    slot = (slot + 1) % SLOTS;
                }
                slots[slot] = (list * 1_024 + at) as u16;
                at += 1;
            }
            list += 1;
        }
        Self(slots)
    }

    fn find(&self, word: &str) -> Option<usize> {
        let mut slot = hash(word.as_bytes()) % SLOTS;
        while self.0[slot] != NOTHING {
            let (list, at) = (self.0[slot] as usize / 1_024, self.0[slot] as usize % 1_024);
            if WORDS[list][at] == word {
                return Some(list);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }
}

/// FNV-1a, 32 bits.
pub(super) const fn hash(word: &[u8]) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < word.len() {
        hash = (hash ^ word[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    (hash ^ hash >> 15) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_lists_is_found_and_no_other() {
        for (list, words) in WORDS.iter().enumerate() {
            for word in *words {
                assert!(
                    TABLE.find(word).is_some_and(|found| found <= list),
                    "{word}"
                );
            }
        }
        assert_eq!(TABLE.find("quandtner"), None);
        assert_eq!(TABLE.find(""), None);
    }

    #[test]
    fn words_have_the_expected_kinds() {
        assert_eq!(Word::of("muller"), Word::Surname);
        assert_eq!(Word::of("werkzeugbau"), Word::Common);
        assert_eq!(Word::of("kunststoffbau"), Word::Common);
        assert_eq!(Word::of("bochum"), Word::Location);
        assert_eq!(Word::of("24"), Word::Number);
        assert_eq!(Word::of("ruckdeschel"), Word::Rare);
        assert_eq!(Word::of("vertriebs"), Word::of("vertriebsgesellschaft"));
        assert_eq!(Word::of("austria"), Word::of("osterreich"));
        for (word, is_country, is_head_office) in [
            ("austria", true, false),
            ("europa", true, false),
            ("italia", true, false),
            ("zentrale", false, true),
            ("holding", false, false),
            ("leasing", false, false),
        ] {
            assert_eq!(Word::of(word).is_country(), is_country, "{word}");
            assert_eq!(Word::of(word).is_head_office(), is_head_office, "{word}");
        }
    }
}
