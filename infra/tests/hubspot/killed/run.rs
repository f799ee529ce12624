//! A run is killed at each of its requests. Later slices end it with the copy that an undisturbed run has.

use domain::{
    dispatch::whole,
    fault::Outcome,
    order::{Order, Rule, SyncDue},
    ports::{Comparing, Copies, Outbox, Runs},
    progress::Verdict,
    seal::{Opener, Place, Room},
    settings::Calendar,
    sync::{Ended, Slice, SyncLimits, sync},
};

use super::*;

/// A calendar with a run each day.
const DAILY: Calendar = Calendar::every(DAY);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn due(order: Order) -> SyncDue {
    match order {
        Order::SyncDue(due) => due,
        other => panic!("{other:?}"),
    }
}

impl House {
    /// One slice. `None` if its process was killed.
    fn slice(&self, due: &SyncDue) -> Option<Outcome<Ended>> {
        let (settings, holder) = (SyncLimits::default(), self.holder());
        let clock = || now();
        let work = async {
            let slice = Slice {
                ports: &self.ports.for_sync(),
                due,
                holder,
                deadline: now().checked_add(SLICE).unwrap(),
                clock: &clock,
                settings: &settings,
            };
            Box::pin(sync(slice)).await
        };
        self.process(work)
    }

    /// A whole run, in as many slices as it takes.
    pub(super) fn run(&self) {
        let begun = whole(&self.store, Rule::Daily, now(), &DAILY, &|| 7);
        let begun = futures::executor::block_on(begun).unwrap();
        let mut order = due(begun.orders.into_iter().next().unwrap());
        for _ in 0..9 {
            match self.slice(&order) {
                None | Some(Err(_)) | Some(Ok(Ended::Busy)) => self.pass(SLICE + MINUTE),
                Some(Ok(Ended::Paused { .. } | Ended::Crowded { .. })) => self.pass(HOUR),
                Some(Ok(Ended::HandedOver { orders, .. })) => {
                    order = due(orders.into_iter().next().unwrap());
                }
                Some(Ok(Ended::Finished { orders, .. })) => {
                    let told = self.store.note_told(&self.scope, &orders);
                    return futures::executor::block_on(told).unwrap();
                }
                Some(Ok(Ended::Stale)) => panic!("the run is lost"),
            }
        }
        panic!("the run does not end");
    }

    /// Everything in the copy, and the verdicts.
    fn copied(&self) -> Vec<String> {
        futures::executor::block_on(async {
            let keys = self.keys.open(&self.scope).await.unwrap().unwrap();
            let mut all = Vec::new();
            for object in Object::ALL {
                let mut token = None;
                loop {
                    let listed = self
                        .store
                        .held(&self.scope, object, token.as_ref())
                        .await
                        .unwrap();
                    for held in listed.held {
                        let sealed = self.store.record(&self.scope, object, &held.id).await;
                        let place = Place::within(
                            &self.scope,
                            Room::CopyRecord,
                            object.name(),
                            held.id.as_str(),
                        );
                        let mut opener = Opener::new(&keys.sealing).unwrap();
                        let body = opener.open(&place, &sealed.unwrap().unwrap()).unwrap();
                        let body: Value = serde_json::from_slice(&body).unwrap();
                        all.push(format!(
                            "{object} {} {} {}",
                            held.id, body["fields"], body["about"]
                        ));
                    }
                    token = listed.next;
                    if token.is_none() {
                        break;
                    }
                }
            }
            for progress in self.store.progress(&self.scope).await.unwrap() {
                let verdict = progress.summary.verdict;
                assert_eq!(verdict, Some(Verdict::Verified), "{}", progress.object);
                all.push(format!("{} held {}", progress.object, progress.held));
            }
            all
        })
    }

    fn ids(&self, object: &str) -> Vec<String> {
        self.account.control().ids(object, false).unwrap()
    }
}

