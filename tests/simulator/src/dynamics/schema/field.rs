//! Columns.

/// A column's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Memo,
    Integer,
    BigInt,
    Decimal,
    Double,
    Money,
    Boolean,
    DateTime,
    /// A `DateTime` that is a date only.
    Date,
    Picklist,
    MultiSelect,
    State,
    Status,
    Lookup,
    Customer,
    Owner,
    Uniqueidentifier,
    EntityName,
    Virtual,
}

/// The source of a column's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Stored,
    Id,
    Created,
    Modified,
    Version,
    /// There is never a value.
    Nothing,
}

/// Whether a value is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Required {
    No,
    /// In forms only. The API takes rows without a value.
    Application,
    System,
}

/// One choice of a picklist, a state or a reason.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: i64,
    pub(crate) label: String,
    /// Of a state: its usual reason. Of a reason: its state.
    pub(crate) other: i64,
}

/// One column of one table.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) schema_name: String,
    pub(crate) label: String,
    pub(crate) kind: Type,
    pub(crate) source: Source,
    pub(crate) required: Required,
    pub(crate) creatable: bool,
    pub(crate) updatable: bool,
    pub(crate) readable: bool,
    /// Whether column security binds it. The app's user then reads null and may not write.
    pub(crate) secured: bool,
    pub(crate) unique: bool,
    pub(crate) custom: bool,
    pub(crate) length: Option<usize>,
    pub(crate) choices: Vec<Choice>,
    /// The logical names of the tables to which a lookup leads.
    pub(crate) targets: Vec<String>,
    /// The column of which this one is only another form.
    pub(crate) of: Option<String>,
}

impl Type {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "String" => Self::String,
            "Memo" => Self::Memo,
            "Integer" => Self::Integer,
            "BigInt" => Self::BigInt,
            "Decimal" => Self::Decimal,
            "Double" => Self::Double,
            "Money" => Self::Money,
            "Boolean" => Self::Boolean,
            "DateTime" => Self::DateTime,
            "Date" => Self::Date,
            "Picklist" => Self::Picklist,
            "MultiSelect" => Self::MultiSelect,
            "State" => Self::State,
            "Status" => Self::Status,
            "Lookup" => Self::Lookup,
            "Customer" => Self::Customer,
            "Owner" => Self::Owner,
            "Uniqueidentifier" => Self::Uniqueidentifier,
            "EntityName" => Self::EntityName,
            "Virtual" => Self::Virtual,
            _ => return None,
        })
    }

    /// Returns `AttributeType` of the metadata.
    pub(crate) fn attribute_type(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Memo => "Memo",
            Self::Integer => "Integer",
            Self::BigInt => "BigInt",
            Self::Decimal => "Decimal",
            Self::Double => "Double",
            Self::Money => "Money",
            Self::Boolean => "Boolean",
            Self::DateTime | Self::Date => "DateTime",
            Self::Picklist => "Picklist",
            Self::State => "State",
            Self::Status => "Status",
            Self::Lookup => "Lookup",
            Self::Customer => "Customer",
            Self::Owner => "Owner",
            Self::Uniqueidentifier => "Uniqueidentifier",
            Self::EntityName => "EntityName",
            Self::MultiSelect | Self::Virtual => "Virtual",
        }
    }

    /// Returns `AttributeTypeName` of the metadata.
    pub(crate) fn type_name(self) -> String {
        match self {
            Self::MultiSelect => "MultiSelectPicklistType".to_owned(),
            Self::Virtual => "ImageType".to_owned(),
            other => format!("{}Type", other.attribute_type()),
        }
    }

    /// Returns the name of the type of its metadata, without the namespace.
    pub(crate) fn metadata(self) -> &'static str {
        match self {
            Self::String => "StringAttributeMetadata",
            Self::Memo => "MemoAttributeMetadata",
            Self::Integer => "IntegerAttributeMetadata",
            Self::BigInt => "BigIntAttributeMetadata",
            Self::Decimal => "DecimalAttributeMetadata",
            Self::Double => "DoubleAttributeMetadata",
            Self::Money => "MoneyAttributeMetadata",
            Self::Boolean => "BooleanAttributeMetadata",
            Self::DateTime | Self::Date => "DateTimeAttributeMetadata",
            Self::Picklist => "PicklistAttributeMetadata",
            Self::MultiSelect => "MultiSelectPicklistAttributeMetadata",
            Self::State => "StateAttributeMetadata",
            Self::Status => "StatusAttributeMetadata",
            Self::Lookup | Self::Customer | Self::Owner => "LookupAttributeMetadata",
            Self::Uniqueidentifier => "UniqueIdentifierAttributeMetadata",
            Self::EntityName => "EntityNameAttributeMetadata",
            Self::Virtual => "ImageAttributeMetadata",
        }
    }

    /// Returns the type in `$metadata`.
    pub(crate) fn edm(self) -> &'static str {
        match self {
            Self::Integer | Self::Picklist | Self::State | Self::Status => "Edm.Int32",
            Self::BigInt => "Edm.Int64",
            Self::Decimal | Self::Money => "Edm.Decimal",
            Self::Double => "Edm.Double",
            Self::Boolean => "Edm.Boolean",
            Self::DateTime => "Edm.DateTimeOffset",
            Self::Date => "Edm.Date",
            Self::Lookup | Self::Customer | Self::Owner | Self::Uniqueidentifier => "Edm.Guid",
            Self::Virtual => "Edm.Binary",
            Self::String | Self::Memo | Self::MultiSelect | Self::EntityName => "Edm.String",
        }
    }

    pub(crate) fn is_lookup(self) -> bool {
        matches!(self, Self::Lookup | Self::Customer | Self::Owner)
    }
}

impl Field {
    /// Makes a column that a customiser added.
    pub(crate) fn custom(name: &str, kind: Type) -> Self {
        Self {
            name: name.to_lowercase(),
            schema_name: name.to_owned(),
            label: name.to_owned(),
            kind,
            source: Source::Stored,
            required: Required::No,
            creatable: true,
            updatable: true,
            readable: true,
            secured: false,
            unique: false,
            custom: true,
            length: (kind == Type::String).then_some(100),
            choices: Vec::new(),
            targets: Vec::new(),
            of: None,
        }
    }

    /// Returns the name under which `$select` and answers have it.
    pub(crate) fn wire(&self) -> String {
        if self.kind.is_lookup() {
            format!("_{}_value", self.name)
        } else {
            self.name.clone()
        }
    }

    pub(crate) fn choice(&self, value: i64) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.value == value)
    }
}
