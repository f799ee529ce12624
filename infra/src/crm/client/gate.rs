//! Decides which hosts may be contacted. A host comes with the tenant's credentials or with an answer, so it is not
//! trusted. Without this gate it could name services of the machine itself (in Lambda, 127.0.0.1:9001 is the Runtime API).
//!
//! The first gate checks the URL. The second one checks the addresses to which its host resolves, at each connection.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use domain::fault::{CrmCode, Outcome};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use super::vendor::{Hosts, Vendor};

impl Vendor {
    /// The first gate. It accepts `https://` with one of the vendor's host names and nothing else.
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
    pub(super) fn origin(&self, text: &str, allow_loopback: bool) -> Option<Url> {
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

/// The second gate. Returns whether an address belongs to this machine, to a network outside the internet, or to a
/// translation that could lead to one.
pub fn is_refused(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_refused_v4(ip),
        IpAddr::V6(ip) => is_refused_v6(ip),
    }
}

fn is_refused_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_refused_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Only 2000::/3 is the internet, without 6to4, Teredo and documentation. NAT64 and mapped addresses are outside of it.
    !matches!(a, 0x2000..=0x3fff)
        || matches!(
            (a, b),
            (0x2001, 0 | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff)
        )
}

/// Resolves names, and refuses those that lead to a refused address.
#[derive(Clone, Copy)]
pub(super) struct Resolver {
    pub(super) allow_loopback: bool,
}

/// The error of a name that leads to a refused address.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to a refused address")
    }
}

impl std::error::Error for Refused {}

impl Resolver {
    /// Returns all addresses of a name. One refused address refuses the name, since no honest name mixes such
    /// addresses with others.
    fn admit(self, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        let found: Vec<_> = found.collect();
        let spoilt = found.iter().any(|address| {
            let ip = address.ip();
            is_refused(ip) && !(self.allow_loopback && ip.is_loopback())
        });
        if spoilt { Err(Refused) } else { Ok(found) }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Addrs = Box::new(resolver.admit(found)?.into_iter());
            Ok(admitted)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::vendor::testing::TEST, *};

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

    #[test]
    fn addresses_that_are_not_the_internet_are_refused() {
        for text in [
            "127.0.0.1",
            "127.255.0.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.9.9",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.1.1",
            "192.0.0.8",
            "198.18.0.1",
            "198.19.255.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.88.99.1",
            "203.0.113.9",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::8.8.8.8",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "2001:db8::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "3fff::1",
            "5f00::1",
        ] {
            assert!(is_refused(text.parse().unwrap()), "{text}");
        }
        for text in [
            "8.8.8.8",
            "101.53.164.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1",
            "2a00:1450::1",
        ] {
            assert!(!is_refused(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn one_refused_address_spoils_a_name() {
        let found = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| SocketAddr::new(text.parse().unwrap(), 0))
                .collect::<Vec<_>>()
        };
        let strict = Resolver {
            allow_loopback: false,
        };
        assert!(
            strict
                .admit(found(&["8.8.8.8", "10.0.0.1"]).into_iter())
                .is_err()
        );
        assert!(strict.admit(found(&["127.0.0.1"]).into_iter()).is_err());
        assert_eq!(
            strict.admit(found(&["8.8.8.8"]).into_iter()).unwrap().len(),
            1
        );
        let lenient = Resolver {
            allow_loopback: true,
        };
        assert!(
            lenient
                .admit(found(&["127.0.0.1", "::1"]).into_iter())
                .is_ok()
        );
        assert!(lenient.admit(found(&["10.0.0.1"]).into_iter()).is_err());
    }
}
