//! What a test does to the environment and to the simulator itself: clock, columns, roles, tokens, limits.

use super::config::{Behaviour, Limits};
use super::control::{Control, Outcome, kind};
use super::error::Refusal;
use super::role::Depth;
use super::schema::{Choice, Field, Type};
use super::state::lock;
use super::time::Millis;

impl Control {
    /// Adds a column, or changes an existing one. A trait is a type such as `Picklist`, or `unique`, `secured`, `read_only`,
    /// `unreadable`, `to:account` for the end of a lookup, `1=Label` for a choice. The metadata changes, so tokens of change
    /// tracking die.
    pub fn add_column(&self, object: &str, name: &str, traits: &[&str]) -> Outcome<()> {
        let kind = kind(object)?;
        let mut org = self.state.org();
        let version = org.next_version();
        let table = org.table_mut(kind);
        let there = table.schema.named(&name.to_lowercase());
        let mut field = there
            .and_then(|index| table.schema.field(index).cloned())
            .unwrap_or_else(|| Field::custom(name, Type::String));
        for one in traits {
            match *one {
                "unique" => field.unique = true,
                "secured" => field.secured = true,
                "unreadable" => field.readable = false,
                "read_only" => (field.creatable, field.updatable) = (false, false),
                other => shaped(&mut field, other)?,
            }
        }
        table.add_field(field);
        org.metadata_version = version;
        Ok(())
    }

    /// Lets the metadata change, so that tokens of change tracking die.
    pub fn change_metadata(&self) {
        let mut org = self.state.org();
        org.metadata_version = org.next_version();
    }

    /// Switches change tracking of a table on or off, as a customiser would.
    pub fn set_tracked(&self, object: &str, tracked: bool) -> Outcome<()> {
        self.state.org().table_mut(kind(object)?).tracked = tracked;
        Ok(())
    }

    /// Sets how many days a token of change tracking lives.
    pub fn set_tracking_days(&self, days: i64) {
        lock(&self.state.org).tracking_days = days;
    }

    /// Sets how far a right (`Create`, `Read`, `Write`, `Delete`, `Append`, `AppendTo`) of the app's user reaches: `None`, `Basic`,
    /// `Local` or `Global`.
    pub fn set_depth(&self, object: &str, right: &str, depth: &str) -> Outcome<()> {
        let unknown = || Refusal::query(format!("there is no right {right} of depth {depth}"));
        let depth = Depth::parse(depth).ok_or_else(unknown)?;
        let mut org = self.state.org();
        let known = org.role.set(kind(object)?, right, depth);
        known.then_some(()).ok_or_else(unknown)
    }

    /// Stops the clock at a time. `None` lets it follow the real one.
    pub fn set_clock(&self, now: Option<Millis>) {
        lock(&self.state.org).clock.set(now);
    }

    /// Returns the simulator's present time.
    pub fn now(&self) -> Millis {
        lock(&self.state.org).clock.now()
    }

    /// Selects behaviours for weak public facts.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        lock(&self.state.org).config.behaviour = behaviour;
        lock(&self.state.auth).rotates = behaviour.rotates_refresh_tokens;
    }

    /// Sets whether the environment has Sales. Without it there are no leads and no opportunities.
    pub fn set_sales(&self, there: bool) {
        lock(&self.state.org).config.sales = there;
    }

    /// Sets whether duplicate detection has published rules.
    pub fn set_duplicate_rules(&self, there: bool) {
        lock(&self.state.org).config.duplicate_rules = there;
    }

    /// Sets the most rows that an aggregate covers.
    pub fn set_aggregate_limit(&self, limit: usize) {
        lock(&self.state.org).config.aggregate_limit = limit;
    }

    /// Issues an access token of a user, as after a refresh.
    pub fn session(&self) -> String {
        lock(&self.state.auth).issue(false)
    }

    /// Makes a new grant. Returns its refresh token.
    pub fn grant(&self) -> String {
        lock(&self.state.auth).grant()
    }

    /// Expires all access tokens. Refresh tokens still work.
    pub fn expire_access_tokens(&self) {
        lock(&self.state.auth).expire_all();
    }

    /// Revokes all refresh tokens. Issued access tokens stay valid until they expire.
    pub fn revoke_grant(&self) {
        lock(&self.state.auth).revoke_grants();
    }

    /// Returns whether a refresh token is still valid.
    pub fn is_granted(&self, refresh_token: &str) -> bool {
        lock(&self.state.auth).is_granted(refresh_token)
    }

    /// Adds the app's application user to the environment, or removes it.
    pub fn set_application_user(&self, there: bool) {
        lock(&self.state.auth).application_user = there;
    }

    /// Makes the users of all tokens members of the environment, or strangers to it.
    pub fn set_members(&self, are: bool) {
        lock(&self.state.auth).members = are;
    }

    /// Lets every request for a token fail with one of Entra's errors, such as 50173. `None` ends that.
    pub fn set_token_trouble(&self, code: Option<u32>) {
        lock(&self.state.auth).trouble = code;
    }

    /// Lets only this client log in from now on. `None` accepts any.
    pub fn set_client(&self, id: Option<&str>, secret: Option<&str>) {
        let mut auth = lock(&self.state.auth);
        auth.client_id = id.map(str::to_owned);
        auth.client_secret = secret.map(str::to_owned);
    }

    /// Changes the limits of service protection, and forgets what was used of them.
    pub fn set_limits(&self, limits: Limits) {
        *lock(&self.state.limits) = limits;
        *lock(&self.state.usage) = super::limits::Usage::default();
    }
}

fn shaped(field: &mut Field, what: &str) -> Outcome<()> {
    if let Some(target) = what.strip_prefix("to:") {
        field.targets.push(target.to_owned());
        return Ok(());
    }
    if let Some((value, label)) = what.split_once('=') {
        let value = value
            .parse()
            .map_err(|_| Refusal::query(format!("{value} is no number")))?;
        field.choices.push(Choice {
            value,
            label: label.to_owned(),
            other: 0,
        });
        return Ok(());
    }
    let kind = Type::parse(what);
    field.kind = kind.ok_or_else(|| Refusal::query(format!("{what} is no type")))?;
    Ok(())
}
