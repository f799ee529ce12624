//! Takes the records of erased people out of a page.

use std::collections::BTreeSet;

use crate::{
    fault::Outcome,
    legal::Suppressions,
    record::{Object, Record, RecordId},
    steps::Sorted,
    suppressed::{self, Deciding, Subject},
    sync::{context::Context, state::State},
};

/// Moves the records of erased people from the kept records to the gone ones, and returns their ids. The suppressions are read again
/// first, because people may be erased during a run.
pub(super) async fn keep_away(
    context: &Context<'_>,
    state: &mut State,
    sorted: &mut Sorted,
) -> Outcome<BTreeSet<RecordId>> {
    let suppressions = context.current_suppressions().await?;
    let mut withheld = BTreeSet::new();
    if !suppressions.is_empty() {
        let object = state.object;
        let records = sorted.live.iter().map(|record| subject(object, record));
        let wanted = suppressed::asked(&suppressions, records);
        let deciding = deciding(context, &suppressions, wanted).await?;
        let scope = context.scope();
        sorted.live.retain(|record| {
            let is_erased = subject(object, record)
                .suppressed(&suppressions, scope, &deciding)
                .erased;
            if is_erased {
                withheld.insert(record.id.clone());
            }
            !is_erased
        });
        sorted.gone.extend(withheld.iter().cloned());
    }
    // A record that is not about an erased person is no longer withheld.
    let withholding = &mut state.cursor.withholding;
    if !withholding.withheld().is_empty() {
        for record in &sorted.live {
            withholding.lift(&record.id);
        }
    }
    Ok(withheld)
}

fn subject(object: Object, record: &Record) -> Subject<'_> {
    Subject {
        object,
        id: &record.id,
        attributes: &record.attributes,
        display: &record.display,
        people: Some(&record.people),
        fields: &record.fields,
    }
}

/// Returns the records that decide whether a record is about an erased person.
pub(super) async fn deciding(
    context: &Context<'_>,
    suppressions: &Suppressions,
    wanted: Vec<(Object, RecordId)>,
) -> Outcome<Deciding> {
    let store = context.ports().store.as_ref();
    suppressed::deciding(store, &context.keys, context.scope(), suppressions, wanted).await
}
