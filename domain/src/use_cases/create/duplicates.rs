//! Duplicate candidates: records of the copy that look like the wanted ones.

use matching::normalise;

use super::{
    CreateContext, DuplicateCandidate, company::Filled, judged::Judged, vanished::not_vanished,
};
use crate::{
    fault::Outcome,
    ports::{Checked, Draft, Index, Lookup},
    record::Object,
    seal::HashKind,
};

/// The most candidates in an outcome.
const MAX_DUPLICATES: usize = 10;

/// Adds to each record its duplicate candidates: people with the same e-mail address, accounts with the same domain of their own,
/// and for an account of a company, the accounts with an approved or automatic relation to the company.
pub(super) async fn find_duplicates(
    context: &CreateContext<'_>,
    judged: &mut [Judged],
) -> Outcome<()> {
    let index = &context.keys.index;
    let lookups = |draft: &Draft, checked: &Checked| -> Vec<Lookup> {
        let (at, kind, values) = match draft.object {
            _ if checked.reached.is_person() => {
                let email = checked.attributes.email.as_deref();
                let spellings = email.map(normalise::email_spellings);
                (Index::Email, HashKind::Email, spellings.unwrap_or_default())
            }
            Object::Account => {
                let website = checked.attributes.website.as_deref();
                let domain = website.and_then(normalise::domain);
                (Index::Domain, HashKind::Domain, Vec::from_iter(domain))
            }
            Object::Contact | Object::Lead | Object::Task | Object::Opportunity => {
                return Vec::new();
            }
        };
        let lookup = |value: &String| Lookup {
            index: at,
            hash: index.hash(kind, value),
            after: None,
            most: 50,
        };
        values.iter().map(lookup).collect()
    };
    let mut places = Vec::new();
    let mut asked = Vec::new();
    for (at, one) in judged.iter_mut().enumerate() {
        one.duplicates = of_the_company(&one.filled);
        for lookup in lookups(&one.filled.draft, &one.checked) {
            places.push(at);
            asked.push(lookup);
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    let found = context
        .store
        .hits(&context.integration.scope, &asked)
        .await?;
    let found = not_vanished(context, found).await?;
    for (at, hits) in places.into_iter().zip(found) {
        let Some(one) = judged.get_mut(at) else {
            continue;
        };
        let wanted = one.filled.draft.object;
        let is_person = one.checked.reached.is_person();
        // An account is found by its own domain, or by its person's address.
        let is_like = |object: Object| object == wanted || is_person && object.is_always_a_person();
        let hits = hits.hits.into_iter().filter(|hit| is_like(hit.object));
        one.duplicates.extend(hits.map(|hit| DuplicateCandidate {
            object: hit.object,
            id: hit.id,
        }));
        one.duplicates.sort_unstable();
        one.duplicates.dedup();
        one.duplicates.truncate(MAX_DUPLICATES);
    }
    Ok(())
}

fn of_the_company(filled: &Filled) -> Vec<DuplicateCandidate> {
    if filled.draft.object != Object::Account {
        return Vec::new();
    }
    let accounts = filled.accounts.iter().take(MAX_DUPLICATES);
    accounts
        .map(|id| DuplicateCandidate {
            object: Object::Account,
            id: id.clone(),
        })
        .collect()
}
