//! The code of a country, from its name in any language.
//!
//! The names are a table made from CLDR, because no crate reads them (November 2026): `icu_experimental` goes
//! from codes to names and calls itself unstable, and `celes` and `rust_iso3166` have English names.

use super::fold::words;

/// The names of countries in all languages of CLDR, folded and sorted, and the alpha-3 codes, each with
/// its alpha-2 code behind a tab. Made by `domain/matching/model/countries.py`: do not edit.
const NAMES: &str = include_str!("names.txt");

/// The code of a country that is written as a name, not as an abbreviation: `AG` is a legal form.
pub(crate) fn country_name(text: &str) -> Option<String> {
    let is_name = text.trim().len() > 3 || matches!(text, "USA" | "UK" | "US");
    country(text).filter(|code| is_name && code.len() == 2)
}

/// The ISO 3166 alpha-2 code of a country in lower case, from that code, from the alpha-3 code, or
/// from the country's name in any language of CLDR. An unknown text is returned folded, so that equal
/// texts still compare as equal.
pub fn country(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        let code = text.to_ascii_lowercase();
        return Some(if code == "uk" { "gb".to_owned() } else { code });
    }
    let folded = words(text);
    if folded.is_empty() {
        return None;
    }
    match common(&folded).or_else(|| find(&folded)) {
        Some(code) => Some(code.to_owned()),
        None => Some(folded),
    }
}

/// Whether a word of a company's name names a country. Only names in German, English and the country's
/// own language count: in some language, `gene` is Guinea and `pole` is Poland.
pub(crate) fn is_country_word(word: &str) -> bool {
    word.len() > 3 && common(word).is_some()
}

/// The code of a name that is written often, or that CLDR lacks.
fn common(folded: &str) -> Option<&'static str> {
    Some(match folded {
        "d"
        | "deu"
        | "ger"
        | "brd"
        | "deutschland"
        | "germany"
        | "allemagne"
        | "bundesrepublik deutschland" => "de",
        "a" | "aut" | "osterreich" | "austria" | "autriche" => "at",
        "che" | "schweiz" | "switzerland" | "suisse" | "svizzera" => "ch",
        "lie" | "fl" | "liechtenstein" => "li",
        "f" | "fra" | "frankreich" | "france" => "fr",
        "i" | "ita" | "italien" | "italy" | "italia" => "it",
        "e" | "esp" | "spanien" | "spain" | "espana" => "es",
        "p" | "prt" | "portugal" => "pt",
        "b" | "bel" | "belgien" | "belgium" | "belgique" | "belgie" => "be",
        "nld" | "niederlande" | "holland" | "netherlands" | "the netherlands" | "nederland" => "nl",
        "l" | "lux" | "luxemburg" | "luxembourg" => "lu",
        "gbr"
        | "uk"
        | "grossbritannien"
        | "england"
        | "great britain"
        | "united kingdom"
        | "vereinigtes konigreich"
        | "scotland" => "gb",
        "irl" | "irland" | "ireland" => "ie",
        "dnk" | "danemark" | "denmark" | "danmark" => "dk",
        "s" | "swe" | "schweden" | "sweden" | "sverige" => "se",
        "n" | "nor" | "norwegen" | "norway" | "norge" => "no",
        "fin" | "finnland" | "finland" | "suomi" => "fi",
        "isl" | "island" | "iceland" => "is",
        "pol" | "polen" | "poland" | "polska" => "pl",
        "cze"
        | "tschechien"
        | "tschechische republik"
        | "czech republic"
        | "czechia"
        | "ceska republika"
        | "cesko" => "cz",
        "svk" | "slowakei" | "slovakia" | "slovensko" => "sk",
        "hun" | "ungarn" | "hungary" | "magyarorszag" => "hu",
        "svn" | "slowenien" | "slovenia" | "slovenija" => "si",
        "hrv" | "kroatien" | "croatia" | "hrvatska" => "hr",
        "rou" | "rumanien" | "romania" => "ro",
        "bgr" | "bulgarien" | "bulgaria" => "bg",
        "grc" | "griechenland" | "greece" | "hellas" => "gr",
        "est" | "estland" | "estonia" | "eesti" => "ee",
        "lva" | "lettland" | "latvia" | "latvija" => "lv",
        "ltu" | "litauen" | "lithuania" | "lietuva" => "lt",
        "cyp" | "zypern" | "cyprus" => "cy",
        "mlt" | "malta" => "mt",
        "tur" | "turkei" | "turkey" | "turkiye" => "tr",
        "usa"
        | "u s a"
        | "vereinigte staaten"
        | "vereinigte staaten von amerika"
        | "united states"
        | "united states of america" => "us",
        "can" | "kanada" | "canada" => "ca",
        "jpn" | "japan" => "jp",
        "chn" | "china" => "cn",
        "ind" | "indien" | "india" => "in",
        "aus" | "australien" | "australia" => "au",
        "isr" | "israel" | "isral" => "il",
        _ => return None,
    })
}

/// Finds a folded name in [`NAMES`] by bisection.
fn find(folded: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, NAMES.len());
    while low < high {
        let middle = NAMES.floor_char_boundary(low.midpoint(high));
        let begin = NAMES[..middle].rfind('\n').map_or(0, |at| at + 1).max(low);
        let line = NAMES[begin..].lines().next()?;
        let (name, code) = line.split_once('\t')?;
        match folded.cmp(name) {
            std::cmp::Ordering::Equal => return Some(code),
            std::cmp::Ordering::Less => high = begin,
            std::cmp::Ordering::Greater => low = begin + line.len() + 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_folded_and_is_found() {
        let mut before = "";
        let mut n = 0;
        for line in NAMES.lines() {
            let (name, code) = line.split_once('\t').unwrap_or_default();
            assert!(name > before, "{name}");
            assert_eq!(words(name), name);
            assert_eq!(find(name), Some(code), "{name}");
            assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()));
            before = name;
            n += 1;
        }
        assert!(n > 20_000, "{n}");
        for unknown in ["", "a", "zzz", "quandtnerland"] {
            assert_eq!(find(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_country_is_known_by_its_name_in_any_language() {
        for (text, code) in [
            ("Alemania", "de"),
            ("Duitsland", "de"),
            ("Германия", "de"),
            ("德国", "de"),
            ("ドイツ", "de"),
            ("Γερμανία", "de"),
            ("ألمانيا", "de"),
            ("Niemcy", "de"),
            ("Vereinigte Arabische Emirate", "ae"),
            ("Corée du Sud", "kr"),
            ("대한민국", "kr"),
            ("Côte d’Ivoire", "ci"),
            ("BRA", "br"),
            ("Bundesrepublik Deutschland", "de"),
        ] {
            assert_eq!(country(text).as_deref(), Some(code), "{text}");
        }
        assert_eq!(country("Quandtnerland").as_deref(), Some("quandtnerland"));
        assert!(is_country_word("austria") && !is_country_word("gene"));
    }
}
