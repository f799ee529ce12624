//! The CRM status of many companies at once.
//!
//! Three round trips, however many companies: the integration; what the index by company says of all of them, beside how
//! fresh the copy is; the records, beside what belongs to them. Tasks and Opportunities are counted by their projections, which
//! the index by parent carries, so that they are not read.
//!
//! What belongs to records is looked up for as many of them as go side by side ([`crate::ports::MAX_LOOKUPS`]), the firmest of each
//! company first; a company of which more would have to be counted is partial.
//!
//! Records of people who objected or were erased are not listed and count for nothing, nor does what belongs to them. Where a
//! Contact has the name of one who is suppressed by name and company, and its account is none of the records that were read,
//! reading that account would be a fourth round trip: it is left out, and its company is partial, and perhaps in the CRM. A
//! company's picture reads the account.
//!
//! More round trips are DynamoDB's own doing: of suppressions it lists 1 MB at a time (some 7,000; they are read where their edition
//! is another than the process knows), and a batch of records ends at 16 MB.

mod matters;

use futures::try_join;
use jiff::Timestamp;
use matching::{CompanyId, RelationStatus};

use self::matters::{Known, counts, matters, parents, place};
use crate::{
    decision,
    fault::{Code, Fault, Outcome},
    ports::{Hit, Index, Lookup},
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash},
    view::{Freshness, View},
};

/// Companies in one question.
pub const MAX_COMPANIES: usize = 100;
/// Records of one company that are looked into: the firmest relations first. Others are counted.
const MAX_RECORDS: usize = 10;
/// Relations of one company that are listed by the index.
const MAX_RELATIONS: usize = 200;
/// Records that belong to another which are counted; where there are more, the answer says so.
const MAX_CHILDREN: usize = 500;

/// Whether a company is in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InCrm {
    /// A record is that company: the rule was sure, or a user said so.
    Yes,
    /// A record may be that company: a user has to look.
    Perhaps,
    /// No record is.
    No,
}

/// A company's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyStatus {
    /// The company.
    pub company: CompanyId,
    /// Whether it is in the CRM.
    pub in_crm: InCrm,
    /// Its records, the firmest relation first.
    pub records: Vec<(Object, RecordId, RelationStatus, u16)>,
    /// How many records it is related to in all.
    pub n_records: usize,
    /// The CRM's id of the user whose it is: the owner of the firmest record that has one.
    pub owner: Option<Box<str>>,
    /// Opportunities that are not closed.
    pub open_opportunities: usize,
    /// Tasks that are not done.
    pub open_tasks: usize,
    /// There are more records than were counted: counts are too low.
    pub is_partial: bool,
    /// The day of the last activity that the copy knows, `2026-11-24`.
    pub last_activity: Option<Box<str>>,
    /// When the oldest part of this answer was last confirmed.
    pub confirmed: Option<Timestamp>,
}

/// A record's place.
type RecordKey = (Object, RecordId);

/// What is known of a company on the way.
struct Draft {
    company: CompanyId,
    hash: KeyedHash,
    hits: Vec<Hit>,
    n_records: usize,
    is_partial: bool,
}

/// What becomes of a record that only an account which was not read can tell from one of a person who is suppressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is left out, and the answer is partial.
    LeftOut,
    /// The account is read: a fourth round trip.
    Settled,
}

/// The status of companies, in the order asked.
///
/// # Errors
/// Permanent, for more than [`MAX_COMPANIES`] of them.
pub async fn status(
    view: &View<'_>,
    companies: &[CompanyId],
) -> Outcome<(Vec<CompanyStatus>, Freshness)> {
    status_with(view, companies, Doubt::LeftOut).await
}

