//! What users of a CRM write into the field of a company's name beside the name.

use super::fold::words;

/// A name without remarks, and the place that stood behind it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    pub(crate) name: &'a str,
    /// Postal code and town: `Name GmbH, 57072 Siegen`.
    pub(crate) place: Option<(&'a str, &'a str)>,
    /// What a bracket at the end says: `Name (Austria)`.
    pub(crate) bracket: Option<&'a str>,
}

/// Splits remarks and a place from a name.
pub(crate) fn named(text: &str) -> Named<'_> {
    // The Bundesbank marks bank codes that are no longer used.
    let trimmed = text.trim_end().trim_end_matches('-');
    let mut name = match trimmed.strip_suffix("-alt") {
        Some(before) if !before.trim_end().is_empty() => before.trim_end(),
        _ => text,
    };
    for mark in [
        " - ", " – ", " — ", " | ", " // ", " * ", "***", "!!!", " (", ", ",
    ] {
        let mut from = 0;
        while let Some(found) = name[from..].find(mark) {
            let at = from + found;
            let rest = &name[at + mark.len()..];
            // After a comma, a word with a capital is more likely a name.
            let may_be = mark != ", " || rest.starts_with(char::is_lowercase);
            if at > 0 && may_be && is_remark(rest) {
                name = &name[..at];
                break;
            }
            from = at + mark.len();
        }
    }
    let bracket = name
        .trim_end()
        .strip_suffix(')')
        .and_then(|open| Some(&open[open.rfind('(')? + 1..]));
    match name
        .rsplit_once(',')
        .and_then(|(before, last)| Some((before, place(last)?)))
    {
        Some((before, place)) if !before.trim().is_empty() => Named {
            name: before,
            place: Some(place),
            bracket,
        },
        _ => Named {
            name,
            place: None,
            bracket,
        },
    }
}

/// Postal code and town, if the text is nothing else.
fn place(text: &str) -> Option<(&str, &str)> {
    let (zip, town) = text.trim().split_once(' ')?;
    let digits = zip.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '-');
    let is_zip = (4..=5).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && zip.len() - digits.len() <= 3;
    let is_town = town.chars().next().is_some_and(char::is_uppercase)
        && !town.chars().any(|c| c.is_ascii_digit());
    (is_zip && is_town).then_some((zip, town))
}

/// Whether a text begins as remarks do.
fn is_remark(text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(40)).unwrap_or(text);
    let folded = words(head);
    let mut words = folded.split(' ');
    words
        .next()
        .is_some_and(|first| REMARKS.binary_search(&first).is_ok())
}

/// The first words of remarks. Folded and sorted.
#[rustfmt::skip]
const REMARKS: &[&str] = &[
    "abgelehnt", "achtung", "alt", "altkunde", "anrufen", "archiv", "archiviert", "bestandskunde", "bitte", "closed", "deaktiviert", "debitor", "do",
    "doppelt", "dublette", "duplicate", "duplikat", "erledigt", "erloschen", "falsch", "gekundigt", "geloscht", "geschlossen", "gesperrt",
    "inactive", "inaktiv", "insolvent", "insolvenz", "interessent", "kd", "kdnr", "kein", "keine", "kunde", "kundennr", "mahnung", "neukunde",
    "nicht", "obsolete", "please", "pruefen", "prufen", "ruckruf", "siehe", "storniert", "storno", "test", "todo", "umfirmiert", "umgezogen",
    "unbekannt", "ungultig", "veraltet", "verzogen", "vip", "vorsicht", "wichtig", "zahlt",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remarks_are_sorted_because_they_are_searched_by_bisection() {
        assert!(
            REMARKS.is_sorted(),
            "{:?}",
            REMARKS.windows(2).find(|pair| pair[0] > pair[1])
        );
    }

    #[test]
    fn remarks_are_no_part_of_the_name() {
        for text in [
            "Zantavex GmbH - bitte nicht anrufen!",
            "Zantavex GmbH – INAKTIV",
            "Zantavex GmbH (alt, siehe Konto 12)",
            "Zantavex GmbH *** gesperrt ***",
            "Zantavex GmbH !!! ACHTUNG Mahnung",
            "Zantavex GmbH, bitte prüfen",
            "Zantavex GmbH -alt-",
            "Zantavex GmbH-alt-",
        ] {
            assert_eq!(named(text).name.trim(), "Zantavex GmbH", "{text}");
        }
        for text in [
            "Alt & Neu GmbH",
            "Bau - Technik AG",
            "Test GmbH",
            "Wichtig - Das Magazin",
            "Meier, Peter",
        ] {
            assert_eq!(named(text).name, text);
        }
    }

    #[test]
    fn a_place_behind_the_name_is_a_place() {
        for (text, place) in [
            ("Zantavex GmbH, 57072 Siegen", ("57072", "Siegen")),
            ("Zantavex GmbH, D-57072 Siegen", ("D-57072", "Siegen")),
            ("Zantavex GmbH, 1010 Wien", ("1010", "Wien")),
        ] {
            let found = named(text);
            assert_eq!(
                (found.name, found.place),
                ("Zantavex GmbH", Some(place)),
                "{text}"
            );
        }
        for text in [
            "Zantavex, 4711 Werke 2",
            "Zantavex, Siegen",
            ", 57072 Siegen",
        ] {
            assert_eq!(named(text).place, None, "{text}");
        }
        assert_eq!(named("Zantavex (Czechia)").bracket, Some("Czechia"));
    }
}
