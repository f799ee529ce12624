//! Pages of a query that end where the query ends. A query for as many rows as a page has cannot tell whether more follow, so it asks
//! for one row more.

use super::item::Attributes;

/// Returns the limit of a query for a page of `most` rows.
pub(super) fn limit(most: usize) -> i32 {
    i32::try_from(most.max(1).saturating_add(1)).unwrap_or(i32::MAX)
}

/// Returns the rows of the page, and the row after which the next page begins. `last` is the key at which the query ended.
pub(super) fn page(
    mut rows: Vec<Attributes>,
    last: Option<Attributes>,
    most: usize,
) -> (Vec<Attributes>, Option<Attributes>) {
    let most = most.max(1);
    if rows.len() <= most {
        return (rows, last);
    }
    rows.truncate(most);
    let last = rows.last().map(|row| {
        let key = ["pk", "sk"].into_iter();
        let key = key.filter_map(|name| Some((name.to_owned(), row.get(name)?.clone())));
        key.collect()
    });
    (rows, last)
}

#[cfg(test)]
mod tests {
    use super::{
        super::item::{Attributes, number},
        *,
    };

    fn rows(n: usize) -> Vec<Attributes> {
        let row = |at| Attributes::from([("sk".to_owned(), number(at))]);
        (0..n).map(row).collect()
    }

    #[test]
    fn a_page_has_a_successor_only_if_more_rows_follow() {
        let of = |n, last: Option<Attributes>| {
            let (rows, next) = page(rows(n), last, 3);
            (rows.len(), next)
        };
        assert_eq!(of(3, None), (3, None));
        let third = rows(3).pop();
        assert_eq!(of(4, None), (3, third.clone()));
        assert_eq!(of(4, rows(4).pop()), (3, third));
        // DynamoDB ended the query at 1 MB.
        let second = rows(2).pop();
        assert_eq!(of(2, second.clone()), (2, second));
    }
}
