//! The only place where randomness for ids enters. Keys and nonces are drawn where they are used, inside sealing.

/// Keeps the ids of two runs that begin in one millisecond apart.
pub fn random() -> u32 {
    rand::random()
}

/// 64 random bytes: an OAuth state and a PKCE verifier.
pub fn secrets() -> [u8; 64] {
    rand::random()
}

/// A slice's own id, which no other slice has: 128 bits, in hexadecimal.
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
