use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{
        Bases, BasisOf, Checked, Draft, Duplicates, Filling, NewRecord, Sought, Usual, Writing,
        Written,
    },
    record::{Object, RecordId},
};
use jiff::SignedDuration;

use super::crm::FaultyCrm;

#[async_trait]
impl Filling for FaultyCrm {
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>> {
        let work = self.inner.usual(object);
        self.faults.call("usual", work).await
    }
}

#[async_trait]
impl Bases for FaultyCrm {
    async fn has_bases(&self) -> Outcome<bool> {
        self.faults.call("has_bases", self.inner.has_bases()).await
    }

    async fn note_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<Written>> {
        let work = self.inner.note_bases(bases);
        self.faults.call("note_bases", work).await
    }

    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>> {
        let work = self.inner.find_bases(bases);
        self.faults.call("find_bases", work).await
    }
}

#[async_trait]
impl Writing for FaultyCrm {
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>> {
        let work = self.inner.check(drafts);
        self.faults.call("check", work).await
    }

    async fn create(&self, records: &[NewRecord], duplicates: Duplicates) -> Outcome<Vec<Written>> {
        let work = self.inner.create(records, duplicates);
        self.faults.call("create_records", work).await
    }

    async fn rehearse(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>> {
        let work = self.inner.rehearse(records, duplicates);
        self.faults.call("rehearse", work).await
    }

    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<Option<Vec<RecordId>>>> {
        let work = self.inner.find(sought);
        self.faults.call("find", work).await
    }

    fn settles(&self) -> SignedDuration {
        self.inner.settles()
    }
}
