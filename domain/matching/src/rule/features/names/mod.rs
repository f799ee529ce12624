//! Compares names word by word.

mod words;

use std::cell::OnceCell;

use super::distance::{Pattern, Squeezed, distance_up_to};
use super::{Feature, Vector};
use crate::normalise::Word;
use crate::profile::Profile;
use words::{Counterpart, MAX_WORDS, Unmatched, Words, fits, in_town, share, small, weight};

/// A name of at most this many letters may be initials.
const SHORT: usize = 7;

/// Names below this similarity have nothing in common. Even two words in another order reach more.
const UNLIKE: u8 = 60;

/// A record's name, prepared for all of its candidates.
pub(super) struct PreparedName<'a> {
    words: Words<'a>,
    kinds: [Word; MAX_WORDS],
    whole: Squeezed,
    pattern: Pattern,
    sound: OnceCell<Squeezed>,
    label: Option<Pattern>,
    city: &'a str,
    /// Whether the record says where the company is, other than in its name.
    is_placed: bool,
    text: &'a str,
}

impl<'a> PreparedName<'a> {
    pub(super) fn of(profile: &'a Profile) -> Self {
        let words = Words::of(&profile.name);
        let mut kinds = [Word::Common; MAX_WORDS];
        for (kind, word) in kinds.iter_mut().zip(words.as_slice()) {
            *kind = Word::of(word);
        }
        let whole = Squeezed::of(&profile.name);
        Self {
            words,
            kinds,
            pattern: Pattern::of(&whole),
            whole,
            sound: OnceCell::new(),
            label: profile
                .domain
                .as_deref()
                .map(|domain| Pattern::of(&Squeezed::of_domain(domain))),
            text: &profile.name,
            city: profile.city.as_deref().unwrap_or(""),
            is_placed: profile.city.is_some() || profile.zip.is_some(),
        }
    }

    /// Whether `name` has enough letters in common with this one, or one may be the initials of the
    /// other. Other candidates are dismissed.
    pub(super) fn may_be(&self, name: &str) -> bool {
        name == self.text
            || self.whole.bytes().len() <= SHORT
            || name.len() <= SHORT
            || self.pattern.similarity(&Squeezed::of(name)) >= UNLIKE
            || self.is_reordered(name)
    }

    /// Whether `name` has the same words in another order.
    fn is_reordered(&self, name: &str) -> bool {
        name.len() == self.text.len()
            && self
                .words
                .as_slice()
                .iter()
                .all(|word| name.split(' ').any(|there| there == *word))
    }

    pub(super) fn compare(&self, candidate: &Profile, out: &mut Vector) {
        out[Feature::Letters as usize] = small(self.whole.bytes().len());
        out[Feature::MyWords as usize] = small(self.words.len);
        if candidate.name == self.text {
            self.equal(out);
        } else {
            self.different(candidate, out);
        }
        let theirs = candidate.domain.as_deref().map(Squeezed::of_domain);
        // An institute of a university has its name before the university's domain.
        let label = candidate.label.as_deref().map(Squeezed::of);
        let similar = |text: &Squeezed| 1 + self.pattern.similarity(text) / 10;
        out[Feature::NameInDomain as usize] = [&theirs, &label]
            .into_iter()
            .filter_map(|text| Some(similar(text.as_ref()?)))
            .max()
            .unwrap_or(0);
        out[Feature::Labels as usize] = match (&self.label, &theirs) {
            (Some(pattern), Some(theirs)) => 1 + pattern.similarity(theirs) / 10,
            _ => 0,
        };
    }

    /// The features of two equal names. The result is the same as that of [`Self::different`], since no word is left that
    /// could be a town.
    fn equal(&self, out: &mut Vector) {
        let rare = |kind: &&Word| **kind == Word::Rare;
        let n_rare = self.kinds[..self.words.len].iter().filter(rare).count();
        for (feature, value) in [
            (Feature::Whole, 200),
            (Feature::MyShare, 200),
            (Feature::TheirShare, 200),
            (Feature::RareShared, small(n_rare)),
            (Feature::TheirWords, small(self.words.len)),
            (Feature::SameOrder, 3),
            (Feature::Sound, 3),
            (Feature::Begins, u8::from(self.whole.bytes().len() >= 3)),
            (Feature::DomainInName, self.domain_in(&self.whole)),
        ] {
            out[feature as usize] = value;
        }
    }

    fn different(&self, candidate: &Profile, out: &mut Vector) {
        let other = Words::of(&candidate.name);
        let whole = Squeezed::of(&candidate.name);
        let similarity = self.pattern.similarity(&whole);
        out[Feature::Whole as usize] = similarity;
        self.words(&other, candidate, out);
        out[Feature::Sound as usize] = self.sounds_like(&whole, similarity);
        out[Feature::Initials as usize] = self.initials(&other, &whole);
        let (short, long) = if self.whole.bytes().len() <= whole.bytes().len() {
            (self.whole.bytes(), whole.bytes())
        } else {
            (whole.bytes(), self.whole.bytes())
        };
        out[Feature::Begins as usize] = u8::from(short.len() >= 3 && long.starts_with(short));
        out[Feature::DomainInName as usize] = self.domain_in(&whole);
    }

