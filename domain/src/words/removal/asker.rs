//! The user who asked for something, as audit entries, receipts and the rows of exports name them in clear.

use serde::{Deserialize, Serialize};

use crate::seal::KeyedHash;

/// The user who asked. Opaque: the identity provider's id of the user, never a name or an address. Entries from before 2026-11-29
/// may hold an unkeyed hash instead: `sha256:` and 32 digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Asker(String);

impl Asker {
    /// Builds it from a hash of the user's id under the tenant's key. An unkeyed hash could be guessed at once.
    pub(crate) fn keyed(hash: KeyedHash) -> Self {
        Self(format!("keyed:{hash}"))
    }

    /// Returns a user about whom nothing can be recorded.
    pub(crate) fn unknown() -> Self {
        Self("unknown".to_owned())
    }

    /// Accepts an opaque id of up to 64 letters, digits and `._|:-`. `None` for any other id.
    pub fn opaque(subject: &str) -> Option<Self> {
        let fits = (1..=64).contains(&subject.len())
            && subject
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._|:-".contains(&b));
        fits.then(|| Self(subject.to_owned()))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn existing_entries_are_read() {
        let there = r#""sha256:0123456789abcdef0123456789abcdef""#;
        let read: Asker = serde_json::from_str(there).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), there);
    }
}
