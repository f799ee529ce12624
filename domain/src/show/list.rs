//! Records a page at a time: by object and filter, by e-mail, by domain.
//!
//! A page goes on where the one before ended, by key: what is new or gone meanwhile moves nothing, so that no record comes
//! twice and none that was there all the time is left out. What is in a record can only be asked once it is open: a page
//! looks at a bounded number of records, may come back with few or none, and says where it goes on. It ends at a number of bytes, too
//! ([`MAX_ANSWER`]): records with long texts come in smaller pages. People who objected or
//! were erased are left out as what a filter leaves out is.

use futures::future::try_join;
use jiff::Timestamp;
use matching::{CompanyId, RelationStatus, normalise};

use super::step::{next_size, step};
use crate::{
    decision,
    fault::Outcome,
    ports::Index,
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash},
    view::{Budget, Freshness, MAX_ANSWER, Shown, View, cursor},
};

/// Records on a page, at most.
pub const MAX_PAGE: usize = 200;
/// Times that the copy is asked for one page, at most: two round trips each.
const MAX_STEPS: usize = 20;
/// Records that are read before it is known how large they are. A record may have some MB, and a function little memory.
const FIRST_STEP: usize = 50;

/// What records are asked for. Empty: all of the object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this object; none: of all, where an e-mail address, a domain, a parent or a company is given.
    pub object: Option<Object>,
    /// With this e-mail address.
    pub email: Option<String>,
    /// Whose web site or e-mail address has this domain.
    pub domain: Option<String>,
    /// That belong to this record.
    pub parent: Option<RecordId>,
    /// That are related to this company, blocked ones left out.
    pub company: Option<CompanyId>,
    /// With a relation of this status.
    pub status: Option<RelationStatus>,
    /// Where there is still something to be done, or is not.
    pub open: Option<bool>,
    /// Of this user of the CRM.
    pub owner: Option<String>,
    /// Changed in the CRM at this time or later.
    pub since: Option<Timestamp>,
}

/// A page of records.
pub struct Listed {
    /// The records.
    pub records: Vec<Shown>,
    /// The mark of the next page; none: this was the last.
    pub next: Option<String>,
    /// How fresh the copy is.
    pub freshness: Freshness,
}

impl Filter {
    /// The same filter, with ids in the spelling that the copy has.
    fn spelt(&self, view: &View<'_>) -> Outcome<Self> {
        let spelling = view.integration.provider.spelling();
        let parent = self.parent.as_ref().map(|id| spelling.one(id));
        let owner = self.owner.as_ref().map(|id| spelling.one_text(id));
        Ok(Self {
            parent: parent
                .transpose()
                .map_err(|fault| fault.within("/parent"))?,
            owner: owner.transpose().map_err(|fault| fault.within("/owner"))?,
            ..self.clone()
        })
    }

    /// The filter as text: what a cursor is bound to.
    fn question(&self) -> String {
        format!("{self:?}")
    }

    /// The index that leads to the fewest records, and what it is asked for, one hash after the other; none: no index does.
    fn index(&self, view: &View<'_>) -> Option<(Index, Vec<KeyedHash>)> {
        let hash = |kind, value: &str| view.keys.index.hash(kind, value);
        if let Some(email) = &self.email {
            // Records that came before 2026-11-29 are found by what stood in them.
            let spellings = normalise::email_spellings(email);
            let hashes = spellings.iter().map(|email| hash(HashKind::Email, email));
            return Some((Index::Email, hashes.collect()));
        }
        let (index, hash) = if let Some(parent) = &self.parent {
            (Index::Parent, hash(HashKind::Parent, parent.as_str()))
        } else if let Some(company) = &self.company {
            (Index::Company, decision::hash(&view.keys.index, company))
        } else {
            // A host's registered domain; what is none is found nowhere.
            let domain = self.domain.as_ref()?;
            let domain = normalise::domain(domain).unwrap_or_else(|| domain.to_lowercase());
            (Index::Domain, hash(HashKind::Domain, &domain))
        };
        Some((index, vec![hash]))
    }

