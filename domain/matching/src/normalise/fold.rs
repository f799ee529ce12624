use any_ascii::any_ascii_char;

/// Folds `text` to lower-case ASCII letters, digits and the blanks and marks between them.
///
/// Diacritics and apostrophes go, other scripts are transliterated, and the three ways of writing a German umlaut come out
/// alike: `Müller`, `Mueller` and `Muller` are all `muller`. So `ae`, `oe` and `ue` lose their e, but for the u of `au`, `eu`
/// and `qu`, where the e is a sound of its own (`Bauer`, `neue`, `Quelle`).
pub(super) fn fold(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 4);
    each_folded(text, |byte| push(&mut out, byte));
    string(out)
}

/// [`fold`] with letters and digits kept, and one blank for each run of anything else.
pub fn words(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 4);
    each_folded(text, |byte| {
        if byte.is_ascii_alphanumeric() {
            push(&mut out, byte);
        } else if out.last().is_some_and(|last| *last != b' ') {
            out.push(b' ');
        }
    });
    if out.last() == Some(&b' ') {
        out.pop();
    }
    string(out)
}

/// [`fold`] with letters and digits kept and nothing between them, added to `out`: for a domain's label, which has no blanks.
pub(crate) fn fold_letters(out: &mut String, text: &str) {
    let mut folded = Vec::with_capacity(text.len());
    each_folded(text, |byte| {
        if byte.is_ascii_alphanumeric() {
            push(&mut folded, byte);
        }
    });
    out.push_str(&string(folded));
}

fn each_folded(text: &str, mut each: impl FnMut(u8)) {
    let mut ascii = |byte: u8| {
        if !matches!(byte, b'\'' | b'`') {
            each(if byte.is_ascii_control() {
                b' '
            } else {
                byte.to_ascii_lowercase()
            });
        }
    };
    let mut rest = text;
    while let Some(first) = rest.as_bytes().first() {
        if first.is_ascii() {
            ascii(*first);
            rest = &rest[1..];
            continue;
        }
        let Some(c) = rest.chars().next() else { break };
        match c {
            // What German has goes without the table.
            'ä' | 'Ä' => ascii(b'a'),
            'ö' | 'Ö' => ascii(b'o'),
            'ü' | 'Ü' => ascii(b'u'),
            'ß' => [b's', b's'].into_iter().for_each(&mut ascii),
            _ => any_ascii_char(c).bytes().for_each(&mut ascii),
        }
        rest = &rest[c.len_utf8()..];
    }
}

fn push(out: &mut Vec<u8>, byte: u8) {
    let dropped = byte == b'e'
        && match out.as_slice() {
            [.., b'a' | b'o'] => true,
            [.., b'a' | b'e' | b'q', b'u'] => false,
            [.., b'u'] => true,
            _ => false,
        };
    if !dropped {
        out.push(byte);
    }
}

/// Only ASCII was put in.
fn string(ascii: Vec<u8>) -> String {
    String::from_utf8(ascii).unwrap_or_default()
}
