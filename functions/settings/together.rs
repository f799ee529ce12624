//! Settings that are each in order and cannot work together. The template's `Rules` refuse such pairs when they are deployed;
//! here the start refuses them, since a function's configuration can be changed without the template.

use domain::fault::{Code, Fault, Outcome};
use infra::aws::KEYS_REMEMBERED;
use jiff::SignedDuration;

/// What a slice needs at least between its start and its reserve: to open the keys and to read a page.
const LEAST_WORK: SignedDuration = SignedDuration::from_secs(2);
/// Where the template sends users back to until the operator names a page of its own.
const NO_PAGE: &str = "https://app.example.com/connected";

/// A slice must have time to work before its reserve begins.
pub(super) fn slice(timeout: SignedDuration, reserve: SignedDuration) -> Outcome<()> {
    if reserve + LEAST_WORK <= timeout {
        return Ok(());
    }
    Err(contradiction(&format!(
        "SYNC_RESERVE_SECONDS ({}) leaves a slice no time to work: SYNC_TIMEOUT_SECONDS is {}",
        reserve.as_secs(),
        timeout.as_secs()
    )))
}

/// A removal must wait for whoever remembers a key. On the operator's own machine nobody else is at work.
pub(super) fn removal(settle: SignedDuration, loopback: bool) -> Outcome<()> {
    let longest = SignedDuration::try_from(KEYS_REMEMBERED).unwrap_or(SignedDuration::MAX);
    if loopback || settle >= longest {
        return Ok(());
    }
    Err(contradiction(&format!(
        "REMOVAL_SETTLE_SECONDS ({}) is less than a function remembers keys ({}), and CRM_LOOPBACK is no",
        settle.as_secs(),
        longest.as_secs()
    )))
}

/// Where users can be sent to a CRM, they must come back to a page, by TLS. None of the values is told: one may be a secret.
pub(super) fn consents(
    client_id: &str,
    has_secret: bool,
    login_urls: &[String],
    redirect_url: &str,
    loopback: bool,
) -> Outcome<()> {
    let is_plain = |url: &str| !url.starts_with("https://");
    let problem = if client_id == "none" {
        if !has_secret {
            return Ok(());
        }
        "SALESFORCE_CLIENT_SECRET is given, and SALESFORCE_CLIENT_ID is none"
    } else if loopback {
        return Ok(());
    } else if redirect_url == NO_PAGE {
        "SALESFORCE_CLIENT_ID is given, and OAUTH_REDIRECT_URL is still the example"
    } else if is_plain(redirect_url) {
        "OAUTH_REDIRECT_URL is not https, and CRM_LOOPBACK is no"
    } else if login_urls.iter().any(|url| is_plain(url)) {
        "SALESFORCE_LOGIN_URLS has one that is not https, and CRM_LOOPBACK is no"
    } else {
        return Ok(());
    };
    Err(contradiction(problem))
}

fn contradiction(detail: &str) -> Fault {
    Fault::of(Code::SettingContradiction).with_detail(detail)
}
