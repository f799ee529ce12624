//! The records that are hidden: those of people who objected or were erased, and those whose deletion in the CRM waits for a
//! decision.

use super::{Freshness, Shown, View};
use crate::{
    fault::{Code, Fault, Outcome},
    legal::Suppressions,
    ports::{Copied, Suppressed},
    suppressed,
    vanished::Vanished,
};

impl View<'_> {
    /// Opens records for display like [`Self::opened`], but leaves out records of people who objected or were erased, and records
    /// whose deletion in the CRM waits for a decision.
    pub(crate) async fn shown(
        &self,
        copied: Vec<Copied>,
        freshness: &Freshness,
        suppressions: &Suppressions,
    ) -> Outcome<Vec<Shown>> {
        let there = copied.into_iter().filter(is_displayed).collect();
        let mut shown = self.opened(there, freshness).await?;
        let suppressed = self.suppressed(&shown, suppressions).await?;
        let mut suppressed = suppressed.into_iter();
        shown.retain(|_| suppressed.next() == Some(Suppressed::default()));
        Ok(shown)
    }

    /// Returns the suppressions in force for records, in the order of the records.
    pub(crate) async fn suppressed(
        &self,
        shown: &[Shown],
        suppressions: &Suppressions,
    ) -> Outcome<Vec<Suppressed>> {
        if suppressions.is_empty() {
            return Ok(vec![Suppressed::default(); shown.len()]);
        }
        let (scope, wanted) = (
            self.scope(),
            suppressed::asked(suppressions, shown.iter().map(Shown::subject)),
        );
        let deciding =
            suppressed::deciding(self.store, &self.keys, scope, suppressions, wanted).await?;
        let of = |shown: &Shown| shown.subject().suppressed(suppressions, scope, &deciding);
        Ok(shown.iter().map(of).collect())
    }

    /// Refuses a record whose person objected or was erased, or whose deletion in the CRM waits for a decision.
    ///
    /// # Errors
    /// Permanent: `record.withheld` if the person objected, `record.vanished` if the deletion waits. If the person was erased, the
    /// fault does not reveal that the record exists.
    pub(crate) async fn admit(&self, record: &Shown, suppressions: &Suppressions) -> Outcome<()> {
        let suppressed = self
            .suppressed(std::slice::from_ref(record), suppressions)
            .await?;
        match suppressed.first() {
            Some(suppressed) if suppressed.erased => Err(Fault::of(Code::RecordUnknown)),
            Some(suppressed) if suppressed.objected => {
                Err(Fault::of(Code::RecordWithheld).with_detail("objection"))
            }
            _ if record.vanished == Some(Vanished::Waiting) => Err(Fault::of(Code::RecordVanished)),
            _ => Ok(()),
        }
    }
}

/// Returns whether a record of the copy may be displayed. It may not while its deletion in the CRM waits for a decision.
pub(crate) fn is_displayed(copied: &Copied) -> bool {
    copied.known.vanished != Some(Vanished::Waiting)
}
