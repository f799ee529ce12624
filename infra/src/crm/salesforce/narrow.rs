//! Fields for which queries are refused although describe names them. A lagging server of Salesforce, or a permission
//! that changed during the read, causes this. Such fields are left out, and the rules are told.

use std::{
    collections::BTreeSet,
    slice,
    sync::{Arc, MutexGuard, PoisonError},
};

use domain::{ports::Shape, record::Object};

use super::{
    super::client::refusal::{Action, Refusal},
    Salesforce,
    read::Reach,
    shape::ObjectShape,
};

/// How many fields one check covers. Their names have to fit into a URI.
const FIELDS_PER_QUESTION: usize = 100;

/// What is left out of an object.
#[derive(Default)]
pub(super) struct Narrowed {
    /// Fields for which queries were refused.
    refused: BTreeSet<String>,
    /// The shape that is read, as the rules know it.
    shape: Option<Arc<Shape>>,
}

impl Salesforce {
    fn narrowed(&self) -> MutexGuard<'_, std::collections::HashMap<Object, Narrowed>> {
        self.narrowed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the fields of an object for which queries were refused.
    pub(super) fn refused_fields(&self, object: Object) -> BTreeSet<String> {
        let narrowed = self.narrowed();
        let of_object = narrowed.get(&object);
        of_object.map_or_else(BTreeSet::new, |narrowed| narrowed.refused.clone())
    }

    /// Stores the shape that is read from now on. `refused` are fields that describe names and that are left out.
    pub(super) fn note_shape(&self, shape: &ObjectShape, refused: Vec<String>) {
        let told = Arc::new(shape.shape(refused));
        self.narrowed().entry(shape.object()).or_default().shape = Some(told);
    }

    /// Returns the shape that is read, as the rules know it.
    pub(super) fn shape_in_use(&self, object: Object) -> Option<Arc<Shape>> {
        self.narrowed().get(&object)?.shape.clone()
    }

    /// Returns the shape for the next attempt after a refusal: described again, without the field that the refusal names.
    ///
    /// # Errors
    /// Returns the refusal itself if it is not about a field, or if no further field can be left out.
    pub(super) async fn narrower(
        &self,
        shape: &ObjectShape,
        refusal: Refusal,
    ) -> Result<Arc<ObjectShape>, Refusal> {
        if refusal.action != Action::Redescribe {
            return Err(refusal);
        }
        let object = shape.object();
        if let Some(field) = &refusal.field {
            let mut narrowed = self.narrowed();
            let refused = &mut narrowed.entry(object).or_default().refused;
            refused.insert(field.clone());
        }
        let narrower = self.redescribe(object).await?;
        if narrower.fingerprint() == shape.fingerprint() {
            return Err(refusal);
        }
        Ok(narrower)
    }

    /// Returns whether a bulk job was refused for a field that REST queries accept at the same moment.
    pub(super) async fn is_refused_in_bulk_alone(&self, object: Object, refusal: &Refusal) -> bool {
        match &refusal.field {
            Some(field) if refusal.action == Action::Redescribe => {
                let still = self.still_refused(object, slice::from_ref(field)).await;
                still.is_ok_and(|still| still.is_empty())
            }
            _ => false,
        }
    }

    /// Leaves fields out from now on. With `ask`, only those that are still refused.
    pub(super) async fn never_ask_for(
        &self,
        object: Object,
        fields: &[String],
        ask: bool,
    ) -> Result<(), Refusal> {
        let mut refused = BTreeSet::new();
        if ask {
            for fields in fields.chunks(FIELDS_PER_QUESTION) {
                refused.extend(self.still_refused(object, fields).await?);
            }
        } else {
            refused.extend(fields.iter().cloned());
        }
        self.narrowed().entry(object).or_default().refused = refused;
        self.shapes.lock().await.remove(&object);
        Ok(())
    }

    /// Queries one record with these fields. Returns the fields for which the query is refused.
    async fn still_refused(
        &self,
        object: Object,
        fields: &[String],
    ) -> Result<Vec<String>, Refusal> {
        let (mut asked, mut refused) = (fields.to_vec(), Vec::new());
        while !asked.is_empty() {
            let query = format!("SELECT {} FROM {object} LIMIT 1", asked.join(", "));
            let call = self.query(Reach::Live, query);
            match self.session.run(&call, |_| Ok(())).await {
                Ok(()) => break,
                Err(refusal) if refusal.action == Action::Redescribe => {
                    let field = refusal.field.unwrap_or_default();
                    let at = asked
                        .iter()
                        .position(|name| name.eq_ignore_ascii_case(&field));
                    match at {
                        Some(at) => refused.push(asked.swap_remove(at)),
                        None => refused.append(&mut asked),
                    }
                }
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(refused)
    }
}
