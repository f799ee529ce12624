//! The people of a record.

use domain::people::{People, Role};

use super::{
    super::{
        people::reach,
        shape::{Kind, ObjectShape},
    },
    slots::{Slots, boolean, id, value},
    spelling::Spelling,
};

/// Returns the people of a record. All texts of a person are searched, and only the address fields of any other record.
pub(super) fn people<S: Spelling>(shape: &ObjectShape, slots: &Slots<'_>) -> People {
    let at = &shape.people;
    let text = |at: usize| value::<S>(slots, at).and_then(S::text);
    let flag = at.flag.and_then(|at| value::<S>(slots, at));
    let flag = flag.and_then(boolean::<S>);
    let is_person = match flag {
        _ if at.always => true,
        Some(flag) => flag,
        None => at.hints.iter().any(|at| text(*at).is_some()),
    };
    let mut people = People::default();
    if !is_person {
        for email in at.emails.iter().filter_map(|at| text(*at)) {
            people.role = Role::Names;
            people.add_reach(&email);
        }
        return people;
    }
    people.role = Role::Person;
    if flag == Some(true) {
        let account = at.account.and_then(|at| value::<S>(slots, at));
        people.account = account.and_then(|raw| id::<S>(Some(raw)).ok());
    }
    for parts in [&at.name, &at.full_name] {
        let parts: Vec<_> = parts.iter().filter_map(|at| text(*at)).collect();
        people.add_name(&parts.join(" "));
    }
    for other in at.others.iter().filter_map(|at| text(*at)) {
        people.add_name(&other);
    }
    for (at, field) in shape.fields.iter().enumerate() {
        if field.kind.is_text()
            && field.kind != Kind::Code
            && let Some(text) = text(at)
        {
            reach(&mut people, Some(field.kind), &text);
        }
    }
    people
}
