//! Under which keys a company is kept, and under which a record looks.
//!
//! A company is kept under about 10 keys, a record looks under at most five: writing happens once for a company file, looking up for every
//! record of every run. So what may be missing or different in a record is made up for on the company's side: a company stands under its words
//! in its postal code and in its town, a record asks for the one that it has.

use super::key::{KeyKind, MatchKey};
use crate::normalise::{
    Word, fold_letters, lei_check_digits, national, push_sound, register_check_digits,
    vat_check_digits,
};
use crate::profile::{Profile, name_of_domain};

/// The most keys that one record looks up. So a page of 100 records takes five of DynamoDB's batches of 100 keys at most.
pub const MAX_LOOKUPS: usize = 5;

/// The most words of its name under which a company is kept.
const MAX_WORDS: usize = 3;

/// The most words that a record looks up.
const LOOKED_UP: usize = 2;

/// So many words are taken however common they are.
const MIN_WORDS: usize = 1;

/// How many digits of a national number tell a line: what follows is an extension.
const PHONE_DIGITS: usize = 8;

impl Profile {
    /// The keys under which a record with this profile looks, those that say most first: at most [`MAX_LOOKUPS`], none if nothing usable is said.
    pub fn keys(&self) -> Vec<MatchKey> {
        let mut keys = Vec::with_capacity(MAX_LOOKUPS);
        self.official(&mut keys);
        let place = self.zip.as_deref().or(self.city.as_deref());
        if let Some(key) = self.sound() {
            add(&mut keys, key);
        }
        if let Some(place) = place
            && let Some(key) = self.street_in(place)
        {
            add(&mut keys, key);
        }
        if let Some(key) = self.line() {
            add(&mut keys, key);
        }
        if keys.len() < MAX_LOOKUPS
            && let Some(key) = self.sound_of_domain()
        {
            add(&mut keys, key);
        }
        if let Some(place) = place.filter(|_| keys.len() < MAX_LOOKUPS) {
            for word in self.telling_words(LOOKED_UP) {
                add(&mut keys, word_in(word, place));
            }
        }
        keys.truncate(MAX_LOOKUPS);
        keys
    }

    /// The keys under which a company with this profile is kept: about 10, at most 17.
    pub fn index_keys(&self) -> Vec<MatchKey> {
        let mut keys = Vec::with_capacity(16);
        self.official(&mut keys);
        for key in [self.sound(), self.sound_of_domain(), self.line()]
            .into_iter()
            .flatten()
        {
            add(&mut keys, key);
        }
        let words = self.telling_words(MAX_WORDS);
        for place in [self.zip.as_deref(), self.city.as_deref()]
            .into_iter()
            .flatten()
        {
            if let Some(key) = self.street_in(place) {
                add(&mut keys, key);
            }
            for word in &words {
                add(&mut keys, word_in(word, place));
            }
        }
        keys
    }

    /// A number whose check digits are wrong is somebody's typing mistake: it leads nowhere, or to a stranger.
    fn official(&self, keys: &mut Vec<MatchKey>) {
        if let Some(vat) = self.vat.as_deref().filter(|vat| vat_check_digits(vat)) {
            keys.push(MatchKey::of(KeyKind::Vat, vat));
        }
        // A number without its court is one of up to 150 companies.
        if let Some(register) = self
            .register
            .as_deref()
            .filter(|register| !register.ends_with(':') && register_check_digits(register))
        {
            keys.push(MatchKey::of(KeyKind::Register, register));
        }
        if let Some(lei) = self.lei.as_deref().filter(|lei| lei_check_digits(lei)) {
            keys.push(MatchKey::of(KeyKind::Lei, lei));
        }
        if let Some(domain) = &self.domain {
            keys.push(MatchKey::of(KeyKind::Domain, domain));
        }
    }

    fn sound(&self) -> Option<MatchKey> {
        let sound = |text: &mut String| push_sound(text, self.name.as_bytes());
        Some(MatchKey::of_parts(KeyKind::Name, sound, "")).filter(MatchKey::says_something)
    }

    fn sound_of_domain(&self) -> Option<MatchKey> {
        let mut label = String::with_capacity(32);
        fold_letters(&mut label, name_of_domain(self.domain.as_deref()?));
        let sound = |text: &mut String| push_sound(text, label.as_bytes());
        Some(MatchKey::of_parts(KeyKind::Name, sound, "")).filter(MatchKey::says_something)
    }

    fn line(&self) -> Option<MatchKey> {
        let digits = national(self.phone.as_deref()?);
        (digits.len() >= PHONE_DIGITS - 1)
            .then(|| MatchKey::of(KeyKind::Phone, digits.get(..PHONE_DIGITS).unwrap_or(digits)))
    }

    /// Without a house number a street is half a town.
    fn street_in(&self, place: &str) -> Option<MatchKey> {
        let street = self.street.as_deref()?;
        street.bytes().any(|byte| byte.is_ascii_digit()).then(|| {
            let street = |text: &mut String| text.extend(street.split(' '));
            MatchKey::of_parts(KeyKind::Street, street, place)
        })
    }

    /// At most `most` words of the name, the rarest first. A trade or a place in a group is taken only where the name has nothing else.
    fn telling_words(&self, most: usize) -> Vec<&str> {
        let mut words: Vec<(u8, usize, &str)> = Vec::with_capacity(8);
        for word in self.name.split(' ').filter(|word| word.len() > 1) {
            let rank = match Word::of(word) {
                Word::Rare => 0,
                Word::Surname | Word::Number => 1,
                Word::Common | Word::Place => 2,
                Word::Role(_) => 3,
            };
            if !words.iter().any(|known| known.2 == word) {
                words.push((rank, usize::MAX - word.len(), word));
            }
        }
        words.sort_by_key(|word| (word.0, word.1));
        let telling = words.iter().filter(|word| word.0 < 2).count();
        words.truncate(most.min(telling.max(MIN_WORDS)));
        words.into_iter().map(|word| word.2).collect()
    }
}

fn word_in(word: &str, place: &str) -> MatchKey {
    MatchKey::of_parts(
        KeyKind::Word,
        |text| push_sound(text, word.as_bytes()),
        place,
    )
}

/// Two words may sound alike, and a domain like its company's name.
fn add(keys: &mut Vec<MatchKey>, key: MatchKey) {
    if !keys.contains(&key) {
        keys.push(key);
    }
}
