//! No order of transitions leads back, and the rows of earlier versions are read.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{steps::Unsent, *};
use crate::{
    create::{Wanted, body::Body},
    fault::{CrmCode, Fault},
    ports::Fields,
};

/// A row as it was stored before the states had a file of their own: one item in each state.
const GOLDEN: &str = include_str!("../../../../tests/golden/intent-1.json");

#[test]
fn a_row_of_an_earlier_version_is_read_and_written_as_it_was() {
    let body: Body = serde_json::from_str(GOLDEN).unwrap();
    let mut written = serde_json::to_string_pretty(&body).unwrap();
    written.push('\n');
    assert_eq!(written, GOLDEN);
    let name = |outcome: &CreateOutcome| {
        let outcome = serde_json::to_value(outcome).unwrap();
        outcome["outcome"].as_str().unwrap().to_owned()
    };
    let names: Vec<String> = body.outcomes().iter().map(name).collect();
    let expected = [
        "not_sent",
        "not_sent",
        "unknown",
        "created",
        "created",
        "created",
        "created",
        "created",
        "duplicate",
        "unknown_company",
        "not_cleared",
        "unfit",
        "refused",
        "not_sent",
        "unknown",
        "created",
    ];
    assert_eq!(names, expected);
    assert_eq!(body.places(Item::unsent).len(), 2);
    assert_eq!(body.places(Item::sent).len(), 1);
    assert_eq!(body.uncopied().len(), 2);
    assert_eq!(body.untold().len(), 1);
    assert_eq!(body.places(Item::kept_as_found).len(), 1);
    assert_eq!(body.places(Item::basis_unsent).len(), 1);
    assert_eq!(body.places(Item::basis_sent).len(), 1);
}

/// Everything that may be tried at any moment.
#[derive(Clone, Copy, Debug)]
enum Try {
    Send { as_person: bool },
    RefuseUnsent,
    Created(u8),
    Found(u8),
    RefuseSent,
    NotSent,
    NotMade,
    Kept(bool),
    IsAnothers,
    SendBasis,
    BasisWritten,
    BasisRefused,
    BasisNotMade,
    NoPlace,
    Told,
}

fn tries() -> impl Strategy<Value = Try> {
    prop_oneof![
        any::<bool>().prop_map(|as_person| Try::Send { as_person }),
        any::<u8>().prop_map(Try::Created),
        any::<u8>().prop_map(Try::Found),
        any::<bool>().prop_map(Try::Kept),
        prop::sample::select(vec![
            Try::RefuseUnsent,
            Try::RefuseSent,
            Try::NotSent,
            Try::NotMade,
            Try::IsAnothers,
            Try::SendBasis,
            Try::BasisWritten,
            Try::BasisRefused,
            Try::BasisNotMade,
            Try::NoPlace,
            Try::Told,
        ]),
    ]
}

fn draft() -> Draft {
    Draft {
        object: Object::Contact,
        fields: Fields::default(),
        links: Vec::new(),
    }
}

fn basis() -> Basis {
    let by = r#"{"basis":"contract","purpose":"outreach","assessment":3,"review":"2027-09-01"}"#;
    Basis::unsent(Object::Contact, serde_json::from_str(by).unwrap(), false)
}

fn id(n: u8) -> RecordId {
    RecordId::parse(&format!("made{n}")).unwrap()
}

fn refused() -> CreateOutcome {
    CreateOutcome::Refused {
        code: "crm.refused".to_owned(),
        fields: Vec::new(),
    }
}

/// Tries a transition. If the item's state has no such transition, nothing happens.
fn attempt(item: &mut Item, what: Try) {
    match what {
        Try::Send { .. } | Try::RefuseUnsent => {
            if let Some(unsent) = item.step().unsent() {
                leave_unsent(unsent, what);
            }
        }
        Try::Created(_) | Try::Found(_) | Try::RefuseSent | Try::NotSent | Try::NotMade => {
            if let Some(sent) = item.step().sent() {
                leave_sent(sent, what);
            }
        }
        Try::Kept(in_copy) => {
            if let Some(made) = item.step().made() {
                made.kept(in_copy);
            }
        }
        Try::IsAnothers => {
            if let Some(found) = item.step().found() {
                found.confirmed_as_anothers();
            }
        }
        Try::Told => item.step().told(),
        Try::SendBasis
        | Try::BasisWritten
        | Try::BasisRefused
        | Try::BasisNotMade
        | Try::NoPlace => {
            if let Some(due) = item.step().basis_due() {
                note(due, what);
            }
        }
    }
}

