/// The number of ids that are short, as those of an account's first years are.
const SHORT: u64 = 40;

/// The objects, by the range of their ids. Tasks share the ids of companies, since an id says nothing about its object.
#[derive(Clone, Copy)]
pub(super) enum Range {
    CompanyOrTask = 1,
    Contact,
    Lead,
    Deal,
}

/// Returns the `n`th id of the account of `seed`. Ids ascend as numbers with gaps, but not as texts.
pub(super) fn record_id(range: Range, seed: u64, n: u64) -> String {
    let (range, account) = (range as u64, seed % 1_000);
    let id = if n < SHORT {
        500_000_000 + 100_000_000 * range + 10_000 * account
    } else {
        10_000_000_000 * range + 10_000_000 * account
    };
    (id + 3 * n).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn ids_ascend_as_numbers_but_not_as_texts_and_differ_by_seed() {
        let ids: Vec<String> = (0..10_000).map(|n| record_id(Range::Deal, 7, n)).collect();
        let number = |id: &String| id.parse::<u64>().unwrap();
        assert!(
            ids.windows(2)
                .all(|pair| number(&pair[0]) < number(&pair[1]))
        );
        assert!(ids.windows(2).any(|pair| pair[0] > pair[1]));
        assert_ne!(record_id(Range::Deal, 7, 5), record_id(Range::Deal, 8, 5));
    }
}
