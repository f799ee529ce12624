//! A field of an object, as far as reading it depends on its type.

/// The spelling of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of any sort: names, picklists, web addresses.
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A text that nobody types: an id, a date, a time of day.
    Code,
    /// A number of any sort.
    Number,
    /// True or false.
    Boolean,
    /// A point in time.
    Time,
}

impl Kind {
    /// Returns the kind of a describe's `type`. `None` if a copy cannot use such values. Blobs are never read.
    /// Addresses and geolocations are read only in parts, since bulk queries refuse the whole.
    pub(super) fn of(describe: &str) -> Option<Self> {
        Some(match describe {
            "string" | "textarea" | "picklist" | "multipicklist" | "combobox" | "url"
            | "encryptedstring" => Self::Text,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "id" | "reference" | "date" | "time" => Self::Code,
            "int" | "long" | "double" | "currency" | "percent" => Self::Number,
            "boolean" => Self::Boolean,
            "datetime" => Self::Time,
            _ => return None,
        })
    }

    /// Returns whether its values are texts.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Email | Self::Phone | Self::Code)
    }
}

/// A field.
pub(super) struct Field {
    pub(super) name: Box<str>,
    pub(super) kind: Kind,
    /// The text `"Name":`, ready to be written.
    pub(super) key: Box<str>,
}

/// The position of a field among fields that are sorted by name.
pub(super) fn position(fields: &[Field], name: &str) -> Option<usize> {
    fields
        .binary_search_by(|field| (*field.name).cmp(name))
        .ok()
}
