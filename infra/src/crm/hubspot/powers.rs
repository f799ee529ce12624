//! What a grant's scopes allow beyond single objects.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Allowed, Powers},
    record::Object,
};

use super::{
    HubSpot,
    names::scope_name,
    provider::{LEADS, READING},
};

#[async_trait]
impl Powers for HubSpot {
    async fn scopes(&self) -> Outcome<Option<Allowed>> {
        let granted = self.granted().await?;
        // A token of one account does not tell its scopes.
        Ok((!granted.is_empty()).then(|| of_scopes(&granted)))
    }

    /// HubSpot tells nothing about the user behind a grant.
    async fn permissions(&self) -> Outcome<Option<Allowed>> {
        Ok(None)
    }
}

fn of_scopes(granted: &BTreeSet<String>) -> Allowed {
    // An account without Sales Hub cannot grant the scope of leads.
    let missing = READING.iter().filter(|scope| **scope != LEADS);
    let missing = missing.filter(|scope| !granted.contains(**scope));
    let is_used = |scope: &str| {
        let objects = Object::ALL.iter().map(|object| scope_name(*object));
        let mut used = objects.flat_map(|name| {
            let rights = ["read", "write", "sensitive.read.v2", "sensitive.write.v2"];
            rights
                .into_iter()
                .map(move |right| format!("crm.objects.{name}.{right}"))
        });
        READING.contains(&scope) || used.any(|used| used == scope)
    };
    Allowed {
        missing: missing.map(|scope| (*scope).to_owned()).collect(),
        excess: granted
            .iter()
            .filter(|scope| !is_used(scope))
            .cloned()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_missing_or_too_much_by_their_names() {
        let of = |scopes: &[&str]| {
            let granted = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            of_scopes(&granted)
        };
        let whole = of(&READING);
        assert!(whole.missing.is_empty() && whole.excess.is_empty());
        let without_leads = of(&READING[..4]);
        assert!(without_leads.missing.is_empty());
        let odd = of(&[
            "oauth",
            "crm.objects.contacts.write",
            "automation",
            "crm.lists.read",
        ]);
        assert_eq!(
            odd.missing,
            [
                "crm.objects.companies.read",
                "crm.objects.contacts.read",
                "crm.objects.deals.read"
            ]
        );
        assert_eq!(odd.excess, ["automation", "crm.lists.read"]);
    }
}
