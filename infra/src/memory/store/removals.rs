//! Removals, receipts, and what a removal deletes.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    integration::{Status, Which},
    ports::Removals,
    removal::{Asked, Leftover, Part, ReceiptHead, Removal, SignedReceipt, What},
    seal::Sealed,
    tenant::{Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    MemoryStore,
    rows::{Rows, Underway},
    snapshot,
};
use crate::places::Shape;

#[async_trait]
impl Removals for MemoryStore {
    async fn begin_removal(
        &self,
        which: &Which,
        asked: &Asked,
    ) -> Outcome<Option<(Scope, Status)>> {
        Ok(self.lock().begin_removal(which, asked))
    }

    async fn removal(&self, scope: &Scope) -> Outcome<Option<Removal>> {
        let rows = self.lock();
        Ok(rows.removals.get(scope).map(|found| found.removal.clone()))
    }

    async fn take_removal(
        &self,
        scope: &Scope,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Removal>> {
        let mut rows = self.lock();
        let found = rows.removing(scope)?;
        let is_others = |(other, until): &(String, Timestamp)| other != holder && *until > now;
        if found.lease.as_ref().is_some_and(is_others) {
            return Ok(None);
        }
        found.lease = Some((holder.to_owned(), deadline));
        Ok(Some(found.removal.clone()))
    }

    async fn release_removal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        if let Ok(found) = self.lock().removal_of(scope, holder) {
            found.lease = None;
        }
        Ok(())
    }

    async fn note_removal(&self, scope: &Scope, holder: &str, removal: &Removal) -> Outcome<()> {
        self.lock().removal_of(scope, holder)?.removal = removal.clone();
        Ok(())
    }

    async fn drop_credentials(&self, scope: &Scope) -> Outcome<()> {
        let mut rows = self.lock();
        rows.removing(scope)?;
        let place = (scope.tenant.clone(), scope.integration.clone());
        if let Some(integration) = rows.integrations.get_mut(&place) {
            integration.credentials = Sealed::from_stored(Vec::new());
            integration.settings = None;
        }
        Ok(())
    }

    async fn leftovers(&self, scope: &Scope, part: Part, most: usize) -> Outcome<Vec<Leftover>> {
        let mut found = self.lock().leftovers(scope, part);
        found.truncate(most.min(self.page_size));
        Ok(found)
    }

    async fn discard(&self, scope: &Scope, part: Part, found: &[Leftover]) -> Outcome<()> {
        let keys: BTreeSet<&str> = found.iter().map(|found| found.key.as_str()).collect();
        self.lock().discard(scope, part, &keys);
        Ok(())
    }

    async fn last_receipt(&self, tenant: &TenantId) -> Outcome<Option<ReceiptHead>> {
        Ok(self.lock().last_receipt(tenant))
    }

    async fn close_removal(
        &self,
        holder: &str,
        removal: &Removal,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
        _: Timestamp,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        let scope = &receipt.scope;
        let is_last = rows.last_receipt(&scope.tenant).as_ref() == previous;
        let underway = rows.removal_of(scope, holder)?;
        if !is_last {
            return Ok(false);
        }
        *underway = Underway {
            removal: removal.clone(),
            lease: None,
        };
        let place = (scope.tenant.clone(), scope.integration.clone());
        if let Some(integration) = rows.integrations.get_mut(&place) {
            integration.status = Status::Removed;
            integration.lease = None;
            integration.open_run = None;
        }
        rows.receipts.insert(scope.clone(), receipt.clone());
        Ok(true)
    }

    async fn receipt(&self, scope: &Scope) -> Outcome<Option<SignedReceipt>> {
        Ok(self.lock().receipts.get(scope).cloned())
    }

    async fn receipts(&self, tenant: &TenantId) -> Outcome<Vec<SignedReceipt>> {
        let rows = self.lock();
        let of_tenant = rows.receipts.values();
        let mut found: Vec<SignedReceipt> = of_tenant
            .filter(|receipt| receipt.scope.tenant == *tenant)
            .cloned()
            .collect();
        found.sort_by_key(|receipt| receipt.number);
        Ok(found)
    }
}

