use super::fold::fold_into;
use super::forms::{Forms, Place, form};

/// The longest text that is taken for a name, in bytes. What follows says nothing about the company.
const MAX_NAME: usize = 512;

/// The core of a company's name and the legal forms found in it.
///
/// The core is what is left of the words when legal forms, brackets, connecting words (`&`, `und`, `and`) and everything from `vormals`
/// on are gone: lower-case ASCII, one blank between words. Abbreviations that everybody uses (`Gebr.`, `...ges.`) are spelt out, letters
/// with dots or blanks between them are joined (`G.m.b.H.`, `A. B. C.`). A name of nothing but legal forms keeps its last word.
pub fn name(text: &str) -> (String, Forms) {
    let end = (0..=text.len().min(MAX_NAME))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0);
    let mut forms = Forms::default();
    let mut core = reduce(&text[..end], &mut forms);
    // Joining letters can make a new word that is a form or a connective, so go on until nothing changes; mostly one round.
    loop {
        let again = reduce(&core, &mut forms);
        if again == core {
            return (core, forms);
        }
        core = again;
    }
}

/// The legal forms in a text that holds nothing else, such as the vendor's own column for it.
pub fn forms(text: &str) -> Forms {
    // A word before it keeps the last form from being taken for the name.
    name(&format!("x0 {text}")).1
}

fn reduce(text: &str, forms: &mut Forms) -> String {
    let mut folded = String::new();
    fold_into(&mut folded, text);
    let joined = join_letters(&folded);
    let mut words: Words<'_> = Words::new();
    let mut depth = 0_usize;
    let mut bracketed = 0_usize;
    for piece in pieces(&joined) {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            // An unclosed bracket opens at the end of the name only: "Foo (Bar" is Foo.
            Piece::Word(word) if depth > 0 => {
                bracketed += 1;
                if let Some((found, Place::Anywhere)) = form(word) {
                    forms.add(found);
                }
            }
            Piece::Word(word) => {
                if !words.is_empty() && is_former(word) {
                    break;
                }
                words.push(word);
            }
        }
    }
    if words.is_empty() && bracketed > 0 {
        // Nothing but brackets: the name is what stands in them.
        pieces(&joined).for_each(|piece| {
            if let Piece::Word(word) = piece {
                words.push(word);
            }
        });
    }
    strip(&mut words, forms);
    let mut core = String::with_capacity(joined.len());
    for word in words.as_slice() {
        if !core.is_empty() {
            core.push(' ');
        }
        spell_out(&mut core, word);
    }
    core
}

/// Takes legal forms and connectives out of `words`, never the last word left.
fn strip(words: &mut Words<'_>, forms: &mut Forms) {
    let mut take = |words: &mut Words<'_>, at: usize, allowed: fn(Place) -> bool| -> bool {
        let Some((found, place)) = words.as_slice().get(at).and_then(|word| form(word)) else {
            return false;
        };
        if words.len() < 2 || !allowed(place) {
            return false;
        }
        forms.add(found);
        words.remove(at);
        true
    };
    loop {
        let before = words.len();
        while let Some(last) = words.len().checked_sub(1) {
            let dangling = last > 0 && matches!(words.as_slice()[last], "und" | "and" | "u" | "et");
            if dangling {
                words.remove(last);
            } else if !take(words, last, |_| true) {
                break;
            }
        }
        strip_spelt_out(words, &mut take);
        while take(words, 0, |place| place != Place::End) {}
        let mut at = 0;
        while at < words.len() {
            if !take(words, at, |place| place == Place::Anywhere) {
                at += 1;
            }
        }
        let mut at = 1;
        while at + 1 < words.len() {
            if is_connective(words.as_slice()[at]) {
                words.remove(at);
            } else {
                at += 1;
            }
        }
        if words.len() == before {
            break;
        }
    }
    while words.len() > 1 && is_title(words.as_slice()[0]) {
        words.remove(0);
    }
}

