//! Who asked for something that is noted in clear: in audit entries, receipts, and the rows of exports.

use serde::{Deserialize, Serialize};

use crate::seal::KeyedHash;

/// Who asked. Opaque: the identity provider's id of the user, never a name or an address. Entries from before 2026-11-29 may
/// have a hash without a key in its place: `sha256:` and 32 digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Asker(String);

impl Asker {
    /// The user's id as a hash under the tenant's key: a hash without a key is guessed at once.
    pub(crate) fn keyed(hash: KeyedHash) -> Self {
        Self(format!("keyed:{hash}"))
    }

    /// Somebody, of whom nothing can be noted.
    pub(crate) fn unknown() -> Self {
        Self("unknown".to_owned())
    }

    /// An id that is opaque: up to 64 of letters, digits and `._|:-`. None: it is not.
    pub fn opaque(subject: &str) -> Option<Self> {
        let fits = (1..=64).contains(&subject.len())
            && subject
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._|:-".contains(&b));
        fits.then(|| Self(subject.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_today_are_read() {
        let there = r#""sha256:0123456789abcdef0123456789abcdef""#;
        let read: Asker = serde_json::from_str(there).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), there);
    }
}
