//! The rules, held against the ports in memory.
//!
//! * `copying`: what a run brings into the copy and takes out of it.
//! * `comparing`: the comparison with the CRM, and what it mends.
//! * `holding`: more vanishes than may, and somebody answers.
//! * `slices`: hand-over, leases, fences.
//! * `standing`: runs that do not get on.
//! * `starving`: objects that fail transiently, and the others.
//! * `trouble`: a CRM that refuses.
//! * `narrowing`: fields that the CRM names and refuses queries for.
//! * `broken`: every call of every port broken in turn.
//! * `cutting`: puts that are cut between any two writes, and relations that were lost.
//! * `dispatching`: what is due, and claims.
//! * `creating`: at most one record, and a truthful outcome, whatever breaks.
//! * `erasing`: data subjects.
//! * `exporting`: what the controller is given back.
//! * `failing`: runs in which nothing succeeds.
//! * `legal`: what clears a person, and the chain.
//! * `losing`: a tenant whose own keys are lost.
//! * `removing`: what a removal deletes and leaves, broken in turn, and between the steps of a sync.
//! * `relating`: decisions of users, and new company files.
//! * `merging`: decisions about records that were merged.
//! * `showing`: what is shown of the copy.
//! * `sizes`: answers end at a number of bytes.
//! * `hiding`: people who objected are shown nowhere.
//! * `accounts`: accounts that are people.
//! * `abilities`: CRMs that can less than others, or can it in another way.
//! * `choosing`: what an administrator sets.
//! * `codes`: codes of faults are typed values, not texts.
//! * `connecting`: consents, and who may connect what.
//! * `tidy`: what the layout of the sources promises.
//! * `random`: any history ends in a copy that is the CRM.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod abilities;
mod accounts;
mod broken;
mod choosing;
mod codes;

mod comparing;
mod connecting;
mod copying;
mod creating;
mod cutting;
mod dispatching;
mod erasing;
mod exporting;
mod failing;
mod hiding;
mod holding;
mod legal;
mod losing;
mod merging;
mod narrowing;
mod random;
mod relating;
mod removing;
mod showing;
mod sizes;
mod slices;
mod standing;
mod starving;
mod telling;
mod tidy;
mod trouble;
mod world;