    fn domain_in(&self, whole: &Squeezed) -> u8 {
        self.label
            .as_ref()
            .map_or(0, |pattern| 1 + pattern.similarity(whole) / 10)
    }

    fn words(&self, other: &Words<'_>, candidate: &Profile, out: &mut Vector) {
        let mine = self.words.as_slice();
        let theirs = other.as_slice();
        let mut found = [Counterpart::None; MAX_WORDS];
        // The kind of each of their words, if it is known from an equal word.
        let mut used: [Option<Option<Word>>; MAX_WORDS] = [None; MAX_WORDS];
        for how in [Counterpart::Equal, Counterpart::Typo, Counterpart::Begins] {
            for (at, word) in mine.iter().enumerate() {
                if found[at] != Counterpart::None {
                    continue;
                }
                let place = theirs
                    .iter()
                    .enumerate()
                    .position(|(other, there)| used[other].is_none() && fits(word, there, how));
                if let Some(other) = place {
                    found[at] = how;
                    used[other] = Some((how == Counterpart::Equal).then_some(self.kinds[at]));
                }
            }
            if found[..mine.len()]
                .iter()
                .all(|found| *found != Counterpart::None)
            {
                break;
            }
        }
        let their_city = candidate.city.as_deref().unwrap_or("");
        let is_town = |word: &str| in_town(word, self.city) || in_town(word, their_city);
        let mut rest = Unmatched::default();
        let (mut shared, mut mine_all, mut theirs_all) = (0, 0, 0);
        let (mut slipped, mut rare_shared) = (0_usize, 0_usize);
        for (at, word) in mine.iter().enumerate() {
            let weight = weight(self.kinds[at], word);
            mine_all += weight;
            match found[at] {
                Counterpart::None => rest.add(self.kinds[at], is_town(word)),
                how => {
                    shared += weight * if how == Counterpart::Equal { 10 } else { 8 };
                    slipped += usize::from(how != Counterpart::Equal);
                    rare_shared += usize::from(self.kinds[at] == Word::Rare);
                }
            }
        }
        out[Feature::MyRare as usize] = rest.rare;
        out[Feature::MySurname as usize] = rest.surname;
        out[Feature::MyCommon as usize] = rest.common;
        out[Feature::MyRole as usize] = rest.role;
        out[Feature::MyTown as usize] = rest.town;
        // "Commerzbank Bochum" says where it is.
        let is_named = |town: &str| mine.contains(&town);
        if !self.is_placed && rest.town > 0 && their_city.split(' ').all(is_named) {
            out[Feature::City as usize] = 3;
        }
        let mine_number = rest.number;
        let mut rest = Unmatched::default();
        for (at, word) in theirs.iter().enumerate() {
            let kind = used[at].flatten().unwrap_or_else(|| Word::of(word));
            theirs_all += weight(kind, word);
            if used[at].is_none() {
                rest.add(kind, is_town(word));
            }
        }
        out[Feature::TheirRare as usize] = rest.rare;
        out[Feature::TheirSurname as usize] = rest.surname;
        out[Feature::TheirCommon as usize] = rest.common;
        out[Feature::TheirRole as usize] = rest.role;
        out[Feature::TheirTown as usize] = rest.town;
        out[Feature::Numbers as usize] = mine_number.min(2) + 3 * rest.number.min(2);
        out[Feature::MyShare as usize] = share(shared, mine_all);
        out[Feature::TheirShare as usize] = share(shared, theirs_all);
        out[Feature::Slipped as usize] = small(slipped);
        out[Feature::RareShared as usize] = small(rare_shared);
        out[Feature::TheirWords as usize] = small(theirs.len());
        out[Feature::SameOrder as usize] =
            u8::from(mine.first() == theirs.first()) + 2 * u8::from(mine.last() == theirs.last());
    }

    fn sounds_like(&self, whole: &Squeezed, similarity: u8) -> u8 {
        if whole.bytes() == self.whole.bytes() {
            return 3;
        }
        // Names with fewer than half of their letters in common do not sound alike.
        if similarity < 100 {
            return 0;
        }
        let sound = whole.sound();
        let own = self.sound.get_or_init(|| self.whole.sound());
        if sound.bytes() == own.bytes() {
            2
        } else {
            u8::from(distance_up_to(sound.bytes(), own.bytes(), 1).is_some())
        }
    }

    fn initials(&self, other: &Words<'_>, whole: &Squeezed) -> u8 {
        let is = |words: &Words<'_>, whole: &Squeezed| {
            [false, true].into_iter().any(|without_small| {
                let initials = words.initials(without_small);
                initials.bytes().len() >= 2 && initials.bytes() == whole.bytes()
            })
        };
        u8::from(is(other, &self.whole)) + 2 * u8::from(is(&self.words, whole))
    }
}
