/// The tables, by the range of their ids.
#[derive(Clone, Copy)]
pub(super) enum Range {
    Account = 1,
    Contact,
    Lead,
    Opportunity,
    Task,
}

/// Returns the `n`th id of the environment of `seed`. Its first groups are scattered, as those of GUIDs are.
pub(super) fn row_id(range: Range, seed: u64, n: u64) -> String {
    let scattered = (n + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(seed.wrapping_mul(0xd134_2543_de82_ef95));
    format!(
        "{:08x}-{:04x}-4e11-8{:03x}-{:012x}",
        scattered >> 32,
        (scattered >> 16) & 0xFFFF,
        ((range as u64) << 8) | (seed & 0xFF),
        n & 0xFFFF_FFFF_FFFF
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_rows_share_an_id_whatever_their_tables() {
        let ranges = [Range::Account, Range::Contact, Range::Task];
        let ids = ranges.map(|range| (0..5_000).map(move |n| row_id(range, 7, n)));
        let all: HashSet<String> = ids.into_iter().flatten().collect();
        assert_eq!(all.len(), 15_000);
        assert_ne!(row_id(Range::Task, 7, 5), row_id(Range::Task, 8, 5));
    }
}
