//! Trouble at the CRM, and the faults that the rules get for it.

use domain::{
    fault::Kind,
    record::Object::{Account, Lead},
};
use jiff::SignedDuration;

use super::{accounts, promises};
use crate::{
    reader::{Copy, ids},
    stage::Stage,
};

promises![
    an_ended_access_token_is_renewed_and_nobody_notices if |abilities| abilities.grants.expiring,
    a_renewed_grant_serves_the_next_connector if |abilities| abilities.grants.expiring,
    too_many_requests_are_waited_out,
    a_server_in_trouble_is_asked_again,
    a_used_up_quota_is_passing_and_says_when_to_come_back,
    a_grant_that_was_taken_back_is_told_by_every_question,
    an_object_that_the_organisation_does_not_have_is_no_failure,
    requests_are_counted_with_those_that_were_repeated,
    the_organisation_is_the_same_at_each_question,
    revoking_says_what_it_achieved_and_may_be_repeated,
];

async fn an_ended_access_token_is_renewed_and_nobody_notices(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 2 * stage.page() + 1);
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    crm.clock().await.unwrap();
    stage.end_access_tokens();
    let mut copy = Copy::of(Account);
    copy.run(&*crm).await;
    assert_eq!(copy.live.len(), made.len());
}

async fn a_renewed_grant_serves_the_next_connector(stage: Box<dyn Stage>) {
    accounts(&*stage, 1);
    for _ in 0..3 {
        let crm = stage.connect();
        stage.end_access_tokens();
        assert_eq!(ids(&*crm, Account).await.len(), 1);
    }
}

async fn too_many_requests_are_waited_out(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 2 * stage.page() + 1);
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    crm.clock().await.unwrap();
    stage.throttle(2);
    let mut copy = Copy::of(Account);
    copy.run(&*crm).await;
    assert_eq!(copy.live.len(), made.len());
}

async fn a_server_in_trouble_is_asked_again(stage: Box<dyn Stage>) {
    accounts(&*stage, 3);
    let crm = stage.connect();
    crm.clock().await.unwrap();
    stage.trouble(2);
    assert_eq!(ids(&*crm, Account).await.len(), 3);
}

async fn a_used_up_quota_is_passing_and_says_when_to_come_back(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    crm.clock().await.unwrap();
    stage.use_up_quota();
    let fault = crm.ids(Account, None).await.map(drop).unwrap_err();
    assert!(fault.is_transient(), "{fault}");
    assert!(fault.retry_after().is_some(), "{fault}");
}

async fn a_grant_that_was_taken_back_is_told_by_every_question(stage: Box<dyn Stage>) {
    let made = accounts(&*stage, 1);
    stage.advance(SignedDuration::from_secs(1));
    let crm = stage.connect();
    let window = Copy::of(Account).window(&*crm).await;
    stage.take_grant_back();
    let changes = domain::ports::Changes {
        object: Account,
        window: &window,
        resume: None,
        token: None,
        at_most: None,
    };
    let faults = [
        crm.clock().await.map(drop),
        crm.describe(Account).await.map(drop),
        crm.changes(changes).await.map(drop),
        crm.ids(Account, None).await.map(drop),
        crm.count(Account).await.map(drop),
        crm.fetch(Account, &made).await.map(drop),
    ];
    for answer in faults {
        assert_eq!(answer.unwrap_err().kind(), Kind::Revoked);
    }
}

async fn an_object_that_the_organisation_does_not_have_is_no_failure(stage: Box<dyn Stage>) {
    stage.make(Account, "Werk");
    stage.take_away(Lead);
    let crm = stage.connect();
    assert_eq!(crm.describe(Lead).await.unwrap(), None);
    assert!(crm.describe(Account).await.unwrap().is_some());
}

async fn requests_are_counted_with_those_that_were_repeated(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    crm.clock().await.unwrap();
    let before = crm.usage().requests;
    stage.trouble(2);
    crm.clock().await.unwrap();
    assert_eq!(crm.usage().requests - before, 3);
    assert!(crm.usage().clock.is_some());
}

async fn the_organisation_is_the_same_at_each_question(stage: Box<dyn Stage>) {
    let first = stage.connect().organisation().await.unwrap();
    let second = stage.connect().organisation().await.unwrap();
    assert!(first.is_some() && first == second);
}

async fn revoking_says_what_it_achieved_and_may_be_repeated(stage: Box<dyn Stage>) {
    let crm = stage.connect();
    crm.clock().await.unwrap();
    let first = crm.revoke().await.unwrap();
    match crm.revoke().await {
        Ok(second) => assert_eq!(first, second),
        Err(fault) => assert_eq!(fault.kind(), Kind::Revoked),
    }
}