pub(super) async fn status_with(
    view: &View<'_>,
    companies: &[CompanyId],
    doubt: Doubt,
) -> Outcome<(Vec<CompanyStatus>, Freshness)> {
    if companies.len() > MAX_COMPANIES {
        return Err(Fault::of(Code::CompaniesTooMany).with_detail("at most 100"));
    }
    let asked: Vec<Lookup> = companies
        .iter()
        .map(|company| Lookup {
            index: Index::Company,
            hash: decision::hash(&view.keys.index, company),
            after: None,
            most: MAX_RELATIONS,
        })
        .collect();
    let scope = view.scope();
    let (found, freshness, suppressions) = try_join!(
        view.store.hits(scope, &asked),
        view.freshness(),
        view.suppressions()
    )?;
    let drafts: Vec<Draft> = companies
        .iter()
        .zip(&asked)
        .zip(found)
        .map(|((company, ask), found)| {
            let is_partial = found.next.is_some();
            draft((company.clone(), ask.hash), found.hits, is_partial)
        })
        .collect();

    let mut records: Vec<RecordKey> = drafts
        .iter()
        .flat_map(|draft| draft.hits.iter().map(place))
        .collect();
    records.sort_unstable();
    records.dedup();
    let parents = parents(&drafts);
    let asked = looks_below(view, &parents, MAX_CHILDREN);
    let (copied, children) = try_join!(
        view.store.copied(scope, &records),
        view.store.hits(scope, &asked),
    )?;
    let children = parents.into_iter().zip(children).collect();
    let known = matters(view, &suppressions, copied, children, doubt).await?;
    let told = drafts
        .into_iter()
        .map(|draft| tell(draft, &known, &freshness))
        .collect();
    Ok((told, freshness))
}

/// Looks for what belongs to each of these records, at most `most` of each.
pub(super) fn looks_below(view: &View<'_>, parents: &[RecordKey], most: usize) -> Vec<Lookup> {
    let look = |(_, id): &RecordKey| Lookup {
        index: Index::Parent,
        hash: view.keys.index.hash(HashKind::Parent, id.as_str()),
        after: None,
        most,
    };
    parents.iter().map(look).collect()
}

/// Takes the firmest relations; blocked ones are no relation.
fn draft((company, hash): (CompanyId, KeyedHash), mut hits: Vec<Hit>, is_partial: bool) -> Draft {
    hits.retain(|hit| !matches!(hit.relation, None | Some((RelationStatus::Blocked, _))));
    // An account before a person: it has the owner and the opportunities.
    hits.sort_by_key(|hit| {
        let (status, score) = hit.relation.unwrap_or((RelationStatus::Suggested, 0));
        (std::cmp::Reverse((status, score)), hit.object)
    });
    let n_records = hits.len();
    hits.truncate(MAX_RECORDS);
    Draft {
        company,
        hash,
        is_partial: is_partial || n_records > MAX_RECORDS,
        hits,
        n_records,
    }
}

fn tell(mut draft: Draft, found: &Known, freshness: &Freshness) -> CompanyStatus {
    let n_listed = draft.hits.len();
    let is_doubtful = |hit: &Hit| found.doubtful.contains(&place(hit));
    let has_doubtful = draft.hits.iter().any(is_doubtful);
    // A relation that its record does not name is on its way, or was left by a put that was cut off.
    draft.hits.retain(|hit| {
        let matter = found.known.get(&place(hit));
        matter.is_some_and(|matter| matter.companies.contains(&draft.hash))
    });
    let firmest = draft.hits.first().and_then(|hit| hit.relation);
    let mut told = CompanyStatus {
        company: draft.company,
        in_crm: match firmest {
            Some((RelationStatus::Approved | RelationStatus::Automatic, _)) => InCrm::Yes,
            Some((RelationStatus::Suggested, _)) => InCrm::Perhaps,
            _ if has_doubtful => InCrm::Perhaps,
            Some((RelationStatus::Blocked, _)) | None => InCrm::No,
        },
        records: Vec::with_capacity(draft.hits.len()),
        n_records: draft.n_records - (n_listed - draft.hits.len()),
        owner: None,
        open_opportunities: 0,
        open_tasks: 0,
        is_partial: draft.is_partial || has_doubtful,
        last_activity: None,
        confirmed: freshness.oldest(),
    };
    for hit in draft.hits {
        let Some((status, score)) = hit.relation else {
            continue;
        };
        let counts = counts(hit.relation, firmest);
        let record = (hit.object, hit.id);
        if let Some(matter) = found.known.get(&record).filter(|_| counts) {
            let display = matter.display.as_ref();
            told.owner = told
                .owner
                .or_else(|| display.and_then(|display| display.owner.clone()));
            let own = display.and_then(|display| display.activity.clone());
            let activity = own.max(matter.last_activity.clone());
            told.last_activity = told.last_activity.max(activity);
            told.open_opportunities += matter.open_opportunities;
            told.open_tasks += matter.open_tasks;
            told.is_partial |= matter.is_partial;
        }
        told.records.push((record.0, record.1, status, score));
    }
    told
}
