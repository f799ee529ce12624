//! Shows a tenant's allowance, and states its own numbers.

use domain::{
    allowance::{Allowance, Limit},
    fault::{Code, Fault, Outcome},
    ports::Allowances,
    tenant::TenantId,
};
use serde_json::{Map, Value, json};

/// Changes the tenant's own numbers as told, and shows all. A change begins the tenant's windows anew.
pub(super) async fn change<S>(
    store: &S,
    tenant: &str,
    set: &[String],
    unset: &[String],
) -> Outcome<Value>
where
    S: Allowances + ?Sized,
{
    let tenant = TenantId::parse(tenant.trim())?;
    let mut own = store.allowance(&tenant).await?.own;
    for text in set {
        let (limit, most) = read(text)?;
        own.0.insert(limit, most);
    }
    for name in unset {
        own.0.remove(&Limit::parse(name)?);
    }
    if !set.is_empty() || !unset.is_empty() {
        store.set_allowance(&tenant, &own).await?;
    }
    show(store, &tenant).await
}

/// Reads `NAME=NUMBER`.
fn read(text: &str) -> Outcome<(Limit, u32)> {
    let malformed = || {
        let expected = format!("NAME=NUMBER, with NAME {}", Limit::one_of());
        Fault::of(Code::AllowanceMalformed).with_detail(expected)
    };
    let (name, number) = text.split_once('=').ok_or_else(malformed)?;
    Ok((
        Limit::parse(name)?,
        number.parse().map_err(|_| malformed())?,
    ))
}

async fn show<S>(store: &S, tenant: &TenantId) -> Outcome<Value>
where
    S: Allowances + ?Sized,
{
    let stored = store.allowance(tenant).await?;
    let Allowance(own) = &stored.own;
    let limits = Limit::ALL.into_iter().map(|limit| {
        let rate = stored.rates.get(&limit);
        let rate = rate.map(|rate| json!({"window": rate.window, "left": rate.left}));
        let shown = json!({
            "own": own.get(&limit),
            "rate": rate,
            "places": stored.places.get(&limit),
        });
        (limit.name().to_owned(), shown)
    });
    Ok(json!({"tenant": tenant, "limits": limits.collect::<Map<_, _>>()}))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use infra::memory::MemoryStore;

    use super::*;

    #[tokio::test]
    async fn a_tenants_own_numbers_are_set_and_taken_back() {
        let store = MemoryStore::new();
        let told = async |set: &[&str], unset: &[&str]| {
            let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let (set, unset): (Vec<String>, Vec<String>) = (owned(set), owned(unset));
            change(&store, "acme-1", &set, &unset).await
        };
        let shown = told(&["runs_per_hour=3", "slices=2"], &[]).await.unwrap();
        assert_eq!(shown["limits"]["runs_per_hour"]["own"], 3);
        let shown = told(&[], &["runs_per_hour"]).await.unwrap();
        assert_eq!(shown["limits"]["runs_per_hour"]["own"], Value::Null);
        assert_eq!(shown["limits"]["slices"]["own"], 2);
        for wrong in ["runs_per_hour", "runs=3", "slices=-1", "slices=many"] {
            let fault = told(&[wrong], &[]).await.unwrap_err();
            assert_eq!(*fault.code(), Code::AllowanceMalformed, "{wrong}");
        }
        let shown = told(&[], &[]).await.unwrap();
        assert_eq!(shown["limits"]["slices"]["own"], 2, "nothing was changed");
    }
}
