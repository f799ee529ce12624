//! What the connector says of the organisation and of the grant's rights.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Allowed, FieldRights, Inspect, Powers, Rights},
    record::Object,
};

use super::session::Session;

#[async_trait]
impl Inspect for Session {
    async fn organisation(&self) -> Outcome<Option<String>> {
        self.ask("organisation", None, |org| Ok(org.organisation.clone()))
    }

    async fn rights(&self, object: Object) -> Outcome<Option<Rights>> {
        self.ask("rights", None, |org| {
            if org.away.contains(&object) {
                return Ok(None);
            }
            if org.forbidden.contains(&object) {
                return Ok(Some(Rights::default()));
            }
            let fields = org.fields.difference(&org.hidden);
            Ok(Some(Rights {
                read: true,
                create: true,
                fields: fields
                    .map(|name| FieldRights {
                        name: name.clone(),
                        label: None,
                        create: true,
                        required: false,
                    })
                    .collect(),
                ..Rights::default()
            }))
        })
    }
}

#[async_trait]
impl Powers for Session {
    async fn scopes(&self) -> Outcome<Option<Allowed>> {
        self.ask("scopes", None, |org| Ok(org.scopes.clone()))
    }

    async fn permissions(&self) -> Outcome<Option<Allowed>> {
        self.ask("permissions", None, |_| Ok(None))
    }
}
