//! Recognises e-mail addresses and telephone numbers, whatever the name of their field.

use super::People;

/// The longest accepted address, in bytes. RFC 5321 allows 254.
const LONGEST_ADDRESS: usize = 320;
/// The longest accepted number, in bytes, including the characters that people write between digits.
const LONGEST_NUMBER: usize = 80;
/// The longest accepted list of addresses or numbers, in bytes.
const LONGEST_LIST: usize = 4_096;
/// Separators between the addresses or numbers of one field.
const BETWEEN: [char; 5] = [';', ',', '|', '\n', '\r'];

impl People {
    /// Adds the addresses and numbers if the text consists of nothing else. A sentence that only mentions an address does not
    /// count, because the person is not necessarily reached by it.
    pub fn add_reach(&mut self, text: &str) {
        if text.len() > LONGEST_LIST {
            return;
        }
        if text.contains('@') {
            for part in text.split(BETWEEN) {
                if let Some(address) = address(part) {
                    add(&mut self.emails, address);
                }
            }
        } else if may_begin_a_number(text) {
            for part in text.split(BETWEEN) {
                if is_a_number(part.trim()) {
                    add(&mut self.phones, part.trim());
                }
            }
        }
    }

    /// Adds the numbers of a field for telephone numbers, including words about them.
    pub fn add_phones(&mut self, text: &str) {
        if text.len() > LONGEST_LIST {
            return;
        }
        for part in text.split(BETWEEN) {
            let part = part.trim();
            if part.len() <= LONGEST_NUMBER && n_digits(part) >= 5 {
                add(&mut self.phones, part);
            }
        }
    }

    /// Adds a name.
    pub fn add_name(&mut self, name: &str) {
        let name = name.trim();
        if !name.is_empty() {
            add(&mut self.names, name);
        }
    }
}

fn add(to: &mut Vec<Box<str>>, text: &str) {
    if !to.iter().any(|there| **there == *text) {
        to.push(text.into());
    }
}

/// Extracts the address from `erika@werk.example` and from `Erika Muster <erika@werk.example>`.
fn address(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'));
    let text = inner.map_or(text, |(_, inner)| inner);
    let (local, domain) = text.rsplit_once('@')?;
    let fits = text.len() <= LONGEST_ADDRESS
        && !local.is_empty()
        && !domain.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    fits.then_some(text)
}

/// Returns whether the first character may begin a number. This rules out most texts cheaply.
fn may_begin_a_number(text: &str) -> bool {
    let first = text.trim_start().bytes().next();
    first.is_some_and(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'+' | b'(' | b'/' | b'.' | b'-')
    })
}

/// Returns whether a text may be a telephone number: seven digits or more, and otherwise only separators.
fn is_a_number(text: &str) -> bool {
    let between =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '/' | '(' | ')' | '.' | ' ');
    (7..=20).contains(&n_digits(text))
        && text.len() <= 40
        && text.chars().all(between)
        && !is_a_day(text)
}

fn n_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Returns whether a text is a date such as `2026-11-29`.
fn is_a_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(text: &str) -> (Vec<Box<str>>, Vec<Box<str>>) {
        let mut people = People::default();
        people.add_reach(text);
        (people.emails, people.phones)
    }

    #[test]
    fn each_address_or_number_of_a_field_is_added() {
        for (text, emails) in [
            ("erika@werk.example", vec!["erika@werk.example"]),
            (" erika@werk.example ", vec!["erika@werk.example"]),
            (
                "erika@werk.example;e@home.example",
                vec!["erika@werk.example", "e@home.example"],
            ),
            (
                "Erika Muster <erika@werk.example>, e@home.example",
                vec!["erika@werk.example", "e@home.example"],
            ),
            ("write to erika@werk.example", vec![]),
            ("@werk.example", vec![]),
            ("erika@", vec![]),
        ] {
            let emails: Vec<Box<str>> = emails.into_iter().map(Box::from).collect();
            assert!(reach(text).0 == emails, "{text}");
        }
        for (text, phones) in [
            ("+49 170 1234567", vec!["+49 170 1234567"]),
            ("(030) 123-4567", vec!["(030) 123-4567"]),
            (
                "030/1234567; 0170 1234567",
                vec!["030/1234567", "0170 1234567"],
            ),
            ("10115", vec![]),
            ("2026-11-29", vec![]),
            ("2026-11-24T00:00:00Z", vec![]),
            ("3 rooms, 1234567", vec!["1234567"]),
            ("call 030 1234567", vec![]),
        ] {
            let phones: Vec<Box<str>> = phones.into_iter().map(Box::from).collect();
            assert!(reach(text).1 == phones, "{text}");
        }
    }

    #[test]
    fn a_telephone_field_may_have_words_beside_the_numbers() {
        let mut people = People::default();
        people.add_phones("Tel. 030 123456 (office); mobile 0170 1234567");
        people.add_phones("on request");
        let phones: Vec<&str> = people.phones.iter().map(|phone| &**phone).collect();
        assert_eq!(phones, ["Tel. 030 123456 (office)", "mobile 0170 1234567"]);
    }
}
