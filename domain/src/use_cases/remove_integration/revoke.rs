//! Revokes the grant at the CRM. The attempts are few and recorded, and the removal never waits for their success.

use std::{collections::BTreeMap, sync::Arc};

use futures::future::{Either, select};
use jiff::SignedDuration;

use super::run::{Flow, Work};
use crate::{
    fault::{Code, Fault, Kind, Outcome},
    grant::Unstored,
    integration::{Credentials, Integration, Status},
    ports::{CrmAccess, Revoked},
    removal::{Part, Revocation, Stage},
};

/// The pause before the second attempt. It doubles with each further attempt.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);

impl Work<'_> {
    /// Revokes the grant. The deletion of data waits for no CRM: after the last attempt the removal goes on, and the receipt says
    /// that the revocation is unconfirmed. An attempt is recorded before it is made, so that attempts which crash the slice are
    /// counted, too.
    pub(super) async fn revoke(&mut self) -> Outcome<Flow> {
        self.expect().await?;
        // Exports are in clear, so they do not wait for the CRM either. If sweeping them fails, they are swept with everything
        // else.
        match self.sweep(Part::Exports).await {
            Ok(Flow::Done) => {}
            Ok(Flow::OutOfTime) => return Ok(Flow::OutOfTime),
            Err(fault) if fault.kind() == Kind::Fenced => return Err(fault),
            Err(_) => {}
        }
        let settings = self.slice.settings;
        while self.removal.revocation.confirmed.is_none() {
            let tries = self.removal.revocation.tries;
            if tries >= settings.revoke_tries {
                self.removal.revocation.confirmed = Some(false);
                break;
            }
            if self.out_of_time() {
                return Ok(Flow::OutOfTime);
            }
            if tries > 0 {
                (self.slice.sleep)(FIRST_PAUSE.saturating_mul(1 << (tries - 1).min(4))).await;
            }
            self.removal.revocation.tries += 1;
            self.note().await?;
            match self.give_back().await {
                Ok(revoked) => {
                    self.removal.revocation = Revocation {
                        confirmed: Some(revoked.is_confirmed()),
                        code: None,
                        achieved: Some(revoked).filter(|revoked| *revoked != Revoked::Dead),
                        ..self.removal.revocation.clone()
                    };
                }
                Err(fault) => {
                    let revocation = &mut self.removal.revocation;
                    revocation.code = Some(fault.code().to_string().chars().take(64).collect());
                    // Repeating the request would not change the result.
                    if matches!(
                        fault.kind(),
                        Kind::Permanent | Kind::Revoked | Kind::Operator
                    ) {
                        revocation.confirmed = Some(false);
                    }
                }
            }
        }
        self.removal.stage = Stage::Destroying;
        Ok(Flow::Done)
    }

    /// Records the number of copied records, by which the progress is reported. Also records until when an export may be writing,
    /// because the rows with the leases are swept. No new lease is granted any more.
    async fn expect(&mut self) -> Outcome<()> {
        if self.removal.expected.is_none() {
            let (store, scope) = (self.slice.store, self.slice.scope);
            let exports = store.exports(scope).await?;
            let leases = exports.into_iter().filter_map(|found| found.leased_until);
            self.removal.exporting_until = leases.max();
            let progress = store.progress(scope).await?;
            self.removal.expected = Some(progress.iter().map(|object| object.held).sum());
            self.note().await?;
        }
        Ok(())
    }

    async fn give_back(&self) -> Outcome<Revoked> {
        let slice = self.slice;
        let integration = Integration::known(self.integration().await?)?;
        let keys = slice
            .keys
            .open(self.slice.scope)
            .await?
            .ok_or_else(|| Fault::of(Code::KeysLost))?;
        let credentials = Credentials::open(&keys, self.slice.scope, &integration.credentials)?;
        let is_consent = credentials.grant.is_consent();
        let crm = (slice.crm)(CrmAccess {
            provider: integration.provider,
            // The grant is not renewed just to be revoked, and nothing may be stored any more.
            renewal: Arc::new(Unstored::new(credentials.clone())),
            credentials,
            fields: BTreeMap::new(),
        })?;
        let may_be_shared = crm.abilities().grants.shared && is_consent;
        if may_be_shared && self.is_shared(&integration).await? {
            return Ok(Revoked::KeptForAnother);
        }
        let patience = (self.slice.sleep)(self.slice.settings.revoke_patience);
        match select(crm.revoke(), patience).await {
            // The CRM does not know the grant any more, so there is nothing left to revoke.
            Either::Left((Err(fault), _)) if fault.kind() == Kind::Revoked => Ok(Revoked::Dead),
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(Fault::of(Code::CrmSilent)),
        }
    }

    /// Returns whether another integration of the tenant lives on a consent of the same organisation.
    async fn is_shared(&self, own: &Integration) -> Outcome<bool> {
        let tenant = &own.scope.tenant;
        let mut after = None;
        loop {
            let (listed, next) = self
                .slice
                .store
                .integrations(tenant, after.as_ref())
                .await?;
            let lives = |other: &Integration| {
                other.scope.integration != own.scope.integration
                    && other.provider == own.provider
                    && other.organisation == own.organisation
                    && other.status == Status::Connected
            };
            for other in listed.iter().filter(|other| lives(other)) {
                if self.is_by_consent(other).await? {
                    return Ok(true);
                }
            }
            if next.is_none() {
                return Ok(false);
            }
            after = next;
        }
    }

    /// Returns whether the integration was connected by a user's consent. A grant that does not open lives no more.
    async fn is_by_consent(&self, other: &Integration) -> Outcome<bool> {
        let Some(keys) = self.slice.keys.open(&other.scope).await? else {
            return Ok(false);
        };
        let opened = Credentials::open(&keys, &other.scope, &other.credentials);
        Ok(opened.is_ok_and(|opened| opened.grant.is_consent()))
    }
}
