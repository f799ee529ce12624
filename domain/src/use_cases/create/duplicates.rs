//! Records of the copy that look like those that are wanted.

use matching::normalise;

use super::{CreateContext, DuplicateCandidate, company::Filled, vanished::not_vanished};
use crate::{
    fault::Outcome,
    ports::{Checked, Draft, Index, Lookup},
    record::Object,
    seal::HashKind,
};

/// How many look-alikes are named.
const MAX_DUPLICATES: usize = 10;

/// Records of the copy that look like the drafts: people with the same e-mail address, accounts with the same domain of
/// their own, and for an account that is to be a company's, the accounts that are related to the company for sure.
pub(super) async fn duplicates(
    context: &CreateContext<'_>,
    filled: &[Filled],
    checked: &[Checked],
) -> Outcome<Vec<Vec<DuplicateCandidate>>> {
    let index = &context.keys.index;
    let looks = |draft: &Draft, checked: &Checked| -> Vec<Lookup> {
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
        let look = |value: &String| Lookup {
            index: at,
            hash: index.hash(kind, value),
            after: None,
            most: 50,
        };
        values.iter().map(look).collect()
    };
    let mut places = Vec::new();
    let mut asked = Vec::new();
    for (at, (filled, checked)) in filled.iter().zip(checked).enumerate() {
        for look in looks(&filled.draft, checked) {
            places.push(at);
            asked.push(look);
        }
    }
    let mut duplicates: Vec<Vec<DuplicateCandidate>> = filled.iter().map(of_the_company).collect();
    if asked.is_empty() {
        return Ok(duplicates);
    }
    let found = context
        .store
        .hits(&context.integration.scope, &asked)
        .await?;
    let found = not_vanished(context, found).await?;
    for (at, hits) in places.into_iter().zip(found) {
        let wanted = filled[at].draft.object;
        let is_person = checked[at].reached.is_person();
        // An account is looked for by its own domain, or by its person's address.
        let alike = |object| {
            object == wanted || is_person && matches!(object, Object::Contact | Object::Lead)
        };
        let hits = hits.hits.into_iter().filter(|hit| alike(hit.object));
        let duplicates = &mut duplicates[at];
        duplicates.extend(hits.map(|hit| DuplicateCandidate {
            object: hit.object,
            id: hit.id,
        }));
        duplicates.sort_unstable();
        duplicates.dedup();
        duplicates.truncate(MAX_DUPLICATES);
    }
    Ok(duplicates)
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
