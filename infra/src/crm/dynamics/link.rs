//! Links in answers: absolute addresses with a host, which is held against the environment's own. Pure.

use url::Url;

/// The longest link that is followed, in bytes. It has the names of all columns that are read.
const LONGEST: usize = 64 << 10;

/// Returns path and query of a link, if it leads to the API of this very environment.
pub(super) fn within(origin: &Url, link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let is_same = url.origin() == origin.origin()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none();
    let text = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    (is_same && is_link(&text)).then_some(text)
}

/// Returns whether a text is path and query of the API.
pub(super) fn is_link(text: &str) -> bool {
    let path = text.split_once('?').map_or(text, |(path, _)| path);
    text.len() <= LONGEST
        && path.starts_with("/api/data/v")
        && !path.contains("..")
        && !path.contains("//")
        && text.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_into_the_same_environment_is_followed() {
        let origin = Url::parse("https://acme.crm4.dynamics.com/").unwrap();
        let link =
            "https://acme.crm4.dynamics.com/api/data/v9.2/accounts?$select=name&$skiptoken=%3Cx%3E";
        assert_eq!(
            within(&origin, link).as_deref(),
            Some("/api/data/v9.2/accounts?$select=name&$skiptoken=%3Cx%3E")
        );
        for link in [
            "/api/data/v9.2/accounts",
            "http://acme.crm4.dynamics.com/api/data/v9.2/accounts",
            "https://other.crm4.dynamics.com/api/data/v9.2/accounts",
            "https://acme.crm4.dynamics.com.evil.example/api/data/v9.2/accounts",
            "https://acme.crm4.dynamics.com@evil.example/api/data/v9.2/accounts",
            "https://a@acme.crm4.dynamics.com/api/data/v9.2/accounts",
            "https://acme.crm4.dynamics.com:8443/api/data/v9.2/accounts",
            "https://acme.crm4.dynamics.com/api/data/../discovery/v2.0/Instances",
            "https://acme.crm4.dynamics.com/main.aspx",
        ] {
            assert_eq!(within(&origin, link), None, "{link}");
        }
    }
}
