use super::sums::rest_97;

/// A legal entity identifier (ISO 17442) in upper case without spaces: 18 letters or digits, then
/// two digits. `None` if the text has another form.
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

/// Whether the check digits of an LEI returned by [`lei`] are right: ISO 7064 mod 97-10, with A =
/// 10.
pub fn lei_check_digits(lei: &str) -> bool {
    rest_97(lei.bytes()) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_identifiers_are_right_and_a_changed_digit_is_detected() {
        // From the public GLEIF register: Deutsche Bank, Siemens, Apple, Microsoft, Bloomberg
        // Finance, Goldman Sachs Group.
        for right in [
            "7LTWFZYICNSX8D621K86",
            "W38RGI023J3WT1HWRP32",
            "HWUPKR0MPOU8FGXBT394",
            "INR2EJN1ERAN0W5ZP974",
            "5493001KJTIIGC8Y1R12",
            "784F5XWPLTWKTBV3E584",
        ] {
            assert!(lei_check_digits(right), "{right}");
        }
        assert!(!lei_check_digits("7LTWFZYICNSX8D621K87"));
        assert!(!lei_check_digits("7LTWFZYICNSX8D612K86"));
    }

    #[test]
    fn spaces_and_case_are_ignored_but_the_form_is_required() {
        assert_eq!(
            lei("7ltw fzyi cnsx 8d62 1k86").as_deref(),
            Some("7LTWFZYICNSX8D621K86")
        );
        assert_eq!(lei("7LTWFZYICNSX8D621K8"), None);
        assert_eq!(lei("7LTWFZYICNSX8D621KAB"), None);
        assert_eq!(lei("7LTWFZYICNSX8D621K8ä"), None);
    }
}
