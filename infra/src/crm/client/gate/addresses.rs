//! The second gate: which addresses a host may have.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Returns whether an address belongs to this machine, to a network outside the internet, or to a
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
pub(in crate::crm::client) struct Resolver {
    pub(in crate::crm::client) allow_loopback: bool,
}

/// The error of a name that leads to a refused address.
#[derive(Debug)]
pub(in crate::crm::client) struct Refused;

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
    use super::*;

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
