//! Which ports of the store each use case needs. A use case that needs only one port takes that port.
//!
//! | use case | store ports |
//! | --- | --- |
//! | dispatch | [`DispatchStore`], [`OrderStore`] |
//! | connect | [`ConnectStore`] |
//! | sync | [`SyncStore`] |
//! | show_copy, review_relations, subject_requests | [`ViewStore`] |
//! | review_held | [`AnswerStore`] |
//! | create | [`CreateStore`] |
//! | export_copy | [`ExportStore`] |
//! | remove_integration | [`RemoveStore`] |
//! | end_tenant | [`EndStore`] |

use super::{
    Allowances, Audit, Comparing, Controllers, Copies, Deciding, Exports, Grants, Integrations,
    Intents, Leases, Legal, Offboardings, Outbox, Reading, Removals, Runs, Schedule, Vanishing,
};

/// Declares a set of ports. Every type that implements all of them implements the set.
macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident: $first:ident $(+ $more:ident)*;)*) => {$(
        $(#[$doc])*
        pub trait $name: $first $(+ $more)* {}

        impl<S: ?Sized + $first $(+ $more)*> $name for S {}
    )*};
}

needs! {
    /// Finding and claiming due integrations.
    DispatchStore: Allowances + Integrations + Schedule;

    /// What dispatch, the function, works with: it orders removals, too, and looks where they stand.
    OrderStore: Removals + Schedule;

    /// Connecting an integration.
    ConnectStore: Allowances + Grants + Integrations + Offboardings + Runs;

    /// One slice of a run.
    SyncStore: Allowances + Comparing + Copies + Deciding + Grants + Leases + Legal + Reading + Runs + Vanishing;

    /// Showing the copy, relating its records, and finding or erasing people in it.
    ViewStore: Deciding + Integrations + Legal + Reading + Runs;

    /// Deciding what happens to held-back deletions.
    AnswerStore: Integrations + Runs + Vanishing;

    /// Creating records.
    CreateStore: Allowances + Copies + Deciding + Intents + Legal + Reading;

    /// Requesting an export, and writing its file.
    ExportStore: Allowances + Exports + ViewStore;

    /// Removing an integration.
    RemoveStore: Exports + Grants + Integrations + Offboardings + Removals + Runs;

    /// Ending a tenant.
    EndStore: Integrations + Offboardings + Removals;

    /// All ports: what a backend offers.
    Store: AnswerStore + Audit + ConnectStore + Controllers + CreateStore + DispatchStore + EndStore + ExportStore + Outbox + RemoveStore + SyncStore;
}
