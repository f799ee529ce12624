mod vocabulary;
mod words;

use super::fold::fold;
use super::forms::{Forms, Position, ending, form};
use super::letters::{Piece, join_letters, pieces};
use vocabulary::{
    country_in_brackets, is_connective, is_former, is_note, is_numbered, is_title, spell_out,
};
use words::Words;

/// The longest text that is used as a name, in bytes. Anything after that says nothing about the
/// company.
const MAX_NAME: usize = 512;

/// The core of a company's name, and the legal forms found in the name.
///
/// The core is lower-case ASCII with one space between words. It leaves out legal forms, text in
/// brackets, connectives (`&`, `und`, `and`) and everything from a word such as `vormals` on.
/// Common abbreviations (`Gebr.`, `...ges.`) are spelled out, and single letters with dots or
/// spaces between them are joined (`G.m.b.H.`, `A. B. C.`). A name that consists only of legal
/// forms keeps its last word.
pub fn name(text: &str) -> (String, Forms) {
    let mut forms = Forms::default();
    let mut core = reduce(&text[..text.floor_char_boundary(MAX_NAME)], &mut forms);
    // A joined or spelled-out word can itself be a legal form, a connective or an umlaut, so repeat
    // until nothing changes.
    while core.unsettled {
        let again = reduce(&core.text, &mut forms);
        if again.text == core.text {
            break;
        }
        core = again;
    }
    (core.text, forms)
}

/// The legal forms in a text that contains nothing else, such as the vendor's column for the legal
/// form.
pub fn forms(text: &str) -> Forms {
    // The extra word keeps the last form from being used as the name.
    name(&format!("x0 {text}")).1
}

struct Core {
    text: String,
    /// Whether the text has to be reduced again, because a step may have produced new words.
    unsettled: bool,
}

fn reduce(text: &str, forms: &mut Forms) -> Core {
    let folded = fold(text);
    let (joined, mut unsettled) = join_letters(&folded);
    let mut words: Words<'_> = Words::new();
    let mut depth = 0_usize;
    let mut bracketed = 0_usize;
    for piece in pieces(&joined) {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            // A bracket that is never closed extends to the end of the name: the core of "Foo (Bar"
            // is `foo`.
            Piece::Word(word) if depth > 0 => {
                bracketed += 1;
                unsettled = true;
                if let Some((found, Position::Anywhere)) = form(word) {
                    forms.add(found);
                } else if !words.is_empty()
                    && let Some(country) = country_in_brackets(word)
                {
                    words.push(country);
                }
            }
            Piece::Word(word) => {
                if !words.is_empty() && (is_former(word) || is_note(word)) {
                    break;
                }
                let numbered = words.len() > 1
                    && word.bytes().all(|byte| byte.is_ascii_digit())
                    && is_numbered(words.as_slice()[words.len() - 1]);
                if numbered {
                    words.remove(words.len() - 1);
                    break;
                }
                words.push(word);
            }
        }
    }
    if words.is_empty() && bracketed > 0 {
        // The name consists of brackets only: use their content.
        pieces(&joined).for_each(|piece| {
            if let Piece::Word(word) = piece {
                words.push(word);
            }
        });
    }
    unsettled |= strip(&mut words, forms);
    let mut core = String::with_capacity(joined.len() + 16);
    let mut single_before = false;
    for word in words.as_slice() {
        if !core.is_empty() {
            core.push(' ');
        }
        // Two single letters that lost the connective between them are joined in the next round.
        unsettled |= single_before && word.len() == 1;
        single_before = word.len() == 1;
        unsettled |= spell_out(&mut core, word);
    }
    Core {
        text: core,
        unsettled,
    }
}

/// Removes legal forms and connectives from `words`, but never the last remaining word. Returns
/// whether a title was removed, after which the rest may begin with a form.
fn strip(words: &mut Words<'_>, forms: &mut Forms) -> bool {
    let mut take = |words: &mut Words<'_>, at: usize, allowed: fn(Position) -> bool| -> bool {
        let Some((found, position)) = words.as_slice().get(at).and_then(|word| form(word)) else {
            return false;
        };
        if words.len() < 2 || !allowed(position) {
            return false;
        }
        forms.add(found);
        words.remove(at);
        true
    };
    loop {
        let before = words.len();
        while let Some(last) = words.len().checked_sub(1) {
            if strip_spelt_out(words, &mut take) {
                continue;
            }
            let dangling = last > 0 && matches!(words.as_slice()[last], "und" | "and" | "u" | "et");
            if dangling {
                words.remove(last);
            } else if !take(words, last, |_| true) {
                break;
            }
        }
        while take(words, 0, |position| position != Position::End) {}
        let mut at = 0;
        while at < words.len() {
            if !take(words, at, |position| position == Position::Anywhere) {
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
    let before = words.len();
    while words.len() > 1 && is_title(words.as_slice()[0]) {
        words.remove(0);
    }
    words.len() < before
}

/// Removes a legal form of several words, such as `Gesellschaft mit beschränkter Haftung` or
/// `eingetragener Verein`. Returns whether there was one.
fn strip_spelt_out(
    words: &mut Words<'_>,
    take: &mut impl FnMut(&mut Words<'_>, usize, fn(Position) -> bool) -> bool,
) -> bool {
    let Some((n, short)) = ending(words.as_slice()) else {
        return false;
    };
    for _ in 1..n {
        words.remove(words.len() - 1);
    }
    let last = words.len() - 1;
    words.replace(last, short);
    take(words, last, |_| true)
}
