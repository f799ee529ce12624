//! The properties of one object.

use std::collections::HashMap;

use super::kind::Kind;
use super::property::{Choice, Property, Source, Type};

/// Built-in properties: `name | type | field type | flags | label | choices`.
/// Flags: `r` read-only, `c` calculated, `h` hidden, `u` unique, `s` sensitive, `x` choices elsewhere, `>COMPANY` the
/// object it refers to.
const CONTACT: &str = include_str!("schema/contact.txt");
const COMPANY: &str = include_str!("schema/company.txt");
const DEAL: &str = include_str!("schema/deal.txt");
const TASK: &str = include_str!("schema/task.txt");
const LEAD: &str = include_str!("schema/lead.txt");

/// The properties of one object, each with its index.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) kind: Kind,
    pub(crate) properties: Vec<Property>,
    by_name: HashMap<String, u16>,
}

impl Schema {
    pub(crate) fn new(kind: Kind) -> Self {
        let text = match kind {
            Kind::Contact => CONTACT,
            Kind::Company => COMPANY,
            Kind::Deal => DEAL,
            Kind::Task => TASK,
            Kind::Lead => LEAD,
        };
        let mut schema = Self {
            kind,
            properties: Vec::new(),
            by_name: HashMap::new(),
        };
        for property in text.lines().filter_map(|line| built_in(kind, line)) {
            schema.add(property);
        }
        schema
    }

    /// Returns the index of a property that is not archived.
    pub(crate) fn find(&self, name: &str) -> Option<u16> {
        let index = *self.by_name.get(name)?;
        self.property(index)?.archived.is_none().then_some(index)
    }

    /// Returns the index of a property, archived or not.
    pub(crate) fn find_any(&self, name: &str) -> Option<u16> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn property(&self, index: u16) -> Option<&Property> {
        self.properties.get(usize::from(index))
    }

    pub(crate) fn property_mut(&mut self, index: u16) -> Option<&mut Property> {
        self.properties.get_mut(usize::from(index))
    }

    /// Adds a property, or replaces the one with its name.
    pub(crate) fn add(&mut self, property: Property) -> u16 {
        if let Some(index) = self.by_name.get(&property.name) {
            self.properties[usize::from(*index)] = property;
            return *index;
        }
        let index = u16::try_from(self.properties.len()).unwrap_or(u16::MAX);
        self.by_name.insert(property.name.clone(), index);
        self.properties.push(property);
        index
    }

    /// Returns the index of a property. If it does not exist, it becomes a custom text property.
    pub(crate) fn find_or_add(&mut self, name: &str) -> u16 {
        match self.by_name.get(name) {
            Some(index) => *index,
            None => self.add(Property::custom(name, Type::String, "text")),
        }
    }
}

fn built_in(kind: Kind, line: &str) -> Option<Property> {
    let mut parts = line.split('|').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let kind_of_value = Type::parse(parts.next()?)?;
    let mut property = Property::custom(name, kind_of_value, parts.next()?);
    let flags = parts.next()?;
    let has = |flag: char| {
        flags
            .split('>')
            .next()
            .is_some_and(|flags| flags.contains(flag))
    };
    property.read_only = has('r');
    property.calculated = has('c');
    property.hidden = has('h');
    property.unique = has('u');
    property.sensitive = has('s');
    property.external_options = has('x');
    property.referenced = flags.split_once('>').map(|(_, of)| of.to_owned());
    property.hubspot_defined = true;
    property.group = format!("{}information", kind.singular());
    property.label = parts.next()?.to_owned();
    let choices = parts.next().unwrap_or_default();
    property.choices = choices
        .split(';')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(choice)
        .collect();
    if name == "hs_object_id" {
        property.source = Source::Id;
    } else if name == kind.stamp_property() {
        property.source = Source::Stamp;
    } else if kind.created_properties().contains(&name) {
        property.source = Source::Created;
    }
    Some(property)
}

/// Parses `value=label`, or one text for both.
fn choice(text: &str) -> Choice {
    let (value, label) = text.split_once('=').unwrap_or((text, text));
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hidden: false,
    }
}
