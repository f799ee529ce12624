//! The words of two names, and how they match.

use crate::normalise::{Word, is_small};
use crate::rule::features::distance::{Squeezed, distance_up_to};

/// The most words of a name that are compared.
pub(super) const MAX_WORDS: usize = 12;

/// The words of a name, without an allocation.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    words: [&'a str; MAX_WORDS],
    pub(super) len: usize,
}

/// How a word matches its counterpart in the other name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counterpart {
    None,
    Equal,
    /// With one or two typos.
    Typo,
    /// One word starts with the other: an abbreviation or another ending.
    Begins,
}

impl<'a> Words<'a> {
    pub(super) fn of(name: &'a str) -> Self {
        let mut words = Self {
            words: [""; MAX_WORDS],
            len: 0,
        };
        for word in name
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(MAX_WORDS)
        {
            words.words[words.len] = word;
            words.len += 1;
        }
        words
    }

    pub(super) fn as_slice(&self) -> &[&'a str] {
        &self.words[..self.len]
    }

    /// The first letters of the words: of all, or of those that are no articles or prepositions.
    pub(super) fn initials(&self, without_small: bool) -> Squeezed {
        let mut text = [0; MAX_WORDS];
        let mut n = 0;
        for word in self.as_slice() {
            if !(without_small && is_small(word)) {
                text[n] = word.as_bytes()[0];
                n += 1;
            }
        }
        Squeezed::of(std::str::from_utf8(&text[..n]).unwrap_or_default())
    }
}

/// The words without a counterpart, by kind.
#[derive(Default)]
pub(super) struct Unmatched {
    pub(super) rare: u8,
    pub(super) surname: u8,
    pub(super) common: u8,
    pub(super) number: u8,
    pub(super) town: u8,
    pub(super) role: u8,
}

impl Unmatched {
    pub(super) fn add(&mut self, kind: Word, is_town: bool) {
        match kind {
            Word::Role(role) => self.role = role + 1,
            _ if is_town => self.town += 1,
            Word::Rare => self.rare += 1,
            Word::Surname => self.surname += 1,
            Word::Location | Word::Common => self.common += 1,
            Word::Number => self.number += 1,
        }
    }
}

/// Whether two words match in the given way.
pub(super) fn fits(word: &str, other: &str, how: Counterpart) -> bool {
    match how {
        Counterpart::None => false,
        Counterpart::Equal => word == other,
        Counterpart::Typo => {
            let shorter = word.len().min(other.len());
            let most = match shorter {
                0..=3 => return false,
                4..=7 => 1,
                _ => 2,
            };
            distance_up_to(word.as_bytes(), other.as_bytes(), most).is_some()
        }
        Counterpart::Begins => {
            word.len().min(other.len()) >= 3 && (word.starts_with(other) || other.starts_with(word))
        }
    }
}

/// Whether the word is part of the city's name.
pub(super) fn in_town(word: &str, town: &str) -> bool {
    word.len() > 2 && town.split(' ').any(|part| part == word)
}

/// The weight of a word in the shares: rare words count most.
pub(super) fn weight(kind: Word, word: &str) -> u32 {
    match kind {
        Word::Rare if word.len() > 3 => 8,
        Word::Surname => 6,
        Word::Rare | Word::Number => 5,
        Word::Common | Word::Location | Word::Role(_) => 3,
    }
}

/// The share from 0 to 200.
pub(super) fn share(shared: u32, all: u32) -> u8 {
    u8::try_from(shared * 20 / all.max(1))
        .unwrap_or(200)
        .min(200)
}

/// A number as a feature.
pub(super) fn small(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}
