use any_ascii::any_ascii_char;

/// Folds `text` to lower-case ASCII letters, digits and the blanks and marks between them.
///
/// Diacritics go, other scripts are transliterated, and the three ways of writing a German umlaut come out alike:
/// `Müller`, `Mueller` and `Muller` are all `muller`. So `ae`, `oe` and `ue` lose their e, but for the u of `au`,
/// `eu` and `qu`, where the e is a sound of its own (`Bauer`, `neue`, `Quelle`).
pub(super) fn fold_into(out: &mut String, text: &str) {
    out.reserve(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            push(out, c.to_ascii_lowercase());
        } else {
            for folded in any_ascii_char(c).chars() {
                push(out, folded.to_ascii_lowercase());
            }
        }
    }
}

/// [`fold_into`] with letters and digits kept, and one blank for each run of anything else.
pub(super) fn words(text: &str) -> String {
    let mut folded = String::new();
    fold_into(&mut folded, text);
    let mut out = String::with_capacity(folded.len());
    for word in folded
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn push(out: &mut String, c: char) {
    if c == 'e' {
        let mut before = out.bytes().rev();
        match before.next() {
            Some(b'a' | b'o') => return,
            Some(b'u') if !matches!(before.next(), Some(b'a' | b'e' | b'q')) => return,
            _ => {}
        }
    }
    out.push(if c.is_ascii_control() { ' ' } else { c });
}
