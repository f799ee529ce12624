use any_ascii::any_ascii_char;

/// Folds `text` to lower-case ASCII letters, digits, and the spaces and punctuation between them.
///
/// Diacritics and apostrophes are removed, and other scripts are transliterated. The three
/// spellings of a German umlaut come out alike: `Müller`, `Mueller` and `Muller` all become
/// `muller`. For that, `ae`, `oe` and `ue` lose their e. The u of `au`, `eu` and `qu` is an
/// exception: there the e is a sound of its own (`Bauer`, `neue`, `Quelle`).
pub(super) fn fold(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 4);
    each_folded(text, |byte| push(&mut out, byte));
    string(out)
}

/// The words of a text: folded letters and digits, with one space in place of anything else.
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

/// Appends the folded letters and digits of `text` to `out`, without spaces: for the label of a
/// domain.
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
            // The German letters skip the transliteration table.
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

/// `ascii` holds nothing but ASCII.
fn string(ascii: Vec<u8>) -> String {
    String::from_utf8(ascii).unwrap_or_default()
}
