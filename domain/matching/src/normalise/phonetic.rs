/// Appends the phonetic code of a folded name to `out`, by the Kölner Phonetik (Hans Joachim
/// Postel, IBM-Nachrichten 19, 1969), which was made for German names. `Meyer`, `Maier` and `Mair`
/// all become `67`. Spaces and punctuation are ignored; digits of the name are kept as letters.
///
/// A doubled letter, a wrong vowel and most swapped vowels do not change the code, so it also
/// tolerates many typing mistakes.
pub(crate) fn push_sound(out: &mut String, folded: &[u8]) {
    let mut codes = [0; 64];
    let mut n = 0;
    each_sound(folded, |code| {
        if n == codes.len() {
            out.push_str(str::from_utf8(&codes).unwrap_or_default());
            n = 0;
        }
        codes[n] = code;
        n += 1;
    });
    out.push_str(str::from_utf8(&codes[..n]).unwrap_or_default());
}

/// As [`push_sound`], one code at a time.
pub(crate) fn each_sound(folded: &[u8], mut each: impl FnMut(u8)) {
    let mut last = 0;
    let mut first = true;
    let mut letters = folded.iter().copied().filter(u8::is_ascii_alphanumeric);
    let (mut before, mut next) = (0, letters.next());
    while let Some(letter) = next {
        next = letters.next();
        let after = next.unwrap_or(0);
        let code: &[u8] = match letter {
            b'a' | b'e' | b'i' | b'j' | b'o' | b'u' | b'y' => b"0",
            b'b' => b"1",
            b'p' if after == b'h' => b"3",
            b'p' => b"1",
            b'd' | b't' if matches!(after, b'c' | b's' | b'z') => b"8",
            b'd' | b't' => b"2",
            b'f' | b'v' | b'w' => b"3",
            b'g' | b'k' | b'q' => b"4",
            b'x' if matches!(before, b'c' | b'k' | b'q') => b"8",
            b'x' => b"48",
            b'l' => b"5",
            b'm' | b'n' => b"6",
            b'r' => b"7",
            b's' | b'z' => b"8",
            b'c' if matches!(before, b's' | b'z') => b"8",
            b'c' if before == 0 && matches!(after, b'l' | b'r') => b"4",
            b'c' if matches!(after, b'a' | b'h' | b'k' | b'o' | b'q' | b'u' | b'x') => b"4",
            b'c' => b"8",
            b'0'..=b'9' => std::slice::from_ref(match letter {
                b'0' => &b'a',
                b'1' => &b'b',
                b'2' => &b'c',
                b'3' => &b'd',
                b'4' => &b'e',
                b'5' => &b'f',
                b'6' => &b'g',
                b'7' => &b'h',
                b'8' => &b'i',
                _ => &b'j',
            }),
            _ => b"",
        };
        before = letter;
        for code in code {
            // A digit of the name (a letter in the code) is kept every time: 11 and 1 are different
            // names.
            if *code != last || code.is_ascii_lowercase() {
                if *code != b'0' || first {
                    each(*code);
                }
                first = false;
                last = *code;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(folded: &str) -> String {
        let mut out = String::new();
        push_sound(&mut out, folded.as_bytes());
        out
    }

    #[test]
    fn similar_names_have_the_codes_of_the_literature() {
        for (name, code) in [
            ("breschnew", "17863"),
            ("wikipedia", "3412"),
            ("muller ludenscheidt", "65752682"),
            ("meyer", "67"),
            ("maier", "67"),
            ("heinz classen", "068586"),
        ] {
            assert_eq!(sound(name), code, "{name}");
        }
    }

    #[test]
    fn spaces_and_doubled_letters_are_ignored_but_digits_count() {
        assert_eq!(sound("huk coburg"), sound("hukcoburg"));
        assert_eq!(sound("schafer"), sound("schaffer"));
        assert_ne!(sound("check24"), sound("check25"));
        assert_ne!(sound("1"), sound("11"));
        assert_eq!(sound(""), "");
    }
}
