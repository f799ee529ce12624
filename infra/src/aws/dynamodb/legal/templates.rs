//! Templates of assessments.

use domain::{fault::Outcome, ports::StoredTemplate, seal::Sealed, tenant::TenantId};

use super::super::{
    batch::key,
    item::{Item, blob, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused},
    places,
};

impl AwsStore {
    pub(super) async fn write_template(
        &self,
        tenant: &TenantId,
        template: &StoredTemplate,
    ) -> Outcome<bool> {
        let sk = places::template(&template.name, template.version);
        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(key(places::tenant(tenant), sk.as_str())))
            .item("name", text(&template.name))
            .item("version", number(template.version))
            .item("at", text(time(template.at)))
            .item("sealed", blob(template.sealed.as_bytes()))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match put {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => {
                // Our own write may have been applied and its answer lost. No two sealed texts are equal, so equality proves it.
                let there = self.rows_of(tenant, &sk, None).await?;
                let ours = template.sealed.as_bytes();
                Ok(there.iter().any(|row| row.blob("sealed") == Ok(ours)))
            }
            Err(error) => Err(fault("template_put", &error)),
        }
    }

    pub(super) async fn list_templates(&self, tenant: &TenantId) -> Outcome<Vec<StoredTemplate>> {
        let rows = self.rows_of(tenant, places::TEMPLATES, None).await?;
        let mut templates = rows
            .iter()
            .map(|row| {
                Ok(StoredTemplate {
                    name: row.text("name")?.to_owned(),
                    version: row.number("version")?,
                    at: row.time("at")?,
                    sealed: Sealed::from_stored(row.blob("sealed")?.to_vec()),
                })
            })
            .collect::<Outcome<Vec<_>>>()?;
        templates.sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
        Ok(templates)
    }
}
