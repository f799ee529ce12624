//! Which records are about people who objected or were erased.

use crate::{
    legal::{Marks, Person},
    ports::Marked,
    record::{About, Object, RecordId, Standing},
    tenant::IntegrationId,
};

/// The person that a Contact or Lead is; none: a record of another kind, or one that names nobody.
pub fn person(object: Object, about: &About, standing: &Standing) -> Option<Person> {
    if !matches!(object, Object::Contact | Object::Lead) {
        return None;
    }
    let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    Some(Person {
        emails: text(&about.email).into_iter().collect(),
        phones: text(&about.phone).into_iter().collect(),
        name: text(&standing.label),
        company: text(&about.company),
        country: text(&about.country),
    })
}

/// Which marks stand for whom a record is about, or for the record itself.
pub fn of(
    marks: &Marks,
    integration: &IntegrationId,
    (object, id): (Object, &RecordId),
    about: &About,
    standing: &Standing,
) -> Marked {
    if marks.is_empty() {
        return Marked::default();
    }
    let record = marks.of_record(integration, object, id);
    let person = person(object, about, standing).map(|person| marks.of(&person));
    let person = person.unwrap_or_default();
    Marked {
        objected: record.objected || person.objected,
        erased: record.erased || person.erased,
    }
}
