//! The receipt of a removal, for an auditor: a canonical, signed document.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    canonical,
    signed::ReceiptHead,
    state::Removal,
    what::{Part, What},
};
use crate::{
    fault::{Code, Fault, Outcome},
    provider::Provider,
    tenant::Scope,
};

/// The version of the document's form. It changes whenever the meaning of a member changes.
pub const FORMAT: u32 = 1;
/// The longest message that KMS signs without hashing it first, in bytes.
pub const LONGEST: usize = 4_096;

/// The facts of a receipt that the removal itself does not hold.
pub struct Facts<'a> {
    /// The scope of the integration, with the generation that ended.
    pub scope: &'a Scope,
    /// The CRM.
    pub provider: Provider,
    /// The CRM's id of the organisation.
    pub organisation: &'a str,
    /// The tenant's previous receipt. `None` if this is the first.
    pub previous: Option<&'a ReceiptHead>,
    /// The id of the signing key in KMS.
    pub key_id: &'a str,
    /// The version of the software.
    pub software: &'a str,
    /// The time of writing.
    pub now: Timestamp,
}

/// The data that stays, and why. `infra/docs` explains the codes.
const REMAINS: [(&str, &str); 6] = [
    (
        "assessments",
        "accountability, GDPR 5(2); sealed under the tenant's key",
    ),
    (
        "audit_entries",
        "accountability, GDPR 5(2); no personal data",
    ),
    ("integration_row", "ids, status, generation; no grant"),
    ("logs", "codes and counts until their retention ends"),
    (
        "objections",
        "keyed hashes, as of erasures, so that they hold, GDPR 21, 17",
    ),
    ("receipt", "proof of this removal; no personal data"),
];

/// Writes the document.
///
/// # Errors
/// Permanent if the removal is not verified yet, or if the document would be longer than KMS signs.
pub fn write(removal: &Removal, facts: &Facts<'_>) -> Outcome<String> {
    let unfinished = || Fault::of(Code::ReceiptRemovalUnfinished);
    let time = |at: Option<Timestamp>| at.map(second).ok_or_else(unfinished);
    let confirmed = removal.revocation.confirmed.ok_or_else(unfinished)?;
    let looked = |part| removal.left.get(&part) == Some(&0);
    if !removal.open.is_empty() || !Part::all().all(looked) {
        return Err(unfinished());
    }
    let mut revocation = json!({
        "confirmed": confirmed,
        "tries": removal.revocation.tries,
        "code": removal.revocation.code.as_deref().map(Code::public_of),
    });
    if let Some(achieved) = removal.revocation.achieved {
        revocation["achieved"] = json!(achieved);
    }
    let document = canonical::write(&json!({
        "receipt": FORMAT,
        "number": ReceiptHead::next_number(facts.previous),
        "previous": facts.previous.map(|head| &head.hash),
        "tenant": facts.scope.tenant,
        "integration": facts.scope.integration,
        "generation": facts.scope.generation,
        "provider": facts.provider,
        "organisation": facts.organisation,
        "asked": { "by": removal.asked.by, "at": second(removal.asked.at) },
        "revocation": revocation,
        "keys": { "destroyed": removal.keys, "at": time(removal.keys_destroyed)? },
        "deleted": deleted(removal),
        "left": left(removal),
        "times": {
            "swept": time(removal.swept)?,
            "writers_gone": time(removal.writers_gone)?,
            "swept_again": time(removal.swept_again)?,
            "verified": time(removal.verified)?,
            "signed": second(facts.now),
        },
        "remains": REMAINS.map(|(what, why)| json!({"what": what, "why": why})),
        "key": facts.key_id,
        "software": facts.software,
    }))?;
    if document.len() > LONGEST {
        return Err(Fault::of(Code::ReceiptTooLong));
    }
    Ok(document)
}

/// Returns the counts of deleted things by store and kind. A kind without deletions has the count 0.
fn deleted(removal: &Removal) -> Value {
    let mut stores: Map<String, Value> = Map::new();
    for what in What::ALL {
        let store = stores
            .entry(what.store())
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(kinds) = store {
            kinds.insert(what.name().to_owned(), removal.n_deleted(what).into());
        }
    }
    Value::Object(stores)
}

