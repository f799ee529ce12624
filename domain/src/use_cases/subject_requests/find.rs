//! All data held about a person, in parts.

use super::{
    cursor,
    mention::{Mention, words_of},
    walk::walk,
};
use crate::{
    fault::{Code, Outcome},
    legal::{Person, Register, register::Filed, suppressions},
    ports::{Copied, Keys, Suppressed, ViewStore},
    tenant::{IntegrationId, TenantId},
    view::{Budget, MAX_ANSWER, Shown, weight},
};

/// A part of the data held about a person.
pub struct Part {
    /// The records, each with its integration, and whether it is the person's own.
    pub records: Vec<(IntegrationId, Shown, bool)>,
    /// The person's assessments. Only in the first part.
    pub assessments: Vec<Filed>,
    /// Whether there are more assessments than fit this response. The search for assessments lists the rest.
    pub more_assessments: bool,
    /// The person's suppressions. Only in the first part.
    pub suppressed: Option<Suppressed>,
    /// The cursor of the next part. `None` in the last part.
    pub next: Option<String>,
}

/// Returns a part of the data held about a person in all integrations of a tenant. `after` is the cursor of the previous part.
///
/// # Errors
/// Permanent if nothing identifies the person, or if the cursor belongs to another person.
pub async fn find(
    store: &dyn ViewStore,
    keyring: &dyn Keys,
    tenant: &TenantId,
    person: &Person,
    after: Option<&str>,
) -> Outcome<Part> {
    check(person)?;
    let keys = keyring.tenant_if_made(tenant).await?;
    let reached = cursor::open(keys.as_deref(), tenant, person, after)?;
    let mut part = Part {
        records: Vec::new(),
        assessments: Vec::new(),
        more_assessments: false,
        suppressed: None,
        next: None,
    };
    if after.is_none() && !person.identifiers().is_empty() {
        let register = Register::open(store, keyring, tenant).await?;
        let filed = register
            .assessments_of(std::slice::from_ref(person))
            .await?;
        part.assessments = filed.into_iter().flatten().collect();
        let people = std::slice::from_ref(person);
        let suppressed = suppressions::check(store, keys.as_deref(), tenant, people);
        part.suppressed = suppressed.await?.pop();
    }
    let mut budget = Budget::default();
    let sizes = part.assessments.iter().map(size);
    let n_told = sizes.take_while(|size| budget.take(*size)).count();
    part.more_assessments = n_told < part.assessments.len();
    part.assessments.truncate(n_told);
    let (steps, next) = walk((store, keyring), tenant, person, reached, Some(budget)).await?;
    for (view, copied) in steps {
        let freshness = view.freshness().await?;
        let (copied, mentions): (Vec<Copied>, Vec<Mention>) = copied.into_iter().unzip();
        let integration = view.scope().integration.clone();
        let mut shown = view.opened(copied, &freshness).await?;
        for record in &mut shown {
            record.fit(MAX_ANSWER)?;
        }
        let told = shown.into_iter().zip(mentions);
        part.records.extend(told.map(|(shown, mention)| {
            let own = mention == Mention::Own;
            (integration.clone(), shown, own)
        }));
    }
    if let Some(next) = next {
        // The cursor is sealed. If the tenant had no keys before, this is their first use.
        let keys = match keys {
            Some(keys) => keys,
            None => keyring.tenant(tenant).await?,
        };
        part.next = Some(cursor::seal(&keys, tenant, person, &next)?);
    }
    Ok(part)
}

/// Returns the approximate size of an assessment in a response, in bytes.
fn size(filed: &Filed) -> usize {
    serde_json::to_string(&filed.assessment).map_or(0, |json| 256 + weight(&json))
}

/// Checks that the person can be searched for. A name alone is enough to search, although it is not enough to identify somebody. A
/// name of one word is not enough: nothing would be found, and the caller would take that for the answer.
///
/// # Errors
/// Permanent, with the part of the person that is unacceptable.
pub fn check(person: &Person) -> Outcome<()> {
    match person.check() {
        Err(fault) if *fault.code() == Code::PersonUnidentified => {
            if !words_of(person).is_empty() {
                return Ok(());
            }
            let what = "an e-mail address, a telephone number, name and company, or a name of two words and more";
            Err(fault.with_detail(what))
        }
        other => other,
    }
}
