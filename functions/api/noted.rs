//! The entry that the audit has of each request that changes something. It is written before anything is changed. If that fails, the
//! request fails, and nothing was changed.

use domain::{audit::AuditEntry, removal::Asked, tenant::IntegrationId};

use super::Call;
use crate::problem::Problem;

/// The proof that the audit has an entry of the request. Only [`Call::note`] makes one, or [`Noted::elsewhere`] for what another row notes,
/// and a handler that changes something has to return it.
pub struct Noted {
    /// Who asks, and when.
    pub asked: Asked,
    integration: Option<IntegrationId>,
    about: Option<String>,
}

impl Noted {
    /// Takes what another row says of who asked, and when, for the entry. That row has to be written before anything is changed, and to
    /// outlive it.
    pub(super) fn elsewhere(asked: Asked) -> Self {
        Self {
            asked,
            integration: None,
            about: None,
        }
    }

    /// Names the integration, where the path of the request does not.
    #[must_use]
    pub fn of(mut self, integration: &IntegrationId) -> Self {
        self.integration = Some(integration.clone());
        self
    }

    /// Returns what it names: the integration, and what was changed.
    pub(super) fn told(self) -> (Option<IntegrationId>, Option<String>) {
        (self.integration, self.about)
    }

    /// Names what was changed by an opaque id.
    #[must_use]
    pub fn about(mut self, id: impl ToString) -> Self {
        self.about = Some(id.to_string());
        self
    }
}

impl Call<'_> {
    /// Stores the request's entry. A handler calls it after everything that it refuses unasked, and before it changes anything.
    ///
    /// # Errors
    /// Returns the fault of the keys or of the store.
    pub async fn note(&self) -> Result<Noted, Problem> {
        let (ports, caller) = (self.ports, self.caller);
        let asked = Asked {
            by: caller
                .asker(&*ports.keys, &self.settings.caller_key)
                .await?,
            at: self.now(),
        };
        let integration = IntegrationId::parse(self.request.param("integration")).ok();
        let by = asked.by.clone();
        let entry = AuditEntry::of_request(asked.at, by, self.operation, integration, self.id);
        // If the write's answer is lost, the entry may be there, and is concluded, too.
        let _ = self.noted.set(entry.place.clone());
        ports.store.note_request(&caller.tenant, &entry).await?;
        Ok(Noted {
            asked,
            integration: None,
            about: None,
        })
    }
}
