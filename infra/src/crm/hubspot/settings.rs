//! The settings of the connector.

use domain::fault::{CrmCode, Outcome};

use super::{super::client::ClientSettings, pace::Limits, provider::VENDOR};

/// Settings of the connector. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct Options {
    /// The settings that every connector has.
    pub client: ClientSettings,
    /// The API's version in paths: a year and a month. From 2026-09 on an administrator's validation rules apply to writes by API.
    pub version: String,
    /// Records on a page of a search. HubSpot allows 200.
    pub search_page: u32,
    /// Records on a page of a list. HubSpot allows 100.
    pub list_page: u32,
    /// The most pages of the recycle bin that are read at once. A longer bin is not read, and all ids are compared instead.
    pub bin_pages: u32,
    /// How fast requests may follow each other.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self::of(ClientSettings::default())
    }
}

impl Options {
    /// Returns the default settings, with those that every connector has.
    pub fn of(client: ClientSettings) -> Self {
        let version = "2026-03".to_owned();
        Self {
            client: ClientSettings {
                token_version: version.clone(),
                ..client
            },
            version,
            search_page: 200,
            list_page: 100,
            bin_pages: 200,
            limits: Limits::default(),
        }
    }

    /// Refuses values that would be wrong in a path or a query.
    pub(super) fn check(&self) -> Outcome<()> {
        for version in [&self.version, &self.client.token_version] {
            let fits = version.len() == 7
                && version.bytes().enumerate().all(|(at, byte)| match at {
                    4 => byte == b'-',
                    _ => byte.is_ascii_digit(),
                });
            if !fits {
                let fault = VENDOR.fault(CrmCode::ApiVersionMalformed);
                return Err(fault.with_detail("2026-03, say"));
            }
        }
        let fits = (1..=200).contains(&self.search_page) && (1..=100).contains(&self.list_page);
        if !fits {
            return Err(VENDOR.fault(CrmCode::PageSizeMalformed));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_a_path_or_a_page_is_refused() {
        assert!(Options::default().check().is_ok());
        for version in ["", "v3", "2026-3x", "2026/03", "../x-yy", "2026-031"] {
            let options = Options {
                version: version.to_owned(),
                ..Options::default()
            };
            assert!(options.check().is_err(), "{version}");
        }
        for (search_page, list_page) in [(0, 100), (201, 100), (200, 0), (200, 101)] {
            let options = Options {
                search_page,
                list_page,
                ..Options::default()
            };
            assert!(options.check().is_err(), "{search_page} {list_page}");
        }
    }
}
