//! The labels of associations that an account made itself.
//!
//! Their ids are counted from 1 in each account, so they are the ids of other types that HubSpot defines. Only category and id together
//! name a type.

use super::error::Refusal;
use super::kind::Kind;
use super::types::LinkType;

/// One direction of a label.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) kind: LinkType,
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What a new label is called. Without another text for the way back, it is called the same there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
    pub(crate) back: Option<&'a str>,
}

/// All labels of an account.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    pub(crate) all: Vec<Label>,
    /// The highest id so far. Ids are not used again.
    last: u16,
}

impl Labels {
    pub(crate) fn find(&self, id: u16) -> Option<&Label> {
        self.all.iter().find(|label| label.kind.id == id)
    }

    pub(crate) fn between(&self, from: Kind, to: Kind) -> impl Iterator<Item = &Label> {
        let is_between = move |kind: LinkType| (kind.from, kind.to) == (from, to);
        self.all.iter().filter(move |label| is_between(label.kind))
    }

    /// Adds a label and its way back. Returns both types.
    pub(crate) fn add(
        &mut self,
        from: Kind,
        to: Kind,
        named: Named<'_>,
    ) -> Result<[LinkType; 2], Refusal> {
        let back = named.back.unwrap_or(named.text);
        let is_taken = |label: &Label| label.name == named.name || label.text == named.text;
        if self.between(from, to).any(is_taken) {
            let message = format!("The association label {} already exists", named.name);
            return Err(Refusal::invalid(message));
        }
        let kind = LinkType::custom(from, to, self.last + 1, self.last + 2);
        self.last += 2;
        let both = [(kind, named.text), (kind.turned(), back)];
        for (kind, text) in both {
            self.all.push(Label {
                kind,
                name: named.name.to_owned(),
                text: text.to_owned(),
            });
        }
        Ok(both.map(|(kind, _)| kind))
    }
}
