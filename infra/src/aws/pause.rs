//! Pauses between two attempts.

use std::time::Duration;

/// Pauses with full jitter: up to a bound that doubles with each round.
pub(super) async fn pause(round: u32) {
    let mut byte = [0_u8; 2];
    // Without randomness the pause is the bound itself.
    let share = match aws_lc_rs::rand::fill(&mut byte) {
        Ok(()) => u64::from(u16::from_be_bytes(byte)),
        Err(_) => u64::from(u16::MAX),
    };
    let most = 25_u64 << round.min(7);
    tokio::time::sleep(Duration::from_millis(most * share / u64::from(u16::MAX))).await;
}
