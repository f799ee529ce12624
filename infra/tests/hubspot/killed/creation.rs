//! The caller of a creation is killed at each of its requests. Whoever asks again gets the one record.

use domain::{
    create::{CreateContext, CreateOutcome, Request, Wanted, create},
    fault::Outcome,
    grant,
    legal::{Assessment, Basis, Person, Register, assessment::Purpose},
    ports::{Draft, Fields, Link},
};

use super::*;

/// The time limit of a request to the API.
const CALL: SignedDuration = SignedDuration::from_secs(29);
const EMAIL: &str = "anna@werk1.example";

impl House {
    /// One request to the API. `None` if its process was killed.
    fn create_once(&self, request: &Request) -> Option<Outcome<Vec<CreateOutcome>>> {
        let (holder, clock) = (self.holder(), || now());
        let (ports, which) = (&self.ports, self.which());
        let work = async {
            let integration = ports.store.integration(&which).await?.unwrap();
            let store = ports.store.clone();
            let (crm, keys) =
                grant::open(store, &*ports.keys, &*ports.crm, &integration, &holder).await?;
            let context = CreateContext {
                store: &*ports.store,
                keyring: &*ports.keys,
                companies: &*ports.companies,
                integration: &integration,
                crm,
                keys,
                by: "user-1".to_owned(),
                holder: holder.clone(),
                deadline: now().checked_add(CALL).unwrap(),
                clock: &clock,
                allowance: None,
            };
            let answer = Box::pin(create(&context, "key-1", request)).await;
            answer.map(|answer| answer.items)
        };
        self.process(work)
    }

    /// Asks until the records are there. Between two requests the index catches up.
    fn created(&self, request: &Request, object: &str) -> Vec<String> {
        for _ in 0..6 {
            let items = match self.create_once(request) {
                Some(Ok(items)) => items,
                Some(Err(_)) | None => Vec::new(),
            };
            let ids: Option<Vec<String>> = items.iter().map(id_of).collect();
            if let Some(ids) = ids.filter(|ids| ids.len() == request.items.len()) {
                return ids;
            }
            let there = self.account.control().ids(object, false).unwrap();
            assert!(there.len() <= request.items.len(), "{there:?}");
            self.pass(HOUR * 2);
        }
        panic!("they are not created");
    }

    fn assess(&self) {
        let work = async {
            let tenant = &self.scope.tenant;
            let register = Register::open(&self.store, &self.keys, tenant).await;
            let assessment = Assessment {
                person: Person {
                    emails: vec![EMAIL.to_owned()],
                    ..Person::default()
                },
                purpose: Purpose::parse("outreach").unwrap(),
                basis: Basis::Contract {
                    reference: "order 17".to_owned(),
                    necessity: "delivery".to_owned(),
                    ended: false,
                },
                source: "the order".to_owned(),
                reviewer: "sales".to_owned(),
                assessed: "2026-09-01".parse().unwrap(),
                review: "2027-09-01".parse().unwrap(),
                template: None,
            };
            register.unwrap().file(&assessment, now()).await
        };
        futures::executor::block_on(work).unwrap();
    }
}

/// The id of a record that was made. `None` as long as that is unknown.
fn id_of(item: &CreateOutcome) -> Option<String> {
    match item {
        CreateOutcome::Created { id, .. } => Some(id.to_string()),
        CreateOutcome::Unknown => None,
        other => panic!("{other:?}"),
    }
}

fn request(object: Object, fields: &Value, company: Option<&str>) -> Request {
    batch(object, std::slice::from_ref(fields), company)
}

fn batch(object: Object, fields: &[Value], company: Option<&str>) -> Request {
    let link = |company: &str| Link {
        object: Object::Account,
        id: id(company),
    };
    let items = fields.iter().map(|fields| Wanted {
        draft: Draft {
            object,
            fields: Fields::from(fields.as_object().unwrap().clone()),
            links: company.map(link).into_iter().collect(),
        },
        purpose: Some(Purpose::parse("outreach").unwrap()),
        company: None,
    });
    Request {
        items: items.collect(),
        allow_duplicate: false,
    }
}

fn killed_at_each_request(object: &str, with_id: bool, wanted: impl Fn(&House) -> Request) {
    let house = || {
        let house = House::new(Options {
            external_id_property: with_id.then(|| "abgleich_id".to_owned()),
            ..options()
        });
        let control = house.account.control();
        control.set_index_lag(3_600_000);
        if with_id {
            control
                .add_property(object, "abgleich_id", &["unique"])
                .unwrap();
        }
        house.assess();
        let request = wanted(&house);
        (house, request)
    };
    let (calm, asked) = house();
    let before = calm.n_requests();
    calm.created(&asked, object);
    let n_requests = calm.n_requests() - before;
    assert!(n_requests > 3, "{n_requests}");
    for n in 1..=n_requests {
        for ending in endings() {
            let (house, asked) = house();
            house.spoil(n, ending.clone());
            let mut made = house.created(&asked, object);
            made.sort();
            let there = house.account.control().ids(object, false).unwrap();
            assert_eq!(
                there, made,
                "killed at request {n} of {n_requests}: {ending:?}"
            );
        }
    }
}

#[test]
fn a_deal_that_only_its_content_tells_is_made_once() {
    killed_at_each_request("deals", false, |house| {
        let company = house
            .account
            .load("companies", json!({"name": "Werk 1 GmbH"}));
        let fields =
            json!({"dealname": "deal", "dealstage": "appointmentscheduled", "pipeline": "default"});
        request(Object::Opportunity, &fields, Some(&company))
    });
}

#[test]
fn a_company_with_an_id_of_ours_is_made_once() {
    killed_at_each_request("companies", true, |_| {
        request(Object::Account, &json!({"name": "Werk 1 GmbH"}), None)
    });
}

#[test]
fn a_contact_is_made_once_with_its_basis() {
    killed_at_each_request("contacts", false, |_| {
        let fields = json!({"firstname": "Anna", "lastname": "Muster", "email": EMAIL});
        request(Object::Contact, &fields, None)
    });
}

#[test]
fn a_batch_that_hubspot_answers_in_part_is_made_once() {
    killed_at_each_request("deals", false, |house| {
        let company = house
            .account
            .load("companies", json!({"name": "Werk 1 GmbH"}));
        let path = "/crm/objects/deals/batch/create";
        let category = "INTERNAL_ERROR".to_owned();
        let in_part = Fault::TroubleWithOne { category };
        house.account.control().spoil(path, 1, in_part);
        let fields: Vec<Value> = (0..3)
            .map(|n| json!({"dealname": format!("deal {n}"), "dealstage": "appointmentscheduled", "pipeline": "default"}))
            .collect();
        batch(Object::Opportunity, &fields, Some(&company))
    });
}

#[test]
fn a_lead_is_made_once_with_its_company() {
    killed_at_each_request("leads", false, |house| {
        let company = house
            .account
            .load("companies", json!({"name": "Werk 1 GmbH"}));
        request(
            Object::Lead,
            &json!({"hs_lead_name": "Halls"}),
            Some(&company),
        )
    });
}

#[test]
fn a_task_is_made_once() {
    killed_at_each_request("tasks", false, |house| {
        let company = house
            .account
            .load("companies", json!({"name": "Werk 1 GmbH"}));
        let fields = json!({"hs_task_subject": "Call", "hs_timestamp": "2026-12-01T09:00:00Z"});
        request(Object::Task, &fields, Some(&company))
    });
}
