//! The only place that draws randomness for ids. Keys and nonces are drawn where they are used, inside sealing.

/// Returns a number that keeps the ids of two runs apart if they begin in the same millisecond.
pub fn random() -> u32 {
    rand::random()
}

/// Returns 64 random bytes for an OAuth state and a PKCE verifier.
pub fn secrets() -> [u8; 64] {
    rand::random()
}

/// Returns a slice's own id: 128 random bits in hexadecimal.
pub fn holder() -> String {
    format!("{:032x}", rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_do_not_repeat() {
        let ids: HashSet<String> = (0..10_000).map(|_| holder()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 32));
    }
}
