//! The user of a grant, and the privileges of its roles.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::fault::{CrmCode, Kind, Outcome};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    super::client::{nulls::or_default, refusal::Refusal, session::Call},
    Dynamics,
    names::id,
    provider::VENDOR,
    read::data,
};

/// Who we are in the environment.
pub(super) struct Who {
    pub(super) organisation: String,
    user: String,
    /// Dataverse's clock.
    pub(super) clock: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WhoAmI {
    organization_id: String,
    user_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    #[serde(default, deserialize_with = "or_default")]
    role_privileges: Vec<Privilege>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Privilege {
    #[serde(deserialize_with = "or_default")]
    privilege_name: String,
    #[serde(deserialize_with = "or_default")]
    depth: String,
}

/// The privileges of a user, each with its depths: `Basic` for the user's own records, `Global` for all of the organisation.
#[derive(Default)]
pub(super) struct Privileges(BTreeMap<String, BTreeSet<String>>);

impl Privileges {
    /// Returns whether the user has a privilege for some records.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns whether the user has a privilege for all records of the organisation.
    pub(super) fn has_for_all(&self, name: &str) -> bool {
        let depths = self.0.get(name);
        depths.is_some_and(|depths| depths.contains("Global"))
    }

    fn of(told: Told) -> Self {
        let mut all = Self::default();
        for privilege in told.role_privileges {
            let depths = all.0.entry(privilege.privilege_name).or_default();
            depths.insert(privilege.depth);
        }
        all
    }
}

impl Dynamics {
    /// Asks who we are, and what time it is there.
    pub(super) async fn who(&self) -> Result<Who, Refusal> {
        let call = data(Call::get(self.options.path("WhoAmI")));
        let who = self.session.run(&call, |reply| {
            let clock = reply.date();
            let clock = clock.ok_or_else(|| VENDOR.refusal(CrmCode::ClockUnreadable))?;
            let unreadable = || VENDOR.refusal(CrmCode::AnswerUnreadable);
            let told: WhoAmI = serde_json::from_slice(&reply.body).map_err(|_| unreadable())?;
            let guid = |text: &str| id(text).map(|id| id.as_str().to_owned());
            Ok(Who {
                organisation: guid(&told.organization_id).ok_or_else(unreadable)?,
                user: guid(&told.user_id).ok_or_else(unreadable)?,
                clock,
            })
        });
        who.await
    }

    /// Returns the user's privileges. `None` if the user may not see them. They are asked for once.
    pub(super) async fn privileges(&self) -> Outcome<Option<Arc<Privileges>>> {
        let mut known = self.privileges.lock().await;
        if let Some(known) = &*known {
            return Ok(known.clone());
        }
        let user = self.who().await?.user;
        let path = format!("systemusers({user})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges");
        let call = data(Call::get(self.options.path(&path)));
        let told = self.session.run(&call, |reply| {
            serde_json::from_slice::<Told>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::AnswerUnreadable))
        });
        let told = match told.await {
            Ok(told) => Some(Arc::new(Privileges::of(told))),
            Err(refusal) if refusal.fault.kind() == Kind::Permanent => None,
            Err(refusal) => return Err(refusal.into()),
        };
        *known = Some(told.clone());
        Ok(told)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_privilege_of_two_roles_has_the_depths_of_both() {
        let told = r#"{"@odata.context":"x","RolePrivileges":[
            {"PrivilegeId":"1","PrivilegeName":"prvReadAccount","Depth":"Basic","BusinessUnitId":"x"},
            {"PrivilegeId":"1","PrivilegeName":"prvReadAccount","Depth":"Global","BusinessUnitId":"x"},
            {"PrivilegeId":"2","PrivilegeName":"prvReadLead","Depth":"Local"}]}"#;
        let all = Privileges::of(serde_json::from_str(told).unwrap());
        assert!(all.has("prvReadAccount") && all.has_for_all("prvReadAccount"));
        assert!(all.has("prvReadLead") && !all.has_for_all("prvReadLead"));
        assert!(!all.has("prvReadContact"));
    }
}
