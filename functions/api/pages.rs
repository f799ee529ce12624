//! Pages of lists that are read as a whole. A page has as many items as a response can hold.

use domain::show_copy::{Budget, weight};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::problem::Problem;

/// Returns as many of `things`, each as `told` shows it, as a response can hold.
///
/// # Errors
/// Returns an error if a thing does not serialize, which is a bug.
pub(super) fn page<T, S: Serialize>(
    things: &[T],
    told: impl Fn(&T) -> S,
) -> Result<Vec<Box<RawValue>>, Problem> {
    let mut budget = Budget::default();
    let mut page = Vec::new();
    for thing in things {
        let json = to_raw_value(&told(thing)).map_err(|_| Problem::internal())?;
        if !budget.take(weight(json.get())) {
            break;
        }
        page.push(json);
    }
    Ok(page)
}

/// Returns the key after which the next page goes on. `None` if all things were told.
pub(super) fn cursor<T, K>(things: &[T], n_told: usize, key: impl Fn(&T) -> K) -> Option<K> {
    let last = things.get(n_told.checked_sub(1)?)?;
    (n_told < things.len()).then(|| key(last))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::show_copy::MAX_ANSWER;

    use super::*;

    #[test]
    fn a_long_list_comes_in_pages_that_end_at_a_number_of_bytes() {
        let things: Vec<(u32, String)> = (0..10).map(|n| (n, "x\"".repeat(500_000))).collect();
        let (mut rest, mut n_pages, mut told) = (things.as_slice(), 0, 0);
        loop {
            let page = page(rest, |thing| thing.1.clone()).unwrap();
            let bytes: usize = page.iter().map(|json| weight(json.get())).sum();
            assert!(bytes <= MAX_ANSWER, "{bytes}");
            (n_pages, told) = (n_pages + 1, told + page.len());
            let Some(last) = cursor(rest, page.len(), |thing| thing.0) else {
                break;
            };
            rest = &things[last as usize + 1..];
        }
        assert_eq!(told, 10);
        assert!(n_pages > 4, "{n_pages}");
    }
}
