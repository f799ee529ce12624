//! The CRM status of many companies at once.
//!
//! It takes three round trips for any number of companies: the integration; the index by company, with the copy's freshness; the
//! records, with their children. Tasks and Opportunities are counted from projections in the index by parent, and not read.
//!
//! Children are looked up for as many records as one round trip allows ([`crate::ports::MAX_LOOKUPS`]), the strongest record of
//! each company first. A company with more records is marked as partial.
//!
//! Records of people who objected or were erased are neither listed nor counted, and nor are their children. A Contact may be a
//! namesake of somebody who is suppressed by name and company, with an account that is not among the records read. Reading that
//! account would take a fourth round trip, which only a company's picture makes. So the Contact is left out, and its company is
//! marked as partial and perhaps in the CRM.
//!
//! DynamoDB's limits can add round trips: a query for suppressions returns 1 MB at a time (some 7,000, read only if their edition
//! differs from the cached one), and a batch of records ends at 16 MB.
//!
//! # To add a field to the answer
//!
//! 1. A field of [`CompanyStatus`] in `told.rs`, filled where the compiler asks for it (`tell`, below). What it says of children comes from
//!    their projections: `write_projection` in `domain/src/shared/body`. A new field there is known only of records that are written
//!    after it, so say what the answer is until then.
//! 2. `company_status` in `functions/api/companies.rs`: the compiler leads there.
//! 3. `CompanyStatus` in `infra/openapi.yaml`: tests hold answers against it. A picture of one company has the same field.

mod matters;
mod told;

use futures::try_join;
use matching::{CompanyId, RelationStatus};

use self::matters::{Known, counts, matters, parents, place};
pub use self::told::{CompanyStatus, InCrm, RelatedRecord};
use crate::{
    decision,
    fault::{Code, Fault, Outcome},
    ports::{Hit, Index, Lookup},
    record::{Object, RecordId},
    seal::KeyedHash,
    view::{Freshness, View},
};

/// The most companies in one request.
pub const MAX_COMPANIES: usize = 100;
/// The most records of one company that are read, the strongest relations first. The others are only counted.
const MAX_RECORDS: usize = 10;
/// The most relations of one company that are listed from the index.
const MAX_RELATIONS: usize = 200;
/// The most children of a record that are counted. If there are more, the response says so.
const MAX_CHILDREN: usize = 500;

/// A record's object and id.
type RecordKey = (Object, RecordId);

/// A company's status in the making.
struct Draft {
    company: CompanyId,
    hash: KeyedHash,
    hits: Vec<Hit>,
    n_records: usize,
    is_partial: bool,
}

/// How to treat a doubtful record: only an account that was not read could tell whether its person is suppressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is left out, and the company is partial.
    LeftOut,
    /// The account is read, in a fourth round trip.
    Settled,
}

/// Returns the status of companies, in the order of the request.
///
/// # Errors
/// Permanent if there are more than [`MAX_COMPANIES`].
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
        return Err(
            Fault::of(Code::CompaniesTooMany).with_detail(format!("at most {MAX_COMPANIES}"))
        );
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

/// Builds the lookups of these records' children, with at most `most` hits each.
pub(super) fn looks_below(view: &View<'_>, parents: &[RecordKey], most: usize) -> Vec<Lookup> {
    let look = |(object, id): &RecordKey| Lookup {
        index: Index::Parent,
        hash: view.below(*object, id),
        after: None,
        most,
    };
    parents.iter().map(look).collect()
}

/// Keeps the strongest relations, without blocked ones.
fn draft((company, hash): (CompanyId, KeyedHash), mut hits: Vec<Hit>, is_partial: bool) -> Draft {
    hits.retain(|hit| !matches!(hit.relation, None | Some((RelationStatus::Blocked, _))));
    // An account comes before a person, because it has the owner and the opportunities.
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
    // A relation that its record does not name is just being written, or is left over from an interrupted put.
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
        let matter = found.known.get(&record);
        let display = matter.and_then(|matter| matter.display.as_ref());
        if let Some(matter) = matter.filter(|_| counts) {
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
        let opt_out = display.map(|display| display.opt_out.clone());
        let (object, id) = record;
        told.records.push(RelatedRecord {
            object,
            id,
            status,
            score,
            opt_out: opt_out.unwrap_or_default(),
        });
    }
    told
}
