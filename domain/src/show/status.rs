//! The CRM status of many companies at once.
//!
//! Three round trips, however many companies: the integration; what the index by company says of all of them, beside how
//! fresh the copy is; the records, beside what belongs to them. Tasks and Opportunities are counted by their briefs, which
//! the index by parent carries, so that they are not read.

use std::collections::HashMap;

use futures::future::try_join;
use jiff::Timestamp;

use crate::{
    body::{self, Body},
    company::CompanyId,
    decision,
    fault::{Fault, Outcome},
    matching::RelationStatus,
    ports::{Copied, Hit, Index, Look},
    record::{Object, RecordId, Standing},
    seal::{HashKind, Opener},
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

/// What is known of a company on the way.
struct Draft {
    company: CompanyId,
    hits: Vec<Hit>,
    n_records: usize,
    is_partial: bool,
}

/// The status of companies, in the order asked.
///
/// # Errors
/// Lasting, for more than [`MAX_COMPANIES`] of them.
pub async fn status(
    view: &View<'_>,
    companies: &[CompanyId],
) -> Outcome<(Vec<CompanyStatus>, Freshness)> {
    if companies.len() > MAX_COMPANIES {
        return Err(Fault::lasting("companies_too_many").with_detail("at most 100"));
    }
    let asked: Vec<Look> = companies
        .iter()
        .map(|company| Look {
            index: Index::Company,
            hash: decision::hash(&view.keys.index, company),
            after: None,
            most: MAX_RELATIONS,
        })
        .collect();
    let scope = view.scope();
    let (found, freshness) = try_join(view.store.hits(scope, &asked), view.freshness()).await?;
    let drafts: Vec<Draft> = companies
        .iter()
        .zip(found)
        .map(|(company, found)| {
            let is_partial = found.next.is_some();
            draft(company.clone(), found.hits, is_partial)
        })
        .collect();

    let mut records: Vec<(Object, RecordId)> = drafts
        .iter()
        .flat_map(|draft| draft.hits.iter().map(|hit| (hit.object, hit.id.clone())))
        .collect();
    records.sort_unstable();
    records.dedup();
    let asked: Vec<Look> = records
        .iter()
        .map(|(_, id)| Look {
            index: Index::Parent,
            hash: view.keys.index.hash(HashKind::Parent, id.as_str()),
            after: None,
            most: MAX_CHILDREN,
        })
        .collect();
    let (copied, children) = try_join(
        view.store.copied(scope, &records),
        view.store.hits(scope, &asked),
    )
    .await?;

    let mut opener = view.opener()?;
    let mut known: HashMap<(Object, RecordId), Matter> = HashMap::with_capacity(records.len());
    for ((record, copied), children) in records.into_iter().zip(copied).zip(children) {
        let mut matter = Matter {
            is_partial: children.next.is_some(),
            ..Matter::default()
        };
        if let Some(copied) = copied {
            matter.standing = standing(view, &mut opener, &copied)?;
        }
        for child in children.hits {
            matter.count(view, &mut opener, &child)?;
        }
        known.insert(record, matter);
    }
    let told = drafts
        .into_iter()
        .map(|draft| tell(draft, &known, &freshness))
        .collect();
    Ok((told, freshness))
}

/// Takes the firmest relations; blocked ones are no relation.
fn draft(company: CompanyId, mut hits: Vec<Hit>, is_partial: bool) -> Draft {
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
        is_partial: is_partial || n_records > MAX_RECORDS,
        hits,
        n_records,
    }
}

/// What is known of a record and of what belongs to it.
#[derive(Default)]
struct Matter {
    standing: Option<Standing>,
    open_opportunities: usize,
    open_tasks: usize,
    last_activity: Option<Box<str>>,
    is_partial: bool,
}

impl Matter {
    fn count(&mut self, view: &View<'_>, opener: &mut Opener, child: &Hit) -> Outcome<()> {
        let Some(brief) = &child.brief else {
            return Ok(());
        };
        let brief = body::open_brief(opener, view.scope(), child.object, &child.id, brief)?;
        if brief.open == Some(true) {
            match child.object {
                Object::Opportunity => self.open_opportunities += 1,
                Object::Task => self.open_tasks += 1,
                Object::Account | Object::Contact | Object::Lead => {}
            }
        }
        self.last_activity = self.last_activity.take().max(brief.activity);
        Ok(())
    }
}

fn standing(view: &View<'_>, opener: &mut Opener, copied: &Copied) -> Outcome<Option<Standing>> {
    let Some(sealed) = &copied.sealed else {
        return Ok(None);
    };
    let body = Body::open(opener, view.scope(), copied.object, &copied.id, sealed)?;
    Ok(body.standing)
}

fn tell(
    draft: Draft,
    known: &HashMap<(Object, RecordId), Matter>,
    freshness: &Freshness,
) -> CompanyStatus {
    let firmest = draft.hits.first().and_then(|hit| hit.relation);
    let mut told = CompanyStatus {
        company: draft.company,
        in_crm: match firmest {
            Some((RelationStatus::Approved | RelationStatus::Automatic, _)) => InCrm::Yes,
            Some((RelationStatus::Suggested, _)) => InCrm::Perhaps,
            Some((RelationStatus::Blocked, _)) | None => InCrm::No,
        },
        records: Vec::with_capacity(draft.hits.len()),
        n_records: draft.n_records,
        owner: None,
        open_opportunities: 0,
        open_tasks: 0,
        is_partial: draft.is_partial,
        last_activity: None,
        confirmed: freshness.oldest(),
    };
    for hit in draft.hits {
        let Some((status, score)) = hit.relation else {
            continue;
        };
        let record = (hit.object, hit.id);
        // What may be another company's is listed, and not counted as this one's.
        let counts = status != RelationStatus::Suggested || told.in_crm == InCrm::Perhaps;
        if let Some(matter) = known.get(&record).filter(|_| counts) {
            let standing = matter.standing.as_ref();
            told.owner = told
                .owner
                .or_else(|| standing.and_then(|standing| standing.owner.clone()));
            let own = standing.and_then(|standing| standing.activity.clone());
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
