use std::borrow::Cow;

use super::shared_hosts::is_shared;

/// The registered domain of a web address, a host or an e-mail address, in lower-case ASCII
/// (punycode). `None` if the text has no domain, or if unrelated people share it: free-mail
/// providers, web hosts, social networks (see [`super::shared_hosts`]).
///
/// The public suffix list, including its private section, says which part of a host is registered:
/// `mueller.github.io` is a domain of its own. An unknown ending such as `.example` counts as a
/// suffix; that is the default rule of the list.
pub fn domain(text: &str) -> Option<String> {
    let host = host(text)?;
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
    (!is_shared(registered) && !registered.starts_with("www.")).then(|| registered.to_owned())
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
