//! The errors beside an answer's results, and whether an answer tells of everything that was asked for.

use std::collections::HashSet;

use domain::fault::CrmCode;
use serde::Deserialize;

use super::{
    super::{
        super::client::{nulls::or_default, paging::incomplete, refusal::Refusal},
        provider::VENDOR,
    },
    number::text_or_number,
};

/// The categories of errors that say that something is not there. All others are trouble.
const ABSENCES: [&str; 2] = ["OBJECT_NOT_FOUND", NO_ASSOCIATIONS];
/// The end of a subcategory that says the same of a record without associations.
const NO_ASSOCIATIONS: &str = "NO_ASSOCIATIONS_FOUND";

/// An error beside results.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct SaidOfOne {
    category: Option<String>,
    sub_category: Option<String>,
    #[serde(deserialize_with = "or_default")]
    context: Context,
}

/// What an error is about.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    #[serde(deserialize_with = "or_default")]
    ids: Vec<Id>,
    #[serde(deserialize_with = "or_default")]
    from_object_id: Vec<Id>,
}

#[derive(Deserialize)]
struct Id(#[serde(deserialize_with = "text_or_number")] String);

impl SaidOfOne {
    fn is_absence(&self) -> bool {
        let is_sub = |sub: &String| sub.ends_with(NO_ASSOCIATIONS);
        let category = self.category.as_deref();
        category.is_some_and(|category| ABSENCES.contains(&category))
            || self.sub_category.as_ref().is_some_and(is_sub)
    }
}

/// What an answer says of what has no result.
#[derive(Default)]
pub(in super::super) struct Beside {
    absent: Vec<String>,
    has_trouble: bool,
}

impl Beside {
    pub(in super::super) fn of(errors: Vec<SaidOfOne>) -> Self {
        let has_trouble = errors.iter().any(|one| !one.is_absence());
        let contexts = errors.into_iter().map(|one| one.context);
        let absent = contexts.flat_map(|of| of.ids.into_iter().chain(of.from_object_id));
        Self {
            absent: absent.map(|id| id.0).collect(),
            has_trouble,
        }
    }

    /// Returns what is named as not being there.
    pub(in super::super) fn absent(&self) -> impl Iterator<Item = &str> {
        self.absent.iter().map(String::as_str)
    }

    /// Returns a refusal if something has an error other than not being there.
    pub(in super::super) fn without_trouble(&self) -> Result<(), Refusal> {
        match self.has_trouble {
            true => Err(VENDOR.refusal(CrmCode::OddAnswer)),
            false => Ok(()),
        }
    }
}

/// What an answer tells of.
#[derive(Default)]
pub(in super::super) struct Told {
    named: HashSet<String>,
    /// Rows that are about none of what was asked for, as far as can be seen. Each stands for one of it.
    odd: usize,
}

impl Told {
    /// Notes that the answer tells of something.
    pub(in super::super) fn note(&mut self, one: &str) {
        self.named.insert(plain(one));
    }

    /// Notes a row that names nothing that was asked for.
    pub(in super::super) fn note_odd(&mut self) {
        self.odd += 1;
    }

    /// Returns a refusal if there is more in `asked` than the answer tells of. What it is silent about may be there.
    pub(in super::super) fn all_of<'a>(
        &self,
        asked: impl Iterator<Item = &'a str>,
    ) -> Result<(), Refusal> {
        let untold = asked
            .filter(|one| !self.named.contains(&plain(one)))
            .count();
        match untold > self.odd {
            true => Err(incomplete(&VENDOR)),
            false => Ok(()),
        }
    }
}

/// Returns a spelling that is equal for equal ids and equal addresses.
fn plain(text: &str) -> String {
    let text = text.trim();
    match text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.trim_start_matches('0').to_owned(),
        false => text.to_lowercase(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn beside(errors: &str) -> Beside {
        Beside::of(serde_json::from_str(errors).unwrap())
    }

    #[test]
    fn only_what_is_not_there_is_no_trouble() {
        for (error, is_trouble) in [
            (r#"{"category":"OBJECT_NOT_FOUND"}"#, false),
            (r#"{"category":"NO_ASSOCIATIONS_FOUND"}"#, false),
            (
                r#"{"category":"VALIDATION_ERROR","subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND"}"#,
                false,
            ),
            (r#"{"category":"INTERNAL_ERROR"}"#, true),
            (r#"{"category":"RATE_LIMITS","context":null}"#, true),
            (r#"{"category":null}"#, true),
            ("{}", true),
        ] {
            let told = beside(&format!("[{error}]")).without_trouble();
            assert_eq!(told.is_err(), is_trouble, "{error}");
        }
    }

    #[test]
    fn an_answer_tells_of_what_has_a_row_or_is_named_as_absent() {
        let beside = beside(
            r#"[{"category":"OBJECT_NOT_FOUND","context":{"ids":["7",8],"fromObjectId":null}},
                {"category":"OBJECT_NOT_FOUND","context":{"fromObjectId":["9"]}}]"#,
        );
        let mut told = Told::default();
        beside.absent().for_each(|id| told.note(id));
        told.note("1");
        told.note("anna@werk.example");
        let all = ["1", "7", "8", "9", "001", " Anna@Werk.example"];
        assert!(told.all_of(all.into_iter()).is_ok());
        let silent = told.all_of(["1", "2"].into_iter()).unwrap_err();
        assert_eq!(silent.fault.crm_code(), Some(&CrmCode::PagesIncomplete));
        // An unreadable row may be about the one that is missing.
        told.note_odd();
        assert!(told.all_of(["1", "2"].into_iter()).is_ok());
        assert!(told.all_of(["2", "3"].into_iter()).is_err());
    }
}
