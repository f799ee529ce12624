//! The types of associations that HubSpot defines between the five objects.
//!
//! Source: the tables "Association type ID values" of HubSpot's guide to associations (March 2026). Those tables lack
//! the reverse of a lead's primary contact and company (579, 581). The order of their neighbours suggests these ids.

use super::kind::Kind;

/// The bit of a key that tells an account's own types from HubSpot's.
const CUSTOM: u16 = 1 << 15;

/// One direction of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinkType {
    pub(crate) id: u16,
    pub(crate) from: Kind,
    pub(crate) to: Kind,
    pub(crate) primary: bool,
    /// The name in the answer of a GET with `associations=`.
    pub(crate) name: &'static str,
    /// The id of the same association, viewed from the other side.
    pub(crate) reverse: u16,
    /// Whether the account made it. Its id may be one of HubSpot's.
    pub(crate) custom: bool,
}

const fn of(
    from: Kind,
    to: Kind,
    id: u16,
    reverse: u16,
    primary: bool,
    name: &'static str,
) -> LinkType {
    LinkType {
        id,
        from,
        to,
        primary,
        name,
        reverse,
        custom: false,
    }
}

use Kind::{Company, Contact, Deal, Lead, Task};

const TYPES: [LinkType; 28] = [
    of(Contact, Company, 1, 2, true, "contact_to_company"),
    of(
        Contact,
        Company,
        279,
        280,
        false,
        "contact_to_company_unlabeled",
    ),
    of(Company, Contact, 2, 1, true, "company_to_contact"),
    of(
        Company,
        Contact,
        280,
        279,
        false,
        "company_to_contact_unlabeled",
    ),
    of(Deal, Company, 5, 6, true, "deal_to_company"),
    of(Deal, Company, 341, 342, false, "deal_to_company_unlabeled"),
    of(Company, Deal, 6, 5, true, "company_to_deal"),
    of(Company, Deal, 342, 341, false, "company_to_deal_unlabeled"),
    of(Deal, Contact, 3, 4, false, "deal_to_contact"),
    of(Contact, Deal, 4, 3, false, "contact_to_deal"),
    of(Lead, Contact, 578, 579, true, "lead_to_primary_contact"),
    of(Lead, Contact, 608, 609, false, "lead_to_contact"),
    of(Contact, Lead, 579, 578, true, "primary_contact_to_lead"),
    of(Contact, Lead, 609, 608, false, "contact_to_lead"),
    of(Lead, Company, 580, 581, true, "lead_to_primary_company"),
    of(Lead, Company, 610, 611, false, "lead_to_company"),
    of(Company, Lead, 581, 580, true, "primary_company_to_lead"),
    of(Company, Lead, 611, 610, false, "company_to_lead"),
    of(Lead, Deal, 582, 583, true, "lead_to_primary_deal"),
    of(Lead, Deal, 1037, 1038, false, "lead_to_deal"),
    of(Deal, Lead, 583, 582, true, "primary_deal_to_lead"),
    of(Deal, Lead, 1038, 1037, false, "deal_to_lead"),
    of(Task, Company, 192, 191, false, "task_to_company"),
    of(Company, Task, 191, 192, false, "company_to_task"),
    of(Task, Contact, 204, 203, false, "task_to_contact"),
    of(Contact, Task, 203, 204, false, "contact_to_task"),
    of(Task, Deal, 216, 215, false, "task_to_deal"),
    of(Deal, Task, 215, 216, false, "deal_to_task"),
];

const OF_LEADS: [LinkType; 2] = [
    of(Task, Lead, 647, 646, false, "task_to_lead"),
    of(Lead, Task, 646, 647, false, "lead_to_task"),
];

impl LinkType {
    /// Makes the type of an account's own label.
    pub(crate) fn custom(from: Kind, to: Kind, id: u16, reverse: u16) -> Self {
        Self {
            custom: true,
            ..of(from, to, id, reverse, false, "")
        }
    }

    /// Returns the id of an account's own type, if this is the key of one.
    pub(crate) fn custom_id(key: u16) -> Option<u16> {
        (key & CUSTOM != 0).then_some(key & !CUSTOM)
    }

    /// Returns what tells the type from all others, whoever made them.
    pub(crate) fn key(self) -> u16 {
        if self.custom {
            self.id | CUSTOM
        } else {
            self.id
        }
    }

    /// Returns the same association, viewed from the other side.
    pub(crate) fn turned(self) -> Self {
        let turned = Self {
            id: self.reverse,
            from: self.to,
            to: self.from,
            reverse: self.id,
            ..self
        };
        if self.custom {
            return turned;
        }
        Self::find(self.reverse).unwrap_or(turned)
    }

    /// Returns who made it, as v4 says it.
    pub(crate) fn category(self) -> &'static str {
        if self.custom {
            "USER_DEFINED"
        } else {
            "HUBSPOT_DEFINED"
        }
    }

    /// Returns HubSpot's own type with an id.
    pub(crate) fn find(id: u16) -> Option<Self> {
        all().find(|one| one.id == id)
    }

    /// Returns HubSpot's own types from one object to another.
    pub(crate) fn between(from: Kind, to: Kind) -> impl Iterator<Item = Self> {
        all().filter(move |one| one.from == from && one.to == to)
    }

    /// Returns the type without a label.
    pub(crate) fn plain(from: Kind, to: Kind) -> Option<Self> {
        Self::between(from, to).find(|one| !one.primary)
    }

    /// Returns the label of the association's end.
    pub(crate) fn label(self) -> Option<&'static str> {
        self.primary.then_some("Primary")
    }
}

fn all() -> impl Iterator<Item = LinkType> {
    TYPES.iter().chain(&OF_LEADS).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reverse_of_the_reverse_is_the_type() {
        for one in all() {
            let wanted = LinkType {
                id: one.reverse,
                from: one.to,
                to: one.from,
                reverse: one.id,
                ..one
            };
            let reverse = LinkType::find(one.reverse);
            let reverse = reverse.map(|found| LinkType {
                name: one.name,
                ..found
            });
            assert_eq!(reverse, Some(wanted));
        }
    }
}
