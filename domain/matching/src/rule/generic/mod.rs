//! What a name tells about a company: nothing if hundreds have it, and another company if a word or
//! a number of it differs.

mod lists;

use lists::{GENERIC, MEMBERS};

use super::features::distance_up_to;
use super::given_names::is_given_name;
use crate::normalise::{Word, is_country_word};

/// The fewest letters of a word that is rare enough to stand alone.
const RARE: usize = 5;

/// Whether no word of the name is rare: inns, pharmacies, surnames with a trade, names of towns.
pub(super) fn is_generic(name: &str, towns: [&str; 2]) -> bool {
    !name.split(' ').any(|word| is_telling(word, towns))
}

/// Whether a word of the name is rare enough that hardly another company has it.
pub(super) fn is_rare(name: &str, towns: [&str; 2]) -> bool {
    let telling = name.split(' ').filter(|word| is_telling(word, towns));
    let (mut n, mut longest) = (0, 0);
    for word in telling {
        n += 1;
        longest = longest.max(word.len());
    }
    n >= 2 || longest >= RARE
}

fn is_telling(word: &str, towns: [&str; 2]) -> bool {
    let is_town = |town: &str| town.split(' ').any(|part| part == word);
    word.len() > 2
        && matches!(Word::of(word), Word::Rare)
        && GENERIC.binary_search(&word).is_err()
        && !is_given_name(word)
        && !towns.into_iter().any(is_town)
}

/// Whether each name has a number that the other lacks: first `name`, then `other`.
pub(super) fn numbers_apart(name: &str, other: &str) -> (bool, bool) {
    if name == other {
        return (false, false);
    }
    let (mine, theirs) = (numbers(name), numbers(other));
    let lacks = |left: &[String], right: &[String]| left.iter().any(|n| !right.contains(n));
    (lacks(&mine, &theirs), lacks(&theirs, &mine))
}

/// The numbers of a name: runs of digits, words that are Roman numerals, and a letter at the end.
fn numbers(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some((_, letter)) = name.rsplit_once(' ').filter(|(_, last)| last.len() == 1) {
        found.push(letter.to_owned());
    }
    for word in name.split(' ') {
        if let Some(at) = ROMAN.iter().position(|(roman, _)| *roman == word) {
            found.push(ROMAN[at].1.to_owned());
        }
        let runs = word.split(|c: char| !c.is_ascii_digit());
        for run in runs.filter(|run| !run.is_empty()) {
            found.push(run.trim_start_matches('0').to_owned());
        }
    }
    found.dedup();
    found
}

/// Roman numerals that are no abbreviations. The canonical name has the others in digits already.
const ROMAN: [(&str, &str); 9] = [
    ("vi", "6"),
    ("ix", "9"),
    ("xi", "11"),
    ("xii", "12"),
    ("xiii", "13"),
    ("xiv", "14"),
    ("xv", "15"),
    ("xvi", "16"),
    ("xx", "20"),
];

/// What a word makes of a company that is named after its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    /// A line of business: bank, insurance, medical.
    Business,
    /// A country.
    Country,
    /// A role: holding, sales, foundation.
    Role,
}

/// The strongest word of one name that makes another member of a group, and that the other name
/// lacks.
pub(super) fn member_apart(name: &str, other: &str) -> Option<Member> {
    if name == other {
        return None;
    }
    let mine = name.split(' ').filter_map(|word| lacking(word, other));
    let theirs = other.split(' ').filter_map(|word| lacking(word, name));
    mine.chain(theirs).max()
}

/// Whether `name` has a role that `other` lacks.
pub(super) fn has_another_role(name: &str, other: &str) -> bool {
    name != other
        && name
            .split(' ')
            .any(|word| lacking(word, other) == Some(Member::Role))
}

/// What `word` makes of a company, if `other` lacks it.
fn lacking(word: &str, other: &str) -> Option<Member> {
    let kind = Word::of(word);
    let member = match kind {
        // "Zentrale" is a note about the record.
        kind if kind.is_head_office() => return None,
        kind if kind.is_country() => Member::Country,
        Word::Role(_) => Member::Role,
        _ if FOUNDATIONS.contains(&word) => Member::Role,
        _ if MEMBERS.binary_search(&word).is_ok() => Member::Business,
        _ if is_country_word(word) => Member::Country,
        // A role within the word, as in "Zantavexverwaltung", or with a slip.
        _ => {
            let stem = STEMS.iter().find(|stem| is_nearly_in(stem, word))?;
            let is_there = other.split(' ').any(|there| is_nearly_in(stem, there));
            return (!is_there).then_some(Member::Role);
        }
    };
    (!has(other, word, kind)).then_some(member)
}

/// Foundations in other languages.
const FOUNDATIONS: [&str; 7] = [
    "fondation",
    "fondazione",
    "fundacao",
    "fundacion",
    "fundacja",
    "saatio",
    "stiftelsen",
];

/// Roles as they occur within a word, or with a slip.
const STEMS: [&str; 6] = [
    "verwaltung",
    "beteiligung",
    "vertrieb",
    "holding",
    "immobilien",
    "service",
];

/// Whether the word begins with `stem` but for a slip, or ends with a compound of it.
fn is_nearly_in(stem: &str, word: &str) -> bool {
    let at_begin = word.get(..stem.len().min(word.len())).unwrap_or_default();
    word.contains(stem)
        || stem.len() >= 9 && distance_up_to(at_begin.as_bytes(), stem.as_bytes(), 2).is_some()
}

/// Whether the name has the word, another of the same role, or the word with a slip.
fn has(name: &str, word: &str, kind: Word) -> bool {
    let squeezed = || name.split(' ').collect::<String>();
    let is_role = |other: &str| matches!(kind, Word::Role(_)) && Word::of(other) == kind;
    let slips = if word.len() >= 6 { 2 } else { 1 };
    name.split(' ').any(|other| {
        other == word
            || is_role(other)
            || word.len() >= 4
                && (distance_up_to(other.as_bytes(), word.as_bytes(), slips).is_some()
                    || other.len() >= 4 && (word.starts_with(other) || other.starts_with(word)))
    }) || word.len() >= 4 && squeezed().contains(word)
}

/// Whether a rare word of at most five letters has a counterpart that differs by a letter only.
pub(super) fn has_another_short_word(name: &str, other: &str, towns: [&str; 2]) -> bool {
    name.split(' ')
        .filter(|word| word.len() <= RARE && is_telling(word, towns))
        .any(|word| {
            let is = |there: &str| there == word;
            let near = |there: &str| {
                there.len() <= RARE
                    && distance_up_to(there.as_bytes(), word.as_bytes(), 1).is_some()
            };
            !other.split(' ').any(is) && other.split(' ').any(near)
        })
}
