//! The answers of the CRM: pages of changes, and ids.

use domain::{
    fault::{CrmCode, Fault, Outcome},
    ports::{Answer, Changes, Page},
    progress::{PageToken, Position, Window},
    record::{Item, Object, RecordId},
};
use jiff::Timestamp;

use super::{Pages, org::Org, rows::Row, since::Since};

impl Org {
    pub(super) fn changes(&mut self, ask: Changes<'_>) -> Outcome<Answer> {
        if ask.token.is_some() && self.tokens_to_lose > 0 {
            self.tokens_to_lose -= 1;
            return Ok(Answer::TokenLost);
        }
        match self.pages {
            Pages::Ordered => self.ordered(ask),
            Pages::Unordered | Pages::Tracked => self.unordered(ask),
        }
    }

    pub(super) fn forget(&mut self, token: &PageToken) {
        if let Some((job, _)) = numbers(token) {
            self.jobs.remove(&job);
        }
    }

    /// Returns the list of ids after `token`, and the token for the next part.
    pub(super) fn ids(
        &self,
        object: Object,
        token: Option<&PageToken>,
    ) -> (Vec<(RecordId, Timestamp)>, Option<PageToken>) {
        let mut ids: Vec<(RecordId, Timestamp)> = self
            .live(object)
            .map(|(id, row)| (id.clone(), row.modified))
            .filter(|(id, _)| token.is_none_or(|token| *id.as_str() > *token.0))
            .take(self.page_size + 1)
            .collect();
        let more = ids.len() > self.page_size;
        ids.truncate(self.page_size);
        let next = ids.last().filter(|_| more);
        let next = next.map(|(id, _)| PageToken(id.to_string()));
        (ids, next)
    }

    /// Returns the number of records per page of a request.
    fn page_size_of(&self, ask: &Changes<'_>) -> usize {
        let at_most = ask.at_most.and_then(|most| usize::try_from(most).ok());
        at_most.map_or(self.page_size, |most| self.page_size.min(most))
    }

    fn ordered(&self, ask: Changes<'_>) -> Outcome<Answer> {
        let page_size = self.page_size_of(&ask);
        let mut rows = self.window(ask.object, ask.window);
        // The token is the position of the last page, and the window has moved there, too.
        if let Some(token) = ask.token
            && ask.window.after.as_ref().map(mark) != Some(token.0.clone())
        {
            return Err(Fault::crm("crm", CrmCode::said("token_of_another_window")));
        }
        let more = rows.len() > page_size;
        rows.truncate(page_size);
        let reached = rows.last().map(|(id, row)| Position {
            at: row.modified,
            id: Some(id.clone()),
        });
        let next = reached.as_ref().filter(|_| more);
        let next = next.map(|reached| PageToken(mark(reached)));
        Ok(Answer::Page(self.page(ask.object, &rows, next, reached)))
    }

    fn unordered(&mut self, ask: Changes<'_>) -> Outcome<Answer> {
        let page_size = self.page_size_of(&ask);
        let (job, from) = if let Some(token) = ask.token {
            numbers(token).ok_or_else(|| Fault::crm("crm", CrmCode::said("token_malformed")))?
        } else {
            let since = match ask.resume.map(Since::read) {
                None => None,
                Some(Some(since)) if since.n_changes >= self.resumes_from => Some(since),
                Some(_) => return Ok(Answer::ResumeLost),
            };
            let mut rows = match since {
                Some(since) => self.changed_since(ask.object, since),
                None => self.window(ask.object, ask.window),
            };
            // Sorts by the ids' last letters, which is an order of neither time nor ids.
            rows.sort_by_key(|(id, _)| id.as_str().chars().rev().collect::<String>());
            self.n_jobs += 1;
            let opened = Since {
                n_changes: self.n_changes,
                at: self.clock,
            };
            self.jobs.insert(self.n_jobs, (rows, opened));
            (self.n_jobs, 0)
        };
        let Some((rows, opened)) = self.jobs.get(&job) else {
            return Ok(Answer::TokenLost);
        };
        let until = rows.len().min(from + page_size);
        let next = (until < rows.len()).then(|| PageToken(format!("{job}/{until}")));
        let ends = next.is_none() && self.pages == Pages::Tracked;
        let resume = ends.then(|| opened.token());
        let rows = rows.get(from..until).unwrap_or_default();
        let page = self.page(ask.object, rows, next, None);
        Ok(Answer::Page(Page { resume, ..page }))
    }

    /// Returns the changes in a window, by time and id.
    fn window(&self, object: Object, window: &Window) -> Vec<(RecordId, Row)> {
        let mut rows: Vec<(RecordId, Row)> = self
            .rows
            .get(&object)
            .into_iter()
            .flatten()
            .filter(|(id, row)| {
                let place = Position {
                    at: row.modified,
                    id: Some((*id).clone()),
                };
                row.modified < window.until
                    && row.shows <= self.clock
                    && window.after.as_ref().is_none_or(|after| place > *after)
            })
            .map(|(id, row)| (id.clone(), row.clone()))
            .collect();
        rows.sort_by(|(left_id, left), (right_id, right)| {
            (left.modified, left_id).cmp(&(right.modified, right_id))
        });
        rows
    }

    /// Returns the records that changed or became visible since then, whatever their time stamps.
    fn changed_since(&self, object: Object, since: Since) -> Vec<(RecordId, Row)> {
        let is_new = |row: &Row| row.version > since.n_changes || row.shows > since.at;
        let rows = self.rows.get(&object).into_iter().flatten();
        rows.filter(|(_, row)| is_new(row) && row.shows <= self.clock)
            .map(|(id, row)| (id.clone(), row.clone()))
            .collect()
    }

    fn page(
        &self,
        object: Object,
        rows: &[(RecordId, Row)],
        next: Option<PageToken>,
        reached: Option<Position>,
    ) -> Page {
        let raw: Vec<String> = rows.iter().map(|(_, row)| self.text(row)).collect();
        let associations = self.associations.as_ref();
        let has_parents = associations.is_none_or(|associations| associations.on_pages);
        let item = |(id, row): &(RecordId, Row)| {
            let mut item = self.item(object, id, row);
            if let (Item::Live(record), Some(associations), true) =
                (&mut item, associations, has_parents)
            {
                record.attributes.parent = associations.parent_of(object, id);
            }
            item
        };
        Page {
            items: rows
                .iter()
                .flat_map(|row| absorbed(row).chain([item(row)]))
                .collect(),
            has_parents,
            raw: raw.join("\n").into(),
            next,
            reached,
            resume: None,
            is_short: self.overstates,
        }
    }
}

/// Returns the records that were merged into a survivor, as the survivor's row names them.
fn absorbed((survivor, row): &(RecordId, Row)) -> impl Iterator<Item = Item> {
    row.absorbed.iter().map(|id| Item::Gone {
        id: id.clone(),
        survivor: Some(survivor.clone()),
    })
}

fn mark(position: &Position) -> String {
    let id = position.id.as_ref().map_or("", RecordId::as_str);
    format!("{}#{id}", position.at)
}

fn numbers(token: &PageToken) -> Option<(u64, usize)> {
    let (job, from) = token.0.split_once('/')?;
    Some((job.parse().ok()?, from.parse().ok()?))
}
