//! The fields of the objects.

mod describe;
mod field;

use std::collections::HashMap;

pub(crate) use self::field::Field;
use super::{config::Config, row::Values};

const OBJECTS: [(&str, &str, &str); 5] = [
    ("Account", "001", include_str!("account.txt")),
    ("Contact", "003", include_str!("contact.txt")),
    ("Lead", "00Q", include_str!("lead.txt")),
    ("Task", "00T", include_str!("task.txt")),
    ("Opportunity", "006", include_str!("opportunity.txt")),
];

/// The object that Data Protection and Privacy adds. The prefix is ours, since Salesforce's is in no public document.
const PRIVACY: (&str, &str, &str) = (
    "DataUseLegalBasis",
    "0ZX",
    include_str!("datauselegalbasis.txt"),
);

/// The additional fields of Account if person accounts are switched on.
const PERSON_ACCOUNT: &str = include_str!("personaccount.txt");
/// The additional field of Contact in that case.
const OF_A_PERSON_ACCOUNT: &str = "IsPersonAccount boolean 0 system";

/// The permissions of the connecting user: one row, which exists from the start. Its prefix is ours.
pub(crate) const PERMISSIONS: &str = "UserPermissionAccess";
const PERMITTED: (&str, &str, &str) =
    (PERMISSIONS, "0ZY", include_str!("userpermissionaccess.txt"));

/// One object's fields, in the order of describe. An index into them stays valid for the simulator's life.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) object: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) fields: Vec<Field>,
    by_name: HashMap<String, u16>,
}

impl Schema {
    /// Returns the five objects, the user's permissions, and the objects of what is switched on.
    pub(crate) fn of(config: &Config) -> Vec<Self> {
        let mut all: Vec<Self> = OBJECTS
            .iter()
            .chain([&PERMITTED])
            .chain(config.privacy.then_some(&PRIVACY))
            .map(|(object, prefix, lines)| Self::read(object, prefix, lines))
            .collect();
        if config.person_accounts {
            for schema in &mut all {
                match schema.object {
                    "Account" => schema.add_all(PERSON_ACCOUNT),
                    "Contact" => schema.add_all(OF_A_PERSON_ACCOUNT),
                    _ => {}
                }
            }
        }
        all
    }

    /// Returns whether a record with these values is a person account.
    pub(crate) fn is_person_account(&self, values: &Values) -> bool {
        let surname = self.find("LastName").filter(|_| self.object == "Account");
        surname.is_some_and(|surname| values.contains_key(&surname))
    }

    fn read(object: &'static str, prefix: &'static str, lines: &str) -> Self {
        let mut schema = Self {
            object,
            prefix,
            fields: Vec::new(),
            by_name: HashMap::new(),
        };
        schema.add_all(lines);
        schema
    }

    fn add_all(&mut self, lines: &str) {
        for line in lines
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
        {
            self.add(Field::read(line));
        }
    }

    pub(crate) fn add(&mut self, field: Field) -> u16 {
        let index = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        self.by_name.insert(field.name.to_ascii_lowercase(), index);
        self.fields.push(field);
        index
    }

    /// Finds a field by name, without regard to case as in SOQL, hidden or not.
    pub(crate) fn find(&self, name: &str) -> Option<u16> {
        self.by_name
            .get(name)
            .or_else(|| self.by_name.get(&name.to_ascii_lowercase()))
            .copied()
    }

    /// Finds a field that the connecting user may read.
    pub(crate) fn visible(&self, name: &str) -> Option<(u16, &Field)> {
        let index = self.find(name)?;
        let field = self.field(index)?;
        (!field.hidden && !field.refused).then_some((index, field))
    }

    pub(crate) fn field(&self, index: u16) -> Option<&Field> {
        self.fields.get(usize::from(index))
    }

    /// Returns the index of a well-known field such as `SystemModstamp`, which all five objects have.
    pub(crate) fn index(&self, name: &str) -> u16 {
        self.find(name).unwrap_or(u16::MAX)
    }
}
