//! The CRM status of many companies at once.
//!
//! Three round trips, however many companies: the integration; what the index by company says of all of them, beside how
//! fresh the copy is; the records, beside what belongs to them. Tasks and Opportunities are counted by their briefs, which
//! the index by parent carries, so that they are not read.
//!
//! Records of people who objected or were erased are not listed and count for nothing, nor does what belongs to them. Where a
//! listed Contact has the name of one who is marked by name and company, and its account is none of the records that were
//! read, that account costs a fourth round trip.

use std::collections::HashMap;

use futures::try_join;
use jiff::Timestamp;

use crate::{
    body::{self, Body},
    company::CompanyId,
    decision,
    fault::{Fault, Outcome},
    legal::Marks,
    marked::{self, Whose},
    matching::RelationStatus,
    ports::{Copied, Hit, Hits, Index, Look, Marked},
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
    let (found, freshness, marks) = try_join!(
        view.store.hits(scope, &asked),
        view.freshness(),
        view.marks()
    )?;
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
    let (copied, children) = try_join!(
        view.store.copied(scope, &records),
        view.store.hits(scope, &asked),
    )?;
    let known = matters(view, &marks, records, copied, children).await?;
    let told = drafts
        .into_iter()
        .map(|draft| tell(draft, &known, &freshness))
        .collect();
    Ok((told, freshness))
}

/// What is known of records, in the order of what was asked; those of people who are marked are missing.
async fn matters(
    view: &View<'_>,
    marks: &Marks,
    records: Vec<(Object, RecordId)>,
    copied: Vec<Option<Copied>>,
    children: Vec<Hits>,
) -> Outcome<HashMap<(Object, RecordId), Matter>> {
    let scope = view.scope();
    let bodies = bodies(view, copied)?;
    let wanted = marked::asked(marks, bodies.iter().flatten().filter_map(Opened::whose));
    let accounts = marked::accounts(view.store, &view.keys, scope, wanted).await?;
    // What has gone since the index was written is in the copy no more.
    let is_shown = |opened: &Option<Opened>| {
        let whose = opened.as_ref().and_then(Opened::whose);
        whose.is_some_and(|whose| whose.marked(marks, scope, &accounts) == Marked::default())
    };
    let mut opener = view.opener()?;
    let mut known = HashMap::with_capacity(records.len());
    let found = records.into_iter().zip(bodies).zip(children);
    for ((record, opened), children) in found {
        if !is_shown(&opened) {
            continue;
        }
        let mut matter = Matter {
            standing: opened.and_then(|opened| opened.body.standing),
            is_partial: children.next.is_some(),
            ..Matter::default()
        };
        for child in children.hits {
            matter.count(view, &mut opener, &child)?;
        }
        known.insert(record, matter);
    }
    Ok(known)
}

/// A record whose body is open.
struct Opened {
    object: Object,
    id: RecordId,
    body: Body,
}

impl Opened {
    fn whose(&self) -> Option<Whose<'_>> {
        Some(Whose {
            object: self.object,
            id: &self.id,
            about: self.body.about.as_ref()?,
            standing: self.body.standing.as_ref()?,
            fields: self.body.fields.get(),
        })
    }
}

fn bodies(view: &View<'_>, copied: Vec<Option<Copied>>) -> Outcome<Vec<Option<Opened>>> {
    let (mut opener, scope) = (view.opener()?, view.scope());
    let mut open = |copied: Copied| {
        let (object, id) = (copied.object, copied.id);
        let mut body = match &copied.sealed {
            Some(sealed) => Body::open(&mut opener, scope, object, &id, sealed)?,
            // It is on its way.
            None => Body::default(),
        };
        body.about.get_or_insert_default();
        body.standing.get_or_insert_default();
        Ok(Opened { object, id, body })
    };
    let opened = copied
        .into_iter()
        .map(|copied| copied.map(&mut open).transpose());
    opened.collect()
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

fn tell(
    mut draft: Draft,
    known: &HashMap<(Object, RecordId), Matter>,
    freshness: &Freshness,
) -> CompanyStatus {
    let n_listed = draft.hits.len();
    draft
        .hits
        .retain(|hit| known.contains_key(&(hit.object, hit.id.clone())));
    let firmest = draft.hits.first().and_then(|hit| hit.relation);
    let mut told = CompanyStatus {
        company: draft.company,
        in_crm: match firmest {
            Some((RelationStatus::Approved | RelationStatus::Automatic, _)) => InCrm::Yes,
            Some((RelationStatus::Suggested, _)) => InCrm::Perhaps,
            Some((RelationStatus::Blocked, _)) | None => InCrm::No,
        },
        records: Vec::with_capacity(draft.hits.len()),
        n_records: draft.n_records - (n_listed - draft.hits.len()),
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
