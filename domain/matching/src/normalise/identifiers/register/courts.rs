//! The courts that keep Germany's registers.

use crate::normalise::city;
use crate::normalise::words;

/// A court's town as [`city`] gives it, whatever the court is called: `Amtsgericht München`, `AG Muenchen`, `Registergericht Freiburg i. Br.`.
/// Berlin's is Charlottenburg; the two Frankfurts are told apart.
pub(super) fn town(court: &str) -> Option<String> {
    let folded = words(court);
    let has = |word: &str| folded.split(' ').any(|known| known == word);
    if has("charlottenburg") {
        return Some("berlin".to_owned());
    }
    if has("frankfurt") && has("oder") {
        return Some("frankfurt oder".to_owned());
    }
    // What stands in brackets or after a slash is a river or a district, but for a court that stands there alone.
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

/// The letters that a court puts after all of its numbers. Others after a number are those of a court that it took over.
pub(super) fn own_suffix(town: &str) -> Option<&'static str> {
    Some(match town {
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

/// Letters after numbers of Berlin, Brandenburg, Bremen and Schleswig-Holstein but for single ones, as handelsregister.de prints them.
#[rustfmt::skip]
pub(super) const SUFFIXES: [&str; 25] = [
    "AH", "BHV", "CB", "EK", "EL", "EU", "FF", "FL", "HB", "HL", "HU", "IZ", "KI", "ME", "NI", "NM", "NO", "NP", "OD", "PI", "PL", "RD", "RZ", "SE", "SL",
];

/// Whether the register of the court in `old` is kept by the one in `new` today, under other numbers.
pub(crate) fn followed(old: &str, new: &str) -> bool {
    SUCCESSORS
        .binary_search_by_key(&old, |(old, _)| old)
        .is_ok_and(|at| SUCCESSORS[at].1 == new)
}

/// Courts whose commercial registers were taken over when the states gathered them (2001 to 2008), and by whom; companies still write the old
/// ones. From the states' ordinances on register matters, for towns of some size; sorted. Entries got new numbers then, in Baden-Württemberg and
/// Thuringia the old one with digits in front.
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
    fn the_list_is_sorted_and_in_canonical_towns() {
        assert!(SUCCESSORS.is_sorted());
        for (old, new) in SUCCESSORS {
            assert!(followed(old, new) && !followed(new, old));
            for town in [*old, *new] {
                let same = town == "frankfurt oder" || city(town).as_deref() == Some(town);
                assert!(same, "{town}");
            }
        }
    }

    #[test]
    fn a_court_is_its_town_however_it_is_called() {
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
            assert_eq!(town(court).as_deref(), Some(expected), "{court}");
        }
        assert_eq!(town("Amtsgericht"), None);
        assert_eq!(town(""), None);
    }
}
