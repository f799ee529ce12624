//! The fields that a connector reads of an object.

use std::{collections::BTreeSet, sync::Arc};

use domain::ports::Shape;

use super::org::Org;

/// What a connector reads of an object.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) left_out: BTreeSet<String>,
    pub(super) shape: Option<Arc<Shape>>,
}

impl Reading {
    pub(super) fn describe(&mut self, org: &Org) -> Arc<Shape> {
        let named = org.fields.difference(&org.hidden);
        let (refused, fields) = named
            .cloned()
            .partition(|name| self.left_out.contains(name));
        let shape = Arc::new(Shape {
            fields,
            refused,
            version: org.version,
        });
        self.shape = Some(Arc::clone(&shape));
        shape
    }

    /// Returns whether a query for the shape's fields is refused. If so, the shape gets narrower.
    pub(super) fn is_refused(&mut self, org: &Org) -> bool {
        let shape = self.shape.clone().unwrap_or_else(|| self.describe(org));
        let fields = shape.fields.iter();
        let refused: Vec<_> = fields
            .filter(|name| org.refused.contains(*name) || org.hidden.contains(*name))
            .cloned()
            .collect();
        self.left_out.extend(refused.iter().cloned());
        if !refused.is_empty() {
            self.describe(org);
        }
        !refused.is_empty()
    }
}
