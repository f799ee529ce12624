//! Events that arrive from the bus and orders that are put on it.

use domain::{
    fault::{Code, Fault, Outcome},
    order::{ExportDue, OffboardingDue, Order, RemovalDue, SyncDue},
    tenant::{ExportId, Generation, IntegrationId, RunId, Scope, TenantId},
};
use futures::future::BoxFuture;
use serde_json::Value;

/// Puts orders on the event bus: the real bus in deployed functions, a list in tests.
pub type SendOrders<'a> = dyn Fn(Vec<Order>) -> BoxFuture<'a, Outcome<()>> + Send + Sync + 'a;

/// Reads a field of an event.
///
/// # Errors
/// Returns a permanent fault that names the field. It leaves the field's value out, since that may be anything.
pub fn field<'e, T>(
    event: &'e Value,
    pointer: &str,
    read: impl FnOnce(&'e Value) -> Option<T>,
) -> Outcome<T> {
    event
        .pointer(pointer)
        .and_then(read)
        .ok_or_else(|| malformed().with_field(pointer.trim_start_matches('/').replace('/', ".")))
}

/// Reads a SyncDue from the body of a queue message, which is an event of the bus as a rule delivers it. Other fields
/// are ignored, since EventBridge adds its own.
///
/// # Errors
/// Returns a permanent fault that names the missing or malformed field.
pub fn sync_due(body: &str) -> Outcome<SyncDue> {
    let event = event_of(body, "SyncDue")?;
    Ok(SyncDue {
        scope: scope(&event)?,
        run: field(&event, "/detail/run", |id| RunId::parse(id.as_str()?).ok())?,
        slice: field(&event, "/detail/slice", number)?,
    })
}

/// Reads a RemovalDue from the body of a queue message.
///
/// # Errors
/// Returns a permanent fault that names the missing or malformed field.
pub fn removal_due(body: &str) -> Outcome<RemovalDue> {
    let event = event_of(body, "RemovalDue")?;
    Ok(RemovalDue {
        scope: scope(&event)?,
    })
}

/// Reads an ExportDue from the body of a queue message.
///
/// # Errors
/// Returns a permanent fault that names the missing or malformed field.
pub fn export_due(body: &str) -> Outcome<ExportDue> {
    let event = event_of(body, "ExportDue")?;
    Ok(ExportDue {
        scope: scope(&event)?,
        export: field(&event, "/detail/export", |id| {
            ExportId::parse(id.as_str()?).ok()
        })?,
    })
}

/// Reads an OffboardingDue from the body of a queue message.
///
/// # Errors
/// Returns a permanent fault that names the missing or malformed field.
pub fn offboarding_due(body: &str) -> Outcome<OffboardingDue> {
    let event = event_of(body, "OffboardingDue")?;
    Ok(OffboardingDue {
        tenant: tenant_at(&event, "/detail/tenant")?,
    })
}

/// Reads the tenant of an order of whatever kind.
///
/// # Errors
/// Returns a permanent fault that names the missing or malformed field.
pub fn tenant(body: &str) -> Outcome<TenantId> {
    let event: Value =
        serde_json::from_str(body).map_err(|_| malformed().with_detail("not JSON"))?;
    // This order alone is not about an integration.
    match event.pointer("/detail-type").and_then(Value::as_str) {
        Some("OffboardingDue") => tenant_at(&event, "/detail/tenant"),
        _ => tenant_of(&event),
    }
}

/// Returns whether a message's body is an event of this kind.
pub fn is(body: &str, kind: &str) -> bool {
    event_of(body, kind).is_ok()
}

/// Parses a message's body as an event of this kind.
fn event_of(body: &str, kind: &str) -> Outcome<Value> {
    let event: Value =
        serde_json::from_str(body).map_err(|_| malformed().with_detail("not JSON"))?;
    field(&event, "/detail-type", |found| {
        (found == kind).then_some(())
    })?;
    Ok(event)
}

