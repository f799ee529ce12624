//! What a grant and its user may do beyond single objects.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::Grant,
    ports::{Allowed, Powers},
    record::Object,
};

use super::{Dynamics, names::of_privilege, privileges::Privileges};

/// The scope of a user's consent. Dataverse has no narrower one.
const SCOPE: &str = "user_impersonation";

/// Privileges that apply to the whole organisation. We never use them.
const EXCESS: [&str; 6] = [
    "prvActOnBehalfOfAnotherUser",
    "prvAllowDataDownload",
    "prvBulkDelete",
    "prvPublishCustomization",
    "prvWriteRole",
    "prvWriteUser",
];

#[async_trait]
impl Powers for Dynamics {
    /// An app that acts for itself has no scopes: its role says what it may do.
    async fn scopes(&self) -> Outcome<Option<Allowed>> {
        let credentials = self.session.credentials().await?;
        if !matches!(credentials.grant, Grant::RefreshToken { .. }) {
            return Ok(None);
        }
        let scope = credentials.scope;
        Ok(scope.map(|scope| Allowed {
            missing: match scope.split_whitespace().any(|one| one.ends_with(SCOPE)) {
                true => Vec::new(),
                false => vec![SCOPE.to_owned()],
            },
            excess: Vec::new(),
        }))
    }

    async fn permissions(&self) -> Outcome<Option<Allowed>> {
        let privileges = self.privileges().await?;
        Ok(privileges.map(|privileges| of_privileges(&privileges)))
    }
}

fn of_privileges(privileges: &Privileges) -> Allowed {
    let reading = Object::ALL.map(|object| format!("prvRead{}", of_privilege(object)));
    let changing = Object::ALL.into_iter().flat_map(|object| {
        ["prvDelete", "prvWrite"].map(|right| format!("{right}{}", of_privilege(object)))
    });
    let excess = EXCESS.map(str::to_owned).into_iter().chain(changing);
    let mut excess: Vec<String> = excess.filter(|name| privileges.has(name)).collect();
    excess.sort_unstable();
    let mut missing: Vec<String> = reading
        .into_iter()
        // Less than all records of the organisation is a copy that nobody can compare.
        .filter(|name| !privileges.has_for_all(name))
        .collect();
    missing.sort_unstable();
    Allowed { missing, excess }
}
