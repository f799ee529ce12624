//! Makes what the bodies work with from the settings: clients of AWS, ports, connectors.
//!
//! Once per process, and with the first invocation, not before: a start that reads certificates and looks for
//! credentials would be paid for by every cold start, health checks included.

use std::sync::Arc;

use domain::{
    fault::{Fault, Outcome},
    order::Order,
    ports::{Companies, Ports, Store},
};
use tokio::sync::OnceCell;

use crate::{companies::Bucket, settings};

pub struct Bus {}
impl Bus {
    pub async fn send(&self, _: Vec<Order>) -> Outcome<()> {
        Err(Fault::lasting("stub"))
    }
}

/// What dispatch works with.
pub struct Dispatching {
    /// The Ledger.
    pub store: Arc<dyn Store>,
    /// The event bus.
    pub bus: Bus,
}

/// What sync works with.
pub struct Syncing {
    /// The world.
    pub ports: Ports,
    /// The event bus.
    pub bus: Bus,
    /// What the operator set for a slice.
    pub settings: domain::sync::Settings,
}

/// What companies works with.
pub struct Importing {
    /// The table.
    pub companies: Arc<dyn Companies>,
    /// The bucket for reference data.
    pub bucket: Bucket,
}

/// What the operator's commands work with.
pub struct World {
    /// The world.
    pub ports: Ports,
    /// The event bus.
    pub bus: Bus,
}

fn stub() -> Outcome<()> {
    Err(Fault::lasting("stub"))
}

/// What dispatch works with, made once.
pub async fn dispatch(settings: &settings::Dispatch) -> Outcome<&'static Dispatching> {
    static WORLD: OnceCell<Dispatching> = OnceCell::const_new();
    WORLD
        .get_or_try_init(|| async {
            stub()?;
            Err(Fault::lasting(settings.bus.clone()))
        })
        .await
}

/// What sync works with, made once.
pub async fn sync(settings: &settings::Sync) -> Outcome<&'static Syncing> {
    static WORLD: OnceCell<Syncing> = OnceCell::const_new();
    WORLD
        .get_or_try_init(|| async {
            stub()?;
            Err(Fault::lasting(settings.bus.clone()))
        })
        .await
}

/// What companies works with, made once.
pub async fn companies(settings: &settings::Companies) -> Outcome<&'static Importing> {
    static WORLD: OnceCell<Importing> = OnceCell::const_new();
    WORLD
        .get_or_try_init(|| async {
            stub()?;
            Err(Fault::lasting(settings.reference.clone()))
        })
        .await
}

/// What the operator's commands work with.
pub async fn operator(settings: &settings::Operator) -> Outcome<World> {
    Err(Fault::lasting(settings.bus.clone()))
}
