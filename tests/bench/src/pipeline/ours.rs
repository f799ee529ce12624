//! What sync does with a page between the CRM's answer and the store's request: the product's own steps, with what the ports
//! would answer at hand.

use std::{collections::HashMap, hint::black_box};

use domain::{
    company::Postings,
    matching::{Matching, Thresholds},
    ports::{Known, StoredRecord},
    record::Object,
    seal::{Place, Room, Sealer},
    sync::{
        LEVEL,
        steps::{Compared, Matched, Question, Sealing, compare, seal, sort},
    },
};
use infra::crm::salesforce::page::parse_rest;
use jiff::Timestamp;

use super::input::Input;
use crate::Outcome;

/// What the copy has of a page's records, made before the time is taken: the steps consume it.
pub(super) type AllKnown = Vec<Option<Known>>;

/// Parse, compare, match, hash, compress and seal the records of a page.
pub(super) fn records(input: &Input, at: usize, known: AllKnown) -> Outcome<()> {
    let compared = compared(input, at, known)?;
    let matched = matched(input, &compared);
    black_box(stored(input, compared, matched)?);
    Ok(())
}

/// The first of its steps alone: parse.
pub(super) fn parsing(input: &Input, at: usize) -> Outcome<()> {
    black_box(parse_rest(&input.pages[at].bytes, &input.shape)?);
    Ok(())
}

/// Its first steps: parse and compare.
pub(super) fn comparing(input: &Input, at: usize, known: AllKnown) -> Outcome<()> {
    black_box(compared(input, at, known)?);
    Ok(())
}

/// All of its steps but the last: parse, compare and match.
pub(super) fn matching(input: &Input, at: usize, known: AllKnown) -> Outcome<()> {
    let compared = compared(input, at, known)?;
    black_box(matched(input, &compared));
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

/// How many records of the input get a relation: a pipeline that finds nothing would be quick.
pub(super) fn related(input: &Input) -> Outcome<usize> {
    let mut n = 0;
    for at in 0..input.pages.len() {
        let compared = compared(input, at, input.known(at))?;
        let matched = matched(input, &compared);
        n += matched
            .iter()
            .filter(|matched| !matched.relations.is_empty())
            .count();
    }
    Ok(n)
}

fn compared(input: &Input, at: usize, known: AllKnown) -> Outcome<Compared> {
    let parsed = parse_rest(&input.pages[at].bytes, &input.shape)?;
    let sorted = sort(parsed.items);
    if sorted.live.len() != known.len() {
        return Err("a record got lost".into());
    }
    let page = u64::try_from(at)? + 1;
    let index = &input.keys.index;
    Ok(compare(index, "", sorted.live, known, page, false))
}

fn matched(input: &Input, compared: &Compared) -> Vec<Matched> {
    let abouts: Vec<_> = compared
        .changed
        .iter()
        .map(|changed| &changed.record.about)
        .collect();
    let question = Question::new(Object::Account, &abouts);
    let found: Vec<Option<&Postings>> = question
        .keys()
        .iter()
        .map(|key| input.index.get(key))
        .collect();
    question.decide(&Matching::new(Thresholds::default()), |place| {
        found[place].map_or(&[], Postings::companies)
    })
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
