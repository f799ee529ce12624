//! Settings that are valid each and contradict each other. The template's `Rules` refuse such pairs at deployment. The
//! start refuses them, too, since a function's configuration can be changed without the template.

use domain::fault::{Code, Fault, Outcome};
use infra::aws::KEYS_REMEMBERED;
use jiff::SignedDuration;
use url::{Host, Url};

use super::Getter;

/// The shortest time between a slice's start and its reserve. It has to open the keys and read a page in that time.
const LEAST_WORK: SignedDuration = SignedDuration::from_secs(2);
/// The page to which the template sends users back until the operator names one of its own.
const NO_PAGE: &str = "https://app.example.com/connected";
/// Where the SDK of AWS reads the place of AWS from.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";
/// The services that may have an endpoint of their own, in `AWS_ENDPOINT_URL_` and this name.
const SERVICES: [&str; 6] = ["DYNAMODB", "EVENTBRIDGE", "KMS", "S3", "SQS", "STS"];
/// With this setting the SDK takes none of those endpoints.
const IGNORES_ENDPOINTS: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

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

/// Checks that AWS is on this machine, too, where a CRM on this machine may be connected. In a real account a tenant who
/// connects a "CRM" at a loopback address would reach Lambda's own interface.
pub(super) fn loopback(get: &Getter<'_>) -> Outcome<()> {
    let is_here = |name: &str| get(name).is_none_or(|url| is_on_this_machine(&url));
    let problem = if get(ENDPOINT).is_none() {
        format!("CRM_LOOPBACK is yes, and {ENDPOINT} is not set, so that AWS is a real account")
    } else if get(IGNORES_ENDPOINTS)
        .is_some_and(|value| !value.trim().eq_ignore_ascii_case("false"))
    {
        format!(
            "CRM_LOOPBACK is yes, and {IGNORES_ENDPOINTS} is set, so that AWS is a real account"
        )
    } else if !is_here(ENDPOINT) {
        format!("CRM_LOOPBACK is yes, and {ENDPOINT} is not on this machine")
    } else if let Some(service) = SERVICES
        .iter()
        .find(|service| !is_here(&format!("{ENDPOINT}_{service}")))
    {
        format!("CRM_LOOPBACK is yes, and {ENDPOINT}_{service} is not on this machine")
    } else {
        return Ok(());
    };
    Err(contradiction(&problem))
}

fn is_on_this_machine(url: &str) -> bool {
    match Url::parse(url.trim()).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
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
