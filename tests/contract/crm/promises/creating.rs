//! Records are created once, and found again when the answer was lost.

use domain::{
    fault::Fault,
    ports::{
        Abilities, Crm, Draft, Duplicates, FieldProblem, FieldValue, Link, LinkProblem, NewRecord,
        Parents, Recognising, Rehearsing, Sought, Written,
    },
    record::{
        Item,
        Object::{self, Account, Contact, Opportunity, Task},
        RecordId,
    },
};
use jiff::SignedDuration;

use super::promises;
use crate::stage::Stage;

promises![
    a_created_record_can_be_fetched_at_once if creates,
    outcomes_come_in_the_order_of_the_records if creates,
    a_record_that_the_crm_refuses_costs_the_others_nothing if creates,
    a_lost_answer_is_told_as_unknown_and_the_record_is_found if creates,
    a_record_that_was_never_sent_is_not_found if creates,
    a_rehearsal_keeps_nothing if |abilities| abilities.creating.rehearsing == Rehearsing::AllRules,
    a_rehearsal_tells_of_a_duplicate_and_keeps_nothing if rehearses_duplicates,
    a_duplicate_is_told_with_the_record_that_is_there_if_the_crm_names_it if |abilities| abilities.creating.judges_duplicates,
    a_duplicate_is_saved_when_that_is_wanted if |abilities| abilities.creating.saves_duplicates,
    a_duplicate_that_is_never_saved_says_so if never_saves,
    a_record_has_the_id_that_was_chosen_and_no_second_one_gets_it if chooses_ids,
    a_record_is_made_with_its_link if creates,
    a_linked_record_whose_answer_was_lost_is_found if creates,
    whoever_is_linked_is_named_as_if_a_field_said_it if creates,
    a_link_that_the_object_cannot_have_is_told_by_its_place if creates,
    a_list_is_kept_as_it_was_sent if |abilities| abilities.creating.nested,
    a_list_is_refused_by_the_name_of_a_field_that_takes_none if creates,
    a_draft_without_what_the_crm_needs_is_told_apart_before_it_is_sent if creates,
    what_a_company_usually_fills_can_be_set if creates,
    a_record_can_be_linked_to_its_companys_account if |abilities| !abilities.creating.account_links.is_empty(),
];

fn creates(abilities: &Abilities) -> bool {
    abilities.creating.creates
}

fn rehearses_duplicates(abilities: &Abilities) -> bool {
    let creating = &abilities.creating;
    creating.judges_duplicates && creating.rehearsing != Rehearsing::Never
}

fn never_saves(abilities: &Abilities) -> bool {
    abilities.creating.judges_duplicates && !abilities.creating.saves_duplicates
}

fn chooses_ids(abilities: &Abilities) -> bool {
    abilities.creating.recognising == Recognising::ByChosenId
}

/// The id that is chosen for a record, where the CRM lets us: a UUID, as the rules choose it.
fn chosen(crm: &dyn Crm, mark: &str) -> Option<RecordId> {
    let hash = mark.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let (first, last) = (hash >> 32, hash & 0xffff_ffff);
    let id = format!("{first:08x}-0000-8000-8000-0000{last:08x}");
    chooses_ids(crm.abilities()).then(|| RecordId::parse(&id).unwrap())
}

async fn record(crm: &dyn Crm, draft: &Draft, mark: &str) -> NewRecord {
    let checked = crm.check(std::slice::from_ref(draft)).await.unwrap();
    let record = NewRecord::cleared(draft, &checked[0], &[], Vec::new()).unwrap();
    let record = record.with_external_id(Some(mark.to_owned()));
    record.with_chosen_id(chosen(crm, mark))
}

async fn records(stage: &dyn Stage, crm: &dyn Crm, names: &[&str]) -> Vec<NewRecord> {
    let mut all = Vec::new();
    for name in names {
        all.push(record(crm, &stage.draft(Account, name), name).await);
    }
    all
}

