//! The activity templates of the register, in all their versions.

use jiff::Timestamp;

use super::{Register, TRIES, open};
use crate::{
    fault::{Code, Fault, Outcome},
    grounds::{assessment::Purpose, template::Template},
    ports::{Legal, StoredTemplate},
    seal::{Place, Room, Sealer},
};

/// A template with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// Its version, from 1.
    pub version: u32,
    /// The time at which it was stored.
    pub at: Timestamp,
    /// The template.
    pub template: Template,
}

impl<L: Legal + ?Sized> Register<'_, L> {
    /// Stores the next version of a template.
    ///
    /// # Errors
    /// Permanent if it is incomplete.
    pub async fn put_template(&self, template: &Template, now: Timestamp) -> Outcome<Versioned> {
        template.check()?;
        let text = serde_json::to_vec(template).map_err(|_| Fault::of(Code::TemplateUnwritable))?;
        let keys = self.keyring.tenant(self.tenant).await?;
        let mut sealer = Sealer::new(&keys.sealing, 1)?;
        let name = template.name.as_str();
        for _ in 0..TRIES {
            let stored = self.legal.templates(self.tenant).await?;
            let last = stored.iter().filter(|one| one.name == name);
            let version = last.map(|one| one.version).max().unwrap_or(0) + 1;
            let key = format!("{name}#{version}");
            let place = Place::of_tenant(self.tenant, Room::LegalTemplate, &key);
            let stored = StoredTemplate {
                name: name.to_owned(),
                version,
                at: now,
                sealed: sealer.seal(&place, &text)?,
            };
            if self.legal.put_template(self.tenant, &stored).await? {
                return Ok(Versioned {
                    version,
                    at: now,
                    template: template.clone(),
                });
            }
        }
        Err(Fault::of(Code::TemplateContended))
    }

    /// Returns all versions of all templates.
    ///
    /// # Errors
    /// Permanent if one does not open.
    pub async fn templates(&self) -> Outcome<Vec<Versioned>> {
        let stored = self.legal.templates(self.tenant).await?;
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let mut opener = self.opener().await?;
        let mut templates = Vec::with_capacity(stored.len());
        for one in stored {
            Purpose::parse(&one.name)?;
            let key = format!("{}#{}", one.name, one.version);
            let place = Place::of_tenant(self.tenant, Room::LegalTemplate, &key);
            templates.push(Versioned {
                version: one.version,
                at: one.at,
                template: open(&mut opener, &place, &one.sealed)?,
            });
        }
        Ok(templates)
    }
}
