//! Splits characters into tokens.

use crate::salesforce::error::Refusal;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word, a dotted path, a number, a date or a time: everything without quotes.
    Word(String),
    Text(String),
    /// One of `( ) , = != < <= > >=`.
    Sign(&'static str),
}

const SIGNS: [&str; 10] = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

/// Stands for an escaped underscore. In LIKE, an escaped wildcard stands for itself. Until the parser knows whether a text
/// belongs to LIKE, the escaped ones are kept as two noncharacters of Unicode, which are reserved for a program's own use.
pub(crate) const JUST_UNDERSCORE: char = '\u{fdd0}';
/// Stands for an escaped percent sign.
pub(crate) const JUST_PERCENT: char = '\u{fdd1}';

/// Splits a query into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (value, after) = quoted(&rest[1..])?;
            all.push(Token::Text(value));
            rest = after;
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            all.push(Token::Sign(if *sign == "<>" { "!=" } else { sign }));
            rest = &rest[sign.len()..];
        } else if word_character(first) {
            let end = rest.find(|c| !word_character(c)).unwrap_or(rest.len());
            all.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            return Err(Refusal::malformed_query(format!(
                "line 1:{} no viable alternative at character '{first}'",
                text.len() - rest.len()
            )));
        }
        rest = rest.trim_start();
    }
    Ok(all)
}

fn word_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '+')
}

/// Reads up to the closing quote. The escapes are those of the SOQL reference, "Quoted String Escape Sequences".
fn quoted(text: &str) -> Result<(String, &str), Refusal> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\'' => return Ok((value, &text[at + 1..])),
            '\\' => {
                let (_, escape) = characters.next().ok_or_else(unterminated)?;
                let meant = match escape {
                    'n' | 'N' => '\n',
                    'r' | 'R' => '\r',
                    't' | 'T' => '\t',
                    'b' | 'B' => '\u{8}',
                    'f' | 'F' => '\u{c}',
                    '"' | '\'' | '\\' => escape,
                    'u' | 'U' => unicode(&mut characters)?,
                    '_' => JUST_UNDERSCORE,
                    '%' => JUST_PERCENT,
                    other => {
                        return Err(Refusal::malformed_query(format!(
                            "Illegal character sequence '\\{other}' in the query string"
                        )));
                    }
                };
                value.push(meant);
            }
            // The real parser refuses a raw line break inside quotes, too.
            '\n' | '\r' => return Err(unterminated()),
            other => value.push(other),
        }
    }
    Err(unterminated())
}

fn unicode(characters: &mut std::str::CharIndices<'_>) -> Result<char, Refusal> {
    let digits: String = characters.take(4).map(|(_, c)| c).collect();
    let code = u32::from_str_radix(&digits, 16)
        .ok()
        .filter(|_| digits.len() == 4);
    code.and_then(char::from_u32)
        .ok_or_else(|| Refusal::malformed_query("invalid unicode escape in the query string"))
}

fn unterminated() -> Refusal {
    Refusal::malformed_query("unexpected token: the string literal is not closed")
}
