//! The values that Salesforce fills in itself.

use super::id::Id;
use super::row::{Values, plain, quoted};
use super::schema::Schema;

/// Fills in owner, creator, false for booleans, and the defaults of picklists.
pub(super) fn defaults(schema: &Schema, values: &mut Values, id: Id, user: Id) {
    for (index, field) in (0_u16..).zip(&schema.fields) {
        let value = match (field.name.as_str(), field.kind.as_str(), &field.default) {
            ("Id", ..) => {
                values.insert(index, quoted(id.as_str()));
                continue;
            }
            ("OwnerId" | "CreatedById" | "LastModifiedById", ..) => quoted(user.as_str()),
            (_, "boolean", _) => b"false".to_vec(),
            (_, _, Some(text)) => quoted(text),
            _ => continue,
        };
        values.entry(index).or_insert(value);
    }
}

/// Computes the fields that Salesforce derives from others.
pub(super) fn derive(schema: &Schema, values: &mut Values) {
    let text = |values: &Values, name: &str| {
        values
            .get(&schema.index(name))
            .map(|json| plain(json).into_owned())
    };
    let is_person_account = schema.is_person_account(values);
    if is_person_account {
        values.insert(schema.index("IsPersonAccount"), b"true".to_vec());
    }
    if is_person_account || matches!(schema.object, "Contact" | "Lead") {
        let parts: Vec<_> = ["FirstName", "LastName"]
            .iter()
            .filter_map(|name| text(values, name))
            .collect();
        values.insert(schema.index("Name"), quoted(&parts.join(" ")));
    }
    let closed = match schema.object {
        "Task" => text(values, "Status").is_some_and(|status| status == "Completed"),
        "Opportunity" => text(values, "StageName").is_some_and(|stage| stage.starts_with("Closed")),
        _ => return,
    };
    values.insert(schema.index("IsClosed"), closed.to_string().into_bytes());
    if schema.object == "Opportunity" {
        let won = text(values, "StageName").is_some_and(|stage| stage == "Closed Won");
        values.insert(schema.index("IsWon"), won.to_string().into_bytes());
    } else {
        let high = text(values, "Priority").is_some_and(|priority| priority == "High");
        values.insert(
            schema.index("IsHighPriority"),
            high.to_string().into_bytes(),
        );
    }
}
