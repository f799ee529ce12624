//! Reads as the rules do: window by window, page by page, with the deletions beside them.

use std::collections::BTreeMap;

use domain::{
    ports::{Answer, Changes, Crm, Deleted},
    progress::{PageToken, Position, Window},
    record::{Item, Object, RecordId},
};
use jiff::Timestamp;

/// A copy, maintained as the rules maintain theirs.
pub(crate) struct Copy {
    pub(crate) object: Object,
    /// Names by id.
    pub(crate) live: BTreeMap<RecordId, String>,
    /// Survivors by id. `None` if the CRM named no survivor.
    pub(crate) gone: BTreeMap<RecordId, Option<RecordId>>,
    /// The start of the next window.
    pub(crate) next: Option<Position>,
    /// The CRM's own token for the end of the last window.
    pub(crate) resume: Option<PageToken>,
    /// The start of the next list of deletions.
    deletions_from: Option<Timestamp>,
    /// Whether all ids have to be compared.
    pub(crate) must_compare: bool,
}

/// One page, and how to go on after it.
pub(crate) struct Turned {
    pub(crate) items: Vec<Item>,
    pub(crate) window: Window,
    pub(crate) next: Option<PageToken>,
    pub(crate) resume: Option<PageToken>,
    pub(crate) has_parents: bool,
}

/// Returns the name that a test gave to a record.
pub(crate) fn name(fields: &str) -> String {
    let fields: BTreeMap<String, serde_json::Value> = serde_json::from_str(fields).unwrap();
    let named = [
        "Name", "LastName", "Subject", "name", "lastname", "dealname", "subject",
    ]
    .iter();
    let mut named = named.filter_map(|field| fields.get(*field)?.as_str());
    named.next().unwrap_or_default().to_owned()
}

/// The token that the CRM forgot.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    Page,
    Resume,
}

/// Reads a page of a window. `None` if its token is lost.
pub(crate) async fn turn(
    crm: &dyn Crm,
    object: Object,
    window: &Window,
    token: Option<&PageToken>,
    at_most: Option<u32>,
) -> Option<Turned> {
    let ask = Changes {
        object,
        window,
        resume: None,
        token,
        at_most,
    };
    match turn_for(crm, ask).await {
        Ok(turned) => Some(turned),
        Err(Lost::Page) => None,
        Err(Lost::Resume) => panic!("nothing was to be taken up"),
    }
}

/// Reads a page.
pub(crate) async fn turn_for(crm: &dyn Crm, ask: Changes<'_>) -> Result<Turned, Lost> {
    match crm.changes(ask).await.unwrap() {
        Answer::TokenLost => Err(Lost::Page),
        Answer::ResumeLost => Err(Lost::Resume),
        Answer::Page(page) => {
            let mut window = ask.window.clone();
            if page.reached.is_some() {
                window.after = page.reached;
            }
            Ok(Turned {
                items: page.items,
                window,
                next: page.next,
                resume: page.resume,
                has_parents: page.has_parents,
            })
        }
    }
}

impl Copy {
    pub(crate) fn of(object: Object) -> Self {
        Self {
            object,
            live: BTreeMap::new(),
            gone: BTreeMap::new(),
            next: None,
            resume: None,
            deletions_from: None,
            must_compare: false,
        }
    }

    pub(crate) fn keep(&mut self, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Live(record) => {
                    self.gone.remove(&record.id);
                    self.live.insert(record.id, name(&record.fields));
                }
                Item::Gone { id, survivor } => {
                    self.live.remove(&id);
                    self.gone.insert(id, survivor);
                }
                Item::Bad { id, reason } => panic!("{id:?} is bad: {reason}"),
            }
        }
    }

    /// Returns the window up to the CRM's present time.
    pub(crate) async fn window(&self, crm: &dyn Crm) -> Window {
        Window {
            after: self.next.clone(),
            until: crm.clock().await.unwrap(),
        }
    }

    /// Notes that a window is read to its end.
    pub(crate) fn end(&mut self, crm: &dyn Crm, window: &Window) {
        let lag = crm.abilities().reading(self.object).lag;
        let at = window.until.checked_sub(lag).unwrap();
        self.next = Some(Position { at, id: None });
    }

    /// Does one run: a window, page by page, then the permanent deletions.
    pub(crate) async fn run(&mut self, crm: &dyn Crm) {
        let mut window = self.window(crm).await;
        let whole = window.clone();
        let lag = crm.abilities().reading(self.object).lag;
        let deletions_from = self
            .deletions_from
            .unwrap_or_else(|| whole.until.checked_sub(lag).unwrap());
        let mut token = None;
        loop {
            let ask = Changes {
                object: self.object,
                window: &window,
                resume: self.resume.as_ref(),
                token: token.as_ref(),
                at_most: None,
            };
            match turn_for(crm, ask).await {
                Ok(turned) => {
                    self.keep(turned.items);
                    (window, token) = (turned.window, turned.next);
                    if token.is_none() {
                        self.resume = turned.resume;
                        break;
                    }
                }
                Err(Lost::Page) => (window, token) = (whole.clone(), None),
                Err(Lost::Resume) => {
                    assert!(self.resume.is_some(), "nothing was to be taken up");
                    (self.resume, self.must_compare, token) = (None, true, None);
                    window.after = None;
                }
            }
        }
        self.end(crm, &whole);
        let until = crm.clock().await.unwrap();
        match crm
            .deleted(self.object, deletions_from, until)
            .await
            .unwrap()
        {
            Deleted::Ids(ids) => {
                for id in ids {
                    if self.live.remove(&id).is_some() {
                        self.gone.insert(id, None);
                    }
                }
            }
            Deleted::Unknown => self.must_compare = true,
        }
        self.deletions_from = Some(until.checked_sub(lag).unwrap());
    }
}

/// Returns all ids that a CRM lists.
pub(crate) async fn ids(crm: &dyn Crm, object: Object) -> Vec<RecordId> {
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let page = crm.ids(object, token.as_ref()).await.unwrap();
        all.extend(page.ids.into_iter().map(|(id, _)| id));
        token = page.next;
        if token.is_none() {
            return all;
        }
    }
}
