//! What sync does with a page between the CRM's answer and the store's request. These are the product's own steps.
//!
//! The ports would use the network. Their answers are prepared before the time is taken.

use std::{collections::HashMap, hint::black_box, mem::take};

use domain::{
    ports::{Candidates, Known, StoredRecord},
    record::Object,
    seal::{Place, Room, Sealer},
    steps::{Compared, Digests, Matched, Question, Sealing, compare, seal, sort},
    sync::LEVEL,
};
use infra::crm::salesforce::page::parse_rest;
use jiff::Timestamp;
use matching::{Posting, Postings, SharedPostings};

use super::input::Input;
use crate::Outcome;

/// The ports' answers for a page.
pub(super) struct Answers {
    /// The copy's state of each record. The steps consume it.
    known: Vec<Option<Known>>,
    /// What the company database has under each key. It is made anew for each page, like the port's answer.
    found: Vec<Candidates>,
}

impl Answers {
    /// Makes the answers for a page of the input.
    pub(super) fn of(input: &Input, at: usize) -> Outcome<Self> {
        let known = vec![Some(input.earlier.clone()); input.pages[at].records.len()];
        let compared = compared(input, at, known.clone())?;
        let question = question(&compared);
        let mut shared = SharedPostings::default();
        let mut found = |key| match input.index.get(key) {
            Some(Postings::Companies(postings)) => {
                let share = |posting: &Posting| shared.share(posting.clone());
                Candidates::Some(postings.iter().map(share).collect())
            }
            Some(Postings::TooCommon(_)) => Candidates::TooCommon,
            None => Candidates::None,
        };
        Ok(Self {
            known,
            found: question.keys().iter().map(&mut found).collect(),
        })
    }
}

/// Parses, compares, matches, hashes, compresses and seals the records of a page.
pub(super) fn records(input: &Input, at: usize, answers: &mut Answers) -> Outcome<()> {
    let compared = compared(input, at, take(&mut answers.known))?;
    let matched = matched(&compared, &answers.found);
    black_box(stored(input, compared, matched)?);
    Ok(())
}

/// Does only the first step: parses.
pub(super) fn parsing(input: &Input, at: usize) -> Outcome<()> {
    black_box(parse_rest(&input.pages[at].bytes, &input.shape)?);
    Ok(())
}

/// Does the first steps: parses and compares.
pub(super) fn comparing(input: &Input, at: usize, answers: &mut Answers) -> Outcome<()> {
    black_box(compared(input, at, take(&mut answers.known))?);
    Ok(())
}

/// Does all steps except the last: parses, compares and matches.
pub(super) fn matching(input: &Input, at: usize, answers: &mut Answers) -> Outcome<()> {
    let compared = compared(input, at, take(&mut answers.known))?;
    black_box(matched(&compared, &answers.found));
    Ok(())
}

/// Seals the page as it came.
pub(super) fn page(input: &Input, at: usize) -> Outcome<()> {
    let mut sealer = Sealer::new(&input.keys.sealing, LEVEL)?;
    let name = at.to_string();
    let place = Place::within(&input.scope, Room::Page, "Account", &name);
    black_box(sealer.seal(&place, &input.pages[at].bytes)?);
    Ok(())
}

/// Returns how many records of the input get a relation. A pipeline that finds none would be fast.
pub(super) fn related(input: &Input) -> Outcome<usize> {
    let mut n = 0;
    for at in 0..input.pages.len() {
        let mut answers = Answers::of(input, at)?;
        let compared = compared(input, at, take(&mut answers.known))?;
        n += matched(&compared, &answers.found)
            .iter()
            .filter(|matched| !matched.relations.is_empty())
            .count();
    }
    Ok(n)
}

fn compared(input: &Input, at: usize, known: Vec<Option<Known>>) -> Outcome<Compared> {
    let parsed = parse_rest(&input.pages[at].bytes, &input.shape)?;
    let sorted = sort(parsed.items);
    if sorted.live.len() != known.len() {
        return Err("a record got lost".into());
    }
    let page = u64::try_from(at)? + 1;
    let digests = Digests {
        index: &input.keys.index,
        mapping: "",
        are_associated: false,
    };
    Ok(compare(digests, sorted.live, known, page, false))
}

fn matched(compared: &Compared, found: &[Candidates]) -> Vec<Matched> {
    let question = question(compared);
    question.decide(|place| match &found[place] {
        Candidates::Some(postings) => postings,
        Candidates::TooCommon | Candidates::None => &[],
    })
}

fn question(compared: &Compared) -> Question<'_> {
    let changed = compared.changed.iter();
    Question::new(
        Object::Account,
        changed.map(|changed| changed.record.says()),
    )
}

fn stored(input: &Input, compared: Compared, matched: Vec<Matched>) -> Outcome<Vec<StoredRecord>> {
    let mut sealer = Sealer::new(&input.keys.sealing, LEVEL)?;
    let sealing = Sealing {
        scope: &input.scope,
        object: Object::Account,
        keys: &input.keys,
        decisions: &HashMap::new(),
        copied: Timestamp::UNIX_EPOCH,
        sealer: &mut sealer,
    };
    Ok(seal(sealing, 1, compared.changed, matched)?)
}
