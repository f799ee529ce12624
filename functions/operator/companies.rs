//! Shows which edition of the company database is published and what imports left behind, deletes leftovers, and
//! accepts that the next edition may be much smaller.

use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Editions, Version},
};
use serde_json::{Value, json};

/// How many entries one request to the port deletes.
const AT_A_TIME: usize = 1_000;

/// Shows the published version and deletes the entries of `discard`, unless `discard` is that version.
pub(super) async fn show(companies: &dyn Editions, discard: Option<String>) -> Outcome<Value> {
    let edition = companies.edition().await?;
    let published = edition.as_ref().map(|edition| edition.version.clone());
    let discard = discard.map(Version);
    if let Some(discard) = &discard {
        if published.as_ref() == Some(discard) {
            return Err(Fault::of(Code::CompaniesPublished).with_detail(&discard.0));
        }
        while companies.discard(discard, AT_A_TIME).await? {}
    }
    let left_over = companies.left_over().await?;
    Ok(json!({
        "left_over": left_over.into_iter().map(|version| version.0).collect::<Vec<_>>(),
        "published": published.map(|version| version.0),
        "companies": edition.as_ref().and_then(|edition| edition.companies),
        "accepts_smaller": edition.as_ref().and_then(|edition| edition.accepts),
        "discarded": discard.map(|version| version.0),
    }))
}

/// Accepts a next edition with as few companies as `least`.
pub(super) async fn accept_smaller(companies: &dyn Editions, least: u64) -> Outcome<()> {
    let edition = companies.edition().await?;
    let published = edition.map(|edition| edition.version);
    let published = published.ok_or_else(|| Fault::of(Code::CompaniesUnpublished))?;
    if companies.accept_smaller(&published, least).await? {
        Ok(())
    } else {
        // Another edition was published meanwhile, and the operator's word was about the one before.
        Err(Fault::of(Code::CompaniesOvertaken))
    }
}
