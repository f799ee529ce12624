//! What a test does to the account and to the simulator itself: clock, index, properties, tokens, limits.

use serde_json::json;

use super::config::{Behaviour, Limits, Rule};
use super::control::{Control, Outcome, kind};
use super::error::Refusal;
use super::labels::Named;
use super::property::{Property, Type};
use super::state::lock;
use super::time::Millis;

impl Control {
    /// Adds a custom property, or sets whether an existing one has unique values or is hidden or sensitive.
    pub fn add_property(&self, object: &str, name: &str, traits: &[&str]) -> Outcome<()> {
        let kind = kind(object)?;
        let mut portal = self.state.portal();
        let table = portal.table_mut(kind);
        let there = table.schema.find_any(name);
        let mut property = there
            .and_then(|index| table.schema.property(index).cloned())
            .unwrap_or_else(|| Property::custom(name, Type::String, "text"));
        for one in traits {
            match *one {
                "unique" => property.unique = true,
                "hidden" => property.hidden = true,
                "sensitive" => property.sensitive = true,
                "calculated" => property.calculated = true,
                "read_only" => property.read_only = true,
                "archived" => property.archived = Some(0),
                other => property.kind = Type::parse(other).ok_or_else(|| no_trait(other))?,
            }
        }
        table.add_property(property);
        Ok(())
    }

    /// Makes a label for the associations of two objects. Returns its id, which may also be the id of a type of HubSpot's own.
    pub fn add_label(&self, from: &str, to: &str, label: &str) -> Outcome<u16> {
        let named = Named {
            name: label,
            text: label,
            back: None,
        };
        let mut portal = self.state.portal();
        let [kind, _] = portal.add_label((kind(from)?, kind(to)?), named)?;
        Ok(kind.id)
    }

    /// Gives the association of two records a label.
    pub fn label(&self, from: (&str, &str), to: (&str, &str), label: u16) -> Outcome<()> {
        let given = json!({ "associationCategory": "USER_DEFINED", "associationTypeId": label });
        let mut portal = self.state.portal();
        let wanted = portal.asked_type(&given)?;
        let is_between = (wanted.from, wanted.to) == (kind(from.0)?, kind(to.0)?);
        let ends = from
            .1
            .parse()
            .ok()
            .zip(to.1.parse().ok())
            .filter(|_| is_between);
        let (from, to) = ends.ok_or_else(Refusal::not_found)?;
        portal.associate(wanted, from, to)
    }

    /// Stops the clock at a time. `None` lets it follow the real one.
    pub fn set_clock(&self, now: Option<Millis>) {
        lock(&self.state.portal).clock.set(now);
    }

    /// Returns the simulator's present time.
    pub fn now(&self) -> Millis {
        lock(&self.state.portal).clock.now()
    }

    /// Sets how late the search index learns of changes from now on.
    pub fn set_index_lag(&self, lag: Millis) {
        lock(&self.state.portal).config.index_lag = lag;
    }

    /// Selects behaviours for weak public facts.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        lock(&self.state.portal).config.behaviour = behaviour;
    }

    /// Replaces the administrators' validation rules. They bind API writes from `/2026-09/` on.
    pub fn set_rules(&self, rules: Vec<Rule>) {
        lock(&self.state.portal).config.rules = rules;
    }

    /// Issues an access token, as after a refresh.
    pub fn session(&self) -> String {
        let mut auth = lock(&self.state.auth);
        let scopes = auth.scopes.clone();
        auth.issue(scopes, "access_token")
    }

    /// Makes a new grant. Returns its refresh token.
    pub fn grant(&self) -> String {
        let mut auth = lock(&self.state.auth);
        auth.hub_known = true;
        let scopes = auth.scopes.clone();
        auth.grant(scopes)
    }

    /// Sets the scopes that the account can grant. Tokens with more scopes lose these, old tokens included.
    pub fn set_scopes(&self, scopes: &[&str]) {
        lock(&self.state.auth).scopes = scopes.iter().map(|one| (*one).to_owned()).collect();
    }

    /// Sets whether the account has Sales Hub Professional. Without it there are no leads.
    pub fn set_sales_hub(&self, there: bool) {
        lock(&self.state.auth).sales_hub = there;
    }

    /// Expires all access tokens. Refresh tokens still work.
    pub fn expire_access_tokens(&self) {
        lock(&self.state.auth).expire_all();
    }

    /// Removes the app from the account, as the customer would. All tokens are dead. A refresh answers
    /// `BAD_REFRESH_TOKEN`, or `BAD_HUB` if the account itself is gone.
    pub fn revoke_grant(&self, hub_gone: bool) {
        let mut auth = lock(&self.state.auth);
        auth.revoke_grants();
        auth.forget_access();
        auth.hub_known = !hub_gone;
    }

    /// Lets only this client log in from now on. `None` accepts any.
    pub fn set_client(&self, id: Option<&str>, secret: Option<&str>) {
        let mut auth = lock(&self.state.auth);
        auth.client_id = id.map(str::to_owned);
        auth.client_secret = secret.map(str::to_owned);
    }

    /// Returns whether a refresh token is still valid.
    pub fn is_granted(&self, refresh_token: &str) -> bool {
        lock(&self.state.auth).refresh.contains_key(refresh_token)
    }

    /// Sets how many requests private apps sent today, and how many they may send, as if other apps had sent them.
    pub fn set_usage(&self, used: u32, limit: Option<u32>) {
        lock(&self.state.limits).daily = limit;
        lock(&self.state.usage).today = used;
    }

    /// Changes the limits, and sets the day's use to `today`.
    pub fn set_limits(&self, limits: Limits, today: u32) {
        *lock(&self.state.limits) = limits;
        let mut usage = lock(&self.state.usage);
        *usage = super::limits::Usage::default();
        usage.today = today;
    }
}

fn no_trait(name: &str) -> Refusal {
    Refusal::invalid(format!("{name} is neither a trait nor a type"))
}
