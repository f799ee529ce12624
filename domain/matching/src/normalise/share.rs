//! What exchanges add to a company's name: the kind of share, its nominal value, the market.
//!
//! The notations are those of the instrument names of Deutsche Börse and Börse Berlin (`O.N.`, `DL-,01`), of Nasdaq and NYSE
//! (`Class A Common Stock`), and of the SEC (`/DE/`), as of November 2026.

/// The name without what an exchange added: `Siemens AG NA O.N.` is `Siemens AG`.
pub(crate) fn without_share(text: &str) -> &str {
    let text = before_phrase(text).trim_end();
    let is_capital = !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let mut name = text;
    let mut is_share = false;
    while let Some((before, last)) = name.rsplit_once(' ') {
        let is_amount = is_nominal_value(last)
            || is_plain_number(last) && is_currency(before.rsplit(' ').next().unwrap_or_default());
        let is_kind = is_kind_of_share(last, is_share || is_amount, is_capital);
        if before.trim().is_empty() || !(is_amount || is_kind || is_share && is_currency(last)) {
            break;
        }
        is_share = true;
        name = before.trim_end();
    }
    // "GETINGE SVC-B": a letter behind a dash is a class only in capitals.
    match name.as_bytes() {
        [.., a, b, b'-', c]
            if is_capital && [a, b, c].iter().all(|byte| byte.is_ascii_uppercase()) =>
        {
            &name[..name.len() - 2]
        }
        _ => name,
    }
}

/// The text before the first phrase that describes a share.
fn before_phrase(text: &str) -> &str {
    let has_capital = |at: usize| {
        text.as_bytes()
            .get(at)
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    let mut from = 0;
    while let Some(space) = text[from..].find(' ') {
        let at = from + space + 1;
        from = at;
        let rest = &text[at..];
        if has_capital(at) && PHRASES.iter().any(|phrase| begins(rest, phrase)) {
            let before = text[..at].trim_end_matches([' ', '-', ',']);
            if !before.is_empty() {
                return without_class(before);
            }
        }
        if rest.starts_with("- ") && rest.contains("Stock Exch") {
            return &text[..at - 1];
        }
    }
    text
}

/// The text without `Class A` or `Series B` at its end.
fn without_class(text: &str) -> &str {
    let Some((before, letter)) = text.rsplit_once(' ') else {
        return text;
    };
    let is_letter = letter.len() == 1;
    match before.rsplit_once(' ') {
        Some((name, word)) if is_letter && (begins(word, "class") || begins(word, "series")) => {
            name.trim_end_matches([' ', '-', ','])
        }
        _ => text,
    }
}

/// Whether a text begins with a phrase, in any case.
fn begins(text: &str, phrase: &str) -> bool {
    text.get(..phrase.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(phrase))
}

const PHRASES: [&str; 12] = [
    "american depositary",
    "american depository",
    "common share",
    "common stock",
    "common units",
    "depositary receipt",
    "depositary share",
    "global depositary",
    "ordinary share",
    "preferred share",
    "preferred stock",
    "subordinate voting share",
];

/// `DL-,01`, `EO-01`, `LS-1105`: a currency as German exchanges write it, and an amount.
fn is_nominal_value(word: &str) -> bool {
    let Some((currency, amount)) = word.split_at_checked(2) else {
        return false;
    };
    is_currency(currency)
        && amount.bytes().any(|byte| byte.is_ascii_digit())
        && amount
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b',' | b'.'))
}

/// The currencies of nominal values.
fn is_currency(word: &str) -> bool {
    matches!(
        word,
        "DL" | "EO" | "LS" | "SF" | "YN" | "HD" | "SK" | "NK" | "DK" | "AD" | "CD" | "RC" | "SD"
    )
}

fn is_plain_number(word: &str) -> bool {
    let amount = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b',' | b'.');
    word.bytes().any(|byte| byte.is_ascii_digit()) && word.bytes().all(amount)
}

/// Whether a word is a kind of share. Short ones are so only beside another sign of a share, or in a
/// name in capitals.
fn is_kind_of_share(word: &str, is_share: bool, is_capital: bool) -> bool {
    let is_dashed = matches!(word.as_bytes(), [b'-', letter, b'-'] if letter.is_ascii_uppercase());
    let is_state = word.len() >= 4 && word.starts_with('/') && word.ends_with('/');
    is_dashed
        || is_state
        || matches!(
            word,
            "O.N." | "O.N" | "VZO" | "SP.ADR" | "SP.ADRS" | "GDR" | "(publ)" | "VNA"
        )
        || is_share
            && matches!(
                word,
                "NA" | "NAM." | "INH" | "INH." | "ST" | "VZ" | "ADR" | "N" | "B" | "A" | "NAM"
            )
        || is_capital && matches!(word, "N" | "VZ" | "ADR" | "INH." | "NAM.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_the_company_that_issued_it() {
        for (share, company) in [
            ("Zantavex AG NA O.N.", "Zantavex AG"),
            ("Zantavex AG Vz O.N.", "Zantavex AG Vz"),
            ("ZANTAVEX N.V.      EO-01", "ZANTAVEX N.V."),
            ("ZANTAVEX INC. DL-,001", "ZANTAVEX INC."),
            ("ZANTAVEX PLC LS 1", "ZANTAVEX PLC"),
            ("ZT.ZANTAVEX N", "ZT.ZANTAVEX"),
            ("ZANTAVEX AUTO -H-", "ZANTAVEX AUTO"),
            ("ZANTAVEX SVC-B", "ZANTAVEX SVC"),
            ("Zantavex, Inc. - Class A Common Stock", "Zantavex, Inc."),
            (
                "Zantavex S.A. American Depositary Shares (each representing 1)",
                "Zantavex S.A.",
            ),
            ("Zantavex plc Class B Ordinary Shares", "Zantavex plc"),
            ("ZANTAVEX CORP /DE/", "ZANTAVEX CORP"),
            ("ZANTAVEX - Dusseldorf Stock Exchang", "ZANTAVEX"),
        ] {
            assert_eq!(without_share(share), company);
            assert_eq!(without_share(company), company);
        }
    }

    #[test]
    fn names_that_look_like_shares_stay() {
        for name in [
            "Zantavex",
            "Objekt A",
            "Projekt N",
            "Common Ground GmbH",
            "Zantavex Projekt 45",
            "Hof 7",
            "COCA-COLA",
            "N",
            "O.N.",
            "",
        ] {
            assert_eq!(without_share(name), name);
        }
    }
}
