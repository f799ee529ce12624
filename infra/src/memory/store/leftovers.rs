//! The rows that a removal deletes, part by part.

use domain::{
    removal::{Part, What},
    tenant::Scope,
};

use super::{
    names::{name, page_name, relation_name},
    rows::Rows,
};
use crate::places::Shape;

impl Rows {
    /// Visits the rows of a part of an integration, and keeps those for which `stays` is true.
    pub(super) fn retain(
        &mut self,
        scope: &Scope,
        part: Part,
        mut stays: impl FnMut(What, String) -> bool,
    ) {
        match part {
            Part::Copies(object) => {
                let is_ours = |of: &Scope, kind| of == scope && kind == object;
                self.records.retain(|place, _| {
                    !is_ours(&place.0, place.1) || stays(counted(Shape::Record), name(place))
                });
                let links = &mut self.links;
                self.relations.retain(|place, _| {
                    let stays = !is_ours(&place.0.0, place.0.1)
                        || stays(counted(Shape::Relation), relation_name(place));
                    if !stays {
                        links.remove(place);
                    }
                    stays
                });
            }
            Part::Exports => {
                self.exports.retain(|(of, name), _| {
                    of != scope || stays(counted(Shape::Export), name.clone())
                });
                self.uploads
                    .retain(|(of, _, id), _| of != scope || stays(What::Upload, id.clone()));
            }
            Part::Pages => {
                self.pages.retain(|place, _| {
                    place.0 != *scope || stays(counted(Shape::Page), page_name(place))
                });
                self.bodies.retain(|place, _| {
                    place.0 != *scope || stays(counted(Shape::Body), name(place))
                });
            }
            Part::Ledger => self.retain_in_ledger(scope, stays),
            Part::Keys => {}
        }
    }

    fn retain_in_ledger(&mut self, scope: &Scope, mut stays: impl FnMut(What, String) -> bool) {
        self.progress.retain(|(of, object), _| {
            of != scope || stays(counted(Shape::Progress), object.to_string())
        });
        self.runs
            .retain(|(of, run), _| of != scope || stays(counted(Shape::Run), run.to_string()));
        self.quarantine.retain(|(of, object, name), _| {
            of != scope || stays(counted(Shape::Quarantine), format!("{object}/{name}"))
        });
        self.decisions.retain(|place, _| {
            place.0.0 != *scope || stays(counted(Shape::Decision), relation_name(place))
        });
        let mut row =
            |shape: Shape, of: &Scope, key: String| of != scope || stays(counted(shape), key);
        self.merged
            .retain(|place, _| row(Shape::Merged, &place.0, format!("merged {}", name(place))));
        self.held_back.retain(|place, _| {
            row(
                Shape::HeldBack,
                &place.0,
                format!("held back {}", name(place)),
            )
        });
        self.decided
            .retain(|of, _| row(Shape::DeletionsDecided, of, "decided".to_owned()));
        self.exporting
            .retain(|(of, id), _| row(Shape::Exporting, of, format!("export {id}")));
        let intents = &mut self.intents;
        intents
            .intents
            .retain(|(of, key), _| row(Shape::Intent, of, format!("intent {key}")));
        intents
            .makers
            .retain(|(of, object, id), _| row(Shape::Made, of, format!("made {object}/{id}")));
    }
}

/// Returns what a receipt counts rows of a shape as, on AWS, too.
fn counted(shape: Shape) -> What {
    shape.counts_as().unwrap_or(What::Row)
}
