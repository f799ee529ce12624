//! The settings of the connector.

use domain::fault::{Code, CrmCode, Fault, Outcome};

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
    /// The property for our own id of a created record, used if the object has it as a unique one. If it is `None`, a lost
    /// answer is looked up by the properties that were sent.
    pub external_id_property: Option<String>,
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
            external_id_property: None,
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
        match &self.external_id_property {
            Some(name) if !is_property_name(name) => {
                Err(Fault::of(Code::FieldMalformed).with_detail("abgleich_id, say"))
            }
            _ => Ok(()),
        }
    }
}

/// Returns whether HubSpot could have a property of that name.
pub fn is_property_name(name: &str) -> bool {
    let of_name = |byte: u8| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= 100
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(of_name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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

    #[test]
    fn a_property_for_our_ids_has_a_name_that_hubspot_could_have() {
        let check = |name: &str| {
            let options = Options {
                external_id_property: Some(name.to_owned()),
                ..Options::default()
            };
            options.check()
        };
        assert!(check("abgleich_id").is_ok() && check("p2").is_ok());
        let long = "a".repeat(101);
        for name in [
            "", "Abgleich", "_id", "2nd", "a-b", "a b", "a,b", "ä", &long,
        ] {
            let fault = check(name).unwrap_err();
            assert_eq!(*fault.code(), Code::FieldMalformed, "{name}");
        }
    }
}
