//! What each use case touches of the store. A use case that needs one port takes that port.
//!
//! | use case | may touch |
//! | --- | --- |
//! | dispatch | [`DispatchStore`] |
//! | connect | [`ConnectStore`] |
//! | sync | [`SyncStore`] |
//! | show, relate, subject | [`ViewStore`] |
//! | answer | [`AnswerStore`] |
//! | create | [`CreateStore`] |
//! | export | [`ExportStore`] |
//! | remove | [`RemoveStore`] |

use super::{
    Comparing, Controllers, Copies, Deciding, Exports, Grants, Integrations, Intents, Leases,
    Legal, Outbox, Reading, Removals, Runs, Schedule, Vanishing,
};

/// Declares a set of ports. Whatever has all of them has the set.
macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident: $first:ident $(+ $more:ident)*;)*) => {$(
        $(#[$doc])*
        pub trait $name: $first $(+ $more)* {}

        impl<S: ?Sized + $first $(+ $more)*> $name for S {}
    )*};
}

needs! {
    /// Finding what is due, and claiming it.
    DispatchStore: Integrations + Schedule;

    /// Connecting an integration.
    ConnectStore: Grants + Integrations + Runs;

    /// A run's slice.
    SyncStore: Comparing + Copies + Deciding + Grants + Leases + Legal + Reading + Runs + Vanishing;

    /// Showing the copy, relating its records, and finding or erasing people in it.
    ViewStore: Deciding + Integrations + Legal + Reading + Runs;

    /// Answering what is to become of held-back deletions.
    AnswerStore: Integrations + Runs + Vanishing;

    /// Creating records.
    CreateStore: Copies + Deciding + Intents + Legal + Reading;

    /// Asking for an export, and writing its file.
    ExportStore: Exports + ViewStore;

    /// Removing an integration.
    RemoveStore: Exports + Grants + Integrations + Removals + Runs;

    /// Everything: what a backend offers.
    Store: AnswerStore + ConnectStore + Controllers + CreateStore + DispatchStore + ExportStore + Outbox + RemoveStore + SyncStore;
}
