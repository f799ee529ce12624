//! The caller, as far as the gateway's authorizer has proven who it is.

use domain::{fault::Outcome, ports::Keys, removal::Asker, seal::CallerKey, tenant::TenantId};
use serde_json::{Map, Value};

use crate::problem::{Problem, types};

/// The longest subject that is accepted. Issuers use UUIDs and the like.
const LONGEST_SUBJECT: usize = 128;

/// The longest ARN of a caller whom IAM has proven. AWS states no limit; names of roles and sessions have 64 characters each.
const LONGEST_ARN: usize = 2_048;

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
    /// A signature of the operator's account, which IAM has checked. No token is enough.
    Operator,
}

impl Needs {
    /// Returns the scope as tokens and the contract spell it. `None` if no scope is needed.
    pub fn scope(self) -> Option<&'static str> {
        match self {
            Self::Nothing | Self::Operator => None,
            Self::Read => Some("abgleich/read"),
            Self::Write => Some("abgleich/write"),
            Self::Admin => Some("abgleich/admin"),
        }
    }
}

/// A user of a tenant, or the operator on behalf of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The tenant: claim `tenant`.
    pub tenant: TenantId,
    /// The user's name at the issuer: claim `sub`. It may be an e-mail address, so logs and audit entries name the user by keyed hashes.
    pub user: String,
    scopes: Vec<String>,
    is_operator: bool,
}

impl Caller {
    /// Reads what the gateway's authorizer has proven, in the way that the route needs. `tenant` is the one that the path names: only the
    /// operator names a tenant there. `account` is the operator's.
    ///
    /// # Errors
    /// Returns 401 if there is no such proof, and 403 if it is of another account. Otherwise those of [`Self::of`].
    pub(super) fn behind(
        needs: Needs,
        authorizer: Option<&Value>,
        tenant: &str,
        account: &str,
    ) -> Result<Self, Problem> {
        let of = |pointer: &str| authorizer.and_then(|proven| proven.pointer(pointer)?.as_object());
        match needs {
            Needs::Operator => Self::operator(of("/iam"), tenant, account),
            _ => Self::of(of("/jwt/claims")),
        }
    }

    /// Reads the identity that IAM has proven. Its ARN may have a person's name, so it is named by a keyed hash, as users are. IAM alone
    /// decides who gets here. The account is compared all the same, so that no policy of this account lets in another one.
    fn operator(
        iam: Option<&Map<String, Value>>,
        tenant: &str,
        account: &str,
    ) -> Result<Self, Problem> {
        let proven = |name: &str| iam.and_then(|iam| iam.get(name)?.as_str());
        let arn = proven("userArn").filter(|arn| (1..=LONGEST_ARN).contains(&arn.len()));
        let arn = arn.ok_or_else(|| Problem::of(types::UNAUTHORIZED))?;
        if proven("accountId") != Some(account) {
            return Err(Problem::of(types::FOREIGN_ACCOUNT));
        }
        Ok(Self {
            tenant: TenantId::parse(tenant).map_err(|_| Problem::not_found())?,
            user: arn.to_owned(),
            scopes: Vec::new(),
            is_operator: true,
        })
    }

    /// Returns whether it is the operator.
    pub(super) fn is_operator(&self) -> bool {
        self.is_operator
    }

    /// Returns the caller as audit entries and receipts name it. Whoever acts for the operator has there the hash that the log has
    /// (`log_key`), so that the two can be brought together.
    ///
    /// # Errors
    /// Transient if the keys cannot be fetched.
    pub(super) async fn asker(&self, keys: &dyn Keys, log_key: &CallerKey) -> Outcome<Asker> {
        if self.is_operator {
            return Ok(Asker::of_operator(log_key.hash(&self.tenant, &self.user)));
        }
        Asker::of(keys, &self.tenant, &self.user).await
    }

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
            is_operator: false,
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
mod tests;