/// `Gesellschaft mit beschränkter Haftung` and `eingetragener Verein` are forms of several words.
fn strip_spelt_out(
    words: &mut Words<'_>,
    take: &mut impl FnMut(&mut Words<'_>, usize, fn(Place) -> bool) -> bool,
) {
    const SPELT: [(&[&str], &str); 5] = [
        (&["gesellschaft", "mit", "beschrankter", "haftung"], "gmbh"),
        (&["mit", "beschrankter", "haftung"], "gmbh"),
        (&["eingetragener", "verein"], "ev"),
        (&["eingetragener", "kaufmann"], "ek"),
        (&["sp", "z"], "zoo"),
    ];
    for (phrase, short) in SPELT {
        let n = phrase.len();
        if words.len() > n && words.as_slice()[words.len() - n..] == *phrase {
            for _ in 1..n {
                words.remove(words.len() - 1);
            }
            let last = words.len() - 1;
            words.replace(last, short);
            take(words, last, |_| true);
            return;
        }
    }
}

fn is_connective(word: &str) -> bool {
    matches!(
        word,
        "und" | "and" | "u" | "et" | "y" | "e" | "og" | "och" | "i"
    )
}

fn is_former(word: &str) -> bool {
    matches!(
        word,
        "vormals"
            | "vorm"
            | "ehemals"
            | "ehem"
            | "fruher"
            | "formerly"
            | "fka"
            | "dba"
            | "inh"
            | "inhaber"
            | "inhaberin"
    )
}

fn is_title(word: &str) -> bool {
    matches!(word, "firma" | "fa" | "the")
}

fn spell_out(out: &mut String, word: &str) {
    let full = match word {
        "gebr" => "gebruder",
        "ges" => "gesellschaft",
        "mfg" => "manufacturing",
        "bros" => "brothers",
        "intl" | "int" => "international",
        "dt" => "deutsche",
        "st" => "sankt",
        _ => word,
    };
    out.push_str(full);
    // "Beteiligungsges." and "Handelsges.": a joining s before it tells them from Georges and Bourges.
    if word.len() > 6 && word.ends_with("sges") {
        out.push_str("ellschaft");
    }
}

/// Joins single letters that stand apart by dots, blanks or a slash: `g.m.b.h.` is `gmbh`, `e. k.` is `ek`, `a/s` is `as`.
/// A lone u is left alone where it may be an abbreviated `und` (`Sauer u. Keller`). Other dots become blanks.
fn join_letters(folded: &str) -> String {
    let bytes = folded.as_bytes();
    let mut out = String::with_capacity(folded.len());
    let mut single_before = false;
    let mut at = 0;
    while at < bytes.len() {
        let c = bytes[at];
        if !c.is_ascii_alphanumeric() {
            if matches!(c, b'(' | b'[' | b'{') {
                out.push('(');
                single_before = false;
            } else if matches!(c, b')' | b']' | b'}') {
                out.push(')');
                single_before = false;
            } else if c == b'&' || c == b'+' {
                // Between words as good as "und", which goes; "H&M" and "H & M" become "hm".
                push_blank(&mut out);
            } else if c == b'\'' || c == b'`' {
                // "L'Oréal" is one word.
            } else {
                push_blank(&mut out);
            }
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
        let word = &folded[start..at];
        let single = word.len() == 1 && c.is_ascii_alphabetic();
        let lone_u = single
            && c == b'u'
            && bytes
                .get(at)
                .is_none_or(|next| *next != b'.' || bytes.get(at + 1) == Some(&b' '));
        let joins = single && single_before && !lone_u && out.ends_with(' ');
        if joins {
            out.pop();
        }
        out.push_str(word);
        single_before = single && !lone_u;
    }
    out
}

fn push_blank(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

enum Piece<'a> {
    Open,
    Close,
    Word(&'a str),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(' ');
        let first = rest.chars().next()?;
        let end = match first {
            '(' | ')' => 1,
            _ => rest.find([' ', '(', ')']).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(match first {
            '(' => Piece::Open,
            ')' => Piece::Close,
            _ => Piece::Word(piece),
        })
    })
}

/// Up to 24 words in place: a name has about four, and this runs for every record.
struct Words<'a> {
    words: [&'a str; 24],
    n_words: usize,
}

impl<'a> Words<'a> {
    fn new() -> Self {
        Self {
            words: [""; 24],
            n_words: 0,
        }
    }

    fn push(&mut self, word: &'a str) {
        if let Some(slot) = self.words.get_mut(self.n_words) {
            *slot = word;
            self.n_words += 1;
        }
    }

    fn remove(&mut self, at: usize) {
        self.words.copy_within(at + 1..self.n_words, at);
        self.n_words -= 1;
    }

    fn replace(&mut self, at: usize, word: &'a str) {
        self.words[at] = word;
    }

    fn as_slice(&self) -> &[&'a str] {
        &self.words[..self.n_words]
    }

    fn len(&self) -> usize {
        self.n_words
    }

    fn is_empty(&self) -> bool {
        self.n_words == 0
    }
}
