//! Keys that reach a name by a part of it, by its words in another order, or by its initials.

use super::key::{KeyKind, MatchKey};
use super::keys::{MAX_LOOKUPS, add, distinctive_words, word_key};
use crate::normalise::{Word, city, is_small, push_sound};
use crate::profile::{Profile, name_of_domain};

/// The most rare words of a name that are indexed, and looked up, without a place.
const MAX_RARE_WORDS: usize = 2;

/// The fewest letters of such a word.
const RARE_LETTERS: usize = 5;

/// The fewest letters of an abbreviation that is indexed within its country.
const COUNTRY_LETTERS: usize = 4;

impl Profile {
    /// Keys for names that differ too much for the others. A record looks them up if it has too few
    /// other values for its share.
    pub(super) fn spare_keys(&self, keys: &mut Vec<MatchKey>) {
        for key in self.abbreviation_keys() {
            if keys.len() < MAX_LOOKUPS {
                add(keys, key);
            }
        }
        if keys.len() < MAX_LOOKUPS
            && let Some(key) = self.named_town_key()
        {
            add(keys, key);
        }
        if keys.len() < MAX_LOOKUPS
            && let Some(key) = self.ordered_key()
        {
            add(keys, key);
        }
        for word in self.rare_words() {
            if keys.len() < MAX_LOOKUPS {
                add(keys, word_key(word, ""));
            }
        }
    }

    /// The same keys of a company.
    pub(super) fn add_spare_keys(&self, keys: &mut Vec<MatchKey>) {
        for word in self.rare_words() {
            add(keys, word_key(word, ""));
        }
        if let Some(key) = self.ordered_key() {
            add(keys, key);
        }
        self.abbreviated_keys(keys);
    }

    /// Keys of a record whose name may be an abbreviation: letter by letter, since it has no sound, within the town or the
    /// country.
    fn abbreviation_keys(&self) -> impl Iterator<Item = MatchKey> {
        let name = self.name.clone();
        let is_short = is_abbreviation(&name);
        let initials = initials(&self.name);
        let is_long = self.name.contains(' ') && is_abbreviation(&initials);
        let within = |text: String, place: Option<&String>| Some(abbreviation_key(&text, place?));
        [
            within(name.clone(), self.city.as_ref()).filter(|_| is_short),
            within(name, self.country.as_ref()).filter(|_| is_short),
            within(initials, self.city.as_ref()).filter(|_| is_long),
        ]
        .into_iter()
        .flatten()
    }

    /// The keys under which an abbreviation finds a company: its name if that is short, its initials, and what it calls
    /// itself in its web address.
    fn abbreviated_keys(&self, keys: &mut Vec<MatchKey>) {
        let domain = self.domain.as_deref().map(name_of_domain);
        // "bccn-berlin.de", "inaberlin.org"
        let city: String = self.city.iter().flat_map(|city| city.split(' ')).collect();
        let before_town = domain.and_then(|label| label.strip_suffix(city.as_str()));
        let first = before_town
            .or(domain)
            .and_then(|label| label.split('-').next());
        let own: String = self.name.split(' ').collect();
        let initials = initials(&self.name);
        let is_of_name = self.name.contains(' ');
        let named = if is_of_name { &initials } else { &own };
        for text in [Some(named.as_str()), self.label.as_deref(), first] {
            let Some(text) = text.filter(|text| is_abbreviation(text)) else {
                continue;
            };
            // A company of several words that is named as its domain is found by its name.
            if is_of_name && text == own {
                continue;
            }
            if let Some(city) = &self.city {
                add(keys, abbreviation_key(text, city));
            }
            // Too many companies of a country have the same three letters.
            let is_telling = text.len() >= COUNTRY_LETTERS || self.label.as_deref() == Some(text);
            if let Some(country) = self.country.as_ref().filter(|_| is_telling) {
                add(keys, abbreviation_key(text, country));
            }
        }
    }

    /// The most telling word of the name within its last word, which may be the town: `Commerzbank
    /// Bochum`. Only for a record that does not say where it is; companies are indexed by their town.
    fn named_town_key(&self) -> Option<MatchKey> {
        if self.zip.is_some() || self.city.is_some() {
            return None;
        }
        let (name, town) = self.name.rsplit_once(' ')?;
        let is_town = town.len() > 3 && town.bytes().all(|byte| byte.is_ascii_lowercase());
        let town = city(town).filter(|_| is_town)?;
        let word = distinctive_words(name.split(' '), 1).first().copied()?;
        Some(word_key(word, &town))
    }

    /// The name with its words in alphabetical order: people write `Maier Peter Elektro` and `Elektro
    /// Peter Maier`. `None` for a single word.
    fn ordered_key(&self) -> Option<MatchKey> {
        let mut words: Vec<&str> = self.name.split(' ').collect();
        if words.len() < 2 {
            return None;
        }
        words.sort_unstable();
        let sound = |text: &mut String| push_sound(text, words.concat().as_bytes());
        Some(MatchKey::of_parts(KeyKind::Name, sound, "")).filter(MatchKey::has_value)
    }

    /// The longest rare words of the name: they find a company whose name is longer or shorter,
    /// wherever it is. A word that too many companies have leads to none.
    fn rare_words(&self) -> Vec<&str> {
        let is_rare = |word: &&str| word.len() >= RARE_LETTERS && Word::of(word) == Word::Rare;
        let mut words: Vec<&str> = self.name.split(' ').filter(is_rare).collect();
        words.sort_by_key(|word| usize::MAX - word.len());
        words.dedup();
        words.truncate(MAX_RARE_WORDS);
        words
    }
}

fn is_abbreviation(text: &str) -> bool {
    (3..=10).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && text.as_bytes()[0].is_ascii_lowercase()
}

fn abbreviation_key(text: &str, place: &str) -> MatchKey {
    let letters = |key: &mut String| {
        key.push('=');
        key.push_str(text);
    };
    MatchKey::of_parts(KeyKind::Word, letters, place)
}

/// The first letters of the words that are no articles or prepositions.
fn initials(name: &str) -> String {
    name.split(' ')
        .filter(|word| !is_small(word))
        .filter_map(|word| word.chars().next())
        .collect()
}
