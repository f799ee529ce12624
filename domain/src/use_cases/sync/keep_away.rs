//! Keeps the records of people who were erased out of what a page brings.

use std::collections::BTreeSet;

use crate::{
    fault::Outcome,
    legal::Marks,
    marked::{self, Accounts, Whose},
    record::{Object, Record, RecordId},
    steps::Sorted,
    sync::context::{Context, State},
};

/// Takes the records of erased people out of what is to be kept, and puts them among what is gone; answers which they are.
/// The marks are looked at again first: a run is longer than it takes to erase somebody.
pub(super) async fn keep_away(
    context: &Context<'_>,
    state: &mut State,
    sorted: &mut Sorted,
) -> Outcome<BTreeSet<RecordId>> {
    let marks = context.look_at_marks().await?;
    let mut withheld = BTreeSet::new();
    if !marks.is_empty() {
        let object = state.object;
        let records = sorted.live.iter().map(|record| whose(object, record));
        let wanted = marked::asked(&marks, records);
        let accounts = accounts(context, &marks, wanted).await?;
        let scope = context.scope();
        sorted.live.retain(|record| {
            let is_erased = whose(object, record)
                .marked(&marks, scope, &accounts)
                .erased;
            if is_erased {
                withheld.insert(record.id.clone());
            }
            !is_erased
        });
        sorted.gone.extend(withheld.iter().cloned());
    }
    // What comes and is nobody's who was erased is withheld no longer.
    if !state.cursor.withheld.is_empty() {
        for record in &sorted.live {
            state.cursor.withheld.remove(&record.id);
        }
    }
    Ok(withheld)
}

fn whose(object: Object, record: &Record) -> Whose<'_> {
    Whose {
        object,
        id: &record.id,
        attributes: &record.attributes,
        display: &record.display,
        people: Some(&record.people),
        fields: &record.fields,
    }
}

/// The accounts that decide who is meant.
pub(super) async fn accounts(
    context: &Context<'_>,
    marks: &Marks,
    wanted: Vec<(Object, RecordId)>,
) -> Outcome<Accounts> {
    let store = context.ports().store.as_ref();
    marked::accounts(store, &context.keys, context.scope(), marks, wanted).await
}