    fn admits(&self, record: &Shown) -> bool {
        let standing = &record.standing;
        let has = |status| {
            let mut relations = record.relations.iter();
            relations.any(|relation| relation.status == status)
        };
        self.object.is_none_or(|object| record.object == object)
            && self.status.is_none_or(has)
            && self.open.is_none_or(|open| standing.open == Some(open))
            && self
                .owner
                .as_ref()
                .is_none_or(|owner| standing.owner.as_deref() == Some(owner))
            && self.since.is_none_or(|since| record.modified >= since)
            && self.email.as_ref().is_none_or(|email| {
                let own = record.about.email.as_deref().unwrap_or_default();
                normalise::email_key(own) == normalise::email_key(email)
            })
            && self
                .parent
                .as_ref()
                .is_none_or(|parent| record.about.parent.as_ref() == Some(parent))
            && self.company.as_ref().is_none_or(|company| {
                record.relations.iter().any(|relation| {
                    relation.company == *company && relation.status != RelationStatus::Blocked
                })
            })
    }
}

/// A page of at most `most` records; `after` is the mark that the page before ended with.
///
/// # Errors
/// Permanent, when the filter names neither an object nor an index, an id that cannot be one, or the mark is of another list.
pub async fn list(
    view: &View<'_>,
    filter: &Filter,
    after: Option<&str>,
    most: usize,
) -> Outcome<Listed> {
    let filter = &filter.spelt(view)?;
    let question = filter.question();
    let mut mark = after
        .map(|after| cursor::open(view, "records", &question, after))
        .transpose()?;
    let (freshness, marks) = try_join(view.freshness(), view.marks()).await?;
    let index = filter.index(view);
    let most = most.clamp(1, MAX_PAGE);
    let (mut records, mut n_steps) = (Vec::new(), 0);
    let (mut budget, mut step_size, mut is_full) = (Budget::default(), FIRST_STEP, false);
    loop {
        // No more than there is room for: what was looked at is passed.
        let n = step_size.min(most - records.len());
        let read = step(view, filter, index.as_ref(), mark.as_ref(), n).await?;
        n_steps += 1;
        step_size = next_size(&read.copied);
        let shown = view.shown(read.copied, &freshness, &marks).await?;
        let admitted = shown.into_iter().filter(|record| filter.admits(record));
        match taken(admitted, budget)? {
            Taken::All(more, left) => {
                records.extend(more);
                budget = left;
                mark = read.next;
                is_full |= records.len() >= most || n_steps >= MAX_STEPS;
                if mark.is_none() || is_full {
                    break;
                }
            }
            Taken::UpTo(record) => {
                // The next page begins with that record. Where those before it end, only the store can say.
                let n_before = read.places.iter().position(|place| *place == record);
                step_size = n_before.unwrap_or(0);
                is_full = true;
                if step_size == 0 || n_steps > MAX_STEPS {
                    break;
                }
            }
        }
    }
    let next = mark
        .map(|mark| cursor::seal(view, "records", &question, &mark))
        .transpose()?;
    Ok(Listed {
        records,
        next,
        freshness,
    })
}

/// What a page has room for.
enum Taken {
    /// All of the step's records, and the room that is left.
    All(Vec<Shown>, Budget),
    /// Those before this one.
    UpTo((Object, RecordId)),
}

fn taken(records: impl Iterator<Item = Shown>, mut budget: Budget) -> Outcome<Taken> {
    let mut taken = Vec::new();
    for mut record in records {
        record.fit(MAX_ANSWER)?;
        if !budget.take(record.weight()) {
            return Ok(Taken::UpTo((record.object, record.id)));
        }
        taken.push(record);
    }
    Ok(Taken::All(taken, budget))
}
