use std::borrow::Cow;

/// An e-mail address in lower case, with its domain in ASCII (punycode) and without a trailing dot.
/// `None` if the text is not an address.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let domain = if domain.is_ascii() && !domain.contains("xn--") {
        Cow::Borrowed(domain)
    } else {
        Cow::Owned(idna::domain_to_ascii(domain).ok()?)
    };
    let domain = domain.trim_end_matches('.');
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let fits = !local.is_empty()
        && !domain.is_empty()
        && !local.contains(blank)
        && !domain.contains(blank);
    fits.then(|| format!("{local}@{domain}"))
}

/// The form in which addresses are compared: as returned by [`email`], or in lower case if the text
/// is not an address.
pub fn email_key(text: &str) -> String {
    email(text).unwrap_or_else(|| text.trim().to_lowercase())
}

/// Every form of an address that may occur in a text or was hashed before 2026-11-29: first
/// [`email_key`], then the form with the domain in Unicode, then the text in lower case. Each form
/// occurs once, so an address without non-ASCII letters has a single form.
pub fn email_spellings(text: &str) -> Vec<String> {
    let mut all = vec![email_key(text)];
    let lower = text.trim().to_lowercase();
    let lettered = all[0].rsplit_once('@').map(|(local, domain)| {
        let (lettered, _) = idna::domain_to_unicode(domain);
        format!("{local}@{lettered}")
    });
    for other in lettered.into_iter().chain([lower]) {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_comes_out_alike() {
        for text in [
            "info@müller.example",
            " Info@MÜLLER.example ",
            "info@xn--mller-kva.example",
            "info@XN--MLLER-KVA.EXAMPLE",
            "info@müller.example.",
            // The letter u followed by a combining diaeresis.
            "info@mu\u{308}ller.example",
        ] {
            assert_eq!(
                email(text).as_deref(),
                Some("info@xn--mller-kva.example"),
                "{text}"
            );
        }
        assert_eq!(
            email("A.B@Werk.example.").as_deref(),
            Some("a.b@werk.example")
        );
    }

    #[test]
    fn a_text_that_is_not_an_address_still_has_a_key() {
        for text in [
            "",
            "nobody",
            "@werk.example",
            "a@",
            "a@.",
            "a b@werk.example",
            "a@werk example",
        ] {
            assert_eq!(email(text), None, "{text}");
            assert_eq!(email_key(&text.to_uppercase()), text, "{text}");
        }
    }

    #[test]
    fn an_address_has_each_of_its_former_spellings_once() {
        assert_eq!(email_spellings("A@werk.example"), ["a@werk.example"]);
        let both = ["a@xn--mller-kva.example", "a@müller.example"];
        assert_eq!(email_spellings("a@xn--mller-kva.example"), both);
        assert_eq!(email_spellings("a@Müller.example"), both);
    }
}
