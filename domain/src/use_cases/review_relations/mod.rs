//! Users' decisions about relations. Users look through the suggested relations, approve, block, link by hand, and withdraw
//! decisions. A decision outlasts any sync and any new company file ([`decision`]).

use futures::{future::try_join, try_join};
use jiff::Timestamp;
use matching::{CompanyId, Evidence, Relation, RelationStatus};

use crate::{
    decision::{self, Decision},
    fault::{Code, Fault, Outcome},
    legal::Suppressions,
    ports::Suggested,
    record::{Object, RecordId},
    seal::KeyedHash,
    view::{Budget, Freshness, MAX_ANSWER, Shown, View, cursor},
};

/// The most suggested relations on a page.
pub const MAX_PAGE: usize = 100;
/// The most index queries for one page. The index has 16 parts, of which many may be empty.
const MAX_STEPS: usize = 20;
/// Suggestions read first, before the size of their records is known.
const FIRST_STEP: usize = 50;
/// The list's name, to which its cursors are bound.
const LIST: &str = "suggested";

/// A user's decision about a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// The record is that company, as matching suggested or as the user knows.
    Approve,
    /// The record is not that company, which must not be suggested again.
    Block,
    /// An earlier decision is withdrawn. The result of matching counts again.
    TakeBack,
}

/// A suggested relation with its record.
pub struct Suggestion {
    /// The record.
    pub record: Shown,
    /// The company.
    pub company: CompanyId,
    /// The score in thousandths.
    pub score: u16,
    /// The evidence, the heaviest first.
    pub evidence: Vec<Evidence>,
}

/// A page of suggested relations.
pub struct Suggestions {
    /// The relations.
    pub suggestions: Vec<Suggestion>,
    /// The cursor of the next page. `None` on the last page.
    pub next: Option<String>,
    /// The freshness of the copy.
    pub freshness: Freshness,
}

/// Returns a page of about `most` suggested relations. `after` is the cursor of the previous page. People who objected or were
/// erased are not shown.
///
/// # Errors
/// Permanent if the cursor belongs to another list.
pub async fn suggested(view: &View<'_>, after: Option<&str>, most: usize) -> Outcome<Suggestions> {
    let scope = view.scope();
    let mut token = after
        .map(|after| cursor::open(view, LIST, "", after))
        .transpose()?;
    let (freshness, suppressions) = try_join(view.freshness(), view.suppressions()).await?;
    let most = most.clamp(1, MAX_PAGE);
    let mut suggestions = Vec::new();
    let (mut budget, mut step_size, mut is_full) = (Budget::default(), FIRST_STEP, false);
    for _ in 0..MAX_STEPS {
        let n = step_size.min(most - suggestions.len());
        let (found, next) = view.store.suggested(scope, token.as_ref(), n).await?;
        let places: Vec<_> = found.iter().map(Suggested::place).collect();
        let opened = open(view, &suppressions, &freshness, found).await?;
        let mut left = budget;
        let over = opened
            .iter()
            .find(|(_, one)| !left.take(one.record.weight()))
            .and_then(|(wanted, _)| places.iter().position(|place| place == wanted));
        if let Some(n_before) = over {
            // The next page begins with that suggestion. Only the store can give the token for the place before it.
            (step_size, is_full) = (n_before, true);
            if n_before == 0 {
                break;
            }
            continue;
        }
        budget = left;
        suggestions.extend(opened.into_iter().map(|(_, one)| one));
        token = next;
        if token.is_none() || suggestions.len() >= most || is_full {
            break;
        }
        step_size = MAX_PAGE;
    }
    Ok(Suggestions {
        next: token
            .map(|token| cursor::seal(view, LIST, "", &token))
            .transpose()?,
        suggestions,
        freshness,
    })
}

async fn open(
    view: &View<'_>,
    suppressions: &Suppressions,
    freshness: &Freshness,
    found: Vec<Suggested>,
) -> Outcome<Vec<((Object, RecordId, KeyedHash), Suggestion)>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<(Object, RecordId)> = found
        .iter()
        .map(|found| (found.object, found.id.clone()))
        .collect();
    let copied = view.store.copied(view.scope(), &places).await?;
    // A record with several suggestions is shown with each of them, because they are decided one by one.
    let shown = view
        .shown(
            copied.into_iter().flatten().collect(),
            freshness,
            suppressions,
        )
        .await?;
    let mut suggestions = Vec::with_capacity(shown.len());
    let mut found = found.into_iter().peekable();
    for mut record in shown {
        // The records are in the order of the request, without those that are gone.
        let Some(wanted) =
            found.find(|found| found.object == record.object && found.id == record.id)
        else {
            break;
        };
        let relation = record.relations.iter().find(|relation| {
            decision::hash(&view.keys.index, &relation.company) == wanted.company
                && relation.status == RelationStatus::Suggested
        });
        // If there is no such relation, the index is some seconds behind.
        if let Some(relation) = relation.cloned() {
            record.fit(MAX_ANSWER)?;
            let suggestion = Suggestion {
                company: relation.company,
                score: relation.score,
                evidence: relation.evidence,
                record,
            };
            suggestions.push((wanted.place(), suggestion));
        }
    }
    Ok(suggestions)
}

/// Checks that records of an object can be related to companies.
///
/// # Errors
/// Permanent if they cannot.
pub fn may_decide(object: Object) -> Outcome<()> {
    if !object.is_matched() {
        let why = "a task or an opportunity is its account's matter";
        return Err(Fault::of(Code::RelationOfNoCompany).at("/object", why));
    }
    Ok(())
}

/// Stores a user's decision about a relation. Returns the record's relations after it, and the freshness of the copy. Repeating a
/// decision changes nothing.
///
/// # Errors
/// Permanent if the id is malformed, if there is no such record, if its person objected, or if its object is never matched. Fenced
/// if the integration's generation has ended.
pub async fn decide(
    view: &View<'_>,
    (object, id): (Object, &RecordId),
    company: &CompanyId,
    say: Say,
    (by, at): (&str, Timestamp),
) -> Outcome<(Vec<Relation>, Freshness)> {
    may_decide(object)?;
    let id = &view.spelt(id)?;
    let decision = Decision {
        object,
        id: id.clone(),
        company: company.clone(),
        verdict: match say {
            Say::Approve => Some(RelationStatus::Approved),
            Say::Block => Some(RelationStatus::Blocked),
            Say::TakeBack => None,
        },
        by: by.to_owned(),
        at,
    };
    let (keys, scope) = (&view.keys, view.scope());
    let wanted = [(object, id.clone())];
    let (copied, freshness, suppressions) = try_join!(
        view.store.copied(scope, &wanted),
        view.freshness(),
        view.suppressions()
    )?;
    let copied = copied.into_iter().flatten().collect();
    for record in view.opened(copied, &freshness).await? {
        view.admit(&record, &suppressions).await?;
    }
    let relations = decision::settle(view.store, keys, scope, (object, id), Some(&decision))
        .await?
        .ok_or_else(|| Fault::of(Code::RecordUnknown))?;
    Ok((relations, freshness))
}
