//! The facts about the records of companies, and about their children.

use std::collections::{HashMap, HashSet};

use matching::RelationStatus;

use super::{Doubt, Draft, MAX_RECORDS, RecordKey};
use crate::{
    body::{self, Body},
    fault::Outcome,
    legal::Suppressions,
    ports::{Copied, Hit, Hits, MAX_LOOKUPS, Suppressed},
    record::{DisplayFields, Object, RecordId},
    seal::{KeyedHash, Opener},
    suppressed::{self, Decider, Deciding, Subject},
    view::{View, is_displayed},
};

/// The facts about records. Records of suppressed people are missing, and so are records that were deleted since the index was
/// written.
#[derive(Default)]
pub(super) struct Known {
    pub(super) known: HashMap<RecordKey, Matter>,
    /// Records of people who may be suppressed.
    pub(super) doubtful: HashSet<RecordKey>,
}

/// The facts about a record and its children.
#[derive(Default)]
pub(super) struct Matter {
    /// The companies that the record names.
    pub(super) companies: Vec<KeyedHash>,
    pub(super) display: Option<DisplayFields>,
    pub(super) open_opportunities: usize,
    pub(super) open_tasks: usize,
    pub(super) last_activity: Option<Box<str>>,
    pub(super) is_partial: bool,
}

impl Matter {
    fn count(&mut self, view: &View<'_>, opener: &mut Opener, child: &Hit) -> Outcome<()> {
        let Some(projection) = &child.projection else {
            return Ok(());
        };
        let projection =
            body::open_projection(opener, view.scope(), child.object, &child.id, projection)?;
        if projection.open == Some(true) {
            match child.object {
                Object::Opportunity => self.open_opportunities += 1,
                Object::Task => self.open_tasks += 1,
                Object::Account | Object::Contact | Object::Lead => {}
            }
        }
        self.last_activity = self.last_activity.take().max(projection.activity);
        Ok(())
    }
}

/// Returns the records whose children are looked up: the strongest record of each company, then the second of each, and so on, as
/// many as one round trip can look up.
pub(super) fn parents(drafts: &[Draft]) -> Vec<RecordKey> {
    let mut parents = Vec::new();
    let mut seen = HashSet::new();
    for nth in 0..MAX_RECORDS {
        for draft in drafts {
            let firmest = draft.hits.first().and_then(|hit| hit.relation);
            let needed = |hit: &&Hit| counts(hit.relation, firmest);
            let hit = draft.hits.get(nth).filter(needed);
            let Some(place) = hit.map(place).filter(|one| seen.insert(one.clone())) else {
                continue;
            };
            if parents.len() == MAX_LOOKUPS {
                return parents;
            }
            parents.push(place);
        }
    }
    parents
}

/// Returns whether a record's children count for a company. The children of a merely suggested record may belong to another
/// company, so they are listed but not counted, unless the company has only suggested records.
pub(super) fn counts(
    relation: Option<(RelationStatus, u16)>,
    firmest: Option<(RelationStatus, u16)>,
) -> bool {
    let is_suggested = |relation: Option<(RelationStatus, u16)>| {
        relation.is_some_and(|(status, _)| status == RelationStatus::Suggested)
    };
    !is_suggested(relation) || is_suggested(firmest)
}

pub(super) fn place(hit: &Hit) -> RecordKey {
    (hit.object, hit.id.clone())
}

pub(super) async fn matters(
    view: &View<'_>,
    suppressions: &Suppressions,
    copied: Vec<Option<Copied>>,
    mut children: HashMap<RecordKey, Hits>,
    doubt: Doubt,
) -> Outcome<Known> {
    let scope = view.scope();
    let opened = bodies(view, copied)?;
    let mut deciding: Deciding = opened
        .iter()
        .filter(|opened| opened.object == Object::Account || opened.object.is_always_a_person())
        .filter_map(|opened| {
            let decider = Decider::of(suppressions, scope, &opened.subject()?);
            Some(((opened.object, opened.id.clone()), decider))
        })
        .collect();
    if doubt == Doubt::Settled {
        let mut wanted = suppressed::asked(suppressions, opened.iter().filter_map(Opened::subject));
        wanted.retain(|place| !deciding.contains_key(place));
        deciding.extend(
            suppressed::deciding(view.store, &view.keys, scope, suppressions, wanted).await?,
        );
    }
    let mut opener = view.opener()?;
    let mut found = Known::default();
    for opened in opened {
        let place = (opened.object, opened.id.clone());
        let Some(subject) = opened.subject() else {
            continue;
        };
        if subject.suppressed(suppressions, scope, &deciding) != Suppressed::default() {
            continue;
        }
        let decided_by = subject.decided_by(suppressions);
        let is_doubtful = !decided_by.iter().all(|place| deciding.contains_key(place));
        if is_doubtful && doubt == Doubt::LeftOut {
            found.doubtful.insert(place);
            continue;
        }
        let asked = children.remove(&place);
        let mut matter = Matter {
            companies: opened.companies,
            display: opened.body.display,
            is_partial: asked
                .as_ref()
                .is_none_or(|children| children.next.is_some()),
            ..Matter::default()
        };
        for child in asked.unwrap_or_default().hits {
            matter.count(view, &mut opener, &child)?;
        }
        found.known.insert(place, matter);
    }
    Ok(found)
}

/// A record with its body opened.
struct Opened {
    object: Object,
    id: RecordId,
    companies: Vec<KeyedHash>,
    body: Body,
}

impl Opened {
    fn subject(&self) -> Option<Subject<'_>> {
        self.body.subject(self.object, &self.id)
    }
}

fn bodies(view: &View<'_>, copied: Vec<Option<Copied>>) -> Outcome<Vec<Opened>> {
    let (mut opener, scope) = (view.opener()?, view.scope());
    let mut open = |copied: Copied| {
        let (object, id) = (copied.object, copied.id);
        let mut body = match &copied.sealed {
            Some(sealed) => Body::open(&mut opener, scope, object, &id, sealed)?,
            // The body is being moved.
            None => Body::default(),
        };
        body.attributes.get_or_insert_default();
        body.display.get_or_insert_default();
        Ok(Opened {
            object,
            id,
            companies: copied.known.relations,
            body,
        })
    };
    let there = copied.into_iter().flatten().filter(is_displayed);
    there.map(&mut open).collect()
}
