//! Legal bases beside the records of people, and the fields for a company's values.

use domain::{
    legal::Person,
    ports::{BasisOf, Source, Written},
    record::{Object, RecordId},
};
use matching::Column;
use simulator::salesforce::{Config, Fault as Spoil};

use super::{Org, creating::clearance, error};

async fn with_privacy() -> Org {
    Org::with(Config {
        privacy: true,
        ..Config::default()
    })
    .await
}

async fn basis_of(object: Object, id: &str) -> BasisOf {
    let person = Person {
        emails: vec!["anna@werk.example".to_owned()],
        ..Person::default()
    };
    BasisOf {
        object,
        id: RecordId::parse(id).unwrap(),
        by: clearance(&person).await.by(),
    }
}

fn n_bases(org: &Org) -> usize {
    org.control().ids("DataUseLegalBasis", false).unwrap().len()
}

#[tokio::test]
async fn an_organisation_has_a_place_for_bases_where_that_is_switched_on_and_is_asked_once() {
    for (org, has) in [(Org::start().await, false), (with_privacy().await, true)] {
        let crm = org.crm();
        assert_eq!(crm.has_bases().await.unwrap(), has);
        assert_eq!(crm.has_bases().await.unwrap(), has);
        assert_eq!(org.answers("/describe", if has { 200 } else { 404 }), 1);
    }
}

#[tokio::test]
async fn a_basis_says_what_it_is_of_which_record_and_by_which_assessment_and_nothing_of_the_person()
{
    let org = with_privacy().await;
    let crm = org.crm();
    let mut bases = Vec::new();
    for n in 0..150 {
        bases.push(basis_of(Object::Contact, &format!("003AA00000000{n:03}AAA")).await);
    }
    assert_eq!(crm.find_bases(&bases).await.unwrap(), vec![false; 150]);
    let written = crm.note_bases(&bases[..149]).await.unwrap();
    assert!(written.iter().all(|one| matches!(one, Written::Created(_))));
    let found = crm.find_bases(&bases).await.unwrap();
    assert_eq!((&found[..149], found[149]), (&[true; 149][..], false));
    let Written::Created(id) = &written[7] else {
        panic!("{written:?}");
    };
    let noted = org.control().get("DataUseLegalBasis", id.as_str()).unwrap();
    assert_eq!(noted["Name"], "contract (Contact 003AA00000000007AAA)");
    assert_eq!(noted["Source"], "abgleich:Contact:003AA00000000007AAA:1");
    assert_eq!(
        noted["Description"],
        "contract; outreach; assessment 1; until 2027-09-01"
    );
}

#[tokio::test]
async fn a_lost_answer_is_a_fault_and_the_look_tells_what_it_was_about() {
    let org = with_privacy().await;
    let crm = org.crm();
    let bases = [basis_of(Object::Lead, "00QAA0000000001AAA").await];
    for (spoil, noted) in [
        (Spoil::Reset, false),
        (error(500, "UNKNOWN_EXCEPTION"), false),
        (Spoil::AnswerLost, true),
    ] {
        org.spoil("/composite/sobjects", 1, spoil);
        assert!(crm.note_bases(&bases).await.unwrap_err().is_transient());
        assert_eq!(crm.find_bases(&bases).await.unwrap(), [noted]);
    }
    assert_eq!(n_bases(&org), 1);
    org.spoil(
        "/composite/sobjects",
        1,
        error(403, "REQUEST_LIMIT_EXCEEDED"),
    );
    let written = crm.note_bases(&bases).await.unwrap();
    assert!(matches!(written[0], Written::NotSent(_)), "{written:?}");
    assert_eq!(n_bases(&org), 1);
}

#[tokio::test]
async fn the_usual_fields_are_those_that_can_be_set() {
    let org = Org::start().await;
    let names = |object| {
        let crm = org.crm();
        async move {
            let usual = crm.usual(object).await.unwrap();
            let name = |one: &domain::ports::Usual| one.field.as_str().to_owned();
            usual.iter().map(name).collect::<Vec<_>>()
        }
    };
    let all = [
        "Name",
        "Website",
        "Phone",
        "BillingStreet",
        "BillingPostalCode",
        "BillingCity",
        "BillingCountry",
    ];
    assert_eq!(names(Object::Account).await, all);
    org.control()
        .hide_field("Account", "Website", true)
        .unwrap();
    let left = names(Object::Account).await;
    assert!(!left.contains(&"Website".to_owned()), "{left:?}");
    let deal = org.crm().usual(Object::Opportunity).await.unwrap();
    let seen: Vec<_> = deal.iter().map(|one| (one.source, one.needed)).collect();
    assert_eq!(
        seen,
        [
            (Source::Column(Column::Name), false),
            (Source::Account, true)
        ]
    );
}
