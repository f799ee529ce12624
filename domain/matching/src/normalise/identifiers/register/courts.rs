//! The German courts that keep commercial registers.

use crate::normalise::city;
use crate::normalise::words;

/// The city of a court, as returned by [`city`], whatever the court is called: `Amtsgericht
/// München`, `AG Muenchen`, `Registergericht Freiburg i. Br.`. Berlin's court is called
/// Charlottenburg; the two Frankfurts are kept apart.
pub(super) fn court_city(court: &str) -> Option<String> {
    let folded = words(court);
    let has = |word: &str| folded.split(' ').any(|known| known == word);
    if has("charlottenburg") {
        return Some("berlin".to_owned());
    }
    if has("frankfurt") && has("oder") {
        return Some("frankfurt oder".to_owned());
    }
    // A bracket or the part after a slash names a river or a district, unless it is all there is.
    court.split(['(', ')', '/']).find_map(|part| {
        let folded = words(part);
        let named = folded.split(' ').filter(|word| !is_office(word));
        city(&named.collect::<Vec<_>>().join(" "))
    })
}

fn is_office(word: &str) -> bool {
    matches!(
        word,
        "amtsgericht"
            | "amtsgerichts"
            | "ag"
            | "registergericht"
            | "firmenbuchgericht"
            | "handelsregister"
            | "handelsregisteramt"
            | "firmenbuch"
            | "register"
            | "kreisgericht"
            | "landesgericht"
            | "handelsgericht"
            | "lg"
            | "hg"
            | "beim"
            | "bei"
            | "dem"
            | "des"
            | "der"
            | "in"
            | "hr"
            | "rcs"
    )
}

/// The letters that a court appends to all of its numbers. Other letters after a number come from a
/// court whose register it took over.
pub(super) fn own_suffix(court_city: &str) -> Option<&'static str> {
    Some(match court_city {
        "berlin" => "b",
        "bremen" => "hb",
        "cottbus" => "cb",
        "flensburg" => "fl",
        "frankfurt oder" => "ff",
        "kiel" => "ki",
        "lubeck" => "hl",
        "neuruppin" => "np",
        "pinneberg" => "pi",
        "potsdam" => "p",
        _ => return None,
    })
}

/// Letters after the numbers of courts in Berlin, Brandenburg, Bremen and Schleswig-Holstein, as
/// handelsregister.de prints them. Single letters are not listed.
#[rustfmt::skip]
pub(super) const SUFFIXES: [&str; 25] = [
    "AH", "BHV", "CB", "EK", "EL", "EU", "FF", "FL", "HB", "HL", "HU", "IZ", "KI", "ME", "NI", "NM", "NO", "NP", "OD", "PI", "PL", "RD", "RZ", "SE", "SL",
];

/// Whether the court `new` today keeps the register that the court `old` kept, under other numbers.
pub(crate) fn is_succeeded_by(old: &str, new: &str) -> bool {
    SUCCESSORS
        .binary_search_by_key(&old, |(old, _)| old)
        .is_ok_and(|at| SUCCESSORS[at].1 == new)
}

