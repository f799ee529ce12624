//! Opens a tenant's session for a message. The kind of the message decides the data role.

use domain::{ports::Ports, sync::SyncLimits};

use super::{export, message};
use crate::{
    adapters::{ExportPorts, PortsOf},
    events,
    queue::Fate,
    work::WorkContext,
};

/// What gives ports of a tenant, for each kind of message.
pub(super) struct Doors {
    /// Gives the ports of a run.
    pub(super) runs: Box<PortsOf<Ports>>,
    /// Gives the ports of an export.
    pub(super) exports: Box<PortsOf<ExportPorts>>,
}

impl Doors {
    /// Works on one message.
    pub(super) async fn message(
        &self,
        given: &WorkContext<'_, SyncLimits, ()>,
        body: &str,
    ) -> Fate {
        if events::is(body, "ExportDue") {
            given.with(&*self.exports, body, export::message).await
        } else {
            given.with(&*self.runs, body, message).await
        }
    }
}