/// A house with records of every object, some of them associated.
fn filled() -> House {
    let house = House::new(small_pages());
    let control = house.account.control();
    for n in 1..=4 {
        let company =
            json!({"name": format!("Werk {n} GmbH"), "domain": format!("werk{n}.example")});
        let company = house.account.load("companies", company);
        let line = |object: &str, properties: Value| {
            let parent =
                json!({"object": "companies", "id": company, "primary": object != "tasks"});
            json!({"object": object, "properties": properties, "associations": [parent]})
                .to_string()
        };
        let lines = [
            line(
                "contacts",
                json!({"lastname": format!("Muster {n}"), "email": format!("m{n}@werk{n}.example")}),
            ),
            line("leads", json!({"hs_lead_name": format!("lead {n}")})),
            line(
                "tasks",
                json!({"hs_task_subject": format!("task {n}"), "hs_timestamp": stamp(NOW)}),
            ),
            line(
                "deals",
                json!({"dealname": format!("deal {n}"), "dealstage": "appointmentscheduled", "pipeline": "default"}),
            ),
        ];
        control.load_lines(&lines.join("\n")).unwrap();
    }
    house.pass(HOUR * 2);
    house
}

/// Changes of every kind, a day after a first run.
fn changed() -> House {
    let house = filled();
    house.run();
    house.pass(HOUR * 20);
    let control = house.account.control();
    let (companies, contacts) = (house.ids("companies"), house.ids("contacts"));
    let (tasks, deals) = (house.ids("tasks"), house.ids("deals"));
    house
        .account
        .edit("companies", &companies[0], json!({"city": "Hafenstadt"}));
    house.account.load(
        "companies",
        json!({"name": "Neu GmbH", "hs_lastmodifieddate": stamp(control.now())}),
    );
    control.archive("tasks", &tasks[0]).unwrap();
    control.purge("contacts", &contacts[0]).unwrap();
    control
        .merge("contacts", &contacts[1], &contacts[2], true)
        .unwrap();
    control
        .merge("companies", &companies[2], &companies[3], false)
        .unwrap();
    control
        .associate(("deals", &deals[0]), ("companies", &companies[1]), true)
        .unwrap();
    house.pass(HOUR * 4);
    house
}

/// A lead that HubSpot deletes by itself, and records that are restored with the stamps that they had.
fn come_and_gone() -> House {
    let house = filled();
    let control = house.account.control();
    let (leads, tasks, deals) = (house.ids("leads"), house.ids("tasks"), house.ids("deals"));
    for (object, id) in [("tasks", &tasks[1]), ("deals", &deals[2])] {
        control.archive(object, id).unwrap();
    }
    house.run();
    house.pass(HOUR * 20);
    let control = house.account.control();
    let of_lead = control
        .associated(("leads", &leads[0]), "companies")
        .unwrap();
    control
        .dissociate(("leads", &leads[0]), ("companies", &of_lead[0]))
        .unwrap();
    assert_eq!(house.ids("leads"), leads[1..], "the lead has vanished");
    for (object, id) in [("tasks", &tasks[1]), ("deals", &deals[2])] {
        control.restore(object, id).unwrap();
    }
    house.pass(HOUR * 4);
    house
}

fn killed_at_each_request(story: fn() -> House, at_least: u32) {
    let calm = story();
    let before = calm.n_requests();
    calm.run();
    let (wanted, n_requests) = (calm.copied(), calm.n_requests() - before);
    assert!(n_requests >= at_least, "{n_requests}");
    for object in ["companies", "contacts", "leads", "tasks", "deals"] {
        assert!(!calm.ids(object).is_empty(), "{object}");
    }
    for n in 1..=n_requests {
        for ending in endings() {
            let house = story();
            house.spoil(n, ending.clone());
            house.run();
            assert_eq!(
                house.copied(),
                wanted,
                "killed at request {n} of {n_requests}: {ending:?}"
            );
        }
    }
}

#[test]
fn a_first_run_that_is_killed_at_any_request_ends_as_an_undisturbed_one() {
    killed_at_each_request(filled, 25);
}

#[test]
fn a_run_that_finds_vanished_and_restored_records_may_be_killed_at_any_request() {
    killed_at_each_request(come_and_gone, 25);
}

#[test]
fn a_daily_run_that_is_killed_at_any_request_ends_as_an_undisturbed_one() {
    killed_at_each_request(changed, 25);
}
