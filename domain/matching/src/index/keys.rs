//! The keys under which a company is indexed, and those that a record looks up.
//!
//! A company is indexed under about 13 keys. A record looks up at most five. The index is written
//! once per company file, but lookups happen for every record of every run. So the index makes up
//! for values that a record lacks: a company's street and words are indexed both with its postal
//! code and with its city, and a record looks up only the one that it has.

use super::key::{KeyKind, MatchKey};
use crate::normalise::{
    Word, fold_letters, lei_check_digits, national, push_sound, register_check_digits,
    vat_check_digits, without_umlauts,
};
use crate::profile::{Profile, name_of_domain};

/// The most keys that one record looks up. A page of 100 records therefore needs at most five of
/// DynamoDB's batches of 100 keys.
pub const MAX_LOOKUPS: usize = 5;

/// The most words of its name under which a company is indexed.
const MAX_WORDS: usize = 3;

/// The most words of its name that a record looks up.
const MAX_WORDS_LOOKED_UP: usize = 2;

/// The number of words that are always used, however common they are.
const MIN_WORDS: usize = 1;

/// The number of leading digits of a national phone number that identify a line. Any further digits
/// are an extension.
const PHONE_DIGITS: usize = 8;

impl Profile {
    /// The keys that a record with this profile looks up, the most telling first. At most
    /// [`MAX_LOOKUPS`]; empty if the profile has no usable value.
    pub fn lookup_keys(&self) -> Vec<MatchKey> {
        let mut keys = Vec::with_capacity(MAX_LOOKUPS);
        self.identifier_keys(&mut keys);
        let locality = self.zip.as_deref().or(self.city.as_deref());
        if let Some(key) = self.name_key() {
            add(&mut keys, key);
        }
        if let Some(locality) = locality
            && let Some(key) = self.street_key(locality)
        {
            add(&mut keys, key);
        }
        if let Some(key) = self.phone_key() {
            add(&mut keys, key);
        }
        if keys.len() < MAX_LOOKUPS
            && let Some(key) = self.domain_name_key()
        {
            add(&mut keys, key);
        }
        if let Some(locality) = locality.filter(|_| keys.len() < MAX_LOOKUPS) {
            for word in self.words_beside_the_town(MAX_WORDS_LOOKED_UP) {
                add(&mut keys, word_key(word, locality));
            }
        }
        self.spare_keys(&mut keys);
        keys.truncate(MAX_LOOKUPS);
        keys
    }

    /// The keys under which a company with this profile is indexed: about 13, at most 26.
    pub fn index_keys(&self) -> Vec<MatchKey> {
        let mut keys = Vec::with_capacity(16);
        self.identifier_keys(&mut keys);
        for key in [self.name_key(), self.domain_name_key(), self.phone_key()]
            .into_iter()
            .flatten()
        {
            add(&mut keys, key);
        }
        let mut words = distinctive_words(self.name.split(' '), MAX_WORDS);
        // Of "Sparkasse Siegen", a record in Siegen looks up the first word.
        for word in self.words_beside_the_town(MIN_WORDS) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        for locality in [self.zip.as_deref(), self.city.as_deref()]
            .into_iter()
            .flatten()
        {
            if let Some(key) = self.street_key(locality) {
                add(&mut keys, key);
            }
            for word in &words {
                add(&mut keys, word_key(word, locality));
            }
        }
        self.add_spare_keys(&mut keys);
        keys
    }

    /// Keys from unique identifiers and the domain. An identifier with wrong check digits is a
    /// typing mistake: it would find nothing, or another company.
    fn identifier_keys(&self, keys: &mut Vec<MatchKey>) {
        if let Some(vat) = self.vat.as_deref().filter(|vat| vat_check_digits(vat)) {
            keys.push(MatchKey::of(KeyKind::Vat, vat));
        }
        // Without its court, a register number may belong to up to 150 companies.
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
            keys.push(MatchKey::of(KeyKind::Domain, &without_umlauts(domain)));
        }
    }

    fn name_key(&self) -> Option<MatchKey> {
        let sound = |text: &mut String| push_sound(text, self.name.as_bytes());
        Some(MatchKey::of_parts(KeyKind::Name, sound, "")).filter(MatchKey::has_value)
    }

    fn domain_name_key(&self) -> Option<MatchKey> {
        let mut label = String::with_capacity(32);
        let domain = without_umlauts(self.domain.as_deref()?);
        fold_letters(&mut label, name_of_domain(&domain));
        let sound = |text: &mut String| push_sound(text, label.as_bytes());
        Some(MatchKey::of_parts(KeyKind::Name, sound, "")).filter(MatchKey::has_value)
    }

    /// At most `most` words of the name, the rarest first, without those that are the town, which the key has already.
    fn words_beside_the_town(&self, most: usize) -> Vec<&str> {
        let town = self.city.as_deref().unwrap_or_default();
        let is_town = |word: &str| town.split(' ').any(|part| part == word);
        let others = || self.name.split(' ').filter(|word| !is_town(word));
        if others().next().is_some() {
            distinctive_words(others(), most)
        } else {
            distinctive_words(self.name.split(' '), most)
        }
    }

    fn phone_key(&self) -> Option<MatchKey> {
        let digits = national(self.phone.as_deref()?);
        (digits.len() >= PHONE_DIGITS - 1)
            .then(|| MatchKey::of(KeyKind::Phone, digits.get(..PHONE_DIGITS).unwrap_or(digits)))
    }

    /// A street without a house number is too broad for a key.
    fn street_key(&self, locality: &str) -> Option<MatchKey> {
        let street = self.street.as_deref()?;
        street.bytes().any(|byte| byte.is_ascii_digit()).then(|| {
            let street = |text: &mut String| text.extend(street.split(' '));
            MatchKey::of_parts(KeyKind::Street, street, locality)
        })
    }
}

/// At most `most` words of the name, the rarest first. Common words and group roles are used
/// only if the name has no better word.
pub(super) fn distinctive_words<'a>(
    name: impl Iterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let mut words: Vec<(u8, usize, &str)> = Vec::with_capacity(8);
    for word in name.filter(|word| word.len() > 1) {
        let rank = match Word::of(word) {
            Word::Rare => 0,
            Word::Surname | Word::Number => 1,
            Word::Common | Word::Location => 2,
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

pub(super) fn word_key(word: &str, locality: &str) -> MatchKey {
    MatchKey::of_parts(
        KeyKind::Word,
        |text| push_sound(text, word.as_bytes()),
        locality,
    )
}

/// Adds `key` once: two words may have the same phonetic code, and so may a domain and the
/// company's name.
pub(super) fn add(keys: &mut Vec<MatchKey>, key: MatchKey) {
    if !keys.contains(&key) {
        keys.push(key);
    }
}
