//! Texts that programs have damaged on their way: read in the wrong encoding, escaped for HTML, or
//! with signs that are no letters.

use std::borrow::Cow;

/// The text as its author wrote it, without emoji and trademark signs.
///
/// UTF-8 that was read as windows-1252 is read again (`MÃ¼ller`), also if that happened twice. HTML
/// entities become their characters (`M&uuml;ller &amp; Co`). Invisible characters are removed, and so
/// is the sign for an unreadable character; the phonetic code tolerates the gap.
pub fn legible(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    // An ampersand may be escaped again with each export.
    for _ in 0..3 {
        let Some(plain) = unescaped(&text) else { break };
        text = Cow::Owned(plain);
    }
    for _ in 0..3 {
        let Some(plain) = read_again(&text) else {
            break;
        };
        text = Cow::Owned(plain);
    }
    if !text.is_ascii() && text.chars().any(|c| replaced(c).is_some()) {
        let mut plain = String::with_capacity(text.len());
        for c in text.chars() {
            match replaced(c) {
                Some(other) => plain.push_str(other),
                None => plain.push(c),
            }
        }
        text = Cow::Owned(plain);
    }
    text
}

/// What stands for a sign that is no part of a name. `None` for all others.
fn replaced(c: char) -> Option<&'static str> {
    match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fffd}' => Some(""),
        '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{e0000}'..='\u{e007f}' => Some(""),
        '©' | '®' | '™' | '℠' | '℗' => Some(" "),
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2500}'..='\u{27bf}' => Some(" "),
        '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => Some(" "),
        _ => None,
    }
}

/// Reads UTF-8 that was taken for windows-1252. `None` if there is none.
fn read_again(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    let mut run: Vec<(char, u8)> = Vec::new();
    let mut close = |run: &mut Vec<(char, u8)>, out: &mut String| {
        let bytes: Vec<u8> = run.iter().map(|(_, byte)| *byte).collect();
        match std::str::from_utf8(&bytes) {
            Ok(read) if !run.is_empty() => {
                out.push_str(read);
                found = true;
            }
            _ => out.extend(run.iter().map(|(c, _)| *c)),
        }
        run.clear();
    };
    for c in text.chars() {
        match windows_1252(c) {
            Some(byte) => run.push((c, byte)),
            None => {
                close(&mut run, &mut out);
                out.push(c);
            }
        }
    }
    close(&mut run, &mut out);
    found.then_some(out)
}

/// The byte of a character that is not ASCII in windows-1252.
fn windows_1252(c: char) -> Option<u8> {
    let at = HIGH.chars().position(|high| high == c);
    match c {
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(c)).ok(),
        _ => at.and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

/// The characters from 0x80 on. The five bytes that stand for none are the control characters.
const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// Replaces HTML entities. `None` if there is none.
fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.bytes().take(10).position(|byte| byte == b';');
        match end.and_then(|end| Some((end, entity(&after[..end])?))) {
            Some((end, c)) => {
                out.push(c);
                rest = &after[end + 1..];
                found = true;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).filter(|c| !c.is_control());
    }
    ENTITIES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, c)| *c)
}

