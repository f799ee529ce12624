/// A legal entity identifier (ISO 17442) in upper case without blanks: 18 letters or digits and two digits; `None` for another form.
pub fn lei(text: &str) -> Option<String> {
    let lei: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(21)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let bytes = lei.as_bytes();
    let form = bytes.len() == 20
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[18..].iter().all(u8::is_ascii_digit);
    form.then_some(lei)
}

/// Whether the check digits of an LEI as [`lei`] gives it are right: ISO 7064 mod 97-10, letters counting from A = 10.
pub fn lei_check_digits(lei: &str) -> bool {
    let rest = lei.bytes().fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => 0,
    });
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_identifiers_are_right_and_a_changed_digit_is_not() {
        // Deutsche Bank AG, from the public GLEIF register.
        assert!(lei_check_digits("7LTWFZYICNSX8D621K86"));
        assert!(!lei_check_digits("7LTWFZYICNSX8D621K87"));
        assert!(!lei_check_digits("7LTWFZYICNSX8D612K86"));
    }

    #[test]
    fn blanks_and_case_do_not_matter_but_the_form_does() {
        assert_eq!(
            lei("7ltw fzyi cnsx 8d62 1k86").as_deref(),
            Some("7LTWFZYICNSX8D621K86")
        );
        assert_eq!(lei("7LTWFZYICNSX8D621K8"), None);
        assert_eq!(lei("7LTWFZYICNSX8D621KAB"), None);
        assert_eq!(lei("7LTWFZYICNSX8D621K8ä"), None);
    }
}
