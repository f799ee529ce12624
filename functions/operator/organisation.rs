//! Which organisation a grant is for.

use domain::{
    fault::{Fault, Outcome},
    integration::{Credentials, Provider},
};

/// What a grant says of its organisation, after the CRM accepted it: `named` by the operator, or read from the tokens.
///
/// # Errors
/// Lasting, when the tokens are for another organisation than the one that was named, or say nothing and none was named.
pub(super) fn of(
    provider: Provider,
    renewed: &Credentials,
    named: Option<&str>,
) -> Outcome<String> {
    let told = match provider {
        Provider::Salesforce => salesforce(renewed.access_token.as_deref()),
    };
    match (told, named) {
        (Some(told), Some(named)) if !is_same(provider, told, named) => {
            Err(Fault::lasting("integration.other_organisation")
                .with_detail(format!("the grant is for {told}")))
        }
        (Some(told), _) => Ok(told.to_owned()),
        (None, Some(named)) => Ok(named.to_owned()),
        (None, None) => Err(Fault::lasting("organisation.unknown").with_detail("--organisation")),
    }
}

/// An opaque access token of Salesforce is the organisation's id, 15 characters that begin with 00D, `!`, and the
/// secret part. (Tokens in JWT form say it inside; they are not taken apart.)
fn salesforce(token: Option<&str>) -> Option<&str> {
    let (id, _) = token?.split_once('!')?;
    let fits =
        id.len() == 15 && id.starts_with("00D") && id.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then_some(id)
}

/// Salesforce writes ids with 15 characters, or with 3 more that repeat their capitals.
fn is_same(provider: Provider, told: &str, named: &str) -> bool {
    match provider {
        Provider::Salesforce => matches!(named.len(), 15 | 18) && named.get(..15) == Some(told),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::integration::Grant;

    use super::*;

    fn of(token: Option<&str>, named: Option<&str>) -> Result<String, String> {
        let credentials = Credentials {
            login_url: String::new(),
            instance_url: None,
            client_id: String::new(),
            grant: Grant::RefreshToken {
                refresh_token: String::new(),
                client_secret: None,
            },
            access_token: token.map(str::to_owned),
        };
        super::of(Provider::Salesforce, &credentials, named)
            .map_err(|fault| fault.code().to_owned())
    }

    #[test]
    fn a_token_tells_its_organisation_and_the_operator_may_name_it_in_both_lengths() {
        let token = Some("00D000000000001!secret");
        for named in [None, Some("00D000000000001"), Some("00D000000000001EAA")] {
            assert_eq!(of(token, named).unwrap(), "00D000000000001");
        }
        for named in [
            "00D000000000002",
            "00D00000000000",
            "00D000000000001E",
            "00d000000000001",
        ] {
            assert_eq!(
                of(token, Some(named)).unwrap_err(),
                "integration.other_organisation"
            );
        }
    }

    #[test]
    fn a_token_that_tells_nothing_needs_a_name() {
        for token in [
            None,
            Some("eyJhbGciOi.J9.x"),
            Some("00D!x"),
            Some("001000000000001!x"),
            Some("00Dö00000000001!x"),
        ] {
            assert_eq!(
                of(token, Some("00D000000000001EAA")).unwrap(),
                "00D000000000001EAA"
            );
            assert_eq!(of(token, None).unwrap_err(), "organisation.unknown");
        }
    }
}