fn scope(event: &Value) -> Outcome<Scope> {
    Ok(Scope {
        tenant: tenant_of(event)?,
        integration: field(event, "/detail/scope/integration", |id| {
            IntegrationId::parse(id.as_str()?).ok()
        })?,
        generation: Generation(field(event, "/detail/scope/generation", number)?),
    })
}

fn tenant_of(event: &Value) -> Outcome<TenantId> {
    tenant_at(event, "/detail/scope/tenant")
}

fn tenant_at(event: &Value, pointer: &str) -> Outcome<TenantId> {
    field(event, pointer, |id| TenantId::parse(id.as_str()?).ok())
}

/// Reads a small number.
pub fn number(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

fn malformed() -> Fault {
    Fault::of(Code::EventMalformed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// Returns an event as a rule of EventBridge delivers it to a queue.
    pub(crate) fn delivered(order: &Order) -> Value {
        json!({
            "version": "0",
            "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
            "detail-type": order.detail_type(),
            "source": "abgleich",
            "account": "111122223333",
            "time": "2026-11-24T03:00:00Z",
            "region": "eu-central-1",
            "resources": [],
            "detail": order.detail().unwrap(),
        })
    }

    pub(crate) fn due() -> SyncDue {
        SyncDue {
            scope: Scope {
                tenant: TenantId::parse("acme-1").unwrap(),
                integration: IntegrationId::parse("crm-1").unwrap(),
                generation: Generation(3),
            },
            run: RunId::parse("018bcfe56800-00000007").unwrap(),
            slice: 2,
        }
    }

    #[test]
    fn an_order_that_went_over_the_bus_is_read_back() {
        let event = delivered(&Order::SyncDue(due()));
        assert_eq!(sync_due(&event.to_string()).unwrap(), due());
        assert_eq!(tenant(&event.to_string()).unwrap(), due().scope.tenant);
        let removal = RemovalDue { scope: due().scope };
        let event = delivered(&Order::RemovalDue(removal.clone())).to_string();
        assert_eq!(removal_due(&event).unwrap(), removal);
        assert!(sync_due(&event).is_err());
        let export = ExportDue {
            scope: due().scope,
            export: ExportId::parse("018bcfe56800-00000008").unwrap(),
        };
        let event = delivered(&Order::ExportDue(export.clone())).to_string();
        assert_eq!(export_due(&event).unwrap(), export);
        assert!(is(&event, "ExportDue") && !is(&event, "SyncDue"));
        let tenant = due().scope.tenant;
        let end = OffboardingDue { tenant };
        let event = delivered(&Order::OffboardingDue(end.clone())).to_string();
        assert_eq!(offboarding_due(&event).unwrap(), end);
        assert_eq!(super::tenant(&event).unwrap(), end.tenant);
        assert!(removal_due(&event).is_err());
    }

    #[test]
    fn each_field_that_is_missing_or_does_not_fit_is_named_without_its_value() {
        let good = delivered(&Order::SyncDue(due()));
        for pointer in [
            "/detail-type",
            "/detail/scope/tenant",
            "/detail/scope/integration",
            "/detail/scope/generation",
            "/detail/run",
            "/detail/slice",
        ] {
            for bad in [
                json!(null),
                json!("Erika Mustermann"),
                json!(-1),
                json!({"a": []}),
            ] {
                let mut event = good.clone();
                *event.pointer_mut(pointer).unwrap() = bad;
                let fault = sync_due(&event.to_string()).unwrap_err();
                assert_eq!(*fault.code(), Code::EventMalformed);
                assert_eq!(fault.field().unwrap(), pointer[1..].replace('/', "."));
                let names_tenant = tenant(&event.to_string()).is_ok();
                assert_eq!(names_tenant, pointer != "/detail/scope/tenant");
            }
        }
    }

    #[test]
    fn what_is_no_event_at_all_is_refused() {
        for body in [
            "",
            "{",
            "[]",
            "null",
            "\"SyncDue\"",
            "{\"detail-type\":\"SyncDue\"}",
        ] {
            assert_eq!(
                *sync_due(body).unwrap_err().code(),
                Code::EventMalformed,
                "{body}"
            );
        }
    }
}
