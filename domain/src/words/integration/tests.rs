#![allow(clippy::unwrap_used)]

use super::*;

fn found(status: Status) -> Option<Integration> {
    Some(Integration {
        scope: Scope {
            tenant: TenantId::parse("acme").unwrap(),
            integration: IntegrationId::parse("crm-1").unwrap(),
            generation: Generation(1),
        },
        provider: Provider::ALL[0],
        organisation: "1".to_owned(),
        status,
        credentials: Sealed::from_stored(Vec::new()),
        due: Timestamp::UNIX_EPOCH,
        open_run: None,
        standstill: None,
        lease: None,
        settings: None,
        untold: Vec::new(),
    })
}

#[test]
fn a_use_that_the_status_does_not_allow_is_refused_with_the_reason() {
    let code = |outcome: Outcome<Integration>| outcome.err().map(|fault| fault.code().clone());
    assert_eq!(
        code(Integration::known(None)),
        Some(Code::IntegrationUnknown)
    );
    let unknown = Origin::with_copy(None).unwrap_err();
    assert_eq!(*unknown.code(), Code::IntegrationUnknown);
    for (status, with_copy, connected) in [
        (Status::Connected, None, None),
        (
            Status::NeedsReconnect,
            None,
            Some(Code::IntegrationNeedsReconnect),
        ),
        (
            Status::Removing,
            Some(Code::IntegrationRemoving),
            Some(Code::IntegrationRemoving),
        ),
        (
            Status::Removed,
            Some(Code::IntegrationRemoved),
            Some(Code::IntegrationRemoved),
        ),
    ] {
        assert_eq!(code(Integration::known(found(status))), None);
        assert_eq!(code(Integration::with_copy(found(status))), with_copy);
        let origin = Origin::with_copy(found(status).as_ref().map(Origin::from));
        assert_eq!(origin.err().map(|fault| fault.code().clone()), with_copy);
        assert_eq!(code(Integration::connected(found(status))), connected);
    }
}
