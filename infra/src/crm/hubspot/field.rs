//! A property, and how its values are read.

/// How a property's values are read. All of them come as texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text of any sort, and values of enumerations.
    Text,
    /// A telephone number.
    Phone,
    /// What nobody writes: numbers, truth values, dates, coordinates, JSON.
    Code,
    /// A point in time.
    Time,
}

impl Kind {
    /// Of a description's `type` and `fieldType`.
    pub(super) fn of(kind: &str, field: &str) -> Self {
        match kind {
            "phone_number" => Self::Phone,
            _ if field == "phonenumber" => Self::Phone,
            "datetime" => Self::Time,
            "number" | "bool" | "date" | "object_coordinates" | "json" => Self::Code,
            _ => Self::Text,
        }
    }
}

/// A property.
pub(super) struct Field {
    pub(super) name: Box<str>,
    pub(super) kind: Kind,
}

pub(super) fn position(fields: &[Field], name: &str) -> Option<usize> {
    fields
        .binary_search_by(|field| (*field.name).cmp(name))
        .ok()
}