fn id_of(written: &Written) -> RecordId {
    match written {
        Written::Created(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

async fn names_of(crm: &dyn Crm, ids: &[RecordId]) -> Vec<String> {
    let mut names = Vec::new();
    for id in ids {
        let items = crm.fetch(Account, std::slice::from_ref(id)).await.unwrap();
        match &items[..] {
            [Item::Live(record)] => names.push(crate::reader::name(&record.fields)),
            _ => panic!("{id} is not there"),
        }
    }
    names
}

async fn a_created_record_can_be_fetched_at_once(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    let written = crm.create(&new, Duplicates::Refuse).await.unwrap();
    assert_eq!(names_of(&*crm, &[id_of(&written[0])]).await, ["Werk"]);
}

async fn outcomes_come_in_the_order_of_the_records(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let names = ["c", "a", "b", "e", "d"];
    let new = records(&*stage, &*crm, &names).await;
    let written = crm.create(&new, Duplicates::Refuse).await.unwrap();
    let ids: Vec<RecordId> = written.iter().map(id_of).collect();
    assert_eq!(names_of(&*crm, &ids).await, names);
}

async fn a_record_that_the_crm_refuses_costs_the_others_nothing(stage: Box<dyn Stage>) {
    stage.make(Account, "there already");
    stage.refuse_duplicates();
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["first", "there already", "last"]).await;
    let written = crm.create(&new, Duplicates::Refuse).await.unwrap();
    assert!(!matches!(written[1], Written::Created(_)), "{written:?}");
    let made = [id_of(&written[0]), id_of(&written[2])];
    assert_eq!(names_of(&*crm, &made).await, ["first", "last"]);
    assert_eq!(stage.n_records(Account), 3);
}

/// Returns whether the result is that of a lost answer: a transient fault, or unknown outcomes.
fn is_unknown(written: &Result<Vec<Written>, Fault>) -> bool {
    match written {
        Err(fault) => fault.is_transient(),
        Ok(all) => all.iter().all(|one| matches!(one, Written::Unknown(_))),
    }
}

async fn sought(stage: &dyn Stage, crm: &dyn Crm, name: &str) -> Sought {
    let now = crm.clock().await.unwrap();
    Sought {
        draft: stage.draft(Account, name),
        external_id: Some(name.to_owned()),
        chosen_id: chosen(crm, name),
        since: now - SignedDuration::from_mins(5),
        until: now + SignedDuration::from_mins(5),
    }
}

/// Returns how many records a lookup finds once it can no longer miss any. A lookup that says that it misses nothing has one try.
async fn n_found(stage: &dyn Stage, crm: &dyn Crm, sought: Sought) -> Option<usize> {
    let sought = [sought];
    let first = crm.find(&sought).await.unwrap().remove(0);
    let found = if first.lag.is_zero() {
        first.found
    } else {
        stage.advance(first.lag);
        crm.find(&sought).await.unwrap().remove(0).found
    };
    found.map(|found| found.len())
}

async fn a_lost_answer_is_told_as_unknown_and_the_record_is_found(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    stage.lose_next_answer();
    let sought = sought(&*stage, &*crm, "Werk").await;
    let written = crm.create(&new, Duplicates::Refuse).await;
    assert!(is_unknown(&written), "{written:?}");
    assert_eq!(stage.n_records(Account), 1, "it was sent twice");
    assert_eq!(n_found(&*stage, &*crm, sought).await, Some(1));
}

async fn a_record_that_was_never_sent_is_not_found(stage: Box<dyn Stage>) {
    stage.make(Account, "another");
    let crm = stage.connect();
    let sought = sought(&*stage, &*crm, "Werk").await;
    assert_eq!(n_found(&*stage, &*crm, sought).await, Some(0));
}

async fn a_rehearsal_keeps_nothing(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["first", "second"]).await;
    let written = crm.rehearse(&new, Duplicates::Refuse).await.unwrap();
    assert_eq!(written, [Written::Rehearsed, Written::Rehearsed]);
    assert_eq!(stage.n_records(Account), 0);
}

async fn a_rehearsal_tells_of_a_duplicate_and_keeps_nothing(stage: Box<dyn Stage>) {
    let there = stage.make(Account, "Werk");
    stage.refuse_duplicates();
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Hof", "Werk"]).await;
    let told = crm.rehearse(&new, Duplicates::Refuse).await.unwrap();
    let duplicate = Written::Duplicate {
        of: vec![there],
        may_save: crm.abilities().creating.saves_duplicates,
    };
    assert_eq!(told, [Written::Rehearsed, duplicate]);
    assert_eq!(stage.n_records(Account), 1);
}

async fn a_duplicate_is_told_with_the_record_that_is_there_if_the_crm_names_it(
    stage: Box<dyn Stage>,
) {
    let there = stage.make(Account, "Werk");
    stage.refuse_duplicates();
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    let told = crm.create(&new, Duplicates::Refuse).await.unwrap();
    let creating = &crm.abilities().creating;
    let duplicate = Written::Duplicate {
        of: match creating.names_duplicates {
            true => vec![there],
            false => Vec::new(),
        },
        may_save: creating.saves_duplicates,
    };
    assert_eq!(told, [duplicate]);
    assert_eq!(stage.n_records(Account), 1);
}

async fn a_duplicate_is_saved_when_that_is_wanted(stage: Box<dyn Stage>) {
    stage.make(Account, "Werk");
    stage.refuse_duplicates();
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    let saved = crm.create(&new, Duplicates::Save).await.unwrap();
    id_of(&saved[0]);
    assert_eq!(stage.n_records(Account), 2);
}

async fn a_duplicate_that_is_never_saved_says_so(stage: Box<dyn Stage>) {
    stage.make(Account, "Werk");
    stage.refuse_duplicates();
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk", "Hof"]).await;
    let told = crm.create(&new, Duplicates::Save).await.unwrap();
    assert!(
        matches!(
            &told[0],
            Written::Duplicate {
                may_save: false,
                ..
            }
        ),
        "{told:?}"
    );
    id_of(&told[1]);
    assert_eq!(stage.n_records(Account), 2);
}

async fn a_draft_without_what_the_crm_needs_is_told_apart_before_it_is_sent(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let empty = Draft {
        object: Account,
        fields: domain::ports::Fields::default(),
        links: Vec::new(),
    };
    let whole = stage.draft(Account, "Werk");
    let checked = crm.check(&[empty, whole]).await.unwrap();
    assert!(!checked[0].missing.is_empty());
    assert!(checked[1].missing.is_empty() && checked[1].refused.is_empty());
}

async fn a_record_has_the_id_that_was_chosen_and_no_second_one_gets_it(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let new = records(&*stage, &*crm, &["Werk"]).await;
    let written = crm.create(&new, Duplicates::Save).await.unwrap();
    assert_eq!(Some(id_of(&written[0])), chosen(&*crm, "Werk"));
    let again = crm.create(&new, Duplicates::Save).await.unwrap();
    assert!(matches!(again[0], Written::Refused { .. }), "{again:?}");
    assert_eq!(stage.n_records(Account), 1);
}

fn linked(stage: &dyn Stage, object: Object, name: &str, links: &[(Object, &RecordId)]) -> Draft {
    let link = |(object, id): &(Object, &RecordId)| Link {
        object: *object,
        id: (*id).clone(),
    };
    Draft {
        links: links.iter().map(link).collect(),
        ..stage.draft(object, name)
    }
}

async fn a_record_is_made_with_its_link(stage: Box<dyn Stage>) {
    let account = stage.make(Account, "Werk");
    let crm = stage.connect();
    let draft = linked(&*stage, Opportunity, "deal", &[(Account, &account)]);
    let new = record(&*crm, &draft, "deal").await;
    let written = crm.create(&[new], Duplicates::Refuse).await.unwrap();
    let items = crm.fetch(Opportunity, &[id_of(&written[0])]).await.unwrap();
    let [Item::Live(made)] = &items[..] else {
        panic!("it is not there");
    };
    let parent = match crm.abilities().reading(Opportunity).parents {
        Parents::InRecord => made.attributes.parent.clone(),
        Parents::Associated { .. } => {
            let parents = crm
                .parents(Opportunity, std::slice::from_ref(&made.id))
                .await;
            parents.unwrap().remove(0)
        }
    };
    let parent = parent.as_ref().and_then(|parent| parent.account());
    assert_eq!(parent, Some(&account));
}

async fn a_linked_record_whose_answer_was_lost_is_found(stage: Box<dyn Stage>) {
    let account = stage.make(Account, "Werk");
    let crm = stage.connect();
    let draft = linked(&*stage, Opportunity, "deal", &[(Account, &account)]);
    let new = record(&*crm, &draft, "deal").await;
    stage.lose_next_answer();
    let written = crm.create(&[new], Duplicates::Refuse).await;
    assert!(is_unknown(&written), "{written:?}");
    let lost = Sought {
        draft,
        ..sought(&*stage, &*crm, "deal").await
    };
    assert_eq!(n_found(&*stage, &*crm, lost).await, Some(1));
}

async fn whoever_is_linked_is_named_as_if_a_field_said_it(stage: Box<dyn Stage>) {
    let (account, ben) = (stage.make(Account, "Werk"), stage.make(Contact, "Ben"));
    let crm = stage.connect();
    let links = [(Contact, &ben), (Account, &account)];
    let draft = linked(&*stage, Task, "call", &links);
    let checked = crm
        .check(std::slice::from_ref(&draft))
        .await
        .unwrap()
        .remove(0);
    // A CRM may have room for one link of a task. It is told, and everybody is named all the same.
    let taken = [(1, LinkProblem::Taken)];
    assert!(checked.refused_links.is_empty() || checked.refused_links == taken);
    assert!(checked.names_somebody());
    assert_eq!(checked.people, [(Contact, ben)]);
    assert_eq!(checked.accounts, [account]);
    assert!(NewRecord::cleared(&draft, &checked, &[], Vec::new()).is_err());
}

async fn a_link_that_the_object_cannot_have_is_told_by_its_place(stage: Box<dyn Stage>) {
    let task = stage.make(Task, "call");
    let crm = stage.connect();
    let draft = linked(&*stage, Account, "Werk", &[(Task, &task)]);
    let checked = crm.check(&[draft]).await.unwrap();
    assert_eq!(checked[0].refused_links, [(0, LinkProblem::NotPossible)]);
}

fn with_list(stage: &dyn Stage, field: &str) -> Draft {
    let mut draft = stage.draft(Account, "Werk");
    let list = FieldValue::Other(r#"[{"a":[1]},null]"#.into());
    draft.fields.0.insert(field.to_owned(), list);
    draft
}

async fn a_list_is_kept_as_it_was_sent(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let field = stage.nested_field().unwrap();
    let new = record(&*crm, &with_list(&*stage, field), "Werk").await;
    let written = crm.create(&[new], Duplicates::Refuse).await.unwrap();
    let items = crm.fetch(Account, &[id_of(&written[0])]).await.unwrap();
    let [Item::Live(made)] = &items[..] else {
        panic!("it is not there");
    };
    assert!(
        made.fields.contains(r#"[{"a":[1]},null]"#),
        "{}",
        made.fields
    );
}

async fn a_list_is_refused_by_the_name_of_a_field_that_takes_none(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    let named = stage.draft(Account, "Werk").fields.0;
    let name = named.keys().next().unwrap();
    let checked = crm.check(&[with_list(&*stage, name)]).await.unwrap();
    let refused = [(name.clone(), FieldProblem::WrongType)];
    assert_eq!(checked[0].refused, refused);
}

async fn what_a_company_usually_fills_can_be_set(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    for object in Object::ALL {
        let mut draft = stage.draft(object, "Werk");
        for usual in crm.usual(object).await.unwrap() {
            let name = usual.field.as_str().to_owned();
            draft
                .fields
                .0
                .insert(name, FieldValue::Text("1".to_owned()));
        }
        let checked = crm.check(&[draft]).await.unwrap();
        assert_eq!(checked[0].refused, [], "{object}");
    }
}

async fn a_record_can_be_linked_to_its_companys_account(stage: Box<dyn Stage>) {
    let account = stage.make(Account, "Werk");
    let crm = stage.connect();
    for (object, _) in &crm.abilities().creating.account_links {
        let draft = linked(&*stage, *object, "x", &[(Account, &account)]);
        let checked = crm.check(&[draft]).await.unwrap().remove(0);
        assert_eq!(checked.refused_links, [], "{object}");
        assert_eq!(checked.missing, Vec::<String>::new(), "{object}");
        assert_eq!(checked.account.as_ref(), Some(&account), "{object}");
    }
}
