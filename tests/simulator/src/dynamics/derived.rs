//! Columns whose values follow from others.

use super::error::Refusal;
use super::kind::Kind;
use super::known::{EURO, UNIT, fixed, user};
use super::org::Org;
use super::row::{End, quoted};
use super::schema::{Schema, Type};
use crate::kit::packed::{Values, plain};

fn text(schema: &Schema, values: &Values, name: &str) -> Option<String> {
    let json = values.get(&schema.named(name)?)?;
    Some(plain(json).into_owned()).filter(|text| !text.is_empty())
}

fn number(schema: &Schema, values: &Values, name: &str) -> Option<i64> {
    text(schema, values, name)?.parse().ok()
}

fn set(schema: &Schema, values: &mut Values, name: &str, json: Option<Vec<u8>>) {
    let Some(index) = schema.named(name) else {
        return;
    };
    match json {
        Some(json) => values.insert(index, json),
        None => values.remove(&index),
    };
}

fn filled(schema: &Schema, values: &mut Values, name: &str, json: impl FnOnce() -> Vec<u8>) {
    if let Some(index) = schema.named(name) {
        values.entry(index).or_insert_with(json);
    }
}

impl Org {
    /// Computes names, addresses, states and twins. `before` has the values before the change.
    pub(crate) fn derive(
        &self,
        kind: Kind,
        values: &mut Values,
        before: Option<&Values>,
    ) -> Result<(), Refusal> {
        let schema = &self.table(kind).schema;
        if matches!(kind, Kind::Contact | Kind::Lead) {
            let names = ["firstname", "lastname"].map(|name| text(schema, values, name));
            let full: Vec<String> = names.into_iter().flatten().collect();
            let full = (!full.is_empty()).then(|| quoted(&full.join(" ")));
            set(schema, values, "fullname", full.clone());
            set(schema, values, "yomifullname", full);
        }
        let lines = ["address1_line1", "address1_line2", "address1_line3"];
        let mut address: Vec<String> = lines
            .iter()
            .filter_map(|name| text(schema, values, name))
            .collect();
        let place = ["address1_postalcode", "address1_city"].map(|name| text(schema, values, name));
        let place: Vec<String> = place.into_iter().flatten().collect();
        if !place.is_empty() {
            address.push(place.join(" "));
        }
        address.extend(text(schema, values, "address1_country"));
        let composite = (!address.is_empty()).then(|| quoted(&address.join("\r\n")));
        set(schema, values, "address1_composite", composite);
        twins(schema, values);
        state(schema, kind, values, before)
    }

    /// Fills what a new row has without being told.
    pub(crate) fn fill(&self, kind: Kind, values: &mut Values) {
        let schema = &self.table(kind).schema;
        let end = |table: &str, id| {
            let table = table.to_owned();
            move || End { table, id }.stored()
        };
        for name in ["ownerid", "createdby", "modifiedby"] {
            filled(schema, values, name, end("systemuser", user()));
        }
        filled(
            schema,
            values,
            "owningbusinessunit",
            end("businessunit", fixed(UNIT)),
        );
        let has_money = schema
            .indexed()
            .any(|(index, field)| field.kind == Type::Money && values.contains_key(&index));
        if has_money || kind == Kind::Opportunity {
            filled(
                schema,
                values,
                "transactioncurrencyid",
                end("transactioncurrency", fixed(EURO)),
            );
        }
        for (_, field) in schema.indexed() {
            if field.kind == Type::Boolean && !field.custom {
                filled(schema, values, &field.name, || b"false".to_vec());
            }
        }
        if kind == Kind::Task {
            filled(schema, values, "activitytypecode", || b"\"task\"".to_vec());
            filled(schema, values, "prioritycode", || b"1".to_vec());
        }
        if kind == Kind::Opportunity {
            filled(schema, values, "exchangerate", || b"1.0000".to_vec());
            let parent = ["parentaccountid", "parentcontactid"];
            let parent = parent
                .iter()
                .find_map(|name| values.get(&schema.named(name)?).cloned());
            if let Some(parent) = parent {
                filled(schema, values, "customerid", || parent);
            }
        }
    }
}

/// Keeps the amounts in the base currency. Every rate is 1 here.
fn twins(schema: &Schema, values: &mut Values) {
    for (index, field) in schema.indexed() {
        let Some(of) = field.name.strip_suffix("_base") else {
            continue;
        };
        let amount = schema.named(of).and_then(|of| values.get(&of).cloned());
        match amount {
            Some(amount) => values.insert(index, amount),
            None => values.remove(&index),
        };
    }
}

/// Keeps state and reason together. A state without a reason gets its usual one.
fn state(
    schema: &Schema,
    kind: Kind,
    values: &mut Values,
    before: Option<&Values>,
) -> Result<(), Refusal> {
    let field = |name: &str| schema.named(name).and_then(|index| schema.field(index));
    let (Some(states), Some(reasons)) = (field("statecode"), field("statuscode")) else {
        return Ok(());
    };
    let state = number(schema, values, "statecode").unwrap_or(0);
    let reason = number(schema, values, "statuscode");
    let is_of = |reason: i64| {
        reasons
            .choice(reason)
            .is_some_and(|choice| choice.other == state)
    };
    let is_new = |name: &str| {
        let before = before.and_then(|before| number(schema, before, name));
        number(schema, values, name) != before
    };
    let reason = match reason {
        Some(reason) if is_of(reason) => reason,
        Some(reason) if is_new("statuscode") => {
            let message = format!(
                "{reason} is not a valid status code for state code {state} on {}.",
                kind.logical()
            );
            return Err(Refusal::value("0x80048408", message));
        }
        _ => states.choice(state).map_or(0, |choice| choice.other),
    };
    set(
        schema,
        values,
        "statecode",
        Some(state.to_string().into_bytes()),
    );
    set(
        schema,
        values,
        "statuscode",
        Some(reason.to_string().into_bytes()),
    );
    Ok(())
}
