//! The operator's command line, for what the API does not offer (yet). It uses the same rules and the same ports.
//!
//! Each command prints one JSON value on stdout. Secrets are better passed in the environment than as arguments, which
//! every process of the machine can read.

mod allowance;
mod args;
mod companies;
pub mod connect;
mod held;
mod integrations;
mod offboard;
mod progress;
mod record;
mod which;
mod world;

use domain::{
    connect::Connect,
    ended,
    fault::Outcome,
    integration::{Integration, Which},
    ports::Integrations,
    removal::Asker,
    tenant::TenantId,
};
use serde_json::Value;

use self::world::World;
pub use self::{
    args::{Args, Command},
    connect::ConnectArgs,
    which::WhichArgs,
};
use crate::{
    clock, ids,
    settings::{self, AppsSettings},
};

/// Runs one command.
///
/// # Errors
/// Returns the fault of a missing setting, of a rule or of a port.
pub async fn run(args: Args) -> Outcome<Value> {
    let settings = settings::Operator::read(&settings::environment)?;
    let apps = match &args.command {
        Command::Connect(args) => args.apps(&settings::environment)?,
        _ => AppsSettings::default(),
    };
    let world = world::world(&settings, &apps).await;
    match args.command {
        Command::Connect(args) => {
            let wanted = args.read(&settings::environment, settings.crm.loopback)?;
            connect_with(&world, wanted).await
        }
        Command::Allowance { tenant, set, unset } => {
            let store = &*world.ports.store;
            ended::refuse(store, &TenantId::parse(tenant.trim())?).await?;
            allowance::change(store, &tenant, &set, &unset).await
        }
        Command::Offboard { tenant, confirm } => offboard_with(&world, &tenant, confirm).await,
        Command::Integrations => integrations::list(world.ports.store.as_ref()).await,
        Command::Companies {
            accept_smaller,
            discard,
        } => {
            let companies = &*world.companies;
            if let Some(least) = accept_smaller {
                companies::accept_smaller(companies, least).await?;
            }
            companies::show(companies, discard).await
        }
        Command::Progress(which) => progress::show(&world.store, &which.read()?).await,
        Command::Held {
            which,
            decision: None,
            ..
        } => held::show(&world.ports, &which.read()?).await,
        Command::Held {
            which,
            decision: Some(decision),
            run,
        } => answer_with(&world, &which.read()?, &run.unwrap_or_default(), &decision).await,
        Command::Record { which, object, id } => {
            record::open(&world.ports, &which.read()?, &object, &id).await
        }
    }
}

async fn connect_with(world: &World, wanted: Connect) -> Outcome<Value> {
    let given = connect::ConnectContext {
        ports: &world.ports,
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        now: clock::now(),
    };
    connect::connect(&given, wanted).await
}

async fn offboard_with(world: &World, tenant: &str, confirm: Option<String>) -> Outcome<Value> {
    let given = offboard::OffboardContext {
        ports: &world.ports,
        asker: &|tenant| Box::pin(asker(world, tenant)),
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        clock: &clock::now,
        limits: &world.limits,
    };
    offboard::offboard(&given, tenant, confirm.as_deref()).await
}

/// Returns whoever has the credentials of this process, as the route of the API names whoever signs a request with them.
async fn asker(world: &World, tenant: TenantId) -> Outcome<Asker> {
    let key = world.caller_key.as_deref();
    let key = key.ok_or_else(|| settings::missing("CALLER_SECRET"))?;
    let arn = world.aws.identity().await?;
    Ok(Asker::of_operator(key.hash(&tenant, &arn)))
}

async fn answer_with(world: &World, which: &Which, run: &str, decision: &str) -> Outcome<Value> {
    let given = held::Answering {
        ports: &world.ports,
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        now: clock::now(),
        random: ids::random(),
    };
    held::decide(&given, which, run, decision).await
}

/// Reads an integration.
async fn find(store: &dyn Integrations, which: &Which) -> Outcome<Integration> {
    Integration::known(store.integration(which).await?)
}
