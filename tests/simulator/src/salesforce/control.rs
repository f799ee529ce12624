//! Control operations: what a test does to the CRM behind the client's back.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::duplicates::DuplicateRule;
use super::error::Refusal;
use super::fault::{Fault, FaultRule};
use super::id::Id;
use super::lifecycle::Converted;
use super::log::LogEntry;
use super::state::{State, lock};
use super::time::{Millis, rest_text};

/// A record's fields by name.
pub type Fields = Map<String, Value>;

/// The control operations, in process. It is cheap to clone and works from any thread.
#[derive(Clone)]
pub struct Control {
    pub(crate) state: Arc<State>,
}

/// Records of one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Records that are visible and not deleted, which `query` finds.
    pub live: usize,
    /// Records that `queryAll` finds.
    pub all: usize,
}

/// The result of an operation. An unknown object, id or field gives the refusal that Salesforce would answer.
pub type Outcome<T> = Result<T, Refusal>;

impl Control {
    /// Stores a record. Missing id, times and owner are filled in, deterministically. Unknown custom fields are created.
    pub fn load(&self, object: &str, fields: &Fields) -> Outcome<String> {
        Ok(self.state.org().load(object, fields)?.to_string())
    }

    /// Stores lines of `{"object":"Account","fields":{…}}`. Stops at the first line that is refused, and names its number.
    pub fn load_lines(&self, lines: &str) -> Outcome<usize> {
        let mut org = self.state.org();
        let mut loaded = 0;
        for (n, line) in lines
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let at = |message: String| {
                Refusal::new(400, "INVALID_LINE", format!("line {}: {message}", n + 1))
            };
            let parsed: Line = serde_json::from_str(line).map_err(|error| at(error.to_string()))?;
            org.load(&parsed.object, &parsed.fields)
                .map_err(|refusal| at(refusal.message))?;
            loaded += 1;
        }
        Ok(loaded)
    }

    /// Forgets all records, deletions, open query locators and duplicate rules.
    pub fn clear(&self) {
        lock(&self.state.cursors).clear();
        let mut org = self.state.org();
        org.tables.iter_mut().for_each(super::table::Table::clear);
        org.duplicate_rules.clear();
    }

    /// Sets the scopes of grants. The next tokens report them.
    pub fn set_scope(&self, scope: &str) {
        scope.clone_into(&mut lock(&self.state.auth).scope);
    }

    /// Changes fields, including system fields. If SystemModstamp is not given, it becomes the clock's time.
    pub fn edit(&self, object: &str, id: &str, fields: &Fields) -> Outcome<()> {
        self.state.org().edit(object, parsed(id)?, fields)
    }

    /// Creates a record as a user of the CRM would: required fields are checked, and times come from the clock.
    pub fn create(&self, object: &str, fields: &Fields) -> Outcome<String> {
        let saving = super::duplicates::Saving {
            allow: true,
            details: false,
        };
        Ok(self.state.org().create(object, fields, saving)?.to_string())
    }

    /// Moves a record to the recycle bin. A client's DELETE of an account takes its children along. This operation does
    /// so only if `cascade` is set.
    pub fn soft_delete(&self, object: &str, id: &str, cascade: bool) -> Outcome<()> {
        self.state.org().delete(object, parsed(id)?, cascade)
    }

    /// Deletes a record permanently, so that `queryAll` lacks it, too. Only the deletion log keeps an entry.
    pub fn hard_delete(&self, object: &str, id: &str) -> Outcome<()> {
        let id = parsed(id)?;
        let mut org = self.state.org();
        let now = org.stamp();
        if org.table_mut(object)?.purge(id, now) {
            Ok(())
        } else {
            Err(Refusal::not_found())
        }
    }

    /// Takes a record out of the recycle bin.
    pub fn undelete(&self, object: &str, id: &str) -> Outcome<()> {
        self.state.org().undelete(object, parsed(id)?)
    }

    /// Merges accounts, contacts or leads. See the module `lifecycle`.
    pub fn merge(&self, object: &str, winner: &str, loser: &str) -> Outcome<()> {
        self.state
            .org()
            .merge(object, parsed(winner)?, parsed(loser)?)
    }

    /// Converts a lead, into an existing account if one is given.
    pub fn convert_lead(
        &self,
        lead: &str,
        account: Option<&str>,
        opportunity: bool,
    ) -> Outcome<Converted> {
        let account = account.map(parsed).transpose()?;
        self.state
            .org()
            .convert(parsed(lead)?, account, opportunity)
    }

    /// Takes the connecting user's right to read a field, or gives it back.
    pub fn hide_field(&self, object: &str, field: &str, hidden: bool) -> Outcome<()> {
        let mut org = self.state.org();
        let schema = &mut org.table_mut(object)?.schema;
        let index = schema
            .find(field)
            .ok_or_else(|| Refusal::no_such_column(field, object))?;
        schema.fields[usize::from(index)].hidden = hidden;
        Ok(())
    }

    /// Refuses queries for a field although describe names it, as a server that lags behind does. `refused` false
    /// answers them again.
    pub fn refuse_field(&self, object: &str, field: &str, refused: bool) -> Outcome<()> {
        let mut org = self.state.org();
        let schema = &mut org.table_mut(object)?.schema;
        let index = schema
            .find(field)
            .ok_or_else(|| Refusal::no_such_column(field, object))?;
        schema.fields[usize::from(index)].refused = refused;
        Ok(())
    }

    /// Moves the organisation from `127.0.0.1` to `localhost`. New tokens name the new host, and the API at the old
    /// host answers with `fault` from now on.
    pub fn move_away(&self, fault: Fault) {
        let new = self.state.url.replace("127.0.0.1", "localhost");
        *lock(&self.state.moved) = Some((new, fault));
    }

    /// Hides a record from every request until a time of the simulator's clock, or until [`Self::release`].
    pub fn hold(&self, object: &str, id: &str, until: Option<Millis>) -> Outcome<()> {
        let id = parsed(id)?;
        if self.state.org().table_mut(object)?.hold(id, until) {
            Ok(())
        } else {
            Err(Refusal::not_found())
        }
    }

    /// Shows all held records, with the SystemModstamp that they had all along.
    pub fn release(&self) -> usize {
        let mut org = self.state.org();
        let now = org.clock.now();
        org.tables
            .iter_mut()
            .map(|table| table.release(now, true))
            .sum()
    }

    /// Sets the same SystemModstamp on all records of an object that are not deleted, as a bulk update does.
    pub fn restamp(&self, object: &str, stamp: Millis) -> Outcome<usize> {
        let ids = self.ids(object, false)?;
        let fields =
            Fields::from_iter([("SystemModstamp".to_owned(), Value::from(rest_text(stamp)))]);
        for id in &ids {
            self.edit(object, id, &fields)?;
        }
        Ok(ids.len())
    }

    /// Stops the clock at a time. `None` lets it follow the real one.
    pub fn set_clock(&self, now: Option<Millis>) {
        lock(&self.state.org).clock.set(now);
    }

    /// Returns the simulator's present time.
    pub fn now(&self) -> Millis {
        lock(&self.state.org).clock.now()
    }

    /// Removes deletions before a time from the deletion log.
    pub fn purge_deletion_log(&self, before: Millis) {
        let mut org = self.state.org();
        org.deletion_log_start = before;
        for table in &mut org.tables {
            table.deletions.retain(|_, at| *at >= before);
        }
    }

    /// Replaces the duplicate rules.
    pub fn set_duplicate_rules(&self, rules: Vec<DuplicateRule>) {
        self.state.org().duplicate_rules = rules;
    }

    /// Issues an access token, as after a login.
    pub fn session(&self) -> String {
        lock(&self.state.auth).session()
    }

    /// Expires all access tokens: they answer 401 from now on. Refresh tokens still work.
    pub fn expire_access_tokens(&self) {
        lock(&self.state.auth).expire_all();
    }

    /// Revokes all tokens: a refresh answers invalid_grant.
    pub fn revoke_grant(&self) {
        lock(&self.state.auth).revoke_grant();
    }

    /// Lets only this client log in from now on. `None` accepts any.
    pub fn set_client(&self, id: Option<&str>, secret: Option<&str>) {
        lock(&self.state.auth).set_client(id.map(str::to_owned), secret.map(str::to_owned));
    }

    /// Makes a new grant. Returns its refresh token.
    pub fn grant(&self) -> String {
        lock(&self.state.auth).grant()
    }

    /// Sets how much of the daily request limit is used, and the limit itself if it is given.
    pub fn set_usage(&self, used: u64, limit: Option<u64>) {
        let mut usage = lock(&self.state.usage);
        usage.used = used;
        usage.limit = limit.unwrap_or(usage.limit);
    }

    /// Returns how many requests of the daily limit are used.
    pub fn usage(&self) -> u64 {
        lock(&self.state.usage).used
    }

    /// Closes all query locators.
    pub fn drop_locators(&self) {
        lock(&self.state.cursors).clear();
    }

    /// Forgets all bulk jobs.
    pub fn drop_jobs(&self) {
        lock(&self.state.jobs).forget();
    }

    /// Adds faults to the queue.
    pub fn add_faults(&self, rules: impl IntoIterator<Item = FaultRule>) {
        lock(&self.state.faults).rules.extend(rules);
    }

    /// Returns the queue of faults, with the counts of each.
    pub fn faults(&self) -> Vec<FaultRule> {
        lock(&self.state.faults).rules.clone()
    }

    /// Empties the queue of faults.
    pub fn clear_faults(&self) {
        lock(&self.state.faults).rules.clear();
    }

    /// Returns the numbers of records per object.
    pub fn counts(&self) -> BTreeMap<String, Count> {
        let org = self.state.org();
        org.tables
            .iter()
            .map(|table| {
                (
                    table.schema.object.to_owned(),
                    Count {
                        live: table.live(),
                        all: table.all(),
                    },
                )
            })
            .collect()
    }

    /// Returns the ids of one object in order, on request including deleted ones.
    pub fn ids(&self, object: &str, deleted: bool) -> Outcome<Vec<String>> {
        let org = self.state.org();
        let rows = org.table(object)?.by_id(Bound::Unbounded, Bound::Unbounded);
        Ok(rows
            .filter(|row| deleted || !row.deleted)
            .map(|row| row.id.to_string())
            .collect())
    }

    /// Returns all fields of a record that are not null, including hidden fields, for deleted and held records, too.
    pub fn get(&self, object: &str, id: &str) -> Outcome<Fields> {
        let org = self.state.org();
        let table = org.table(object)?;
        let row = table
            .get_for_write(parsed(id)?)
            .ok_or_else(Refusal::not_found)?;
        let value = |(index, json): (u16, &[u8])| {
            let name = table
                .schema
                .field(index)
                .map(|field| field.name.clone())
                .unwrap_or_default();
            (name, serde_json::from_slice(json).unwrap_or_default())
        };
        Ok(row.values().map(value).collect())
    }

    /// Returns the body of the last request that creates a collection, as it was sent.
    pub fn sent(&self) -> String {
        String::from_utf8_lossy(&lock(&self.state.sent)).into_owned()
    }

    /// Returns the request log.
    pub fn requests(&self) -> Vec<LogEntry> {
        lock(&self.state.log).entries()
    }

    /// Returns how many requests went to templates that start with `template`, without control requests.
    pub fn count_requests(&self, template: &str) -> u64 {
        self.requests()
            .iter()
            .filter(|entry| entry.template.starts_with(template))
            .map(|entry| entry.count)
            .sum()
    }

    /// Empties the request log.
    pub fn reset_requests(&self) {
        lock(&self.state.log).reset();
    }
}

#[derive(serde::Deserialize)]
struct Line {
    object: String,
    fields: Fields,
}

fn parsed(id: &str) -> Outcome<Id> {
    Id::parse(id).ok_or_else(|| Refusal::new(400, "MALFORMED_ID", format!("malformed id {id}")))
}
