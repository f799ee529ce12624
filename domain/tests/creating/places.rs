//! Where a record for a company belongs: to the company's account, or where a link says. And what a preview says of links.

use domain::{
    create::{Request, UnfittingLink},
    ports::{FieldValue, Link, LinkProblem},
    record::{
        Object::{self, Account, Contact, Opportunity, Task},
        RecordId,
    },
};
use infra::memory::Pages::Ordered;
use serde_json::json;

use super::{
    companies::{company, previewed},
    one,
};
use crate::world::{HOUR, World, id, write};

fn link(object: Object, n: usize) -> Link {
    let id = id(n);
    Link { object, id }
}

/// A request for company 1 with links.
fn of_company(object: Object, links: &[Link]) -> Request {
    let mut request = one(object, json!({ "Name": "deal" }));
    request.items[0].company = Some(company("1"));
    request.items[0].draft.links = links.to_vec();
    request
}

/// Company 1 has account 1. Account 2 is another company's.
async fn world() -> World {
    let world = World::new(Ordered, 5).await;
    for n in [1, 2] {
        write(&world.crm, Account, n, "new");
    }
    world.pass(HOUR);
    world.run().await;
    world
}

async fn parent(world: &World, request: &Request) -> Option<String> {
    let seen = previewed(world, request).await;
    assert!(seen.missing_fields.is_empty(), "{seen:?}");
    let parent = seen.fields.0.get("Parent");
    parent.and_then(FieldValue::as_str).map(str::to_owned)
}

#[tokio::test]
async fn a_record_for_a_company_belongs_to_its_account_unless_a_link_says_where() {
    let world = world().await;
    let own = Some(RecordId::to_string(&id(1)));
    assert_eq!(parent(&world, &of_company(Opportunity, &[])).await, own);
    assert_eq!(parent(&world, &of_company(Task, &[])).await, own);
    // A link to a person says nothing of the account.
    world.crm.put(Contact, &id(7), &[("Name", "Ben")]);
    let of_ben = of_company(Task, &[link(Contact, 7)]);
    assert_eq!(parent(&world, &of_ben).await, own);
    for (object, links) in [
        (Opportunity, vec![link(Account, 2)]),
        (Task, vec![link(Account, 2)]),
        (Task, vec![link(Opportunity, 5)]),
        (Task, vec![link(Contact, 7), link(Account, 2)]),
    ] {
        let request = of_company(object, &links);
        assert_eq!(parent(&world, &request).await, None, "{links:?}");
        let seen = previewed(&world, &request).await;
        assert_eq!(seen.links, links);
    }
}

#[tokio::test]
async fn a_preview_names_each_link_that_the_crm_does_not_take() {
    let world = world().await;
    for (object, links, refused) in [
        (
            Account,
            vec![link(Account, 1)],
            vec![(0, LinkProblem::NotPossible)],
        ),
        (
            Opportunity,
            vec![link(Account, 1), link(Account, 2)],
            vec![(1, LinkProblem::Taken)],
        ),
        (Opportunity, vec![link(Account, 2)], vec![]),
    ] {
        let mut request = one(object, json!({ "Name": "deal" }));
        request.items[0].draft.links = links.clone();
        let seen = previewed(&world, &request).await;
        let refused: Vec<UnfittingLink> = refused
            .into_iter()
            .map(|(link, problem)| UnfittingLink { link, problem })
            .collect();
        assert_eq!(seen.would_create, refused.is_empty(), "{object}");
        assert_eq!(seen.refused_links, refused, "{object}");
        assert_eq!(seen.links, links);
    }
    assert_eq!(world.crm.calls("create") + world.crm.calls("rehearse"), 1);
}
