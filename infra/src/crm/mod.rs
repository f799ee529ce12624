//! Connectors. Each uses one vendor's API and implements [`domain::ports::Crm`].
//!
//! | folder | what |
//! | --- | --- |
//! | [`client`] | what every connector shares |
//! | [`dynamics`] | Dynamics 365: the Dataverse Web API, change tracking, OAuth |
//! | [`hubspot`] | HubSpot: objects, search, associations, OAuth |
//! | [`salesforce`] | Salesforce: REST, Bulk API 2.0, OAuth |
//!
//! Nothing here depends on AWS, and nothing here decides what happens to a record. A connector fetches, makes spellings
//! uniform, and says what a failure means.
//!
//! # To add a CRM
//!
//! 1. `domain/src/words/provider.rs`: a line with the variant and its name. The list, the reader and the texts that list CRMs
//!    follow, and so do the names of its settings. The compiler then asks for the spelling of its ids
//!    (`domain/src/words/integration.rs`), [`wanted`], [`Connectors`] and [`RegisteredApps`].
//! 2. A folder beside `salesforce`, with the same file names:
//!
//!    | file | what | begin with |
//!    | --- | --- | --- |
//!    | `mod` | the connector, and what of the port it has | |
//!    | `provider` | data: hosts, token endpoint, consents, abilities, lag | the vendor's pages on OAuth |
//!    | `errors` | the one table of error codes: what each means, and what to do about it | a captured body of each |
//!    | `settings` | the operator's settings: what the vendor wants set (`WANTED`), and what becomes of it | |
//!    | `describe` | the fields of an object | |
//!    | `page`, `page_token` | parsing of pages, pure; where a list of pages goes on | fixtures |
//!    | `people` | which records are people, and which fields name and reach them | |
//!    | `changes`, `ids`, `deletions`, `read` | the reading part of the port | |
//!    | `write` | creating records, and finding those that may have been made | |
//!    | `rights`, `powers` | what a grant may do | |
//!    | `auth` | the operator's app | |
//!
//!    State in `provider` what the CRM *can* ([`domain::ports::Abilities`]). Rules ask that, and never which CRM it is.
//!    Add what the kit lacks to the kit, with a test there.
//! 3. `tests/simulator`: the vendor's wire formats on the shared kit of records, clock and faults.
//! 4. `tests/contract/crm`: a `Stage` over the new simulator, and one entry in `stage::all`. Every promise of the port
//!    then runs against the new connector. Promises that its abilities exclude are listed as such.
//!    `cargo test -p infra --test crm_contract` prints the promises with a column for each backend.
//! 5. `template.yaml`: the parameters of its app. Its head says which; `functions/settings` needs no line. `tests/template/test_settings.py`
//!    names the variables that a function lacks, and `tests/template/test_rules.py` tries pairs that cannot work together.
//! 6. `infra/openapi.yaml`: schema `Provider`, and the line `<name>-*` of `x-problem-types`, which a test compares with the table; the
//!    text of `loginUrl`, which none does.
//! 7. No test finds these when they are missing: the simulator's `lib.rs` and its subcommand in `main.rs`; `[[test]]` in
//!    `tests/simulator/Cargo.toml`; `infra/tests/<vendor>` with its `[[test]]` in `infra/Cargo.toml`; `tests/generator`; files of its own
//!    in `tests/house` and `tests/demo`; and for people `README.md`, `ARCHITECTURE.md` (the map), `infra/docs/operate.md`, AppRefusedAlarm in
//!    `infra/docs/runbook.md`, `CHANGELOG.md`.
//!
//! `tests/tidy` finds every other place that names a vendor; a new name goes into `VENDORS` there.

pub mod client;
mod connectors;
pub mod dynamics;
pub mod hubspot;
pub mod salesforce;

pub use self::connectors::{Connectors, OperatorApps, RegisteredApps, wanted};
