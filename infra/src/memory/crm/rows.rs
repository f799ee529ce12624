//! The state of the CRM, and its answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    fault::Fault,
    ports::{
        Abilities, Allowed, BasisOf, BasisPlace, Count, Counting, Creating, Deletions, Granting,
        KeptBases, Link, Parents, ReadingOf, Recognising, Resuming, Revoked,
    },
    progress::PageToken,
    record::{DisplayFields, Item, MatchingAttributes, Object, Parent, Record, RecordId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use super::{Pages, associations::Associations, people::people};

/// The CRM.
pub(super) struct Org {
    pub(super) clock: Timestamp,
    pub(super) pages: Pages,
    pub(super) page_size: usize,
    pub(super) rows: BTreeMap<Object, BTreeMap<RecordId, Row>>,
    pub(super) fields: BTreeSet<String>,
    pub(super) hidden: BTreeSet<String>,
    /// Fields that the CRM names although it refuses queries for them.
    pub(super) refused: BTreeSet<String>,
    /// Fields that the present query does not ask for.
    pub(super) left_out: BTreeSet<String>,
    pub(super) deleted: Vec<(Object, RecordId, Timestamp)>,
    pub(super) deletions_unknown: bool,
    /// Where deletions are reported, if not as usual.
    pub(super) deletions: Option<Deletions>,
    pub(super) tokens_to_lose: u32,
    pub(super) revoked: bool,
    pub(super) exhausted: bool,
    pub(super) forbidden: BTreeSet<Object>,
    /// Faults by method and object.
    pub(super) faults: Vec<(&'static str, Option<Object>, Fault)>,
    /// What each page of changes waits for.
    pub(super) on_page: Option<Arc<OnPage>>,
    pub(super) organisation: Option<String>,
    /// The scopes of the grant. `None` if the CRM does not tell them.
    pub(super) scopes: Option<Allowed>,
    /// Whether a record with another record's e-mail address is refused.
    pub(super) rule_about_duplicates: bool,
    /// Whether records keep our external ids.
    pub(super) has_external: bool,
    /// All legal bases that were stored, including repeated ones. `None` if there is no place for them.
    pub(super) bases: Option<Vec<BasisOf>>,
    pub(super) n_created: u64,
    /// How many records the next creation creates at most. `None` means all of them.
    pub(super) makes: Option<usize>,
    pub(super) calls: BTreeMap<String, u64>,
    /// Objects that the organisation does not have.
    pub(super) away: BTreeSet<Object>,
    /// How often the next request has to be repeated.
    pub(super) stumbles: u64,
    pub(super) counting: Counting,
    /// Objects with a lag of their own.
    pub(super) lags: BTreeMap<Object, SignedDuration>,
    /// Parents, where they are associations.
    pub(super) associations: Option<Associations>,
    pub(super) revoking: Revoked,
    pub(super) rehearses: bool,
    pub(super) judges_duplicates: bool,
    /// Whether a record belongs to an account by a link only.
    pub(super) links_accounts: bool,
    /// The legal bases that a record itself can say.
    pub(super) kept_bases: KeptBases,
    /// Whether a new record has the id that we choose.
    pub(super) chooses_ids: bool,
    /// How long after it was made a record is missing from a lookup.
    pub(super) index_lag: SignedDuration,
    /// Where a legal basis may be kept.
    pub(super) basis_place: BasisPlace,
    /// Whether fields may be lists and objects.
    pub(super) nested: bool,
    /// Whether the answer to the next creation is lost.
    pub(super) loses_answer: bool,
    /// In the next creation: the record about which the answer says nothing, and whether it is created.
    pub(super) unknown: Option<(usize, bool)>,
    /// The field whose values must be unique if there is a duplicate rule.
    pub(super) unique: &'static str,
    /// The number of all changes.
    pub(super) n_changes: u64,
    /// Tokens of windows that ended before this are forgotten.
    pub(super) resumes_from: u64,
    /// Snapshots of unordered windows, and when each was taken.
    pub(super) jobs: BTreeMap<u64, (Vec<(RecordId, Row)>, Since)>,
    pub(super) n_jobs: u64,
}

/// When a window was opened. The next window may continue from there.
#[derive(Clone, Copy)]
pub(super) struct Since {
    pub(super) n_changes: u64,
    pub(super) at: Timestamp,
}

impl Since {
    pub(super) fn token(self) -> PageToken {
        PageToken(format!("{}@{}", self.n_changes, self.at))
    }

    pub(super) fn read(token: &PageToken) -> Option<Self> {
        let (n_changes, at) = token.0.split_once('@')?;
        Some(Self {
            n_changes: n_changes.parse().ok()?,
            at: at.parse().ok()?,
        })
    }
}

/// Called for each page with its object and the number of its records. The page waits for it.
pub(super) type OnPage = dyn Fn(Object, usize) + Send + Sync;

/// A record of the CRM.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) modified: Timestamp,
    /// When it becomes visible.
    pub(super) shows: Timestamp,
    /// The number of its last change.
    pub(super) version: u64,
    pub(super) fields: BTreeMap<String, String>,
    /// The records that it belongs to, in order.
    pub(super) links: Vec<Link>,
    /// When it was made, if by us.
    pub(super) made: Option<Timestamp>,
    /// Set if it is deleted. The inner value is the record into which it was merged.
    pub(super) gone: Option<Option<RecordId>>,
    /// What was merged into it, where that shows in no row of its own.
    pub(super) absorbed: Vec<RecordId>,
    pub(super) bad: bool,
}

impl Org {
    pub(super) fn new(clock: Timestamp, pages: Pages, page_size: usize) -> Self {
        Self {
            clock,
            pages,
            page_size,
            rows: BTreeMap::new(),
            fields: BTreeSet::new(),
            hidden: BTreeSet::new(),
            refused: BTreeSet::new(),
            left_out: BTreeSet::new(),
            deleted: Vec::new(),
            deletions_unknown: false,
            deletions: None,
            tokens_to_lose: 0,
            revoked: false,
            on_page: None,
            organisation: Some("00D000000000001".to_owned()),
            scopes: None,
            exhausted: false,
            forbidden: BTreeSet::new(),
            faults: Vec::new(),
            rule_about_duplicates: false,
            has_external: false,
            bases: None,
            n_created: 0,
            makes: None,
            calls: BTreeMap::new(),
            away: BTreeSet::new(),
            stumbles: 0,
            counting: Counting::Exact,
            lags: BTreeMap::new(),
            associations: None,
            revoking: Revoked::Dead,
            rehearses: true,
            judges_duplicates: true,
            links_accounts: false,
            kept_bases: KeptBases::Nothing,
            chooses_ids: false,
            index_lag: SignedDuration::ZERO,
            basis_place: BasisPlace::Beside,
            nested: false,
            loses_answer: false,
            unknown: None,
            unique: "Email",
            n_changes: 0,
            resumes_from: 0,
            jobs: BTreeMap::new(),
            n_jobs: 0,
        }
    }

    pub(super) fn next_version(&mut self) -> u64 {
        self.n_changes += 1;
        self.n_changes
    }

    /// Returns the CRM's abilities.
    pub(super) fn abilities(&self) -> Abilities {
        let is_tracked = self.pages == Pages::Tracked;
        let reading = ReadingOf {
            lag: SignedDuration::from_mins(5),
            resuming: match is_tracked {
                true => Resuming::ByToken,
                false => Resuming::ByTime,
            },
            deletions: self.deletions.unwrap_or(match is_tracked {
                true => Deletions::AmongChanges,
                false => Deletions::ListedForGood,
            }),
            counting: self.counting,
            names_survivors: true,
            parents: match &self.associations {
                None => Parents::InRecord,
                Some(associations) => Parents::Associated {
                    at_most: associations.at_most,
                },
            },
        };
        let of_lag = |(object, lag): (&Object, &SignedDuration)| {
            let own = ReadingOf {
                lag: *lag,
                ..reading.clone()
            };
            (*object, own)
        };
        Abilities {
            exceptions: self.lags.iter().map(of_lag).collect(),
            reading,
            grants: Granting {
                pkce: false,
                expiring: true,
            },
            creating: Creating {
                creates: true,
                rehearses: self.rehearses,
                recognising: match self.chooses_ids {
                    true => Recognising::ByChosenId,
                    false => Recognising::ByContent,
                },
                judges_duplicates: self.judges_duplicates,
                saves_duplicates: self.judges_duplicates,
                index_lag: self.index_lag,
                account_links: match self.links_accounts {
                    true => vec![(Object::Opportunity, true), (Object::Contact, false)],
                    false => Vec::new(),
                },
                basis: self.basis_place,
                nested: self.nested,
            },
        }
    }

    /// Returns the number of records, as far as the CRM tells it.
    pub(super) fn count(&self, object: Object) -> Count {
        let n = self.live(object).count() as u64;
        match self.counting {
            Counting::Exact => Count::Exact(n),
            Counting::UpTo(most) if n <= most => Count::Exact(n),
            Counting::UpTo(most) => Count::MoreThan(most),
            Counting::Late => Count::AsOf(n, self.clock),
            Counting::ByIds => Count::Unknown,
        }
    }

    pub(super) fn rows_mut(&mut self, object: Object) -> &mut BTreeMap<RecordId, Row> {
        self.rows.entry(object).or_default()
    }

    /// Returns the present records by id.
    pub(super) fn live(&self, object: Object) -> impl Iterator<Item = (&RecordId, &Row)> {
        self.rows
            .get(&object)
            .into_iter()
            .flatten()
            .filter(|(_, row)| row.gone.is_none() && row.shows <= self.clock)
    }

    pub(super) fn readable(&self, object: Object) -> BTreeMap<RecordId, (String, Timestamp)> {
        self.live(object)
            .filter(|(_, row)| !row.bad)
            .map(|(id, row)| (id.clone(), (self.text(row), row.modified)))
            .collect()
    }

    pub(super) fn item(&self, object: Object, id: &RecordId, row: &Row) -> Item {
        if let Some(survivor) = &row.gone {
            return Item::Gone {
                id: id.clone(),
                survivor: survivor.clone(),
            };
        }
        if row.bad {
            return Item::Bad {
                id: Some(id.clone()),
                reason: "record.unreadable",
            };
        }
        let field = |name: &str| row.fields.get(name).map(|value| value.as_str().into());
        Item::Live(Record {
            id: id.clone(),
            modified: row.modified,
            fields: self.text(row).into(),
            attributes: MatchingAttributes {
                // In a record with a parent, `Name` is not the company's name.
                company: match row.fields.get("Parent") {
                    Some(_) => field("Company"),
                    None => field("Company").or_else(|| field("Name")),
                },
                zip: field("Zip"),
                city: field("City"),
                website: field("Website"),
                email: field("Email"),
                parent: match &self.associations {
                    None => {
                        let named = row.fields.get("Parent");
                        let named = named.and_then(|id| RecordId::parse(id).ok());
                        let parent = named.or_else(|| row.account().cloned());
                        parent.map(Parent::named_by_id)
                    }
                    Some(_) => None,
                },
                ..MatchingAttributes::default()
            },
            display: DisplayFields {
                label: field("Name"),
                owner: field("Owner"),
                stage: field("Phase"),
                open: row.fields.get("Open").map(|open| open == "yes"),
                amount: field("Amount"),
                due: field("Due"),
                activity: field("Activity"),
                ..DisplayFields::default()
            },
            people: people(
                object,
                row.fields.iter().map(|(name, value)| (&**name, &**value)),
            ),
        })
    }

    pub(super) fn item_of(&self, object: Object, id: &RecordId) -> Option<Item> {
        let (id, row) = self.live(object).find(|(there, _)| *there == id)?;
        Some(self.item(object, id, row))
    }

    /// A field's value: a text, or where fields may be that a list or an object, as it was written.
    fn json(&self, value: &str) -> Option<Box<RawValue>> {
        let is_nested = self.nested && value.starts_with(['[', '{']);
        let nested = is_nested.then(|| RawValue::from_string(value.to_owned()).ok());
        let text = || serde_json::value::to_raw_value(value).ok();
        nested.flatten().or_else(text)
    }

    pub(super) fn text(&self, row: &Row) -> String {
        let fields: BTreeMap<&String, Box<RawValue>> = row
            .fields
            .iter()
            .filter(|(name, value)| {
                !value.is_empty() && !self.hidden.contains(*name) && !self.left_out.contains(*name)
            })
            .filter_map(|(name, value)| Some((name, self.json(value)?)))
            .collect();
        serde_json::to_string(&fields).unwrap_or_default()
    }
}

impl Row {
    /// The account that it is linked to.
    fn account(&self) -> Option<&RecordId> {
        let mut links = self.links.iter();
        let link = links.find(|link| link.object == Object::Account)?;
        Some(&link.id)
    }
}
