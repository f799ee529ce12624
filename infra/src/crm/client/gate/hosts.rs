//! The first gate: which URLs name a host of a vendor.

use domain::fault::{CrmCode, Outcome};
use url::Url;

use super::super::vendor::{Hosts, Vendor};

impl Vendor {
    /// Accepts `https://` with one of the vendor's host names and nothing else.
    ///
    /// # Errors
    /// Returns a permanent fault for every other text.
    pub(in crate::crm) fn origin(&self, text: &str, allow_loopback: bool) -> Outcome<Url> {
        self.hosts
            .origin(text, allow_loopback)
            .ok_or_else(|| self.fault(CrmCode::HostRefused))
    }
}

impl Hosts {
    /// Parses `https://` with one of these names. Nothing else is accepted.
    pub(in crate::crm) fn origin(&self, text: &str, allow_loopback: bool) -> Option<Url> {
        if allow_loopback && let Some(url) = loopback(text) {
            return Some(url);
        }
        let host = text.strip_prefix("https://")?;
        let host = host.strip_suffix('/').unwrap_or(host);
        if !self.has(host) {
            return None;
        }
        Url::parse(&format!("https://{host}/")).ok()
    }

    fn has(&self, host: &str) -> bool {
        let lower = host.to_ascii_lowercase();
        let is_under = |domain: &&str| {
            let before = lower.strip_suffix(*domain);
            before.is_some_and(|before| before.len() > 1 && before.ends_with('.'))
        };
        let is_known = self.exact.contains(&&*lower) || self.under.iter().any(is_under);
        is_known && is_name(&lower)
    }
}

/// Returns whether a text is a plain host name.
fn is_name(lower: &str) -> bool {
    // Letters, digits, hyphens and dots leave no room for user info, ports, paths, queries, escapes or brackets.
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.starts_with("xn--")
    };
    lower.len() <= 253 && lower.split('.').all(label)
}

fn loopback(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let local = match url.host()? {
        url::Host::Domain(name) => name == "localhost",
        url::Host::Ipv4(ip) => ip.is_loopback(),
        url::Host::Ipv6(ip) => ip.is_loopback(),
    };
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    (local && bare && matches!(url.scheme(), "http" | "https")).then_some(url)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::super::testing::TEST, *};

    #[test]
    fn a_whole_name_admits_itself_and_a_domain_what_is_under_it() {
        for text in [
            "https://api.vendor.example",
            "https://API.vendor.example/",
            "https://acme.customers.example",
            "https://acme.eu.customers.example",
        ] {
            assert!(TEST.origin(text, false).is_ok(), "{text}");
        }
        for text in [
            "https://x.api.vendor.example",
            "https://vendor.example",
            "https://customers.example",
            "https://evilcustomers.example",
            "https://api.vendor.example.evil.example",
            "https://api.vendor.example:8443",
        ] {
            let fault = TEST.origin(text, false).unwrap_err();
            assert_eq!(fault.crm_code(), Some(&CrmCode::HostRefused), "{text}");
        }
    }

    #[test]
    fn loopback_is_a_permission_and_stops_at_this_machine() {
        for text in [
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:8080",
            "http://127.0.0.1:8080/",
        ] {
            assert!(TEST.origin(text, true).is_ok(), "{text}");
            assert!(TEST.origin(text, false).is_err(), "{text}");
        }
        for text in [
            "http://10.0.0.1",
            "http://evil.example",
            "http://a@127.0.0.1",
            "http://127.0.0.1/x",
            "http://localhost.evil.example",
        ] {
            assert!(TEST.origin(text, true).is_err(), "{text}");
        }
    }
}