/// Returns what the verification at the end found in each store.
fn left(removal: &Removal) -> Value {
    let mut stores = std::collections::BTreeMap::<&str, u64>::new();
    for (part, n) in &removal.left {
        *stores.entry(part.store()).or_default() += n;
    }
    json!(stores)
}

/// Formats a time to the second, in UTC.
fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        removal::{Asked, Asker, SignedReceipt},
        tenant::{Generation, IntegrationId, TenantId},
    };

    fn removal(subject: &str, n_keys: u32) -> Removal {
        let at = Timestamp::from_second(1_790_000_000).unwrap();
        let mut removal = Removal::begin(Asked {
            by: Asker::stored(subject).unwrap(),
            at,
        });
        removal.revocation.confirmed = Some(false);
        removal.revocation.code = Some("salesforce.unsupported_token_type".to_owned());
        removal.keys = (1..=n_keys).map(|n| format!("g4294967295#v{n}")).collect();
        for what in What::ALL {
            removal.deleted.insert(what, 9_007_199_254_740_991);
        }
        removal.left = Part::all().map(|part| (part, 0)).collect();
        for time in [
            &mut removal.keys_destroyed,
            &mut removal.swept,
            &mut removal.writers_gone,
            &mut removal.swept_again,
            &mut removal.verified,
        ] {
            *time = Some(at);
        }
        removal
    }

    fn document(removal: &Removal, previous: Option<&ReceiptHead>) -> Outcome<String> {
        let scope = Scope {
            tenant: TenantId::parse(&"t".repeat(40)).unwrap(),
            integration: IntegrationId::parse(&"i".repeat(40)).unwrap(),
            generation: Generation(u32::MAX),
        };
        let facts = Facts {
            scope: &scope,
            provider: Provider::Salesforce,
            organisation: "00DAB00000000A1EAA",
            previous,
            key_id: &format!(
                "arn:aws:kms:ap-southeast-2:111122223333:key/{}",
                "f".repeat(36)
            ),
            software: "0.1.0",
            now: Timestamp::from_second(1_790_000_300).unwrap(),
        };
        write(removal, &facts)
    }

    #[test]
    fn the_longest_receipt_is_short_enough_to_be_signed() {
        let previous = ReceiptHead {
            number: 9_007_199_254_740_990,
            hash: "f".repeat(64),
        };
        let text = document(&removal(&"s".repeat(64), 16), Some(&previous)).unwrap();
        assert!(text.len() < 3_000, "{} bytes: {text}", text.len());
        let fault = document(&removal("s", 300), None).unwrap_err();
        assert_eq!(*fault.code(), Code::ReceiptTooLong);
    }

    #[test]
    fn a_removal_that_is_not_verified_gets_no_receipt() {
        let spoil: [fn(&mut Removal); 5] = [
            |removal| removal.verified = None,
            |removal| removal.keys_destroyed = None,
            |removal| removal.revocation.confirmed = None,
            |removal| removal.left.extend([(Part::Pages, 1)]),
            |removal| removal.left.retain(|part, _| *part != Part::Keys),
        ];
        for spoil in spoil {
            let mut removal = removal("s", 1);
            spoil(&mut removal);
            assert_eq!(
                *document(&removal, None).unwrap_err().code(),
                Code::ReceiptRemovalUnfinished
            );
        }
    }

    #[test]
    fn a_receipt_names_the_one_before_by_number_and_hash() {
        let text = document(&removal("s", 1), None).unwrap();
        let first = SignedReceipt {
            scope: Scope {
                tenant: TenantId::parse("acme").unwrap(),
                integration: IntegrationId::parse("crm").unwrap(),
                generation: Generation(1),
            },
            number: 1,
            document: text,
            signature: Vec::new(),
            key_id: "k".to_owned(),
        };
        let head = first.head();
        let second: Value =
            serde_json::from_str(&document(&removal("s", 1), Some(&head)).unwrap()).unwrap();
        assert_eq!(second["number"], 2);
        assert_eq!(second["previous"], head.hash);
        assert_eq!(head.hash.len(), 64);
    }
}
