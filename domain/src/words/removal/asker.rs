//! The user who asked for something, as audit entries, receipts and the rows of exports name them in clear.

use serde::{Deserialize, Serialize};

use crate::seal::KeyedHash;

/// Who asked: a hash of the user's id under the tenant's key, or the operator, with a hash of who acted for it where that is proven. Entries from before 2026-11-30 may have the id of a user
/// itself, those from before 2026-11-29 an unkeyed hash: `sha256:` and 32 digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Asker(String);

impl Asker {
    /// Builds it from a hash of the user's id under the tenant's key. An unkeyed hash could be guessed at once, and the bare id is the
    /// user's name at the identity provider.
    pub(crate) fn keyed(hash: KeyedHash) -> Self {
        Self(format!("keyed:{hash}"))
    }

    /// Returns the operator without saying who acted for it.
    pub fn operator() -> Self {
        Self("operator".to_owned())
    }

    /// Returns the operator, by the hash of the identity that acted for it. The key has to be the operator's own: the end of a tenant
    /// destroys the tenant's keys, and its receipt names who ordered it for ever.
    pub fn of_operator(identity: KeyedHash) -> Self {
        Self(format!("operator:{identity}"))
    }

    /// Returns a user about whom nothing can be recorded.
    pub(crate) fn unknown() -> Self {
        Self("unknown".to_owned())
    }

    /// Reads a stored one: up to 64 letters, digits and `._|:-`. `None` for any other text.
    pub fn stored(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._|:-".contains(&b));
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn existing_entries_are_read() {
        let there = r#""sha256:0123456789abcdef0123456789abcdef""#;
        let read: Asker = serde_json::from_str(there).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), there);
    }

    #[test]
    fn whoever_acts_for_the_operator_is_stored_and_read_again() {
        for byte in 0..=u8::MAX {
            let hash = URL_SAFE_NO_PAD.encode([byte; 16]);
            let named = Asker::of_operator(KeyedHash::parse(&hash).unwrap());
            assert_eq!(named.as_str(), format!("operator:{hash}"));
            assert_eq!(Asker::stored(named.as_str()), Some(named));
        }
    }
}
