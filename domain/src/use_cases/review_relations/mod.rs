//! What users say about relations: they look through the suggested ones, approve, block, link by hand, and take decisions
//! back. What they decided stays whatever a sync or a new company file finds ([`decision`]).

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

/// Suggested relations on a page, at most.
pub const MAX_PAGE: usize = 100;
/// Times that the index is asked for one page, at most: it has 16 parts, of which many may be empty.
const MAX_STEPS: usize = 20;
/// Suggestions that are read before it is known how large their records are.
const FIRST_STEP: usize = 50;
/// The list's name, which its cursors are bound to.
const LIST: &str = "suggested";

/// What a user says about a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// The record is that company: what the rule suggested, or what the user knows.
    Approve,
    /// It is not, and is not to be suggested again.
    Block,
    /// An earlier decision is taken back: the rule's own finding counts again.
    TakeBack,
}

/// A suggested relation, with the record that it is about.
pub struct Suggestion {
    /// The record.
    pub record: Shown,
    /// The company.
    pub company: CompanyId,
    /// The score in thousandths.
    pub score: u16,
    /// Why, the heaviest first.
    pub evidence: Vec<Evidence>,
}

/// A page of suggested relations.
pub struct Suggestions {
    /// The relations.
    pub suggestions: Vec<Suggestion>,
    /// The cursor of the next page; none: this was the last.
    pub next: Option<String>,
    /// How fresh the copy is.
    pub freshness: Freshness,
}

/// A page of about `most` suggested relations; `after` is the cursor that the page before ended with. People who objected or
/// were erased are not shown.
///
/// # Errors
/// Permanent, when the cursor is of another list.
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
            // The next page begins with that one. Where those before it end, only the store can say.
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
    // Of a record with several suggestions each is shown with the record: they are decided one by one.
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
        // Answers come in the order asked, and leave out what is gone.
        let Some(wanted) =
            found.find(|found| found.object == record.object && found.id == record.id)
        else {
            break;
        };
        let relation = record.relations.iter().find(|relation| {
            decision::hash(&view.keys.index, &relation.company) == wanted.company
                && relation.status == RelationStatus::Suggested
        });
        // None: the index is some seconds behind.
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

/// Whether records of an object are related to companies at all.
///
/// # Errors
/// Permanent, when they are not.
pub fn may_decide(object: Object) -> Outcome<()> {
    if matches!(object, Object::Task | Object::Opportunity) {
        let why = "a task or an opportunity is its account's matter";
        return Err(Fault::of(Code::RelationOfNoCompany).at("/object", why));
    }
    Ok(())
}

/// Notes what a user says about a relation, and answers the record's relations after it, and how fresh the copy
/// is. Saying it again changes nothing.
///
/// # Errors
/// Permanent, when the id cannot be one, there is no such record, its person objected, or its object is never matched; fenced, when the integration's
/// generation has ended.
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
