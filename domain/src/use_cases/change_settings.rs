//! Reads and changes an integration's settings.

use jiff::Timestamp;

use crate::{
    fault::{Code, Fault, Outcome},
    integration::{Integration, Status, Which},
    ports::{ChangedSettings, Integrations, Keys},
    seal::GenerationKeys,
    settings::{Calendar, Settings, StoredSettings},
};

/// Settings with their version.
pub struct Versioned {
    /// The integration of the settings.
    pub integration: Integration,
    /// The settings, or the default ones if none were stored.
    pub settings: Settings,
}

impl Versioned {
    /// Returns a tag for the version. Tags are equal only for equal settings of one generation.
    pub fn tag(&self) -> String {
        let version = self
            .integration
            .settings
            .as_ref()
            .map_or(0, |kept| kept.version);
        format!("{}-{version}", self.integration.scope.generation)
    }
}

/// Reads the settings.
///
/// # Errors
/// Permanent if there is no such integration, or if its settings no longer exist. Revoked if its key is lost.
pub async fn read(store: &dyn Integrations, keys: &dyn Keys, which: &Which) -> Outcome<Versioned> {
    Ok(open(store, keys, which).await?.0)
}

/// Replaces the settings of version `tag`. A chosen hour moves the next run, unless that run is due already.
///
/// # Errors
/// Permanent if there is no such integration, if it is not connected, if `tag` is not the current version, or if the new settings
/// are invalid. Transient if something else changed the integration at the same moment.
pub async fn write(
    store: &dyn Integrations,
    keys: &dyn Keys,
    which: &Which,
    tag: &str,
    settings: Settings,
    now: Timestamp,
    calendar: &Calendar,
) -> Outcome<Versioned> {
    settings.check()?;
    let (seen, keys) = open(store, keys, which).await?;
    if seen.integration.status != Status::Connected {
        return Err(Fault::of(Code::IntegrationNotConnected));
    }
    if seen.tag() != tag {
        return Err(Fault::of(Code::SettingsChangedMeanwhile));
    }
    let integration = &seen.integration;
    let kept = StoredSettings {
        version: integration
            .settings
            .as_ref()
            .map_or(1, |kept| kept.version.saturating_add(1)),
        sealed: settings.seal(&keys, &integration.scope)?,
        hour: settings.schedule_hour,
    };
    let (due, next) = times(&seen, &settings, now, calendar);
    let change = ChangedSettings {
        seen: integration,
        kept: &kept,
        due,
        next,
    };
    if !store.put_settings(&change).await? {
        return Err(Fault::of(Code::IntegrationChangedMeanwhile));
    }
    Ok(Versioned {
        integration: Integration {
            settings: Some(kept),
            due,
            ..seen.integration
        },
        settings,
    })
}

/// Returns the integration's due time, and the due time of the run after the open one.
fn times(
    seen: &Versioned,
    new: &Settings,
    now: Timestamp,
    calendar: &Calendar,
) -> (Timestamp, Option<Timestamp>) {
    let due = seen.integration.due;
    if new.schedule_hour == seen.settings.schedule_hour {
        return (due, None);
    }
    let next = calendar.next_run(new.schedule_hour, &seen.integration.scope, now);
    match &seen.integration.open_run {
        // While a run is open, the due time says when to look at that run.
        Some(_) => (due, Some(next)),
        None if due <= now => (due, None),
        None => (next, None),
    }
}

async fn open(
    store: &dyn Integrations,
    keys: &dyn Keys,
    which: &Which,
) -> Outcome<(Versioned, std::sync::Arc<GenerationKeys>)> {
    let integration = Integration::with_copy(store.integration(which).await?)?;
    let scope = &integration.scope;
    let keys = keys
        .open(scope)
        .await?
        .ok_or_else(|| Fault::of(Code::KeysLost))?;
    let settings = Settings::open(&keys, scope, integration.settings.as_ref())?;
    Ok((
        Versioned {
            integration,
            settings,
        },
        keys,
    ))
}
