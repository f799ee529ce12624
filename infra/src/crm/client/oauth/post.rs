//! One form to the token endpoint, sent and retried.

use domain::fault::CrmCode;
use url::Url;

use super::super::{
    http::{Http, Reply},
    refusal::{Action, Cause, Refusal},
    retry::Attempts,
    settings::{Client, ClientSettings},
};

/// The fields of a form.
pub(super) type Form = Vec<(&'static str, String)>;

/// The target of a form, and the client that sends it.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) login: &'a Url,
    pub(super) path: &'a str,
    pub(super) client: Option<&'a Client>,
}

/// Sends a form until its answer can be read, a bound is reached, or a retry makes no sense.
pub(super) async fn post<T>(
    http: &Http,
    settings: &ClientSettings,
    to: Request<'_>,
    form: impl Fn() -> Result<Form, Refusal>,
    read: impl Fn(Reply) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let vendor = http.vendor;
    let mut url = to.login.clone();
    url.set_path(&to.path.replace("{version}", &settings.token_version));
    let mut attempts = Attempts::new(&settings.retry);
    loop {
        let mut request = http
            .client
            .post(url.clone())
            .header("accept", "application/json")
            .form(&form()?);
        if let (true, Some(client)) = (vendor.tokens.basic, to.client) {
            request = request.basic_auth(&client.id, client.secret.as_deref());
        }
        let answer = match http.once(request).await {
            Ok(reply) if reply.status.is_success() => reply.success(vendor).and_then(&read),
            Ok(reply) => {
                let refusal = (vendor.tokens.judge)(reply.status.as_u16(), &reply.body);
                Err(match reply.retry_after() {
                    Some(wait) => Refusal {
                        fault: refusal.fault.after(wait),
                        wait: Some(wait),
                        ..refusal
                    },
                    None => refusal,
                })
            }
            // The fault tells which of the two hosts it was.
            Err(refusal) if refusal.cause == Cause::Unreachable => {
                Err(vendor.refusal(CrmCode::LoginUnreachable).by_no_api())
            }
            Err(refusal) => Err(refusal),
        };
        match answer {
            Err(refusal)
                if refusal.action == Action::Retry && attempts.again(refusal.wait).await => {}
            other => return other,
        }
    }
}
