//! Keys that reach a name by a part of it, by its words in another order, or by its initials.

use super::key::{KeyKind, MatchKey};
use super::keys::{MAX_LOOKUPS, add, word_key};
use crate::normalise::{Word, is_small, push_sound};
use crate::profile::Profile;

/// The most rare words of a name that are indexed, and looked up, without a place.
const MAX_RARE_WORDS: usize = 2;

/// The fewest letters of such a word.
const RARE_LETTERS: usize = 5;

impl Profile {
    /// Keys for names that differ too much for the others. A record looks them up if it has too few
    /// other values for its share.
    pub(super) fn spare_keys(&self, keys: &mut Vec<MatchKey>) {
        if keys.len() < MAX_LOOKUPS
            && let Some(key) = self.initials_key()
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
        if let Some(key) = self.initials_key() {
            add(keys, key);
        }
    }

    /// The initials of the name, or the name if it may be the initials of another, letter by letter:
    /// they have no sound. Only within a town do they tell anything.
    fn initials_key(&self) -> Option<MatchKey> {
        let city = self.city.as_deref()?;
        let initials = if self.name.contains(' ') {
            initials(&self.name)
        } else {
            self.name.clone()
        };
        let is_abbreviation = (3..=8).contains(&initials.len())
            && initials.bytes().all(|byte| byte.is_ascii_lowercase());
        let text = |text: &mut String| {
            text.push('=');
            text.push_str(&initials);
        };
        is_abbreviation.then(|| MatchKey::of_parts(KeyKind::Word, text, city))
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

/// The first letters of the words that are no articles or prepositions.
fn initials(name: &str) -> String {
    name.split(' ')
        .filter(|word| !is_small(word))
        .filter_map(|word| word.chars().next())
        .collect()
}
