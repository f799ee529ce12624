use std::borrow::Cow;

use super::fold::fold_letters;
use super::shared_hosts::is_shared;

/// The registered domain of a web address, a host or an e-mail address, in lower-case ASCII
/// (punycode). `None` if the text has no domain, or if unrelated people share it: free-mail
/// providers, web hosts, social networks (see [`super::shared_hosts`]).
///
/// The public suffix list, including its private section, says which part of a host is registered:
/// `mueller.github.io` is a domain of its own. An unknown ending such as `.example` counts as a
/// suffix; that is the default rule of the list.
pub fn domain(text: &str) -> Option<String> {
    registered(host(text)?).filter(|registered| !is_shared(registered))
}

/// The registered domain of a host, shared or not.
fn registered(host: &str) -> Option<String> {
    let host: Cow<'_, str> = if host.is_ascii() {
        if host.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(host.to_ascii_lowercase())
        } else {
            Cow::Borrowed(host)
        }
    } else {
        Cow::Owned(idna::domain_to_ascii(host).ok()?)
    };
    let plain = host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        });
    // The last label of an IPv4 address is a number. No top-level domain is a number.
    let numeric = host
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if !plain || numeric {
        return None;
    }
    let registered = psl::domain_str(&host)?;
    // "www.mueller de": a dot is missing.
    (!registered.starts_with("www.")).then(|| registered.to_owned())
}

/// The first label of a host before its registered domain, if it names somebody: `imk` in `www.imk.uni-nord.example`.
/// Institutes, departments and shops of a group have one.
pub(crate) fn host_label(text: &str) -> Option<String> {
    let host = host(text)?;
    let domain = registered(host)?;
    // A host with umlauts is longer in its registered form.
    let sub = host.get(..host.len().checked_sub(domain.len() + 1)?)?;
    let is_its = host.as_bytes()[sub.len()] == b'.' && host.is_ascii();
    let names = |label: &&str| label.len() > 2 && COMMON_LABELS.binary_search(label).is_err();
    let sub = sub.to_ascii_lowercase();
    let label = sub.split('.').find(names)?;
    let mut folded = String::new();
    fold_letters(&mut folded, label);
    (is_its && folded.len() > 2).then_some(folded)
}

/// Labels that name no one. Sorted.
#[rustfmt::skip]
const COMMON_LABELS: [&str; 44] = [
    "about", "app", "apps", "blog", "career", "careers", "cms", "corp", "corporate", "dev", "eng", "extranet", "forum", "global", "home",
    "info", "intranet", "jobs", "karriere", "kontakt", "live", "mail", "media", "mobile", "neu", "new", "news", "online", "portal", "shop",
    "site", "smtp", "sso", "start", "store", "support", "web", "webmail", "webshop", "website", "www", "www1", "www2", "www3",
];

/// The domain of the company that runs a shared host: `https://www.xing.com` is the website of XING, but
/// `xing.com/pages/firma` is a page of somebody else. `name` is the canonical name of the company.
pub(crate) fn own_shared_domain(text: &str, name: &str) -> Option<String> {
    let text = text.trim();
    let address = text.split_once("://").map_or(text, |(_, rest)| rest);
    let is_bare = !address.contains('@')
        && address
            .split_once('/')
            .is_none_or(|(_, path)| path.is_empty());
    let host = host(text).filter(|_| is_bare)?;
    let domain = registered(host)?;
    let sub = host.len().checked_sub(domain.len() + 1);
    let is_front = sub.is_none_or(|at| host[..at].eq_ignore_ascii_case("www"));
    let mut label = String::new();
    fold_letters(&mut label, domain.split('.').next()?);
    let is_named = name.split(' ').any(|word| word == label);
    (is_shared(&domain) && is_front && is_named).then_some(domain)
}

/// A domain as it is spelled without umlauts: `xn--mller-kva.de`, which is `müller.de`, becomes
/// `mueller.de`. Companies register both.
pub(crate) fn without_umlauts(domain: &str) -> Cow<'_, str> {
    if !domain.contains("xn--") {
        return Cow::Borrowed(domain);
    }
    let (lettered, _) = idna::domain_to_unicode(domain);
    let mut plain = String::with_capacity(lettered.len() + 4);
    for c in lettered.chars() {
        match c {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            _ => plain.push_str(any_ascii::any_ascii_char(c)),
        }
    }
    Cow::Owned(plain.to_ascii_lowercase())
}

/// The host of an address: without scheme, user, port, path, query and fragment.
fn host(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = text
        .split_once("://")
        .map_or(text, |(_, rest)| rest)
        .trim_start_matches('/');
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let text = text.split(['/', '?', '#', '\\', ' ', ',', ';']).next()?;
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let text = text.split(':').next()?.trim_end_matches(['.', '>', ')']);
    (text.contains('.') && text.len() <= 1_024).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_host_is_the_domain_of_the_company_that_runs_it_only() {
        for (text, name, expected) in [
            ("https://www.xing.com/", "xing", Some("xing.com")),
            (
                "amazon.de",
                "amazon deutschland services",
                Some("amazon.de"),
            ),
            ("xing.com/pages/zantavex", "xing", None),
            ("xing.com", "zantavex", None),
            ("info@xing.com", "xing", None),
            ("shop.amazon.de", "amazon", None),
            ("zantavex.example", "zantavex", None),
        ] {
            assert_eq!(own_shared_domain(text, name).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_label_before_the_domain_names_an_institute() {
        assert!(COMMON_LABELS.is_sorted());
        for (text, expected) in [
            ("https://www.imk.uni-nord.example/start", Some("imk")),
            ("imk.physik.uni-nord.example", Some("imk")),
            ("anna@imk.uni-nord.example", Some("imk")),
            ("WWW.IMK.Uni-Nord.example", Some("imk")),
            ("shop.zantavex.example", None),
            ("de.zantavex.example", None),
            ("zantavex.example", None),
            ("www.müller.example", None),
            ("", None),
        ] {
            assert_eq!(host_label(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_umlaut_domain_is_spelled_as_its_ascii_twin() {
        for (text, expected) in [
            ("müller-bäder.example", "mueller-baeder.example"),
            ("groß.example", "gross.example"),
            ("société.example", "societe.example"),
            ("mueller.example", "mueller.example"),
        ] {
            let domain = domain(text).unwrap_or_default();
            assert_eq!(without_umlauts(&domain), expected, "{text}");
        }
    }
}
