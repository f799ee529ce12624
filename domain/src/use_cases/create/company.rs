//! Fills a record for a company of the reference database from the company's row.

use std::collections::{BTreeMap, HashMap, btree_map::Entry};

use matching::{Company, CompanyId, RelationStatus};

use super::{CreateContext, Wanted, vanished::not_vanished};
use crate::{
    decision,
    fault::Outcome,
    ports::{Checked, Draft, FieldValue, Fields, Hit, Index, Link, Lookup, Source, Usual},
    record::{Object, RecordId},
    settings::{FieldName, Settings},
};

/// The most records of one company that are read.
const MOST_HITS: usize = 50;

/// A wanted record, filled from its company.
pub(super) struct Filled {
    /// The record as it would be sent.
    pub(super) draft: Draft,
    /// Its company.
    pub(super) company: Option<Company>,
    /// Whether the reference database lacks the company.
    pub(super) is_unknown: bool,
    /// The company's accounts in the copy: those with an approved or automatic relation.
    pub(super) accounts: Vec<RecordId>,
    /// Fields that would state the record's company and for which no value is known.
    pub(super) missing: Vec<String>,
}

/// Fills the wanted records, in the order given. Fields that the caller gave stay as they are, even if they are empty.
pub(super) async fn fill(context: &CreateContext<'_>, wanted: &[&Wanted]) -> Outcome<Vec<Filled>> {
    let mut ids: Vec<CompanyId> = wanted
        .iter()
        .filter_map(|one| one.company.clone())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(wanted.iter().map(|one| as_given(one)).collect());
    }
    let companies = context.companies.companies(&ids).await?;
    let accounts = accounts(context, &ids).await?;
    let known: HashMap<CompanyId, (Option<Company>, Vec<Hit>)> = ids
        .into_iter()
        .zip(companies.into_iter().zip(accounts))
        .collect();
    let scope = &context.integration.scope;
    let settings = Settings::open(&context.keys, scope, context.integration.settings.as_ref())?;
    let mut places: BTreeMap<Object, Places> = BTreeMap::new();
    let mut filled = Vec::with_capacity(wanted.len());
    for one in wanted {
        let known = one.company.as_ref().and_then(|id| known.get(id));
        let Some((company, hits)) = known else {
            filled.push(as_given(one));
            continue;
        };
        let Some(company) = company else {
            let is_unknown = true;
            filled.push(Filled {
                is_unknown,
                ..as_given(one)
            });
            continue;
        };
        let object = one.draft.object;
        let places = match places.entry(object) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => {
                let usual = context.crm.usual(object).await?;
                let links = context.crm.abilities().creating.account_links.iter();
                let link = links.copied().find(|(of, _)| *of == object);
                let link = link.map(|(_, needed)| needed);
                place.insert(Places::new(usual, link, &settings, object))
            }
        };
        filled.push(places.fill(one, company, hits));
    }
    Ok(filled)
}

fn as_given(wanted: &Wanted) -> Filled {
    Filled {
        draft: wanted.draft.clone(),
        company: None,
        is_unknown: false,
        accounts: Vec::new(),
        missing: Vec::new(),
    }
}

/// Returns for each company its accounts with an approved or automatic relation.
async fn accounts(context: &CreateContext<'_>, ids: &[CompanyId]) -> Outcome<Vec<Vec<Hit>>> {
    let look = |id| Lookup {
        index: Index::Company,
        hash: decision::hash(&context.keys.index, id),
        after: None,
        most: MOST_HITS,
    };
    let asked: Vec<Lookup> = ids.iter().map(look).collect();
    let scope = &context.integration.scope;
    let found = context.store.hits(scope, &asked).await?;
    let found = not_vanished(context, found).await?;
    let is_sure = |hit: &Hit| {
        let status = hit.relation.map(|(status, _)| status);
        let sure = [RelationStatus::Approved, RelationStatus::Automatic];
        hit.object == Object::Account && status.is_some_and(|status| sure.contains(&status))
    };
    Ok(found
        .into_iter()
        .map(|hits| hits.hits.into_iter().filter(is_sure).collect())
        .collect())
}

