//! The command line: its commands and their arguments.

use clap::{Parser, Subcommand};

use super::{connect::ConnectArgs, which::WhichArgs};

/// The operator's commands. Tables, keys and bus are named by the same settings as those of the functions.
#[derive(Parser)]
#[command(name = "operator", version)]
pub struct Args {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Connects an integration to a CRM organisation: checks the grant, makes the keys and stores the integration, due at once.
    Connect(Box<ConnectArgs>),
    /// Shows a tenant's allowance and what it has used, or states numbers that apply to it alone.
    Allowance {
        /// The tenant: 3 to 40 of a-z, 0-9 and -.
        #[arg(long)]
        tenant: String,
        /// A number of the tenant's own, in place of the stack's: runs_per_hour=50, say. It may be given several times.
        #[arg(long, value_name = "NAME=NUMBER")]
        set: Vec<String>,
        /// A number for which the stack's applies again.
        #[arg(long, value_name = "NAME")]
        unset: Vec<String>,
    },
    /// Shows what a tenant has, or ends it: removes its integrations, deletes everything that outlives them, and prints the receipt. It
    /// is given again until it prints the receipt.
    Offboard {
        /// The tenant: 3 to 40 of a-z, 0-9 and -.
        #[arg(long)]
        tenant: String,
        /// The tenant once more. From then on no request of it is served, and there is no way back.
        #[arg(long, value_name = "TENANT")]
        confirm: Option<String>,
    },
    /// Lists the integrations that are synced.
    Integrations,
    /// Shows the progress of an integration's objects.
    Progress(WhichArgs),
    /// Shows which edition of the company database is published.
    Companies {
        /// Accepts a next edition with as few companies as this, however many the published one has. The report of the
        /// refused file has the number. Put the file again afterwards.
        #[arg(long, value_name = "N", conflicts_with = "discard")]
        accept_smaller: Option<u64>,
        /// Deletes the entries of a version that an import could not delete itself. Its report says so by "remains".
        #[arg(long)]
        discard: Option<String>,
    },
    /// Shows the deletions that are held back, or decides about them.
    Held {
        /// The integration.
        #[command(flatten)]
        which: WhichArgs,
        /// confirm: the next run takes the records out of the copy. leave: the records stay.
        #[arg(long, requires = "run")]
        decision: Option<String>,
        /// The run that held them back, as this command shows it.
        #[arg(long, requires = "decision")]
        run: Option<String>,
    },
    /// Opens one record of the copy.
    Record {
        /// The integration.
        #[command(flatten)]
        which: WhichArgs,
        /// The object, as the API names it: Account, say.
        #[arg(long)]
        object: String,
        /// The CRM's id.
        #[arg(long)]
        id: String,
    },
}