/// The named entities of HTML 4 that occur in names and addresses.
#[rustfmt::skip]
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'), ("quot", '"'), ("apos", '\''), ("lt", '<'), ("gt", '>'), ("nbsp", ' '), ("shy", '\u{ad}'), ("ndash", '–'), ("mdash", '—'),
    ("lsquo", '‘'), ("rsquo", '’'), ("sbquo", '‚'), ("ldquo", '“'), ("rdquo", '”'), ("bdquo", '„'), ("laquo", '«'), ("raquo", '»'),
    ("hellip", '…'), ("middot", '·'), ("bull", '•'), ("copy", '©'), ("reg", '®'), ("trade", '™'), ("acute", '´'),
    ("auml", 'ä'), ("ouml", 'ö'), ("uuml", 'ü'), ("Auml", 'Ä'), ("Ouml", 'Ö'), ("Uuml", 'Ü'), ("szlig", 'ß'), ("euml", 'ë'), ("iuml", 'ï'),
    ("Euml", 'Ë'), ("Iuml", 'Ï'), ("yuml", 'ÿ'), ("agrave", 'à'), ("egrave", 'è'), ("igrave", 'ì'), ("ograve", 'ò'), ("ugrave", 'ù'),
    ("Agrave", 'À'), ("Egrave", 'È'), ("Igrave", 'Ì'), ("Ograve", 'Ò'), ("Ugrave", 'Ù'), ("aacute", 'á'), ("eacute", 'é'), ("iacute", 'í'),
    ("oacute", 'ó'), ("uacute", 'ú'), ("yacute", 'ý'), ("Aacute", 'Á'), ("Eacute", 'É'), ("Iacute", 'Í'), ("Oacute", 'Ó'), ("Uacute", 'Ú'),
    ("Yacute", 'Ý'), ("acirc", 'â'), ("ecirc", 'ê'), ("icirc", 'î'), ("ocirc", 'ô'), ("ucirc", 'û'), ("Acirc", 'Â'), ("Ecirc", 'Ê'),
    ("Icirc", 'Î'), ("Ocirc", 'Ô'), ("Ucirc", 'Û'), ("atilde", 'ã'), ("ntilde", 'ñ'), ("otilde", 'õ'), ("Atilde", 'Ã'), ("Ntilde", 'Ñ'),
    ("Otilde", 'Õ'), ("aring", 'å'), ("Aring", 'Å'), ("aelig", 'æ'), ("AElig", 'Æ'), ("oslash", 'ø'), ("Oslash", 'Ø'), ("ccedil", 'ç'),
    ("Ccedil", 'Ç'), ("oelig", 'œ'), ("OElig", 'Œ'), ("scaron", 'š'), ("Scaron", 'Š'), ("eth", 'ð'), ("ETH", 'Ð'), ("thorn", 'þ'), ("THORN", 'Þ'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_the_wrong_encoding_is_read_again() {
        for text in ["Jürgen Größmann & Söhne", "Łódź", "Société Générale – Île"] {
            let mut damaged = text.to_owned();
            for _ in 0..2 {
                damaged = damaged.bytes().map(as_windows_1252).collect();
                assert_eq!(legible(&damaged), text, "{damaged}");
            }
        }
    }

    fn as_windows_1252(byte: u8) -> char {
        match byte {
            0x80..0xa0 => HIGH.chars().nth(usize::from(byte - 0x80)).unwrap_or(' '),
            _ => char::from(byte),
        }
    }

    #[test]
    fn entities_become_their_characters_however_often_they_were_escaped() {
        for (text, expected) in [
            ("M&uuml;ller &amp; S&#246;hne", "Müller & Söhne"),
            ("M&amp;uuml;ller", "Müller"),
            ("Stra&#xDF;e&nbsp;1", "Straße 1"),
            ("H&M; C&A", "H&M; C&A"),
            ("A &foo; B &#0; &", "A &foo; B &#0; &"),
        ] {
            assert_eq!(legible(text), expected, "{text}");
        }
    }

    #[test]
    fn signs_are_no_words() {
        for (text, expected) in [
            ("Zantavex™ GmbH", "Zantavex  GmbH"),
            ("Zantavex\u{200b}werk \u{2b50}\u{fe0f}", "Zantavexwerk  "),
            ("Gr\u{fffd}n 🎯", "Grn  "),
        ] {
            assert_eq!(legible(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_damaged_stays_as_it_is() {
        for text in [
            "Müßig & Überländer",
            "Ærø Ðæ",
            "Żółć",
            "株式会社",
            "Â",
            "naïve",
        ] {
            assert_eq!(legible(text), text);
        }
    }
}
