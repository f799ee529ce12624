//! The tables that have rows of their own.

/// One table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `accounts`
    Account,
    /// `contacts`
    Contact,
    /// `leads`. Only environments with Sales have it.
    Lead,
    /// `tasks`
    Task,
    /// `opportunities`. Only environments with Sales have it.
    Opportunity,
    /// `annotations`: notes beside rows of other tables.
    Annotation,
}

impl Kind {
    /// All tables, in the order of their discriminants.
    pub const ALL: [Self; 6] = [
        Self::Account,
        Self::Contact,
        Self::Lead,
        Self::Task,
        Self::Opportunity,
        Self::Annotation,
    ];

    /// Returns the table with a logical name.
    pub fn of_logical(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.logical() == name)
    }

    /// Returns the table with a set's name, as paths have it. Case counts.
    pub fn of_set(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.set() == name)
    }

    /// Returns the table that a test names by either name.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::of_set(&name).or_else(|| Self::of_logical(&name))
    }

    /// Returns the logical name.
    pub fn logical(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::Task => "task",
            Self::Opportunity => "opportunity",
            Self::Annotation => "annotation",
        }
    }

    /// Returns the schema name, which is part of the names of privileges.
    pub(crate) fn schema_name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Contact => "Contact",
            Self::Lead => "Lead",
            Self::Task => "Task",
            Self::Opportunity => "Opportunity",
            Self::Annotation => "Annotation",
        }
    }

    /// Returns the name in the names of privileges. All activities share one set of privileges.
    pub(crate) fn privilege_name(self) -> &'static str {
        match self {
            Self::Task => "Activity",
            Self::Annotation => "Note",
            other => other.schema_name(),
        }
    }

    /// Returns the name of the set in paths.
    pub fn set(self) -> &'static str {
        match self {
            Self::Account => "accounts",
            Self::Contact => "contacts",
            Self::Lead => "leads",
            Self::Task => "tasks",
            Self::Opportunity => "opportunities",
            Self::Annotation => "annotations",
        }
    }

    /// Returns the column with the id.
    pub fn id_column(self) -> &'static str {
        match self {
            Self::Account => "accountid",
            Self::Contact => "contactid",
            Self::Lead => "leadid",
            Self::Task => "activityid",
            Self::Opportunity => "opportunityid",
            Self::Annotation => "annotationid",
        }
    }

    /// Returns the column with the name.
    pub fn name_column(self) -> &'static str {
        match self {
            Self::Account | Self::Opportunity => "name",
            Self::Contact | Self::Lead => "fullname",
            Self::Task | Self::Annotation => "subject",
        }
    }

    /// Returns the number of the table (`ObjectTypeCode`).
    pub(crate) fn type_code(self) -> u16 {
        match self {
            Self::Account => 1,
            Self::Contact => 2,
            Self::Opportunity => 3,
            Self::Lead => 4,
            Self::Annotation => 5,
            Self::Task => 4212,
        }
    }

    /// Returns whether the table is there only in environments with Sales.
    pub(crate) fn is_of_sales(self) -> bool {
        matches!(self, Self::Lead | Self::Opportunity)
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}
