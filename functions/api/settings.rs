//! An integration's settings.

use domain::{
    change_settings::{self, Versioned},
    settings::Settings,
};

use super::{
    Call, Reply,
    http::{Answered, Changed},
};

/// `GET /v1/integrations/{integration}/settings`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let which = call.request.which(&call.caller.tenant)?;
    reply(&change_settings::read(&*call.ports.store, &*call.ports.keys, &which).await?)
}

/// `PUT /v1/integrations/{integration}/settings`.
pub(super) async fn put(call: &Call<'_>) -> Changed {
    let which = call.request.which(&call.caller.tenant)?;
    let tag = call.request.if_match()?;
    let settings: Settings = call.request.json()?;
    settings.check()?;
    let noted = call.note().await?;
    let calendar = &call.settings.calendar;
    let ports = call.ports;
    let written = change_settings::write(
        &*ports.store,
        &*ports.keys,
        &which,
        tag,
        settings,
        call.now(),
        calendar,
    )
    .await?;
    Ok((reply(&written)?, noted))
}

fn reply(versioned: &Versioned) -> Answered {
    Reply::ok(&versioned.settings)?.with_etag(&versioned.tag())
}