impl Rows {
    fn begin_removal(&mut self, which: &Which, asked: &Asked) -> Option<(Scope, Status)> {
        let place = (which.tenant.clone(), which.integration.clone());
        let integration = self.integrations.get_mut(&place)?;
        let scope = integration.scope.clone();
        if matches!(
            integration.status,
            Status::Connected | Status::NeedsReconnect
        ) {
            integration.status = Status::Removing;
            integration.due = asked.at;
            integration.open_run = None;
            integration.standstill = None;
            integration.untold.clear();
            let underway = Underway {
                removal: Removal::begin(asked.clone()),
                lease: None,
            };
            self.removals.insert(scope.clone(), underway);
        }
        Some((scope, integration.status))
    }

    /// Returns the removal if the integration is being removed in this generation.
    fn removing(&mut self, scope: &Scope) -> Outcome<&mut Underway> {
        let integration = self
            .integrations
            .get(&(scope.tenant.clone(), scope.integration.clone()));
        let is_removing = integration
            .is_some_and(|found| found.status == Status::Removing && found.scope == *scope);
        self.removals
            .get_mut(scope)
            .filter(|_| is_removing)
            .ok_or_else(|| Fault::of(Code::RemovalNotUnderWay))
    }

    /// Returns the removal if it is under way and leased to `holder`.
    fn removal_of(&mut self, scope: &Scope, holder: &str) -> Outcome<&mut Underway> {
        let found = self.removing(scope)?;
        let is_ours = found
            .lease
            .as_ref()
            .is_some_and(|(there, _)| there == holder);
        if is_ours {
            Ok(found)
        } else {
            Err(Fault::of(Code::RemovalLeaseLost))
        }
    }

    fn last_receipt(&self, tenant: &TenantId) -> Option<ReceiptHead> {
        self.receipts
            .values()
            .filter(|receipt| receipt.scope.tenant == *tenant)
            .max_by_key(|receipt| receipt.number)
            .map(SignedReceipt::head)
    }

