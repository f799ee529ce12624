//! Connecting: the page for the consent, and the values that come back from it.

use domain::{
    connect::{self, Requested, Returned},
    integration::Provider,
};
use serde::Deserialize;
use serde_json::json;

use super::{Call, Reply, http::Changed, integrations::Summary};
use crate::problem::Problem;

/// The longest state or code that is accepted, in bytes. The longest codes of the CRMs here have about a hundred.
const LONGEST: usize = 2_048;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Begin {
    provider: Provider,
    #[serde(default)]
    login_url: Option<String>,
    #[serde(default)]
    environment: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complete {
    state: String,
    code: String,
}

/// `POST /v1/integrations/{integration}/connection`.
pub(super) async fn begin(call: &Call<'_>) -> Changed {
    let which = call.request.which(&call.caller.tenant)?;
    let asked: Begin = call.request.json()?;
    let (apps, provider) = (&call.world.apps, asked.provider);
    apps.login_url(provider, asked.login_url.as_deref())?;
    apps.environment(provider, asked.environment.as_deref())?;
    let requested = Requested {
        which,
        user: &call.caller.user,
        provider: asked.provider,
        login_url: asked.login_url.as_deref(),
        environment: asked.environment.as_deref(),
        random: (call.world.secrets)(),
    };
    let noted = call.note().await?;
    let world = call.world;
    let begun = connect::begin(ports(call), &*world.apps, call.now(), requested).await?;
    let told = json!({"authorizationUrl": begun.authorization_url, "expiresAt": begun.expires});
    Ok((Reply::of(201, told)?, noted))
}

/// `POST /v1/connections`.
pub(super) async fn complete(call: &Call<'_>) -> Changed {
    let asked: Complete = call.request.json()?;
    for (text, pointer) in [(&asked.state, "/state"), (&asked.code, "/code")] {
        if text.is_empty() || text.len() > LONGEST {
            return Err(Problem::invalid(format!("1 to {LONGEST} bytes")).with_field(pointer));
        }
    }
    let returned = Returned {
        tenant: &call.caller.tenant,
        user: &call.caller.user,
        state: &asked.state,
        code: &asked.code,
    };
    let noted = call.note().await?;
    let world = call.world;
    let connected = connect::complete(ports(call), &*world.apps, call.now(), returned).await?;
    call.send_untold(&connected.integration.scope, connected.orders)
        .await;
    let noted = noted.of(&connected.integration.scope.integration);
    let reply = Reply::of(201, Summary::of(&connected.integration))?;
    Ok((reply, noted))
}

fn ports<'a>(call: &'a Call<'_>) -> connect::Ports<'a> {
    connect::Ports {
        allowance: Some(&call.settings.allowance),
        ..call.ports.into()
    }
}
