//! Matches CRM records with the companies of the vendor's database.
//!
//! The crate reads the vendor's company file, brings companies and records to canonical values, finds
//! candidates through an inverted index, and decides, with evidence. It depends on nothing else of
//! this workspace: no CRM, no AWS, no storage, no clock.
//!
//! ```
//! use std::collections::HashMap;
//!
//! use matching::{Attributes, Postings, RelationStatus, decide, index, reader::CompanyReader};
//!
//! // The company file becomes the index. In production, DynamoDB stores it.
//! let file = "id,name,zip,city,domain\n\
//!     c1,Nordwerk Anlagen AG,20095,Hamburg,nordwerk.example\n\
//!     c2,Müller Werkzeugbau GmbH,10115,Berlin,mueller-werkzeugbau.example\n";
//! let companies = CompanyReader::open(file.as_bytes())?.companies();
//! let mut stored = HashMap::new();
//! index::build_part(0, 1, companies, |key, postings| {
//!     stored.insert(key, postings);
//!     Ok(())
//! })?;
//!
//! // A record of the CRM looks up its keys, and the rule decides between the candidates.
//! let attributes = Attributes {
//!     name: Some("Fa. Mueller Werkzeugbau"),
//!     city: Some("Berlin"),
//!     website: Some("https://www.mueller-werkzeugbau.example/kontakt"),
//!     ..Attributes::default()
//! };
//! let profile = attributes.profile();
//! let keys = profile.lookup_keys();
//! let candidates: Vec<_> = keys
//!     .iter()
//!     .filter_map(|key| stored.get(key))
//!     .flat_map(Postings::companies)
//!     .collect();
//! let relations = decide(&profile, &candidates, &|| false);
//! assert_eq!(relations[0].company.as_str(), "c2");
//! assert_eq!(relations[0].status, RelationStatus::Automatic);
//! # Ok::<(), matching::reader::FileError>(())
//! ```
//!
//! # Map
//!
//! | module | what |
//! | --- | --- |
//! | `company` | a company as the vendor wrote it: [`Company`], [`CompanyId`], [`Column`] |
//! | [`reader`] | the vendor's file: rows, errors, the import report |
//! | [`normalise`] | canonical values, and who stores them |
//! | `profile` | the canonical values of a company or a record: [`Profile`] |
//! | [`index`] | match keys and postings; building the index in bounded memory |
//! | `rule` | [`decide`]: features, weights, cutoffs, evidence |
//! | [`training`] | what training and measuring need of the rule; not used in production |
//!
//! Beside `src`: `model/` trains the weights (Python, a step of development), `examples/match_bench`
//! measures precision, recall and speed (`make match-bench`), and `examples/match_train` writes
//! training data.
//!
//! # Where to begin
//!
//! * **A free-mail domain**: `normalise/shared_hosts.rs` has the list, and says what happens to stored
//!   values.
//! * **A legal form**: `normalise/forms/words.rs`, or `phrases.rs` for a form of several words, and a
//!   case in `forms/tests.rs`.
//! * **A country's VAT ids**: `normalise/identifiers/vat/rules.rs`, with published ids in its tests.
//! * **A column of the company file**: `reader/columns.rs`, `reader/row.rs` and `company/entry.rs`.
//! * **A feature**: `rule/features/mod.rs`, then train the weights as `model/README.md` describes. The compiler does not lead to
//!   what a new *value* has to be known to: `Comparer::of` and `compare` beside it, `rule/clear.rs` (`compare`, `agrees`),
//!   `is_contradicted` in `rule/decide.rs` if it may contradict, and `Profile::identifies_nothing`.
//! * **A field of the evidence**: a line in `rule/relation.rs` with a new letter; its sentence, and `rule/explain.rs` where the
//!   compiler leads; `MatchField` in `infra/openapi.yaml`, which a test compares. Earlier builds cannot read bodies with the new
//!   letter, so a release with it cannot be rolled back: say so in `CHANGELOG.md`.
//! * **Weights or cutoffs**: `model/README.md`. The weights are trained, never edited by hand, and the
//!   cutoffs (`rule/cutoffs.rs`) are calibrated to them.
//!
//! # Terms
//!
//! *Attributes* are what a record says about its company; a *profile* is their canonical form. A
//! *match key* leads to *postings*, and the companies found under a record's keys are its *candidates*.
//! *Features* compare a record with a candidate. A *relation* states that a record is a company; its
//! *evidence* lists what was compared.

/// The name of these rules. It is another one in each release that changes what a key, a profile or a decision is: it stands for
/// the sources of this crate, without comments and tests.
pub const RULES: &str = env!("MATCHING_RULES");

mod company;
pub mod index;
pub mod normalise;
mod profile;
pub mod reader;
mod rule;

pub use company::{Column, Company, CompanyId, CompanyIdError, MAX_COMPANY_ID};
pub use index::{
    KeyKind, MAX_LOOKUPS, MAX_MATCH_KEY, MAX_POSTINGS, MatchKey, Posting, Postings, SharedPostings,
};
pub use profile::Profile;
pub use rule::{
    Agreement, Attributes, Candidate, Evidence, MatchField, NamePart, Relation, RelationStatus,
    decide, training,
};
