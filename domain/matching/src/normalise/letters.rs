//! Splits a folded name into words and brackets.

/// A part of a folded name.
pub(super) enum Piece<'a> {
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// Letters and digits.
    Word(&'a str),
}

/// Joins single letters separated by dots, spaces or a slash: `g.m.b.h.` becomes `gmbh`, `e. k.`
/// becomes `ek`, `a/s` becomes `as`. Also returns whether any letters were joined.
///
/// A single u is not joined where it may be short for `und` (`Sauer u. Keller`). All punctuation
/// except brackets becomes spaces, including `&` and `+`, so that both `H&M` and `H & M` become
/// `hm`.
pub(super) fn join_letters(folded: &str) -> (String, bool) {
    let bytes = folded.as_bytes();
    let mut out = String::with_capacity(folded.len());
    let (mut single_before, mut joined) = (false, false);
    let mut at = 0;
    while let Some(c) = bytes.get(at) {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
            at += 1;
        }
        if at == start {
            match c {
                b'(' | b'[' | b'{' => out.push('('),
                b')' | b']' | b'}' => out.push(')'),
                _ if out.is_empty() || out.ends_with(' ') => {}
                _ => out.push(' '),
            }
            at += 1;
            continue;
        }
        let single = at - start == 1 && c.is_ascii_alphabetic();
        let dotted = bytes.get(at) == Some(&b'.') && bytes.get(at + 1) != Some(&b' ');
        let lone_u = single && *c == b'u' && !dotted;
        if single && single_before && !lone_u && out.ends_with(' ') {
            out.pop();
            joined = true;
        }
        out.push_str(&folded[start..at]);
        single_before = single && !lone_u;
    }
    (out, joined)
}

/// The words and brackets of a text returned by [`join_letters`].
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(' ');
        let end = match rest.as_bytes().first()? {
            b'(' | b')' => 1,
            _ => rest
                .bytes()
                .position(|byte| matches!(byte, b' ' | b'(' | b')'))
                .unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(match piece {
            "(" => Piece::Open,
            ")" => Piece::Close,
            _ => Piece::Word(piece),
        })
    })
}
