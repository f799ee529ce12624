//! Joins the rows of several answers, each of which has some of the fields.

use std::collections::HashMap;

use super::{
    super::{super::shape::ObjectShape, Parsed, slots::id, spelling::Json},
    document::Rows,
    sink::Sink,
};

/// Collects rows until all their parts are there, in the order of the first answer.
pub(super) struct Join<'s, 'a> {
    shape: &'s ObjectShape,
    rows: Vec<Vec<Option<&'a str>>>,
    by_id: HashMap<&'a str, usize>,
    torn: Vec<bool>,
    bad: u64,
}

impl<'a> Rows<'a> for Join<'_, 'a> {
    fn row(&mut self, slots: Option<&[Option<&'a str>]>) {
        let id_of = |slots: &[Option<&'a str>]| slots.get(self.shape.id).copied().flatten();
        let Some((slots, id)) = slots.and_then(|slots| Some((slots, id_of(slots)?))) else {
            self.bad += 1;
            return;
        };
        let Some(index) = self.by_id.get(id).copied() else {
            self.by_id.insert(id, self.rows.len());
            self.rows.push(slots.to_vec());
            self.torn.push(false);
            return;
        };
        let (Some(row), Some(torn)) = (self.rows.get_mut(index), self.torn.get_mut(index)) else {
            return;
        };
        *torn |= row.get(self.shape.stamp) != slots.get(self.shape.stamp);
        for (kept, new) in row.iter_mut().zip(slots) {
            *kept = kept.or(*new);
        }
    }
}

impl<'s> Join<'s, '_> {
    pub(super) fn new(shape: &'s ObjectShape) -> Self {
        Self {
            shape,
            rows: Vec::new(),
            by_id: HashMap::new(),
            torn: Vec::new(),
            bad: 0,
        }
    }

    pub(super) fn into_parsed(self) -> Parsed {
        let mut sink = Sink::new(self.shape);
        for (row, torn) in self.rows.iter().zip(&self.torn) {
            // A field that no answer has, not even as null, means that the record was not in all of the answers.
            let whole =
                !torn && row.len() == self.shape.fields.len() && row.iter().all(Option::is_some);
            match id::<Json>(row.get(self.shape.id).copied().flatten()) {
                Ok(id) if !whole => sink.parsed.torn.push(id),
                _ => sink.row(Some(row)),
            }
        }
        for _ in 0..self.bad {
            sink.row(None);
        }
        sink.parsed
    }
}
