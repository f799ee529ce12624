use std::borrow::Cow;

/// An e-mail address in lower case, its domain as DNS has it: in ASCII (punycode), without a dot at the end. `None` for what is
/// no address.
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

/// What an address is compared by: as [`email`] has it, or in lower case where it is none.
pub fn email_key(text: &str) -> String {
    email(text).unwrap_or_else(|| text.trim().to_lowercase())
}

/// Every spelling in which an address may stand in a text, or was hashed before 2026-11-29: first [`email_key`], then with the
/// domain's own letters, then as it was given in lower case. Each once: an address without such letters has one.
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
            // u and the two dots as a character of their own.
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
    fn what_is_no_address_is_none_and_has_a_key_all_the_same() {
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
    fn an_address_has_as_many_spellings_as_there_were() {
        assert_eq!(email_spellings("A@werk.example"), ["a@werk.example"]);
        let both = ["a@xn--mller-kva.example", "a@müller.example"];
        assert_eq!(email_spellings("a@xn--mller-kva.example"), both);
        assert_eq!(email_spellings("a@Müller.example"), both);
    }
}
