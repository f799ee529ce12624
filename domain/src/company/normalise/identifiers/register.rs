use super::super::address::city;
use super::super::fold::words;

/// Register number and court in one canonical value, `hrb12345:berlin`; `None` without a number.
///
/// The German registers (HRA, HRB, VR, GnR, PR, GsR) and the Austrian one (FN) are told by their letters. Another register's number is kept
/// with what letters it has. The court is its town; what follows a missing court is empty. Berlin's court is Charlottenburg, and its numbers end
/// in B, which is often left out: both are dropped. A court that was merged keeps a suffix only where numbers were given twice, so that stays.
pub fn register(number: &str, court: Option<&str>) -> Option<String> {
    let (kind, digits, suffix) = parse_number(number)?;
    let court = court.map(court_town).unwrap_or_default();
    let suffix = if court == "berlin" && suffix == "b" {
        ""
    } else {
        suffix.as_str()
    };
    Some(format!("{kind}{digits}{suffix}:{court}"))
}

/// Splits what is written in one field, such as `HRB 12345 Berlin` or `Amtsgericht München, HRB 123 B`, into number and court.
/// Both are `None` where no number is in it.
pub fn split_register(text: &str) -> (Option<String>, Option<String>) {
    let mut number: Vec<&str> = Vec::new();
    let mut court: Vec<&str> = Vec::new();
    let mut digits_seen = false;
    let mut number_open = true;
    for word in text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':'))
        .filter(|word| !word.is_empty())
    {
        let has_digit = word.bytes().any(|b| b.is_ascii_digit());
        let of_number = if digits_seen {
            // "123 456" and the letter after a number.
            number_open
                && (word.bytes().all(|b| b.is_ascii_digit())
                    || (word.len() == 1 && word.as_bytes()[0].is_ascii_alphabetic()))
        } else {
            has_digit || is_kind(word)
        };
        if of_number {
            digits_seen |= has_digit;
            number.push(word);
        } else {
            number_open &= !digits_seen;
            court.push(word);
        }
    }
    let join = |words: &[&str]| (!words.is_empty()).then(|| words.join(" "));
    if digits_seen {
        (join(&number), join(&court))
    } else {
        (None, None)
    }
}

fn is_kind(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ')']).to_ascii_lowercase();
    matches!(
        word.as_str(),
        "hra" | "hrb" | "vr" | "gnr" | "pr" | "gsr" | "fn" | "nr" | "no" | "rcs" | "che" | "kvk"
    )
}

/// Letters before, digits without leading zeros, letters after.
fn parse_number(number: &str) -> Option<(String, String, String)> {
    let (mut kind, mut digits, mut suffix) = (String::new(), String::new(), String::new());
    for c in number.chars().filter(char::is_ascii_alphanumeric).take(32) {
        let c = c.to_ascii_lowercase();
        match (c.is_ascii_digit(), digits.is_empty()) {
            (true, _) if suffix.is_empty() => digits.push(c),
            (false, true) => kind.push(c),
            _ => suffix.push(c),
        }
    }
    if digits.is_empty() {
        return None;
    }
    let kind = kind
        .strip_suffix("nr")
        .filter(|kind| kind.starts_with("hr"))
        .unwrap_or(&kind)
        .to_owned();
    let significant = digits.trim_start_matches('0');
    Some((
        kind,
        if significant.is_empty() {
            "0".to_owned()
        } else {
            significant.to_owned()
        },
        suffix,
    ))
}

fn court_town(court: &str) -> String {
    let folded = words(court);
    let mut town = String::with_capacity(folded.len());
    for word in folded.split(' ') {
        let office = matches!(
            word,
            "amtsgericht"
                | "ag"
                | "registergericht"
                | "handelsregister"
                | "register"
                | "kreisgericht"
                | "landesgericht"
                | "handelsgericht"
                | "beim"
                | "des"
                | "der"
                | "hr"
        );
        if !office {
            if !town.is_empty() {
                town.push(' ');
            }
            town.push_str(word);
        }
    }
    let town = city(&town).unwrap_or_default();
    if town.split(' ').any(|word| word == "charlottenburg") {
        "berlin".to_owned()
    } else {
        town
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Option<String> {
        let (number, court) = split_register(text);
        register(number.as_deref()?, court.as_deref())
    }

    #[test]
    fn the_ways_of_writing_one_entry_come_out_alike() {
        for text in [
            "HRB 12345 Berlin",
            "HRB12345 B Berlin (Charlottenburg)",
            "Amtsgericht Charlottenburg, HRB 12345 B",
            "AG Charlottenburg HRB 012345B",
            "hrb nr. 12 345, Berlin",
        ] {
            assert_eq!(
                canonical(text).as_deref(),
                Some("hrb12345:berlin"),
                "{text}"
            );
        }
    }

    #[test]
    fn another_court_or_another_kind_is_another_entry() {
        assert_eq!(
            canonical("HRA 12345 Berlin").as_deref(),
            Some("hra12345:berlin")
        );
        assert_eq!(
            canonical("HRB 12345 Frankfurt am Main").as_deref(),
            Some("hrb12345:frankfurt")
        );
        assert_eq!(canonical("HRB 12345").as_deref(), Some("hrb12345:"));
        assert_eq!(
            canonical("FN 123456 a Wien").as_deref(),
            Some("fn123456a:wien")
        );
    }

    #[test]
    fn without_a_number_there_is_no_entry() {
        assert_eq!(canonical("Amtsgericht Charlottenburg"), None);
        assert_eq!(register("HRB", Some("Berlin")), None);
    }
}
