use super::fold::words;

/// Postal code in upper case without spaces, hyphens or a country prefix. `None` if nothing is
/// left.
///
/// A Dutch code is reduced to its four digits, because its letters are often missing. A German code
/// that lost its leading zero, as happens in spreadsheets, gets it back if `country` (as returned
/// by [`super::country`]) says that it is German.
pub fn zip(text: &str, country: Option<&str>) -> Option<String> {
    let mut zip: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(12)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    // "D-10115", "CH-8001", "L-1234", "SE-111 22": one to three letters followed only by digits are
    // a country prefix.
    if let Some(first_digit) = zip.find(|c: char| c.is_ascii_digit())
        && (1..=3).contains(&first_digit)
        && zip[first_digit..].len() >= 4
        && zip[first_digit..].bytes().all(|b| b.is_ascii_digit())
    {
        zip.drain(..first_digit);
    }
    let bytes = zip.as_bytes();
    if bytes.len() == 6
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(u8::is_ascii_uppercase)
    {
        zip.truncate(4);
    }
    if country == Some("de") && zip.len() == 4 && zip.bytes().all(|b| b.is_ascii_digit()) {
        zip.insert(0, '0');
    }
    (!zip.is_empty()).then_some(zip)
}

/// The proper name of a city, folded. A river, district, number or country after it is dropped
/// (`Frankfurt am Main`, `Frankfurt/M.`, `Wien 9`). Common English, French and German names of
/// foreign cities become the local name.
pub fn city(text: &str) -> Option<String> {
    let proper = text
        .split(['/', '(', ',', ';'])
        .map(str::trim)
        .find(|part| !part.is_empty())?;
    let folded = words(proper);
    let mut city = String::with_capacity(folded.len());
    for (at, word) in folded.split(' ').enumerate() {
        let ends = matches!(
            word,
            "am" | "an"
                | "a"
                | "im"
                | "in"
                | "i"
                | "bei"
                | "b"
                | "ob"
                | "o"
                | "v"
                | "vor"
                | "cedex"
                | "m"
        );
        if at > 0 && (ends || word.bytes().all(|b| b.is_ascii_digit())) {
            break;
        }
        if at > 0 {
            city.push(' ');
        }
        city.push_str(if word == "st" { "sankt" } else { word });
    }
    let own = match city.as_str() {
        "munich" => "munchen",
        "cologne" => "koln",
        "nuremberg" => "nurnberg",
        "hanover" => "hannover",
        "brunswick" => "braunschweig",
        "vienna" => "wien",
        "zurich" => return Some("zurich".to_owned()),
        "geneva" | "geneve" | "genf" => "geneve",
        "basle" => "basel",
        "lucerne" => "luzern",
        "milan" | "mailand" => "milano",
        "rome" | "rom" => "roma",
        "turin" => "torino",
        "prague" | "prag" => "praha",
        "warsaw" | "warschau" => "warszawa",
        "brussels" | "bruxelles" | "brussel" => "brussel",
        "copenhagen" | "kopenhagen" => "kobenhavn",
        "lisbon" | "lissabon" => "lisboa",
        "antwerp" => "antwerpen",
        "ghent" => "gent",
        "the hague" | "s gravenhage" => "den haag",
        _ => return (!city.is_empty()).then_some(city),
    };
    Some(own.to_owned())
}

/// Street and house number, folded. `straße`, `str.` and `street` all become `str`, and a letter
/// joins its house number (`12 a` becomes `12a`).
pub fn street(text: &str) -> Option<String> {
    let folded = words(text);
    let mut street = String::with_capacity(folded.len());
    let mut number_before = false;
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let number = word.as_bytes()[0].is_ascii_digit();
        let joins = number_before && word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase();
        if !street.is_empty() && !joins {
            street.push(' ');
        }
        match word {
            "street" => street.push_str("str"),
            "platz" => street.push_str("pl"),
            "avenue" => street.push_str("av"),
            "boulevard" => street.push_str("bd"),
            "road" => street.push_str("rd"),
            _ => {
                let stem = word
                    .strip_suffix("strasse")
                    .or_else(|| word.strip_suffix("strase"));
                if let Some(stem) = stem {
                    street.push_str(stem);
                    street.push_str("str");
                } else if let Some(stem) = word.strip_suffix("platz") {
                    street.push_str(stem);
                    street.push_str("pl");
                } else {
                    street.push_str(word);
                }
            }
        }
        number_before = number && word.bytes().all(|b| b.is_ascii_digit());
    }
    (!street.is_empty()).then_some(street)
}
