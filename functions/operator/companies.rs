//! Shows which edition of the company database is read and what imports left behind, deletes that, and takes the operator's word
//! that the next edition may be much smaller.

use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Editions, Version},
};
use serde_json::{Value, json};

/// Entries deleted by one request to the port.
const AT_A_TIME: usize = 1_000;

/// The published version; the entries of `discard` are deleted, unless it is that one.
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

/// The next edition may have as few companies as `least`.
pub(super) async fn accept_smaller(companies: &dyn Editions, least: u64) -> Outcome<()> {
    let edition = companies.edition().await?;
    let published = edition.map(|edition| edition.version);
    let published = published.ok_or_else(|| Fault::of(Code::CompaniesUnpublished))?;
    if companies.accept_smaller(&published, least).await? {
        Ok(())
    } else {
        // Another edition was published meanwhile: the word was about the one before.
        Err(Fault::of(Code::CompaniesOvertaken))
    }
}
