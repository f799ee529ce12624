//! The five objects.

/// One object type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `0-1`
    Contact,
    /// `0-2`
    Company,
    /// `0-3`
    Deal,
    /// `0-27`
    Task,
    /// `0-136`. Only accounts with Sales Hub Professional or higher have it.
    Lead,
}

impl Kind {
    /// All objects, in the order of their discriminants.
    pub const ALL: [Self; 5] = [
        Self::Contact,
        Self::Company,
        Self::Deal,
        Self::Task,
        Self::Lead,
    ];

    /// Returns the object that a path names by its plural, its singular or its type id.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|kind| [kind.plural(), kind.singular(), kind.type_id()].contains(&name.as_str()))
    }

    /// Returns the name in paths.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Contact => "contacts",
            Self::Company => "companies",
            Self::Deal => "deals",
            Self::Task => "tasks",
            Self::Lead => "leads",
        }
    }

    /// Returns the name in messages and in types of associations.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Deal => "deal",
            Self::Task => "task",
            Self::Lead => "lead",
        }
    }

    /// Returns the type id, such as `0-1`.
    pub fn type_id(self) -> &'static str {
        match self {
            Self::Contact => "0-1",
            Self::Company => "0-2",
            Self::Deal => "0-3",
            Self::Task => "0-27",
            Self::Lead => "0-136",
        }
    }

    /// Returns the scope that a token needs. The scope of contacts includes tasks.
    pub fn scope(self, write: bool) -> String {
        let name = match self {
            Self::Task => Self::Contact.plural(),
            _ => self.plural(),
        };
        let right = if write { "write" } else { "read" };
        format!("crm.objects.{name}.{right}")
    }

    /// Returns the scope for sensitive properties.
    pub(crate) fn sensitive_scope(self) -> String {
        self.scope(false).replace(".read", ".sensitive.read.v2")
    }

    /// Returns the property with the time of the last change.
    pub fn stamp_property(self) -> &'static str {
        match self {
            Self::Contact => "lastmodifieddate",
            _ => "hs_lastmodifieddate",
        }
    }

    /// Returns the properties with the time of creation.
    pub(crate) fn created_properties(self) -> &'static [&'static str] {
        match self {
            Self::Contact | Self::Company | Self::Deal => &["createdate"],
            Self::Task => &["hs_createdate"],
            Self::Lead => &["createdate", "hs_createdate"],
        }
    }

    /// Returns the properties that an answer has by default, besides those that it always has.
    pub(crate) fn default_properties(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &["email", "firstname", "lastname"],
            Self::Company => &["domain", "name"],
            Self::Deal => &["amount", "closedate", "dealname", "dealstage", "pipeline"],
            Self::Task | Self::Lead => &[],
        }
    }

    /// Returns the properties that the text `query` of a search covers.
    pub(crate) fn searched_properties(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &[
                "firstname",
                "lastname",
                "email",
                "phone",
                "hs_additional_emails",
                "mobilephone",
                "company",
            ],
            Self::Company => &["website", "phone", "name", "domain"],
            Self::Deal => &[
                "dealname",
                "pipeline",
                "dealstage",
                "description",
                "dealtype",
            ],
            Self::Task => &["hs_task_body", "hs_task_subject"],
            Self::Lead => &["hs_lead_name"],
        }
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}
