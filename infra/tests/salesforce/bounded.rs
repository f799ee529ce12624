//! Pages that are smaller than usual, after slices that made no progress.

use super::*;

/// Returns the number of records on each page of a whole read. Asserts that every record comes once.
async fn sizes(org: &Org, options: Options, at_most: Option<u32>) -> Vec<usize> {
    let crm = org.crm_with(options);
    let window = whole();
    let (mut token, mut sizes, mut ids) = (None, Vec::new(), Vec::new());
    loop {
        let ask = Changes {
            object: Object::Account,
            window: &window,
            resume: None,
            token: token.as_ref(),
            at_most,
        };
        let Answer::Page(page) = crm.changes(ask).await.unwrap() else {
            panic!("the token is lost");
        };
        sizes.push(page.items.len());
        ids.extend(live(&page.items).into_keys());
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    let n = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((n, ids.len()), (450, 450), "{at_most:?}");
    sizes
}

#[tokio::test]
async fn a_page_by_rest_has_no_more_records_than_the_bound_down_to_what_salesforce_makes() {
    let org = Org::start().await;
    org.load_accounts(450);
    assert_eq!(sizes(&org, options(), None).await, [450]);
    assert_eq!(sizes(&org, options(), Some(300)).await, [300, 150]);
    assert_eq!(sizes(&org, options(), Some(7)).await, [200, 200, 50]);
}

#[tokio::test]
async fn a_page_of_a_bulk_job_has_no_more_records_than_the_bound() {
    let org = Org::start().await;
    org.load_accounts(450);
    assert_eq!(sizes(&org, in_bulk(), None).await, [300, 150]);
    assert_eq!(
        sizes(&org, in_bulk(), Some(100)).await,
        [100, 100, 100, 100, 50]
    );
    let small = sizes(&org, in_bulk(), Some(7)).await;
    assert!(small.iter().all(|n| (1..=7).contains(n)), "{small:?}");
    assert!(org.answers("/jobs/query", 200) == 3);
}

#[tokio::test]
async fn a_bound_that_comes_in_the_middle_of_a_read_counts_from_the_next_page_of_a_bulk_job() {
    let org = Org::start().await;
    org.load_accounts(450);
    let crm = org.crm_with(in_bulk());
    let window = whole();
    let first = page(&*crm, Object::Account, &window, None).await;
    let ask = Changes {
        object: Object::Account,
        window: &window,
        resume: None,
        token: first.next.as_ref(),
        at_most: Some(40),
    };
    let Answer::Page(second) = crm.changes(ask).await.unwrap() else {
        panic!("the token is lost");
    };
    assert_eq!((first.items.len(), second.items.len()), (300, 40));
}
