//! Words with a special role in names of companies. All are folded.

/// Whether the word connects others: `und`, `and` and the like.
pub(super) fn is_connective(word: &str) -> bool {
    matches!(
        word,
        "und" | "and" | "u" | "et" | "y" | "e" | "og" | "och" | "i"
    )
}

/// Whether a former name or the owner follows.
pub(super) fn is_former(word: &str) -> bool {
    matches!(
        word,
        "vormals"
            | "vorm"
            | "ehemals"
            | "ehem"
            | "ehemalige"
            | "fruher"
            | "previously"
            | "formerly"
            | "fka"
            | "dba"
            | "inh"
            | "inhaber"
            | "inhaberin"
    )
}

/// The country that a bracket names: `Samsung Electronics (UK) Ltd.` and `Mömax (D) GmbH` are
/// members of their groups, so the country stays part of the name.
pub(super) fn country_in_brackets(word: &str) -> Option<&'static str> {
    Some(match word {
        "d" | "deutschland" | "germany" => "deutschland",
        "a" | "osterreich" | "austria" => "osterreich",
        "ch" | "schweiz" | "suisse" | "switzerland" => "schweiz",
        "uk" => "uk",
        "usa" | "us" => "usa",
        "europe" | "europa" => "europe",
        "france" => "france",
        "international" => "international",
        _ => return None,
    })
}

/// Whether the word starts a remark by a user of the CRM rather than a part of the name.
pub(super) fn is_note(word: &str) -> bool {
    matches!(
        word,
        "inaktiv"
            | "inactive"
            | "dublette"
            | "duplikat"
            | "duplicate"
            | "doublette"
            | "geloscht"
            | "deleted"
            | "gesperrt"
    )
}

/// Whether a number after this word is the CRM's own customer number.
pub(super) fn is_numbered(word: &str) -> bool {
    matches!(
        word,
        "kunde" | "kundennr" | "kdnr" | "kundennummer" | "debitor" | "customer"
    )
}

/// Whether the word is a title in front of the name.
pub(super) fn is_title(word: &str) -> bool {
    matches!(word, "firma" | "fa" | "the")
}

/// Appends `word` to `out`, spelled out if it is an abbreviation. Returns whether it was one.
pub(super) fn spell_out(out: &mut String, word: &str) -> bool {
    let full = match word {
        "gebr" => "gebruder",
        "ges" => "gesellschaft",
        "nachf" => "nachfolger",
        "verw" => "verwaltung",
        "beteil" => "beteiligung",
        "dt" => "deutsche",
        "dtl" | "dtschl" => "deutschland",
        "mfg" => "manufacturing",
        "mgmt" => "management",
        "bros" => "brothers",
        "assoc" => "associates",
        "intl" | "int" | "internat" => "international",
        "svc" | "svcs" => "services",
        "st" => "sankt",
        // Names written down from hearing have their numbers in words, and vice versa.
        "erste" | "erster" | "erstes" => "1",
        "zwei" | "zweite" | "zweiter" | "two" | "ii" => "2",
        "drei" | "dritte" | "three" | "iii" => "3",
        "vier" | "four" | "iv" => "4",
        "funf" | "five" => "5",
        "sechs" | "six" => "6",
        "sieben" | "seven" | "vii" => "7",
        "acht" | "eight" | "viii" => "8",
        "neun" | "nine" => "9",
        "zehn" => "10",
        "zwolf" | "twelve" => "12",
        _ => word,
    };
    out.push_str(full);
    // "Beteiligungsges.", "Handelsges." and "Bauges.": the letters before the ending distinguish
    // them from Georges and Bourges.
    let compound = word.len() > 5 && (word.ends_with("sges") || word.ends_with("bauges"));
    if compound {
        out.push_str("ellschaft");
    }
    compound || full.as_ptr() != word.as_ptr()
}
