//! Fetches records that drafts point at from the CRM.

use std::collections::HashMap;

use super::CreateContext;
use crate::{
    fault::Outcome,
    legal::Person,
    people::People,
    ports::{Checked, Draft, Fields},
    record::{Item, Object, OptOut, Record, RecordId},
};

/// A record that a draft points at.
pub(super) struct Fetched {
    /// The connector's check of its fields.
    pub(super) checked: Checked,
    /// The addresses and numbers in its other fields. Existing records have fields that nobody may set. These fields count, too.
    pub(super) beside: Person,
    /// The person's opt-outs.
    pub(super) opt_out: Vec<OptOut>,
}

/// Fetches records.
pub(super) async fn fetched(
    context: &CreateContext<'_>,
    object: Object,
    mut ids: Vec<RecordId>,
) -> Outcome<HashMap<RecordId, Fetched>> {
    ids.sort_unstable();
    ids.dedup();
    let mut all = HashMap::new();
    for ids in ids.chunks(200) {
        let (mut found, mut drafts) = (Vec::new(), Vec::new());
        for item in context.crm.fetch(object, ids).await? {
            if let Item::Live(record) = item {
                let fields: Fields = serde_json::from_str(&record.fields).unwrap_or_default();
                let links = Vec::new();
                drafts.push(Draft {
                    object,
                    fields,
                    links,
                });
                let Record {
                    id,
                    people,
                    attributes,
                    display,
                    ..
                } = record;
                found.push((id, people, attributes.parent, display.opt_out));
            }
        }
        let checked = context.crm.check(&drafts).await?;
        for ((id, people, parent, opt_out), mut one) in found.into_iter().zip(checked) {
            one.reached = people;
            // Some CRMs keep a person's account beside the record instead of in a field.
            if object.is_always_a_person() {
                let account = parent.as_ref().and_then(|parent| parent.account());
                one.account = one.account.or_else(|| account.cloned());
            }
            let fetched = Fetched {
                beside: beside(&one.reached),
                checked: one,
                opt_out,
            };
            all.insert(id, fetched);
        }
    }
    Ok(all)
}

/// Returns all addresses and numbers in a person's record, because an objection by any of them counts. Somebody whom a record
/// names only by an e-mail address is not the person whom the record is about.
pub(super) fn beside(reached: &People) -> Person {
    let owned = |texts: &[Box<str>]| texts.iter().map(|text| (**text).to_owned()).collect();
    match reached.is_person() {
        true => Person {
            emails: owned(&reached.emails),
            phones: owned(&reached.phones),
            ..Person::default()
        },
        false => Person::default(),
    }
}
