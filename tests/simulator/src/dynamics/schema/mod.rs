//! The columns of a table.

mod field;

use std::collections::HashMap;

pub(crate) use self::field::{Choice, Field, Required, Source, Type};
use super::kind::Kind;

/// Built-in columns: `name | schema name | type | flags | label | length, choices or targets`.
/// Flags: `r` read-only, `c` create only, `R` required in forms, `S` required by the system, `@x` another form of x.
const ACCOUNT: &str = include_str!("account.txt");
const CONTACT: &str = include_str!("contact.txt");
const LEAD: &str = include_str!("lead.txt");
const TASK: &str = include_str!("task.txt");
const OPPORTUNITY: &str = include_str!("opportunity.txt");
const ANNOTATION: &str = include_str!("annotation.txt");
/// Columns that every table has.
const COMMON: &str = include_str!("common.txt");

/// The columns of one table, each with its index.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) kind: Kind,
    pub(crate) fields: Vec<Field>,
    by_name: HashMap<String, u16>,
    by_wire: HashMap<String, u16>,
}

impl Schema {
    pub(crate) fn new(kind: Kind) -> Self {
        let text = match kind {
            Kind::Account => ACCOUNT,
            Kind::Contact => CONTACT,
            Kind::Lead => LEAD,
            Kind::Task => TASK,
            Kind::Opportunity => OPPORTUNITY,
            Kind::Annotation => ANNOTATION,
        };
        let mut schema = Self {
            kind,
            fields: Vec::new(),
            by_name: HashMap::new(),
            by_wire: HashMap::new(),
        };
        let lines = text.lines().chain(COMMON.lines());
        for field in lines.filter_map(|line| built_in(kind, line)) {
            schema.add(field);
        }
        schema
    }

    /// Returns the index of the column with a logical name.
    pub(crate) fn named(&self, name: &str) -> Option<u16> {
        self.by_name.get(name).copied()
    }

    /// Returns the index of the readable column with a name of the wire, such as `_ownerid_value`.
    pub(crate) fn wired(&self, name: &str) -> Option<u16> {
        let index = self.by_wire.get(name).copied()?;
        let field = self.field(index)?;
        (field.readable && field.of.is_none()).then_some(index)
    }

    pub(crate) fn field(&self, index: u16) -> Option<&Field> {
        self.fields.get(usize::from(index))
    }

    /// Returns all columns with their indexes.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = (u16, &Field)> {
        (0..=u16::MAX).zip(&self.fields)
    }

    /// Adds a column, or replaces the one with its name.
    pub(crate) fn add(&mut self, field: Field) -> u16 {
        if let Some(index) = self.named(&field.name) {
            let before = std::mem::replace(&mut self.fields[usize::from(index)], field);
            self.by_wire.remove(&before.wire());
            let wire = self.fields[usize::from(index)].wire();
            self.by_wire.insert(wire, index);
            return index;
        }
        let index = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        self.by_name.insert(field.name.clone(), index);
        self.by_wire.insert(field.wire(), index);
        self.fields.push(field);
        index
    }

    /// Returns the names by which a lookup is followed and bound, with the tables to which they lead.
    pub(crate) fn navigations<'a>(&'a self, field: &'a Field) -> Vec<(String, &'a str)> {
        let name = if field.custom {
            &field.schema_name
        } else {
            &field.name
        };
        let of = |target: &'a String| {
            let several = field.targets.len() > 1;
            let suffixed = match (field.kind, field.name.as_str()) {
                (Type::Owner, _) => name.clone(),
                (Type::Customer, _) => format!("{name}_{target}"),
                (_, "regardingobjectid") => format!("{name}_{target}_{}", self.kind.logical()),
                _ if several => format!("{name}_{target}"),
                _ => name.clone(),
            };
            (suffixed, target.as_str())
        };
        field.targets.iter().map(of).collect()
    }

    /// Returns the column and the table to which a navigation name leads. Case counts. An owner's table is not known from its name.
    pub(crate) fn navigation(&self, name: &str) -> Option<(u16, Option<&str>)> {
        self.indexed()
            .filter(|(_, field)| field.kind.is_lookup())
            .find_map(|(index, field)| {
                let of = self.navigations(field);
                let (_, target) = of.into_iter().find(|(known, _)| known == name)?;
                let is_owner = field.kind == Type::Owner;
                Some((index, (!is_owner).then_some(target)))
            })
    }
}

fn built_in(kind: Kind, line: &str) -> Option<Field> {
    let mut parts = line.split('|').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let schema_name = parts.next()?;
    let of_values = Type::parse(parts.next()?)?;
    let flags = parts.next()?;
    let (flags, of) = flags
        .split_once('@')
        .map_or((flags, None), |(flags, of)| (flags, Some(of)));
    let mut field = Field::custom(name, of_values);
    schema_name.clone_into(&mut field.schema_name);
    parts.next()?.clone_into(&mut field.label);
    field.custom = false;
    field.of = of.map(str::to_owned);
    field.creatable = !flags.contains('r');
    field.updatable = field.creatable && !flags.contains('c');
    field.required = match flags {
        _ if flags.contains('S') => Required::System,
        _ if flags.contains('R') => Required::Application,
        _ => Required::No,
    };
    let extra = parts.next().unwrap_or_default();
    match of_values {
        Type::String | Type::Memo => field.length = extra.parse().ok(),
        _ if of_values.is_lookup() => {
            field.targets = extra.split(',').map(str::to_owned).collect();
        }
        _ => field.choices = extra.split(';').filter_map(choice).collect(),
    }
    field.source = match name {
        "createdon" => Source::Created,
        "modifiedon" => Source::Modified,
        "versionnumber" => Source::Version,
        _ if name == kind.id_column() => Source::Id,
        _ if of_values == Type::Virtual => Source::Nothing,
        _ => Source::Stored,
    };
    if field.source == Source::Id {
        field.updatable = false;
    }
    Some(field)
}

/// Parses `value=label`, or `value=label/other`.
fn choice(text: &str) -> Option<Choice> {
    let (value, label) = text.split_once('=')?;
    let (label, other) = label.rsplit_once('/').unwrap_or((label, "0"));
    // A label may have a slash of its own.
    let (label, other) = match other.parse() {
        Ok(other) => (label, other),
        Err(_) => (text.split_once('=')?.1, 0),
    };
    Some(Choice {
        value: value.trim().parse().ok()?,
        label: label.to_owned(),
        other,
    })
}