fn leave_unsent(unsent: Unsent<'_>, what: Try) {
    match what {
        Try::Send { as_person } => {
            let as_sent = AsSent {
                draft: draft(),
                basis: as_person.then(basis),
                chosen_id: None,
                has_external_id: as_person,
            };
            unsent.sent(Timestamp::UNIX_EPOCH, as_sent);
        }
        _ => unsent.refused(refused()),
    }
}

fn leave_sent(sent: Sent<'_>, what: Try) {
    match what {
        Try::Created(n) => sent.created(Object::Contact, id(n)),
        Try::Found(n) => sent.found(Object::Contact, id(n)),
        Try::RefuseSent => sent.refused(refused()),
        Try::NotMade => sent.not_made(),
        _ => sent.not_sent(Fault::crm("crm", CrmCode::said("busy")).code()),
    }
}

fn note(due: BasisDue<'_>, what: Try) {
    match (due, what) {
        (due, Try::NoPlace) => due.has_no_place(),
        (BasisDue::Unsent(due), Try::SendBasis) => due.sent(Timestamp::UNIX_EPOCH),
        (BasisDue::Sent(due), Try::BasisWritten) => due.written(),
        (BasisDue::Sent(due), Try::BasisRefused) => due.refused(),
        (BasisDue::Sent(due), Try::BasisNotMade) => due.not_made(),
        _ => {}
    }
}

/// How far an item is.
fn rank(item: &Item) -> u8 {
    match (&item.state, item.is_done()) {
        (State::Begun | State::NotSent(_), _) => 0,
        (State::Sent(_), _) => 1,
        (State::Made { .. }, _) => 2,
        (State::Done(_), false) => 3,
        (State::Done(_), true) => 4,
    }
}

/// The id in the CRM's own answer.
fn answered(item: &Item) -> Option<RecordId> {
    let id = match &item.state {
        State::Made { id, sent: None, .. } => id,
        State::Done(CreateOutcome::Created { id, .. }) if item.found.is_none() => id,
        _ => return None,
    };
    Some(id.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn no_order_of_transitions_leads_back_without_a_proof(
        tries in prop::collection::vec(tries(), 1..40)
    ) {
        let wanted = Wanted { draft: draft(), purpose: None, company: None };
        let mut item = Item::begun(wanted);
        for what in tries {
            let before = item.clone();
            attempt(&mut item, what);
            let (from, to) = (rank(&before), rank(&item));
            // A transition leads back only with a proof that nothing was created, or that another request created the record.
            let is_proof = match what {
                Try::NotSent | Try::NotMade => (from, to) == (1, 0),
                Try::IsAnothers => before.found.is_some() || (from, to) == (2, 1),
                _ => false,
            };
            prop_assert!(to >= from || is_proof, "{what:?}: {from} to {to}");
            // A record that the CRM confirmed stays created.
            if let Some(id) = answered(&before) {
                prop_assert_eq!(answered(&item), Some(id), "{:?}", what);
            }
            // An item that is done may still change in two ways: its record belongs to another request, or its note is done.
            if let (State::Done(then), State::Done(now)) = (&before.state, &item.state) {
                let is_note = before.has_basis_due();
                prop_assert!(then == now || is_note || matches!(what, Try::IsAnothers), "{what:?}");
            }
            prop_assert_eq!(matches!(item.state, State::Done(_)), item.wanted.is_none());
            // Only an unsent item can be sent, so there are never two on the way.
            prop_assert!(item.unsent().is_none() || item.sent().is_none());
            if from == 1 && matches!(what, Try::Send { .. }) {
                prop_assert_eq!(to, 1);
            }
            // A row that is read again has the same state.
            let text = serde_json::to_string(&item).unwrap();
            item = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(serde_json::to_string(&item).unwrap(), text);
        }
    }
}
