//! Links to other records, as the reference fields that Salesforce keeps them in.

use domain::{
    ports::{Draft, Duplicates, Link, LinkProblem, NewRecord, Written},
    record::{
        Object::{self, Account, Contact, Lead, Opportunity, Task},
        RecordId,
    },
};
use serde_json::{Value, json};

use super::{
    Org,
    creating::{clearance, draft, plain},
};

fn linked(object: Object, fields: Value, links: &[(Object, &str)]) -> Draft {
    let link = |(object, id): &(Object, &str)| Link {
        object: *object,
        id: RecordId::parse(id).unwrap(),
    };
    Draft {
        links: links.iter().map(link).collect(),
        ..draft(object, fields)
    }
}

#[tokio::test]
async fn a_link_is_sent_in_the_field_that_says_it_and_names_whoever_it_points_at() {
    let org = Org::start().await;
    let crm = org.crm();
    let account = org.load("Account", json!({"Name": "Werk GmbH"}));
    let deal = json!({"Name": "deal", "StageName": "New", "CloseDate": "2026-12-01"});
    let of = linked(Opportunity, deal, &[(Account, &account)]);
    let made = crm
        .create(&[plain(&*crm, &of).await], Duplicates::Refuse)
        .await
        .unwrap();
    let [Written::Created(deal)] = &made[..] else {
        panic!("{made:?}");
    };
    let kept = org.control().get("Opportunity", deal.as_str()).unwrap();
    assert_eq!(kept["AccountId"], account.as_str());

    let ben = org.load("Contact", json!({"LastName": "Ben"}));
    for (object, id) in [(Account, account.as_str()), (Opportunity, deal.as_str())] {
        let call = linked(
            Task,
            json!({"Subject": "call"}),
            &[(Contact, &ben), (object, id)],
        );
        let checked = crm
            .check(std::slice::from_ref(&call))
            .await
            .unwrap()
            .remove(0);
        assert!(checked.refused.is_empty() && checked.refused_links.is_empty());
        let who = RecordId::parse(&ben).unwrap();
        assert_eq!(checked.people, [(Contact, who)]);
        // Without a clearance for Ben there is no record to send.
        assert!(NewRecord::cleared(&call, &checked, &[], Vec::new()).is_err());
        let person = domain::legal::Person {
            name: Some("Ben".to_owned()),
            emails: vec!["ben@werk.example".to_owned()],
            ..domain::legal::Person::default()
        };
        let clearances = vec![clearance(&person).await];
        let record = NewRecord::cleared(&call, &checked, &[person], clearances).unwrap();
        let made = crm.create(&[record], Duplicates::Refuse).await.unwrap();
        let [Written::Created(task)] = &made[..] else {
            panic!("{made:?}");
        };
        let kept = org.control().get("Task", task.as_str()).unwrap();
        assert_eq!((&kept["WhoId"], &kept["WhatId"]), (&json!(ben), &json!(id)));
    }
}

#[tokio::test]
async fn a_link_that_salesforce_cannot_keep_is_told_by_its_place() {
    let org = Org::start().await;
    let crm = org.crm();
    let account = org.load("Account", json!({"Name": "Werk 1 GmbH"}));
    let other = org.load("Account", json!({"Name": "Werk 2 GmbH"}));
    let lead = org.load(
        "Lead",
        json!({"LastName": "Muster", "Company": "Werk GmbH"}),
    );
    let (account, other, lead) = (account.as_str(), other.as_str(), lead.as_str());
    let person = || json!({"LastName": "Muster", "Company": "Werk GmbH"});
    let works = |account| json!({"LastName": "Muster", "AccountId": account});
    for (draft, expected) in [
        (
            linked(Lead, person(), &[(Account, account)]),
            vec![(0, LinkProblem::NotPossible)],
        ),
        (
            linked(Account, json!({"Name": "x"}), &[(Lead, lead)]),
            vec![(0, LinkProblem::NotPossible)],
        ),
        (
            linked(
                Contact,
                json!({"LastName": "Muster"}),
                &[(Account, account), (Account, other)],
            ),
            vec![(1, LinkProblem::Taken)],
        ),
        (
            linked(
                Task,
                json!({"Subject": "call"}),
                &[(Lead, lead), (Account, account), (Account, other)],
            ),
            vec![(2, LinkProblem::Taken)],
        ),
        (
            linked(Contact, works(Some(other)), &[(Account, account)]),
            vec![(0, LinkProblem::Contradicted)],
        ),
        (
            linked(Contact, works(None), &[(Account, account)]),
            vec![(0, LinkProblem::Contradicted)],
        ),
        // A field and a link that say the same, whatever the spelling.
        (
            linked(Contact, works(Some(&account[..15])), &[(Account, account)]),
            vec![],
        ),
    ] {
        let checked = crm
            .check(std::slice::from_ref(&draft))
            .await
            .unwrap()
            .remove(0);
        assert_eq!(checked.refused_links, expected, "{draft:?}");
    }
}

#[tokio::test]
async fn a_list_in_a_field_is_named_as_a_value_of_the_wrong_type() {
    let org = Org::start().await;
    let fields = json!({"Name": "Werk", "BillingCity": ["x"]});
    let checked = org.crm().check(&[draft(Account, fields)]).await.unwrap();
    let wrong = domain::ports::FieldProblem::WrongType;
    assert_eq!(checked[0].refused, [("BillingCity".to_owned(), wrong)]);
}
