//! The spellings of record ids. A CRM may accept several spellings of one id, but the copy uses only one. A caller's id is
//! converted to that spelling before any lookup.

use crate::{
    fault::{Code, Fault, Outcome},
    record::RecordId,
};

/// How a CRM spells ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// There is only one spelling, as for numbers.
    Exact,
    /// Case does not matter. The copy uses lower case, as GUIDs are written.
    AnyCase,
    /// There is a short spelling, and a long one with check characters. The copy uses the long one.
    Checked(Checked),
}

/// Case-sensitive ids of letters and digits with a short and a long spelling. The long spelling is the short one followed by check
/// characters. Each check character encodes which letters of its group are capitals, so the long spelling can be read in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The length of the short spelling, a multiple of `group`.
    pub short: usize,
    /// The number of characters that one check character covers. The first of them is its lowest bit.
    pub group: usize,
    /// The check characters in the order of their values, capitals and digits.
    pub alphabet: &'static str,
}

impl Spelling {
    /// Returns the copy's spelling of an id. Text that cannot be an id of the CRM is returned unchanged, and no lookup finds it.
    ///
    /// # Errors
    /// Permanent if the check characters do not match the rest of the id.
    pub fn one(&self, id: &RecordId) -> Outcome<RecordId> {
        RecordId::parse(&self.one_text(id.as_str())?)
    }

    /// Like [`Self::one`], for ids of things that are not copied.
    ///
    /// # Errors
    /// As for [`Self::one`].
    pub fn one_text(&self, id: &str) -> Outcome<String> {
        match self {
            Self::Exact => Ok(id.to_owned()),
            Self::AnyCase => Ok(id.to_ascii_lowercase()),
            Self::Checked(checked) => checked.long_text(id),
        }
    }

    /// Returns whether two texts spell the same id. Check characters are ignored here, because somebody may have made them up.
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        match self {
            Self::Exact => one == other,
            Self::AnyCase => one.eq_ignore_ascii_case(other),
            Self::Checked(checked) => checked.is_same(one, other),
        }
    }
}

impl Checked {
    /// Returns the long spelling of an id in either spelling. Text of another length, or with other characters, is returned
    /// unchanged: it is not such an id, and no lookup finds it.
    fn long_text(&self, id: &str) -> Outcome<String> {
        let n_checks = self.short / self.group.max(1);
        if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(id.to_owned());
        }
        if id.len() == self.short {
            let checks = id.as_bytes().chunks(self.group.max(1));
            let checks = checks.filter_map(|group| self.check(group));
            return Ok(id.chars().chain(checks).collect());
        }
        if id.len() != self.short + n_checks {
            return Ok(id.to_owned());
        }
        let (body, checks) = id.split_at(self.short);
        let groups = body.as_bytes().chunks(self.group.max(1));
        let mut long = String::with_capacity(id.len());
        for (group, check) in groups.zip(checks.chars()) {
            let capitals = self.capitals(check).ok_or_else(misspelt)?;
            for (at, byte) in group.iter().enumerate() {
                let is_capital = capitals >> at & 1 == 1;
                if is_capital && !byte.is_ascii_alphabetic() {
                    return Err(misspelt());
                }
                let spelt = if is_capital {
                    byte.to_ascii_uppercase()
                } else {
                    byte.to_ascii_lowercase()
                };
                long.push(char::from(spelt));
            }
        }
        long.push_str(&checks.to_ascii_uppercase());
        Ok(long)
    }

    fn is_same(&self, one: &str, other: &str) -> bool {
        self.cut(one) == self.cut(other) || self.short_text(one) == self.short_text(other)
    }

    fn short_text(&self, id: &str) -> String {
        let long = self.long_text(id).unwrap_or_else(|_| id.to_owned());
        self.cut(&long).to_owned()
    }

    /// Returns an id without its check characters.
    fn cut<'a>(&self, id: &'a str) -> &'a str {
        let is_long = id.len() == self.short + self.short / self.group.max(1);
        let short = id.get(..self.short).filter(|_| is_long);
        short.unwrap_or(id)
    }

    fn check(&self, group: &[u8]) -> Option<char> {
        let capitals = group.iter().enumerate().fold(0, |capitals, (at, byte)| {
            capitals | usize::from(byte.is_ascii_uppercase()) << at
        });
        self.alphabet
            .as_bytes()
            .get(capitals)
            .copied()
            .map(char::from)
    }

    fn capitals(&self, check: char) -> Option<usize> {
        self.alphabet.find(check.to_ascii_uppercase())
    }
}

