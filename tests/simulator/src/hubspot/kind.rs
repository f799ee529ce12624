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
    /// `0-136`; only with Sales Hub Professional or higher.
    Lead,
}

impl Kind {
    /// All, in the order of their discriminants.
    pub const ALL: [Self; 5] = [
        Self::Contact,
        Self::Company,
        Self::Deal,
        Self::Task,
        Self::Lead,
    ];

    /// The kind that a path names: by its plural, its singular or its type id.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|kind| [kind.plural(), kind.singular(), kind.type_id()].contains(&name.as_str()))
    }

    /// As paths have it.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Contact => "contacts",
            Self::Company => "companies",
            Self::Deal => "deals",
            Self::Task => "tasks",
            Self::Lead => "leads",
        }
    }

    /// As messages and the names of association types have it.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Deal => "deal",
            Self::Task => "task",
            Self::Lead => "lead",
        }
    }

    /// Such as `0-1`.
    pub fn type_id(self) -> &'static str {
        match self {
            Self::Contact => "0-1",
            Self::Company => "0-2",
            Self::Deal => "0-3",
            Self::Task => "0-27",
            Self::Lead => "0-136",
        }
    }

    /// The scope that a token needs; that of contacts covers tasks.
    pub fn scope(self, write: bool) -> String {
        let name = match self {
            Self::Task => Self::Contact.plural(),
            _ => self.plural(),
        };
        let right = if write { "write" } else { "read" };
        format!("crm.objects.{name}.{right}")
    }

    /// The scope for properties that are sensitive data.
    pub(crate) fn sensitive_scope(self) -> String {
        self.scope(false).replace(".read", ".sensitive.read.v2")
    }

    /// The property with the time of the last change.
    pub fn stamp_property(self) -> &'static str {
        match self {
            Self::Contact => "lastmodifieddate",
            _ => "hs_lastmodifieddate",
        }
    }

    /// The properties with the time of creation.
    pub(crate) fn created_properties(self) -> &'static [&'static str] {
        match self {
            Self::Contact | Self::Company | Self::Deal => &["createdate"],
            Self::Task => &["hs_createdate"],
            Self::Lead => &["createdate", "hs_createdate"],
        }
    }

    /// What is answered if no properties are asked for, besides those that always are.
    pub(crate) fn default_properties(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &["email", "firstname", "lastname"],
            Self::Company => &["domain", "name"],
            Self::Deal => &["amount", "closedate", "dealname", "dealstage", "pipeline"],
            Self::Task | Self::Lead => &[],
        }
    }

    /// What the text `query` of a search looks into.
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