/// The sources of an object's fields.
struct Places {
    fields: BTreeMap<FieldName, Source>,
    needed: Vec<FieldName>,
    /// Whether a link says whose account the record is, and whether it is needed.
    link: Option<bool>,
}

impl Places {
    /// Combines the CRM's usual fields, the fields whose meaning the administrator stated, and the fields that the administrator
    /// set for this purpose. Later ones override earlier ones.
    fn new(usual: Vec<Usual>, link: Option<bool>, settings: &Settings, object: Object) -> Self {
        let needed = usual.iter().filter(|one| one.needed);
        let needed = needed.map(|one| one.field.clone()).collect();
        let mut fields: BTreeMap<FieldName, Source> = usual
            .into_iter()
            .map(|one| (one.field, one.source))
            .collect();
        let meant = settings.mapping(object).into_iter().flatten();
        fields.extend(meant.filter_map(|(meaning, field)| {
            let column = meaning.column()?;
            Some((field.clone(), Source::Column(column)))
        }));
        for (field, column) in settings.company_fields.get(&object).into_iter().flatten() {
            match column {
                Some(column) => fields.insert(field.clone(), Source::Column(*column)),
                None => fields.remove(field),
            };
        }
        Self {
            fields,
            needed,
            link,
        }
    }

    fn fill(&self, wanted: &Wanted, company: &Company, hits: &[Hit]) -> Filled {
        // A draft that is linked to an account, or to a record that has one, says where it belongs.
        let is_placed = |link: &Link| link.object.is_of_an_account();
        let is_placed = wanted.draft.links.iter().any(is_placed);
        let account = the_account(hits).filter(|_| !is_placed);
        let mut fields = BTreeMap::new();
        for (field, source) in &self.fields {
            let value = match source {
                Source::Column(column) => column.of(company),
                Source::Account => account.map(RecordId::to_string),
            };
            if let Some(value) = value {
                fields.insert(field.as_str().to_owned(), FieldValue::Text(value));
            }
        }
        let given = wanted.draft.fields.0.iter();
        fields.extend(given.map(|(name, value)| (name.clone(), value.clone())));
        let is_met =
            |name: &FieldName| is_placed && self.fields.get(name) == Some(&Source::Account);
        let needed = self.needed.iter().filter(|name| !is_met(name));
        let needed = needed.map(FieldName::as_str);
        let lacking = needed.filter(|name| !fields.contains_key(*name));
        let mut missing: Vec<String> = lacking.map(str::to_owned).collect();
        let mut links = wanted.draft.links.clone();
        match account.filter(|_| self.link.is_some()) {
            Some(account) => links.push(Link {
                object: Object::Account,
                id: account.clone(),
            }),
            None if self.link == Some(true) && !is_placed => {
                missing.push(Checked::LINKS.to_owned());
            }
            None => {}
        }
        Filled {
            missing,
            draft: Draft {
                object: wanted.draft.object,
                fields: Fields(fields),
                links,
            },
            company: Some(company.clone()),
            is_unknown: false,
            accounts: hits.iter().map(|hit| hit.id.clone()).collect(),
        }
    }
}

/// Returns the company's only account: the one that users approved, otherwise the one with an automatic relation. `None` if there
/// are several, because it is not known which of them is meant.
fn the_account(hits: &[Hit]) -> Option<&RecordId> {
    let of = |status| {
        let is = |hit: &&Hit| hit.relation.is_some_and(|(its, _)| its == status);
        hits.iter().filter(is).collect::<Vec<_>>()
    };
    match of(RelationStatus::Approved).as_slice() {
        [one] => Some(&one.id),
        [] => match of(RelationStatus::Automatic).as_slice() {
            [one] => Some(&one.id),
            _ => None,
        },
        _ => None,
    }
}
