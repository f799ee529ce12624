//! The caller, as far as the gateway's authorizer has proven who it is.

use domain::tenant::TenantId;
use serde_json::{Map, Value};

use crate::problem::{Problem, types};

/// The longest subject that is accepted. Issuers use UUIDs and the like.
const LONGEST_SUBJECT: usize = 128;

/// The scope that a route needs. No scope implies another: a token lists all that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Needs {
    /// Neither a scope nor a token.
    Nothing,
    /// `abgleich/read`.
    Read,
    /// `abgleich/write`.
    Write,
    /// `abgleich/admin`.
    Admin,
}

impl Needs {
    /// Returns the scope as tokens and the contract spell it. `None` if no scope is needed.
    pub fn scope(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Read => Some("abgleich/read"),
            Self::Write => Some("abgleich/write"),
            Self::Admin => Some("abgleich/admin"),
        }
    }
}

/// A user of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The tenant: claim `tenant`.
    pub tenant: TenantId,
    /// The user's name at the issuer: claim `sub`. It may be an e-mail address, so logs and audit entries name the user by keyed hashes.
    pub user: String,
    scopes: Vec<String>,
}

impl Caller {
    /// Reads the claims of an event of API Gateway: `tenant`, `sub`, and `scope`, which is a text or a list.
    ///
    /// # Errors
    /// Returns 401 if there are no claims, since the gateway did not ask the authorizer then. Returns 403 if the token
    /// is valid but names no tenant or no user.
    pub fn of(claims: Option<&Map<String, Value>>) -> Result<Self, Problem> {
        let claims = claims.ok_or_else(|| Problem::of(types::UNAUTHORIZED))?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let tenant = text("tenant")
            .and_then(|tenant| TenantId::parse(tenant).ok())
            .ok_or_else(|| malformed("tenant"))?;
        let user = text("sub")
            .filter(|sub| (1..=LONGEST_SUBJECT).contains(&sub.len()))
            .filter(|sub| !sub.chars().any(char::is_control))
            .ok_or_else(|| malformed("sub"))?;
        Ok(Self {
            tenant,
            user: user.to_owned(),
            scopes: scopes(claims.get("scope")),
        })
    }

    /// Checks that the token has the scope that a route needs.
    ///
    /// # Errors
    /// Returns 403, naming the scope that is missing.
    pub fn may(&self, needs: Needs) -> Result<(), Problem> {
        match needs.scope() {
            Some(scope) if !self.scopes.iter().any(|has| has == scope) => {
                Err(Problem::of(types::SCOPE_MISSING).with_detail(format!("needs {scope}")))
            }
            _ => Ok(()),
        }
    }
}

/// Returns the scopes of a token. RFC 8693 uses one text with blanks between the scopes, and some issuers use a list. A
/// list arrives as such, or in API Gateway's spelling: `[a b]`.
fn scopes(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(text)) => {
            let list = text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(']'));
            let is_between = |c: char| c.is_whitespace() || (list.is_some() && c == ',');
            let words = list.unwrap_or(text).split(is_between);
            let words = words.filter(|word| !word.is_empty());
            words.map(str::to_owned).collect()
        }
        // An element that contains blanks is no scope, so it matches none of ours.
        Some(Value::Array(list)) => {
            let words = list.iter().filter_map(Value::as_str);
            words.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn malformed(claim: &str) -> Problem {
    Problem::of(types::CLAIMS_MALFORMED).with_detail(format!("claim {claim}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(claims: &Value) -> Result<Caller, u16> {
        Caller::of(claims.as_object()).map_err(|problem| problem.status)
    }

    #[test]
    fn a_caller_is_who_the_claims_say() {
        let caller = of(&json!({
            "tenant": "acme-1", "sub": "u-1", "scope": "openid abgleich/read  abgleich/admin",
            "exp": 1, "iss": "https://issuer",
        }))
        .unwrap();
        assert_eq!(
            (caller.tenant.as_str(), caller.user.as_str()),
            ("acme-1", "u-1")
        );
        assert!(caller.may(Needs::Read).is_ok());
        assert!(caller.may(Needs::Admin).is_ok());
        assert_eq!(
            caller.may(Needs::Write).unwrap_err().status,
            403,
            "admin implies nothing"
        );
    }

    #[test]
    fn claims_that_name_no_tenant_or_no_user_are_refused() {
        for claims in [
            json!({}),
            json!({"sub": "u"}),
            json!({"tenant": "acme-1"}),
            json!({"tenant": "acme-1", "sub": ""}),
            json!({"tenant": "acme-1", "sub": "a\nb"}),
            json!({"tenant": "acme-1", "sub": "x".repeat(129)}),
            json!({"tenant": "Acme#1", "sub": "u"}),
            json!({"tenant": ["acme-1"], "sub": "u"}),
            json!({"tenant": "acme-1", "sub": 7}),
        ] {
            assert_eq!(of(&claims).unwrap_err(), 403, "{claims}");
        }
        assert_eq!(of(&json!(null)).unwrap_err(), 401);
    }

    #[test]
    fn scopes_come_as_a_text_or_as_a_list() {
        for scope in [
            json!("abgleich/read abgleich/write"),
            json!(["abgleich/read", "abgleich/write"]),
            json!("[abgleich/read abgleich/write]"),
            json!("[abgleich/read, abgleich/write]"),
        ] {
            let caller = of(&json!({"tenant": "acme-1", "sub": "u", "scope": scope})).unwrap();
            assert!(caller.may(Needs::Read).is_ok(), "{scope}");
            assert!(caller.may(Needs::Write).is_ok(), "{scope}");
            assert!(caller.may(Needs::Admin).is_err(), "{scope}");
        }
        for scope in [
            json!(null),
            json!(7),
            json!({"abgleich/read": true}),
            json!([["abgleich/read"], 7]),
            json!(["abgleich/read abgleich/write"]),
            json!("abgleich/read,abgleich/write"),
        ] {
            let caller = of(&json!({"tenant": "acme-1", "sub": "u", "scope": scope})).unwrap();
            assert!(caller.may(Needs::Read).is_err(), "{scope}");
        }
    }

    #[test]
    fn a_scope_is_a_whole_word() {
        let caller = of(
            &json!({"tenant": "acme-1", "sub": "u", "scope": "abgleich/readers xabgleich/read"}),
        )
        .unwrap();
        assert!(caller.may(Needs::Read).is_err());
        assert!(caller.may(Needs::Nothing).is_ok());
    }
}
