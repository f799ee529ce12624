//! Numbering plans by country.

/// How the national numbers of a country become international.
pub(super) struct NumberingPlan {
    code: &'static str,
    /// The trunk prefix: dialled before a number within the country, but not from abroad.
    trunk: &'static str,
    /// The fewest and the most digits of a number without country code and trunk prefix.
    len: (usize, usize),
}

impl NumberingPlan {
    /// Makes a national number international. Leaves other digits as they are.
    pub(super) fn complete(&self, digits: &mut String) {
        let fits = |number: &str| (self.len.0..=self.len.1).contains(&number.len());
        if !self.trunk.is_empty() && digits.strip_prefix(self.trunk).is_some_and(fits) {
            digits.replace_range(..self.trunk.len(), self.code);
            return;
        }
        // The digits start with the country code, without a plus. They count as international only
        // if no national number could look like this.
        let coded = digits.strip_prefix(self.code).is_some_and(|rest| {
            let told = self.trunk == "0"
                || self.code.len() == 3
                || digits.len() > self.len.1
                || rest.starts_with('0');
            told && fits(rest)
        });
        if !coded && self.trunk != "0" && fits(digits) {
            digits.insert_str(0, self.code);
        }
    }
}

/// Country codes, trunk prefixes and lengths, from ITU-T E.164 and the national numbering plans
/// that ITU collects (November 2026).
pub(super) fn numbering_plan(country: &str) -> Option<NumberingPlan> {
    let (code, trunk, least, most) = match country {
        "de" => ("49", "0", 4, 13),
        "at" => ("43", "0", 4, 13),
        "ch" => ("41", "0", 9, 9),
        "li" => ("423", "", 7, 9),
        "fr" | "mc" => ("33", "0", 9, 9),
        "be" => ("32", "0", 8, 9),
        "nl" => ("31", "0", 9, 9),
        "lu" => ("352", "", 5, 9),
        "gb" => ("44", "0", 9, 10),
        "ie" => ("353", "0", 7, 9),
        "it" => ("39", "", 6, 11),
        "es" => ("34", "", 9, 9),
        "pt" => ("351", "", 9, 9),
        "dk" => ("45", "", 8, 8),
        "no" => ("47", "", 8, 8),
        "se" => ("46", "0", 6, 9),
        "fi" => ("358", "0", 5, 12),
        "is" => ("354", "", 7, 7),
        "pl" => ("48", "", 9, 9),
        "cz" => ("420", "", 9, 9),
        "sk" => ("421", "0", 9, 9),
        "hu" => ("36", "06", 8, 9),
        "si" => ("386", "0", 8, 8),
        "hr" => ("385", "0", 8, 9),
        "ro" => ("40", "0", 9, 9),
        "bg" => ("359", "0", 7, 9),
        "gr" => ("30", "", 10, 10),
        "cy" => ("357", "", 8, 8),
        "mt" => ("356", "", 8, 8),
        "ee" => ("372", "", 7, 8),
        "lv" => ("371", "", 8, 8),
        "lt" => ("370", "0", 8, 8),
        "tr" => ("90", "0", 10, 10),
        "us" | "ca" => ("1", "1", 10, 10),
        "au" => ("61", "0", 9, 9),
        "in" => ("91", "0", 10, 10),
        "jp" => ("81", "0", 9, 10),
        _ => return None,
    };
    Some(NumberingPlan {
        code,
        trunk,
        len: (least, most),
    })
}
