//! Tests of the rules with the ports in memory.
//!
//! * `copying`: what a run adds to the copy and deletes from it.
//! * `comparing`: the comparison with the CRM, and its repairs.
//! * `holding`: held-back deletions, and decisions about them.
//! * `slices`: hand-over, leases, fences.
//! * `standing`: runs without progress.
//! * `starving`: objects that fail transiently, and the others.
//! * `stored`: rows of earlier releases are read.
//! * `trouble`: a CRM that refuses requests.
//! * `narrowing`: fields that the CRM lists but refuses to return.
//! * `broken`: every call of every port broken in turn.
//! * `cutting`: puts interrupted between any two writes, and lost relations.
//! * `days`, `fairness`: days with very many integrations, of which nobody starves.
//! * `dispatching`: due integrations, and claims.
//! * `creating`: at most one record, and a truthful outcome, whatever breaks.
//! * `erasing`: data subjects.
//! * `erased_meanwhile`: people who are erased while a run checks the copy for erased people.
//! * `exporting`: the export of a controller's copy.
//! * `failing`: runs in which nothing succeeds.
//! * `heads`: the heads of the legal register, signed, and what is missed when something was taken out.
//! * `legal`: what clears a person, and the chain.
//! * `losing`: a tenant whose own keys are lost.
//! * `removing`: what a removal deletes and leaves, broken in turn, and between the steps of a sync.
//! * `relating`: users' decisions, and new company files.
//! * `editions`: editions of the company database share their rows.
//! * `merging`: decisions about merged records.
//! * `sharing`: the share of the CRM's daily budget that runs may use.
//! * `showing`: views of the copy.
//! * `opted_out`: opt-outs in the CRM are shown, and stop nothing.
//! * `sizes`: the size limit of responses.
//! * `hiding`: people who objected are shown nowhere.
//! * `accounts`: accounts that are people.
//! * `abilities`: CRMs with fewer or other abilities.
//! * `allowing`: tenants are held to their allowance.
//! * `choosing`: an administrator's settings.
//! * `codes`: codes of faults are typed values, not texts.
//! * `connecting`: consents, and the conditions for connecting.
//! * `tidy`: the rules for the layout of the sources.
//! * `parents`: parents that are associations and move no time stamp.
//! * `numbers`: an account and a contact with the same number.
//! * `departed`: what belonged to merged and deleted records.
//! * `unreadable`: an unreadable cursor, and records that became unreadable.
//! * `moving`: moved parents, broken anywhere, and erasures that depend on them.
//! * `hidden`: differences that the counts hide.
//! * `versions`: what copies of an earlier release lack.
//! * `random`: any history ends in a copy that equals the CRM.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod abilities;
mod accounts;
mod allowing;
mod broken;
mod choosing;
mod codes;

mod comparing;
mod connecting;
mod copying;
mod creating;
mod cutting;
mod days;
mod departed;
mod dispatching;
mod editions;
mod erased_meanwhile;
mod erasing;
mod exporting;
mod failing;
mod fairness;
mod heads;
mod hidden;
mod hiding;
mod holding;
mod legal;
mod losing;
mod merging;
mod moving;
mod narrowing;
mod numbers;
mod opted_out;
mod parents;
mod random;
mod relating;
mod removing;
mod sharing;
mod showing;
mod sizes;
mod slices;
mod standing;
mod starving;
mod stored;
mod telling;
mod tidy;
mod trouble;
mod unreadable;
mod versions;
mod world;
