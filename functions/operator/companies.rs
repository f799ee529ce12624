//! Shows which version of the company database is read and what imports left behind, and deletes that.

use domain::{
    fault::{Fault, Outcome},
    ports::{Companies, Version},
};
use serde_json::{Value, json};

/// Entries deleted by one request to the port.
const AT_A_TIME: usize = 1_000;

/// The published version; the entries of `discard` are deleted, unless it is that one.
pub(super) async fn show(companies: &dyn Companies, discard: Option<String>) -> Outcome<Value> {
    let published = companies.published().await?;
    let discard = discard.map(Version);
    if let Some(discard) = &discard {
        if published.as_ref() == Some(discard) {
            return Err(Fault::lasting("companies.published").with_detail(&discard.0));
        }
        while companies.discard(discard, AT_A_TIME).await? {}
    }
    let left_over = companies.left_over().await?;
    Ok(json!({
        "left_over": left_over.into_iter().map(|version| version.0).collect::<Vec<_>>(),
        "published": published.map(|version| version.0),
        "discarded": discard.map(|version| version.0),
    }))
}
