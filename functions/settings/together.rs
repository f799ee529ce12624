//! Settings that are valid each and contradict each other. The template's `Rules` refuse such pairs at deployment. The
//! start refuses them, too, since a function's configuration can be changed without the template.

use domain::fault::{Code, Fault, Outcome};
use infra::aws::KEYS_REMEMBERED;
use jiff::SignedDuration;

/// The shortest time between a slice's start and its reserve. It has to open the keys and read a page in that time.
const LEAST_WORK: SignedDuration = SignedDuration::from_secs(2);
/// The page to which the template sends users back until the operator names one of its own.
const NO_PAGE: &str = "https://app.example.com/connected";

/// Checks that a slice has time to work before its reserve begins.
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

/// Checks that a removal waits for functions that remember a key. On the operator's own machine no other function works.
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

/// Checks that an app has an id, and a secret where its CRM gives every app one.
pub(super) fn app(prefix: &str, has_id: bool, has_secret: bool, needs_secret: bool) -> Outcome<()> {
    if !has_id && has_secret {
        let problem = format!("{prefix}_CLIENT_SECRET is given, and {prefix}_CLIENT_ID is none");
        return Err(contradiction(&problem));
    }
    if has_id && !has_secret && needs_secret {
        let problem = format!("{prefix}_CLIENT_ID is given, and {prefix}_CLIENT_SECRET is none");
        return Err(contradiction(&problem));
    }
    Ok(())
}

/// Checks that users who are sent to a CRM come back to a page, over TLS. The fault has none of the values, since one
/// may be a secret.
pub(super) fn consents(
    prefix: &str,
    login_urls: &[String],
    redirect_url: &str,
    loopback: bool,
) -> Outcome<()> {
    let is_plain = |url: &str| !url.starts_with("https://");
    let problem = if loopback {
        return Ok(());
    } else if redirect_url == NO_PAGE {
        format!("{prefix}_CLIENT_ID is given, and OAUTH_REDIRECT_URL is still the example")
    } else if is_plain(redirect_url) {
        "OAUTH_REDIRECT_URL is not https, and CRM_LOOPBACK is no".to_owned()
    } else if login_urls.iter().any(|url| is_plain(url)) {
        format!("{prefix}_LOGIN_URLS has one that is not https, and CRM_LOOPBACK is no")
    } else {
        return Ok(());
    };
    Err(contradiction(&problem))
}

fn contradiction(detail: &str) -> Fault {
    Fault::of(Code::SettingContradiction).with_detail(detail)
}
