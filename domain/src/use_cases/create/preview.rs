//! Previews a creation: the same judgement, and nothing is created.

use matching::CompanyId;
use serde::Serialize;

use super::{
    CreateContext, DuplicateCandidate, OptedOut, Request, Uncleared, Unfitting, UnfittingLink,
    bounds, count::count, judge::judge, opted_out::opted_out,
};
use crate::{
    allowance::Limit,
    fault::{CrmCode, Fault, Outcome},
    legal::Missing,
    ports::{Duplicates, Fields, Link, NewRecord, Rehearsing, Written},
    record::{Object, RecordId},
};

/// The preview of one record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The object.
    pub object: Object,
    /// The company to which it would be related.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyId>,
    /// Whether the reference database lacks that company.
    pub unknown_company: bool,
    /// The fields that would be sent.
    pub fields: Fields,
    /// The records to which it would belong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Required fields that are missing.
    pub missing_fields: Vec<String>,
    /// Fields that the CRM does not accept.
    pub refused_fields: Vec<Unfitting>,
    /// Links that the CRM does not accept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused_links: Vec<UnfittingLink>,
    /// What is missing for a clearance. Empty if everybody in the record is cleared, or if it names nobody.
    pub not_cleared: Vec<Missing>,
    /// The people who are not cleared, with what is missing for each.
    pub people_not_cleared: Vec<Uncleared>,
    /// People whom it names and who opted out in the CRM. This stops nothing.
    pub opted_out: Vec<OptedOut>,
    /// Its duplicate candidates in the copy.
    pub duplicates: Vec<DuplicateCandidate>,
    /// The verdict of the CRM's own rules. `None` if the record could not be sent, so that they were not asked.
    pub crm: Option<Verdict>,
    /// Whether the record would be created as it is, as far as that can be known beforehand.
    pub would_create: bool,
}

/// The verdict of the CRM's own rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(
    tag = "verdict",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Verdict {
    /// The CRM accepts the record.
    Fine,
    /// No other record has one of its unique values. The CRM's other rules are heard only when it is created.
    NoDuplicate,
    /// The CRM takes it for a duplicate.
    Duplicate {
        /// The records of which it is a duplicate.
        of: Vec<RecordId>,
        /// Whether the rule allows saving it nevertheless.
        may_save: bool,
    },
    /// The CRM refuses it.
    Refused {
        /// The fault's code.
        code: String,
        /// The fields at fault.
        fields: Vec<String>,
    },
    /// The CRM could not be asked, or has no answer.
    Unknown {
        /// The fault's code, which says why.
        code: String,
    },
}

/// Judges each record as [`super::create`] does, and lets the CRM's own rules judge those that could be sent. Nothing is created,
/// and nobody without a clearance is sent to the CRM.
///
/// # Errors
/// Permanent: `create.size`, `create.nested`. Otherwise the fault of a port.
pub async fn preview(context: &CreateContext<'_>, request: &Request) -> Outcome<Vec<Preview>> {
    bounds::hold(context, request, Limit::PreviewRecords).await?;
    count(context, request, &context.holder).await?;
    let wanted: Vec<_> = request.items.iter().collect();
    let judged = judge(context, &wanted).await?;
    let mut records = Vec::new();
    let mut places = Vec::new();
    for (at, judged) in judged.iter().enumerate() {
        if let (true, Ok(clearances)) = (judged.is_fit(), &judged.cleared) {
            records.push(judged.record(clearances.clone())?);
            places.push(at);
        }
    }
    let mut verdicts: Vec<Option<Verdict>> = vec![None; judged.len()];
    for (at, verdict) in places
        .into_iter()
        .zip(rehearsed(context, request, &records).await)
    {
        verdicts[at] = Some(verdict);
    }
    let opted_out = opted_out(context, &judged).await?;
    Ok(wanted
        .into_iter()
        .zip(judged)
        .zip(verdicts)
        .zip(opted_out)
        .map(|(((wanted, judged), crm), opted_out)| {
            let refused = judged.checked.refused.into_iter();
            let duplicates_stop = !judged.duplicates.is_empty() && !request.allow_duplicate;
            let crm_stops = !matches!(&crm, Some(Verdict::Fine | Verdict::NoDuplicate));
            Preview {
                object: judged.filled.draft.object,
                company: wanted.company.clone(),
                unknown_company: judged.filled.is_unknown,
                fields: judged.filled.draft.fields,
                links: judged.filled.draft.links,
                refused_links: judged
                    .checked
                    .refused_links
                    .into_iter()
                    .map(UnfittingLink::from)
                    .collect(),
                missing_fields: judged.checked.missing,
                refused_fields: refused
                    .map(|(field, problem)| Unfitting { field, problem })
                    .collect(),
                not_cleared: judged.cleared.err().unwrap_or_default(),
                people_not_cleared: judged.uncleared,
                opted_out,
                duplicates: judged.duplicates,
                would_create: !duplicates_stop && !crm_stops,
                crm,
            }
        })
        .collect())
}

async fn rehearsed(
    context: &CreateContext<'_>,
    request: &Request,
    records: &[NewRecord],
) -> Vec<Verdict> {
    if records.is_empty() {
        return Vec::new();
    }
    let duplicates = if request.allow_duplicate {
        Duplicates::Save
    } else {
        Duplicates::Refuse
    };
    let unknown = |fault: &Fault| Verdict::Unknown {
        code: fault.code().public().into_owned(),
    };
    let unopposed = match context.crm.abilities().creating.rehearsing {
        Rehearsing::Never => {
            let fault = Fault::crm("crm", CrmCode::said("rehearses_nothing"));
            return records.iter().map(|_| unknown(&fault)).collect();
        }
        Rehearsing::UniqueValues => Verdict::NoDuplicate,
        Rehearsing::AllRules => Verdict::Fine,
    };
    match context.crm.rehearse(records, duplicates).await {
        Err(fault) => records.iter().map(|_| unknown(&fault)).collect(),
        Ok(written) => written
            .into_iter()
            .map(|one| match one {
                Written::Created(_) | Written::Rehearsed => unopposed.clone(),
                Written::Duplicate { of, may_save } => Verdict::Duplicate { of, may_save },
                Written::Refused { fault, fields } => Verdict::Refused {
                    code: fault.code().public().into_owned(),
                    fields,
                },
                Written::NotSent(fault) | Written::Unknown(fault) => unknown(&fault),
            })
            .collect(),
    }
}
