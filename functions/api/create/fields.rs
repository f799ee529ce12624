//! The fields and links of a record that is wanted, held to the contract as they are read.

use domain::ports::{Fields, Link};
use serde::{Deserialize, Deserializer, de::Error as _};

/// Fields of one record at most: a bound of ours, which no form of a frontend comes near.
const MOST: usize = 500;

/// Links of one record at most: a bound of ours.
const MOST_LINKS: usize = 20;

/// Reads fields under their names. Whether one may be a list or an object is for the rules to say, since it depends on the CRM.
///
/// # Errors
/// More than [`MOST`] of them.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
    let fields = Fields::deserialize(deserializer)?;
    if fields.0.len() > MOST {
        return Err(D::Error::custom(format!("expected at most {MOST} fields")));
    }
    Ok(fields)
}

/// Reads links.
///
/// # Errors
/// More than [`MOST_LINKS`] of them.
pub(super) fn links<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Link>, D::Error> {
    let links = Vec::<Link>::deserialize(deserializer)?;
    if links.len() > MOST_LINKS {
        return Err(D::Error::custom(format!(
            "expected at most {MOST_LINKS} links"
        )));
    }
    Ok(links)
}