/// Courts whose commercial registers were taken over when the states merged them (2001 to 2008),
/// each with its successor. Companies still state the former court. Compiled from the states'
/// ordinances on register matters, for the larger cities; sorted. Entries received new numbers in
/// the process; in Baden-Württemberg and Thuringia the new number is the old one with digits in
/// front.
#[rustfmt::skip]
const SUCCESSORS: &[(&str, &str)] = &[
    ("aalen", "ulm"), ("ahrensburg", "lubeck"), ("bad urach", "stuttgart"), ("baden baden", "mannheim"), ("balingen", "stuttgart"),
    ("bautzen", "dresden"), ("bergisch gladbach", "koln"), ("biberach", "ulm"), ("boblingen", "stuttgart"), ("brandenburg", "potsdam"),
    ("bremerhaven", "bremen"), ("bruchsal", "mannheim"), ("bruhl", "koln"), ("calw", "stuttgart"), ("celle", "luneburg"), ("crailsheim", "stuttgart"),
    ("cuxhaven", "tostedt"), ("delmenhorst", "oldenburg"), ("dessau", "stendal"), ("detmold", "lemgo"), ("eberswalde", "frankfurt oder"),
    ("elmshorn", "pinneberg"), ("emden", "aurich"), ("erfurt", "jena"), ("esslingen", "stuttgart"), ("eutin", "lubeck"),
    ("freudenstadt", "stuttgart"), ("gera", "jena"), ("goppingen", "ulm"), ("gorlitz", "dresden"), ("goslar", "braunschweig"),
    ("greifswald", "stralsund"), ("halle", "stendal"), ("hameln", "hannover"), ("hechingen", "stuttgart"), ("heidelberg", "mannheim"),
    ("heidenheim", "ulm"), ("heilbronn", "stuttgart"), ("herford", "bad oynhausen"), ("husum", "flensburg"), ("itzeho", "pinneberg"),
    ("karlsruhe", "mannheim"), ("kerpen", "koln"), ("konstanz", "freiburg"), ("leonberg", "stuttgart"), ("leverkusen", "koln"),
    ("lingen", "osnabruck"), ("lorrach", "freiburg"), ("ludwigsburg", "stuttgart"), ("magdeburg", "stendal"), ("meiningen", "jena"),
    ("meldorf", "pinneberg"), ("minden", "bad oynhausen"), ("mosbach", "mannheim"), ("muhlhausen", "jena"), ("neumunster", "kiel"),
    ("nienburg", "walsrode"), ("nordhorn", "osnabruck"), ("northeim", "gottingen"), ("nurtingen", "stuttgart"), ("oberhausen", "duisburg"),
    ("offenburg", "freiburg"), ("peine", "hildesheim"), ("pforzheim", "mannheim"), ("plauen", "chemnitz"), ("rastatt", "mannheim"),
    ("ratzeburg", "lubeck"), ("ravensburg", "ulm"), ("remscheid", "wuppertal"), ("rendsburg", "kiel"), ("reutlingen", "stuttgart"),
    ("rottweil", "stuttgart"), ("schleswig", "flensburg"), ("schorndorf", "stuttgart"), ("schwabisch hall", "stuttgart"), ("sigmaringen", "ulm"),
    ("solingen", "wuppertal"), ("stade", "tostedt"), ("trier", "wittlich"), ("tubingen", "stuttgart"), ("tuttlingen", "stuttgart"),
    ("velbert", "wuppertal"), ("verden", "walsrode"), ("villingen schwenningen", "freiburg"), ("waiblingen", "stuttgart"),
    ("waldshut tiengen", "freiburg"), ("wilhelmshaven", "oldenburg"), ("wismar", "schwerin"), ("wolfsburg", "braunschweig"), ("zwickau", "chemnitz"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_has_canonical_cities() {
        assert!(SUCCESSORS.is_sorted());
        for (old, new) in SUCCESSORS {
            assert!(is_succeeded_by(old, new) && !is_succeeded_by(new, old));
            for court_city in [*old, *new] {
                let same = court_city == "frankfurt oder"
                    || city(court_city).as_deref() == Some(court_city);
                assert!(same, "{court_city}");
            }
        }
    }

    #[test]
    fn every_name_of_a_court_leads_to_its_city() {
        for (court, expected) in [
            ("Amtsgericht München", "munchen"),
            ("AG Muenchen", "munchen"),
            ("Registergericht Freiburg i. Br.", "freiburg"),
            ("Freiburg im Breisgau", "freiburg"),
            ("Berlin (Charlottenburg)", "berlin"),
            ("Amtsgericht Berlin-Charlottenburg", "berlin"),
            ("AG Halle (Saale)", "halle"),
            ("Ludwigshafen/Rhein", "ludwigshafen"),
            ("Amtsgericht Frankfurt am Main", "frankfurt"),
            ("Frankfurt/M.", "frankfurt"),
            ("Amtsgericht Frankfurt (Oder)", "frankfurt oder"),
            ("Frankfurt/Oder", "frankfurt oder"),
            ("Frankfurt an der Oder", "frankfurt oder"),
            ("Handelsgericht Wien", "wien"),
            ("(Amtsgericht) Köln", "koln"),
        ] {
            assert_eq!(court_city(court).as_deref(), Some(expected), "{court}");
        }
        assert_eq!(court_city("Amtsgericht"), None);
        assert_eq!(court_city(""), None);
    }
}
