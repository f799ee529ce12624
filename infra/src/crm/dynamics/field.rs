//! A column, and how its values are read.

use super::super::client::wording;

/// How a column's values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text of any sort.
    Text,
    /// A telephone number.
    Phone,
    /// A text that nobody types: an id, or the numbers of several choices, `1,2`.
    Code,
    /// A number of any sort, that of a choice among them.
    Number,
    /// True or false.
    Boolean,
    /// A point in time, or a day.
    Time,
    /// The id of another record. Answers have it under the name `_{name}_value`.
    Lookup,
}

/// The words by which columns with telephone numbers are called that say it in no other way.
const PHONES: [&str; 6] = ["fax", "pager", "callback", "company", "home2", "business2"];

impl Kind {
    /// Of a column's name and type. `None` if a copy cannot use such values: pictures, files, lists of participants, and what is
    /// made of other columns.
    pub(super) fn of(name: &str, kind: &str) -> Option<Self> {
        let is_phone = name.contains("phone") || PHONES.contains(&name);
        Some(match kind {
            "StringType" if is_phone => Self::Phone,
            "StringType" | "MemoType" => Self::Text,
            "UniqueidentifierType" | "MultiSelectPicklistType" | "EntityNameType" => Self::Code,
            "IntegerType" | "BigIntType" | "DecimalType" | "DoubleType" | "MoneyType"
            | "PicklistType" | "StateType" | "StatusType" => Self::Number,
            "BooleanType" => Self::Boolean,
            "DateTimeType" => Self::Time,
            "LookupType" | "CustomerType" | "OwnerType" => Self::Lookup,
            _ => return None,
        })
    }
}

/// Returns a column's name as answers and `$select` have it.
pub(super) fn read_name(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Lookup => format!("_{name}_value"),
        _ => name.to_owned(),
    }
}

/// A column that is read.
pub(super) struct Field {
    /// Its name in answers.
    pub(super) name: Box<str>,
    pub(super) kind: Kind,
}

impl Field {
    /// Returns whether it has an e-mail address by its name. Logical names have no capitals and rarely a blank: `emailaddress1`,
    /// `new_assistantemail`.
    pub(super) fn is_email(&self) -> bool {
        let is_called =
            self.name.contains("email") || wording::is_email(&wording::words(&self.name));
        self.kind == Kind::Text && is_called
    }
}

/// Returns the place of a column among columns that are sorted by name.
pub(super) fn position(fields: &[Field], name: &str) -> Option<usize> {
    fields
        .binary_search_by(|field| (*field.name).cmp(name))
        .ok()
}

/// Returns a name without the prefix of whoever made the column: `new_vatid` is called `vatid`.
pub(super) fn without_prefix(name: &str) -> &str {
    name.split_once('_').map_or(name, |(_, rest)| rest)
}