    fn leftovers(&self, scope: &Scope, part: Part) -> Vec<Leftover> {
        // Counted as on AWS. What no shape names is a row.
        let leftover = |shape: Shape, key: String| Leftover {
            what: shape.counts_as().unwrap_or(What::Row),
            key,
        };
        match part {
            Part::Copies(object) => {
                let records = self
                    .records
                    .keys()
                    .filter(|(of, kind, _)| of == scope && *kind == object)
                    .map(|place| leftover(Shape::Record, snapshot::name(place)));
                let relations = self
                    .relations
                    .keys()
                    .filter(|((of, kind, _), _)| of == scope && *kind == object)
                    .map(|place| leftover(Shape::Relation, snapshot::relation_name(place)));
                records.chain(relations).collect()
            }
            Part::Exports => {
                let exports = self.exports.keys().filter(|(of, _)| of == scope);
                let uploads = self.uploads.keys().filter(|(of, ..)| of == scope);
                exports
                    .map(|(_, name)| leftover(Shape::Export, name.clone()))
                    .chain(uploads.map(|(_, _, id)| Leftover {
                        what: What::Upload,
                        key: id.clone(),
                    }))
                    .collect()
            }
            Part::Pages => {
                let pages = self.pages.keys().filter(|(of, ..)| of == scope);
                let bodies = self.bodies.keys().filter(|(of, ..)| of == scope);
                pages
                    .map(|place| leftover(Shape::Page, snapshot::page_name(place)))
                    .chain(bodies.map(|place| leftover(Shape::Body, snapshot::name(place))))
                    .collect()
            }
            Part::Ledger => {
                let progress = self.progress.keys().filter(|(of, _)| of == scope);
                let runs = self.runs.keys().filter(|(of, _)| of == scope);
                let quarantine = self.quarantine.keys().filter(|(of, ..)| of == scope);
                let intents = self.intents.intents.keys().filter(|(of, _)| of == scope);
                let makers = self.intents.makers.keys().filter(|(of, ..)| of == scope);
                let exporting = self.exporting.keys().filter(|(of, _)| of == scope);
                let merged = self.merged.keys().filter(|(of, ..)| of == scope);
                let held_back = self.held_back.keys().filter(|(of, ..)| of == scope);
                let decided = self.decided.keys().filter(|of| *of == scope);
                let decisions = self.decisions.iter();
                let decisions = decisions.filter(|(((of, ..), _), _)| of == scope);
                progress
                    .map(|(_, object)| leftover(Shape::Progress, format!("{object}")))
                    .chain(runs.map(|(_, run)| leftover(Shape::Run, run.to_string())))
                    .chain(quarantine.map(|(_, object, name)| {
                        leftover(Shape::Quarantine, format!("{object}/{name}"))
                    }))
                    .chain(decisions.map(|(place, _)| {
                        leftover(Shape::Decision, snapshot::relation_name(place))
                    }))
                    .chain(merged.map(|place| {
                        leftover(Shape::Merged, format!("merged {}", snapshot::name(place)))
                    }))
                    .chain(held_back.map(|place| {
                        leftover(
                            Shape::HeldBack,
                            format!("held back {}", snapshot::name(place)),
                        )
                    }))
                    .chain(decided.map(|_| leftover(Shape::DeletionsDecided, "decided".to_owned())))
                    .chain(
                        exporting.map(|(_, id)| leftover(Shape::Exporting, format!("export {id}"))),
                    )
                    .chain(intents.map(|(_, key)| leftover(Shape::Intent, format!("intent {key}"))))
                    .chain(makers.map(|(_, object, id)| {
                        leftover(Shape::Made, format!("made {object}/{id}"))
                    }))
                    .collect()
            }
            Part::Keys => Vec::new(),
        }
    }

    fn discard(&mut self, scope: &Scope, part: Part, keys: &BTreeSet<&str>) {
        let stays = |of: &Scope, key: String| of != scope || !keys.contains(key.as_str());
        match part {
            Part::Copies(_) => {
                self.records
                    .retain(|place, _| stays(&place.0, snapshot::name(place)));
                self.relations
                    .retain(|place, _| stays(&place.0.0, snapshot::relation_name(place)));
                self.links
                    .retain(|place, _| stays(&place.0.0, snapshot::relation_name(place)));
            }
            Part::Pages => {
                self.pages
                    .retain(|place, _| stays(&place.0, snapshot::page_name(place)));
                self.bodies
                    .retain(|place, _| stays(&place.0, snapshot::name(place)));
            }
            Part::Exports => {
                self.exports.retain(|(of, name), _| stays(of, name.clone()));
                self.uploads
                    .retain(|(of, _, upload), _| stays(of, upload.clone()));
            }
            Part::Ledger => {
                self.progress
                    .retain(|(of, object), _| stays(of, object.to_string()));
                self.runs.retain(|(of, run), _| stays(of, run.to_string()));
                self.quarantine
                    .retain(|(of, object, name), _| stays(of, format!("{object}/{name}")));
                self.held_back.retain(|place, _| {
                    stays(&place.0, format!("held back {}", snapshot::name(place)))
                });
                self.decided.retain(|of, _| stays(of, "decided".to_owned()));
                self.exporting
                    .retain(|(of, id), _| stays(of, format!("export {id}")));
                self.intents
                    .intents
                    .retain(|(of, key), _| stays(of, format!("intent {key}")));
                self.intents
                    .makers
                    .retain(|(of, object, id), _| stays(of, format!("made {object}/{id}")));
                self.merged.retain(|place, _| {
                    stays(&place.0, format!("merged {}", snapshot::name(place)))
                });
                self.decisions
                    .retain(|place, _| stays(&place.0.0, snapshot::relation_name(place)));
            }
            Part::Keys => {}
        }
    }
}
