//! The size limit of responses. A function's response ends at 6 MB, and contains the body as text, in which each quote and
//! backslash of the body takes two bytes. So sizes are counted in that form.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Shown;
use crate::fault::{Code, Fault, Outcome};

/// The most bytes of records, or of other list entries, in one response. The rest of the response fits the remaining third of
/// Lambda's 6 MB.
pub const MAX_ANSWER: usize = 4 << 20;
/// The approximate size of a record apart from its fields: its names, times and ids.
const RECORD: usize = 1_024;
/// The approximate size of a relation with its evidence.
const RELATION: usize = 2_048;

/// Returns the size of a part of a body in the response, in bytes.
pub fn weight(json: &str) -> usize {
    let n_escaped = json
        .bytes()
        .filter(|byte| matches!(byte, b'"' | b'\\'))
        .count();
    json.len() + n_escaped
}

/// The size of what a response already contains.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budget {
    used: usize,
}

impl Budget {
    /// Reserves room for an entry. Returns false if there is none. The first entry always fits.
    pub fn take(&mut self, weight: usize) -> bool {
        let fits = self.used == 0 || self.used.saturating_add(weight) <= MAX_ANSWER;
        if fits {
            self.used = self.used.saturating_add(weight).max(1);
        }
        fits
    }

    /// Returns the remaining room.
    pub fn left(&self) -> usize {
        MAX_ANSWER.saturating_sub(self.used)
    }
}

impl Shown {
    /// Returns the approximate size in a response, in bytes.
    pub fn weight(&self) -> usize {
        let (attributes, display) = (&self.attributes, &self.display);
        let told = [
            attributes.company.as_deref(),
            attributes.street.as_deref(),
            attributes.zip.as_deref(),
            attributes.city.as_deref(),
            attributes.country.as_deref(),
            attributes.website.as_deref(),
            attributes.email.as_deref(),
            attributes.phone.as_deref(),
            attributes.vat_id.as_deref(),
            attributes.register.as_deref(),
            attributes.lei.as_deref(),
            display.label.as_deref(),
            display.stage.as_deref(),
        ];
        // A line break, for example, takes three more bytes in the response than here.
        let told: usize = told
            .into_iter()
            .flatten()
            .map(|text| 2 * weight(text))
            .sum();
        let omitted: usize = self.omitted.iter().map(|name| name.len() + 6).sum();
        RECORD + told + omitted + RELATION * self.relations.len() + weight(self.fields.get())
    }

    /// Leaves out the largest fields until the record takes at most `most` bytes, and lists their names.
    ///
    /// # Errors
    /// Permanent if the fields are not a JSON object, which would be a bug.
    pub(crate) fn fit(&mut self, most: usize) -> Outcome<()> {
        let mut over = self.weight().saturating_sub(most);
        if over == 0 {
            return Ok(());
        }
        let unreadable = || Fault::of(Code::StoreFields);
        let mut fields: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(self.fields.get()).map_err(|_| unreadable())?;
        while over > 0 {
            let largest = fields.iter().max_by_key(|(_, value)| value.get().len());
            let Some(name) = largest.map(|(name, _)| name.clone()) else {
                break;
            };
            let gone = fields.remove(&name).map_or(0, |value| weight(value.get()));
            over = over.saturating_sub(gone);
            self.omitted.push(name);
        }
        let text = serde_json::to_string(&fields).map_err(|_| unreadable())?;
        self.fields = RawValue::from_string(text).map_err(|_| unreadable())?;
        self.omitted.sort_unstable();
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::record::{DisplayFields, MatchingAttributes, Object, RecordId};

    fn shown(fields: &str) -> Shown {
        Shown {
            object: Object::Account,
            id: RecordId::parse("001000000000001AAA").unwrap(),
            modified: Timestamp::UNIX_EPOCH,
            copied: None,
            confirmed: None,
            parent_object: None,
            attributes: MatchingAttributes::default(),
            display: DisplayFields::default(),
            people: None,
            vanished: None,
            relations: Vec::new(),
            fields: RawValue::from_string(fields.to_owned()).unwrap(),
            omitted: Vec::new(),
        }
    }

    #[test]
    fn a_body_is_weighed_as_text_in_the_response() {
        for body in [r#"{"a":"b \"c\" \\ \n"}"#, "{}", r#"{"ä":1}"#] {
            let text = serde_json::to_string(body).unwrap();
            assert_eq!(weight(body), text.len() - 2, "{body}");
        }
    }

    #[test]
    fn a_record_that_is_too_large_leaves_out_its_largest_fields_and_names_them() {
        let (long, longer) = ("x".repeat(30_000), "\\n".repeat(20_000));
        let text = format!(r#"{{"A":"{long}","B":"{longer}","C":"short","D":null,"E":1.50}}"#);
        let mut record = shown(&text);
        record.fit(record.weight()).unwrap();
        assert!(record.omitted.is_empty() && record.fields.get() == text);
        record.fit(40_000).unwrap();
        assert_eq!(record.omitted, ["B"]);
        assert!(record.weight() <= 40_000);
        record.fit(10_000).unwrap();
        assert_eq!(record.omitted, ["A", "B"]);
        assert_eq!(record.fields.get(), r#"{"C":"short","D":null,"E":1.50}"#);
        record.fit(0).unwrap();
        assert_eq!(record.fields.get(), "{}");
    }

    #[test]
    fn the_first_entry_always_fits_and_the_others_up_to_the_limit() {
        let mut budget = Budget::default();
        assert!(budget.take(2 * MAX_ANSWER));
        assert!(!budget.take(1));
        let mut budget = Budget::default();
        assert!(budget.take(0) && budget.take(MAX_ANSWER - 1) && !budget.take(1));
        assert_eq!(budget.left(), 0);
    }
}
