//! Opens a tenant's session for a message. The kind of the message decides the data role.

use domain::{end_tenant::EndLimits, ports::Ports, remove_integration::RemovalLimits};

use super::{end, message, sleep};
use crate::{
    adapters::{EndPorts, PortsOf},
    events,
    queue::Fate,
    work::WorkContext,
};

/// What gives ports of a tenant, for each kind of message.
pub(super) struct Doors {
    /// Gives the ports of a removal.
    pub(super) removals: Box<PortsOf<Ports>>,
    /// Gives the ports of the end of a tenant.
    pub(super) ends: Box<PortsOf<EndPorts>>,
    /// The operator's limits of the end of a tenant.
    pub(super) limits: EndLimits,
}

impl Doors {
    /// Works on one message.
    pub(super) async fn message(
        &self,
        given: &WorkContext<'_, RemovalLimits, ()>,
        body: &str,
    ) -> Fate {
        if events::is(body, "OffboardingDue") {
            let one = async |given: &WorkContext<'_, RemovalLimits, EndPorts>, body: &str| {
                end::message(given, &self.limits, body).await
            };
            given.with(&*self.ends, body, one).await
        } else {
            let one = async |given: &WorkContext<'_, RemovalLimits>, body: &str| {
                message(given, &sleep, body).await
            };
            given.with(&*self.removals, body, one).await
        }
    }
}
