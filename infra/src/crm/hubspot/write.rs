//! Creating records. This connector only reads: it refuses every field of every draft, and sends nothing.

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{
        Bases, BasisOf, Checked, Draft, Duplicates, FieldProblem, Filling, NewRecord, Sought,
        Usual, Writing, Written,
    },
    record::{Object, RecordId},
};
use jiff::SignedDuration;

use super::{HubSpot, provider::VENDOR};

fn refused() -> Written {
    Written::Refused {
        fault: VENDOR.fault(CrmCode::Unwritable),
        fields: Vec::new(),
    }
}

#[async_trait]
impl Writing for HubSpot {
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>> {
        let checked = drafts.iter().map(|draft| {
            let names = draft.fields.0.keys().cloned();
            Checked {
                refused: names
                    .map(|name| (name, FieldProblem::NotCreateable))
                    .collect(),
                ..Checked::default()
            }
        });
        Ok(checked.collect())
    }

    async fn create(&self, records: &[NewRecord], _: Duplicates) -> Outcome<Vec<Written>> {
        Ok(records.iter().map(|_| refused()).collect())
    }

    async fn rehearse(&self, records: &[NewRecord], _: Duplicates) -> Outcome<Vec<Written>> {
        Ok(records.iter().map(|_| refused()).collect())
    }

    /// Nothing was ever sent, so nothing was created.
    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<Option<Vec<RecordId>>>> {
        Ok(sought.iter().map(|_| Some(Vec::new())).collect())
    }

    fn settles(&self) -> SignedDuration {
        SignedDuration::ZERO
    }
}

#[async_trait]
impl Filling for HubSpot {
    async fn usual(&self, _: Object) -> Outcome<Vec<Usual>> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Bases for HubSpot {
    async fn has_bases(&self) -> Outcome<bool> {
        Ok(false)
    }

    async fn note_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<Written>> {
        Ok(bases.iter().map(|_| refused()).collect())
    }

    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>> {
        Ok(bases.iter().map(|_| false).collect())
    }
}