fn misspelt() -> Fault {
    Fault::of(Code::RecordIdMisspelt)
        .with_detail("the last characters of the id do not fit the others")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::Spelling;
    use crate::integration::Provider;

    fn long(id: &str) -> Result<String, String> {
        let spelt = Provider::Salesforce.spelling().one_text(id);
        spelt.map_err(|fault| fault.code().to_string())
    }

    #[test]
    fn all_spellings_of_an_id_are_converted_to_one() {
        for id in [
            "001xx000003DGb2",
            "001xx000003DGb2AAG",
            "001XX000003DGB2AAG",
            "001xx000003dgb2aag",
        ] {
            assert_eq!(long(id).unwrap(), "001xx000003DGb2AAG", "{id}");
        }
        assert_eq!(long("00DAB00000000A1").unwrap(), "00DAB00000000A12AI");
    }

    #[test]
    fn invalid_check_characters_are_refused_by_their_own_code() {
        // The second check character claims that the first digit of its group is a capital, and the character 9 does not exist.
        for id in ["001xx000003DGb2ABG", "001xx000003DGb2A9G"] {
            assert_eq!(long(id), Err("record.id_misspelt".to_owned()), "{id}");
        }
    }

    #[test]
    fn text_that_is_not_such_an_id_is_unchanged() {
        for id in ["1", "erika", "0123456789abcdef", "001xx-00003DGb2AAG"] {
            assert_eq!(long(id).unwrap(), id);
        }
    }

    #[test]
    fn two_spellings_of_one_id_are_recognised_as_the_same() {
        let spelling = Provider::Salesforce.spelling();
        let told = "00DAB00000000A1";
        for named in [
            "00DAB00000000A1",
            "00DAB00000000A12AI",
            "00dab00000000a12ai",
        ] {
            assert!(spelling.is_same(told, named), "{named}");
        }
        // As a user typed it, with check characters that do not match.
        assert!(spelling.is_same(told, "00DAB00000000A1EAA"));
        for other in [
            "00DAB00000000A2",
            "00DAB00000000A22AI",
            "00dab00000000a1",
            "",
        ] {
            assert!(!spelling.is_same(told, other), "{other}");
        }
    }

    #[test]
    fn ids_of_other_crms_have_one_spelling_or_differ_only_in_case() {
        let guid = "2E45B1C0-1A2B-4C3D-8E9F-0123456789AB";
        let lower = guid.to_ascii_lowercase();
        assert_eq!(Spelling::AnyCase.one_text(guid).unwrap(), lower);
        assert!(Spelling::AnyCase.is_same(guid, &lower));
        for id in ["512", "00DAB00000000A1"] {
            assert_eq!(Spelling::Exact.one_text(id).unwrap(), id);
        }
        assert!(!Spelling::Exact.is_same("a", "A"));
    }

    proptest! {
        #[test]
        fn the_long_spelling_is_understood_in_any_case(short in "[0-9A-Za-z]{15}") {
            let spelt = long(&short).unwrap();
            prop_assert!(spelt.starts_with(&short));
            prop_assert_eq!(&long(&spelt).unwrap(), &spelt);
            prop_assert_eq!(&long(&spelt.to_ascii_lowercase()).unwrap(), &spelt);
            prop_assert_eq!(&long(&spelt.to_ascii_uppercase()).unwrap(), &spelt);
        }
    }
}
