//! What a record's fields say in words that every CRM shares: matching attributes and display fields.

use domain::record::{DisplayFields, MatchingAttributes, OptOut, Parent};

use super::{
    super::shape::ObjectShape,
    slots::{Slots, boolean, id, said, value},
    spelling::Spelling,
};

pub(super) fn display<S: Spelling>(shape: &ObjectShape, slots: &Slots<'_>) -> DisplayFields {
    let at = &shape.display;
    let text = |at: Option<usize>| said::<S>(shape, slots, at);
    // Both dates and times of Salesforce begin with the day.
    let day = |at: Option<usize>| text(at)?.get(..10).map(Box::from);
    let ended = at.ended.and_then(|at| value::<S>(slots, at));
    let ended = ended.and_then(boolean::<S>);
    let label = at.label.iter().filter_map(|at| text(Some(*at)));
    let label = label.collect::<Vec<_>>().join(" ");
    DisplayFields {
        label: (!label.is_empty()).then(|| label.into()),
        owner: text(at.owner),
        stage: text(at.stage),
        open: ended.map(|ended| !ended),
        amount: text(at.amount),
        currency: text(at.currency),
        due: day(at.due),
        // Something that is still to be done is no activity yet.
        activity: if at.only_ended && ended != Some(true) {
            None
        } else {
            at.activity.iter().find_map(|at| day(Some(*at)))
        },
        opt_out: OptOut::all_of(at.opt_outs.iter().filter_map(|(way, at)| {
            let opted_out = value::<S>(slots, *at).and_then(boolean::<S>)?;
            opted_out.then_some(*way)
        })),
    }
}

pub(super) fn attributes<S: Spelling>(
    shape: &ObjectShape,
    slots: &Slots<'_>,
) -> Result<MatchingAttributes, &'static str> {
    let at = &shape.attributes;
    let text = |at: Option<usize>| said::<S>(shape, slots, at);
    let register: Vec<Box<str>> = at
        .register
        .iter()
        .filter_map(|index| text(Some(*index)))
        .collect();
    let parent = at
        .parents
        .iter()
        .find_map(|index| value::<S>(slots, *index));
    Ok(MatchingAttributes {
        company: text(at.company),
        street: text(at.street),
        zip: text(at.zip),
        city: text(at.city),
        country: text(at.country),
        website: text(at.website),
        phone: text(at.phone),
        email: text(at.email),
        vat_id: text(at.vat_id),
        register: (!register.is_empty()).then(|| register.join(" ").into()),
        lei: text(at.lei),
        parent: parent
            .map(|raw| id::<S>(Some(raw)).map(Parent::named_by_id))
            .transpose()
            .map_err(|_| "record.parent_malformed")?,
    })
}
