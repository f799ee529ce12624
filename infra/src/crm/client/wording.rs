//! Interprets the names of customers' own fields, in English and in German. Fields for companies' numbers and for
//! addresses have no standard names at any vendor.

/// Returns the words of a name in lower case. `VAT_ID__c`, `VatId__c` and `USt_IdNr__c` begin with `vat`, `vat` and
/// `ust`. `Private__c` has no word `vat`.
pub(in crate::crm) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in name.trim_end_matches("__c").chars() {
        if c == '_' || (c.is_ascii_uppercase() && lower_before) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c != '_', words.last_mut()) {
            word.push(c.to_ascii_lowercase());
        }
        lower_before = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(in crate::crm) fn is_vat(words: &[String]) -> bool {
    const NAMES: [&str; 9] = [
        "vat",
        "vatid",
        "vatin",
        "vatnumber",
        "vatno",
        "ust",
        "ustid",
        "ustidnr",
        "ustidnummer",
    ];
    words.iter().any(|word| NAMES.contains(&word.as_str()))
}

pub(in crate::crm) fn is_lei(words: &[String]) -> bool {
    words == ["lei"] || words == ["lei", "code"] || words == ["legal", "entity", "identifier"]
}

/// Returns whether a field has a company's name, as opposed to one of its properties (`Company_Size__c`).
pub(in crate::crm) fn is_company(words: &[String]) -> bool {
    let (first, rest) = words
        .split_first()
        .map_or(("", words), |(first, rest)| (first.as_str(), rest));
    let is_name = rest.is_empty() || rest == ["name"];
    is_name
        && matches!(
            first,
            "company"
                | "companyname"
                | "firma"
                | "firmenname"
                | "unternehmen"
                | "unternehmensname"
                | "employer"
                | "arbeitgeber"
                | "organisation"
                | "organization"
        )
}

pub(in crate::crm) fn is_register(words: &[String]) -> bool {
    const NAMES: [&str; 12] = [
        "register",
        "registry",
        "registernumber",
        "registernummer",
        "registernr",
        "registercourt",
        "registergericht",
        "handelsregister",
        "handelsregisternummer",
        "hrb",
        "hrbnr",
        "hra",
    ];
    words.iter().any(|word| NAMES.contains(&word.as_str()))
}

/// Returns whether a register field has the court and not the number.
pub(in crate::crm) fn names_court(words: &[String]) -> bool {
    let mut words = words.iter();
    words.any(|word| word.contains("court") || word.contains("gericht"))
}

/// Returns whether a field has an e-mail address.
pub(in crate::crm) fn is_email(words: &[String]) -> bool {
    const NAMES: [&str; 5] = ["email", "emails", "mail", "emailaddress", "mailadresse"];
    words.iter().any(|word| NAMES.contains(&word.as_str()))
        || words.windows(2).any(|pair| pair == ["e", "mail"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood_however_their_words_are_joined() {
        for name in ["VAT_ID__c", "vat_id", "VatId", "ust_idnr", "USt_IdNr__c"] {
            assert!(is_vat(&words(name)), "{name}");
        }
        for name in ["private", "elevator", "Private__c"] {
            assert!(!is_vat(&words(name)), "{name}");
        }
        assert!(is_lei(&words("lei_code")) && !is_lei(&words("leisure")));
        assert!(names_court(&words("registergericht")) && !names_court(&words("hrb_nr")));
        for name in ["email", "work_email", "hs_email_domain", "e_mail"] {
            assert!(is_email(&words(name)), "{name}");
        }
        assert!(!is_email(&words("mailing_street")));
    }
}
