//! What a test does to the organisation and to the simulator itself: fields, rules, clock, host, tokens, limit, locators, jobs.

use super::control::{Control, Outcome};
use super::error::Refusal;
use super::fault::Fault;
use super::rules::DuplicateRule;
use super::schema::Field;
use super::state::lock;
use super::time::Millis;

impl Control {
    /// Takes the connecting user's right to read a field, or gives it back.
    pub fn hide_field(&self, object: &str, field: &str, hidden: bool) -> Outcome<()> {
        self.change_field(object, field, |field| field.hidden = hidden)
    }

    /// Refuses queries for a field although describe names it, as a server that lags behind does. `refused` false
    /// answers them again.
    pub fn refuse_field(&self, object: &str, field: &str, refused: bool) -> Outcome<()> {
        self.change_field(object, field, |field| field.refused = refused)
    }

    fn change_field(
        &self,
        object: &str,
        name: &str,
        change: impl FnOnce(&mut Field),
    ) -> Outcome<()> {
        let mut org = self.state.org();
        let schema = &mut org.table_mut(object)?.schema;
        let index = schema
            .find(name)
            .ok_or_else(|| Refusal::no_such_column(name, object))?;
        change(&mut schema.fields[usize::from(index)]);
        Ok(())
    }

    /// Replaces the duplicate rules.
    pub fn set_duplicate_rules(&self, rules: Vec<DuplicateRule>) {
        self.state.org().duplicate_rules = rules;
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

    /// Moves the organisation from `127.0.0.1` to `localhost`. New tokens name the new host, and the API at the old
    /// host answers with `fault` from now on.
    pub fn move_away(&self, fault: Fault) {
        let new = self.state.url.replace("127.0.0.1", "localhost");
        *lock(&self.state.moved) = Some((new, fault));
    }

    /// Issues an access token, as after a login.
    pub fn session(&self) -> String {
        lock(&self.state.auth).session()
    }

    /// Makes a new grant. Returns its refresh token.
    pub fn grant(&self) -> String {
        lock(&self.state.auth).grant()
    }

    /// Sets the scopes of grants. The next tokens report them.
    pub fn set_scope(&self, scope: &str) {
        scope.clone_into(&mut lock(&self.state.auth).scope);
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
}
