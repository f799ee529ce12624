//! Domains that unrelated people share, such as free-mail hosts. They do not identify a company.
//!
//! # Adding or removing a domain
//!
//! Edit [`SHARED_HOSTS`] and keep it sorted. No other code has to be changed; `CHANGELOG.md` has to
//! tell operators to import the company file again. List the registered
//! domain in lower case. A host below a public suffix such as `github.io` needs no entry.
//!
//! # What happens to stored values
//!
//! The list was compiled by hand from the providers' own pages in November 2026. Nothing updates it:
//! it ages as providers appear. After a change is deployed:
//!
//! * A record that changes in the CRM is matched with the new list. Other records keep their relations
//!   until the next company file is imported; after that, every record is matched again.
//! * The company index has, or lacks, the key `d:<domain>` of a company as before until the next company
//!   file. No record looks up the key of a listed domain.
//! * The lookup hash of a copied record's domain stays as it is until the record is written again. So the
//!   API still finds such a record by a domain that was added, and does not yet find it by one that
//!   was removed.
//! * Suppressions and assessments are stored by e-mail address, phone number and name, never by domain.
//!   They stay valid.
//!
//! To match all records with the new list at once, import the company file again.

/// Whether unrelated people share `domain` (a registered domain in lower case).
pub(super) fn is_shared(domain: &str) -> bool {
    SHARED_HOSTS.binary_search(&domain).is_ok()
}

/// Free mail, mail of access providers, site builders, web hosts' own names, social networks, shops,
/// directories and link shorteners. Sorted.
#[rustfmt::skip]
const SHARED_HOSTS: &[&str] = &[
    "a1.net", "about.me", "abv.bg", "aim.com", "alice-dsl.net", "aliceadsl.fr", "amazon.com", "amazon.de", "aol.com",
    "aol.de", "aon.at", "arcor.de", "att.net", "azet.sk", "bigmir.net", "bigpond.com", "bit.ly",
    "bluewin.ch", "bluewin.com", "blueyonder.co.uk", "bol.com.br", "btinternet.com", "business.site", "centrum.cz",
    "chello.at", "chello.nl", "club-internet.fr", "comcast.net", "company.site", "cox.net", "daum.net",
    "earthlink.net", "ebay.com", "ebay.de", "eclipso.de", "eclipso.eu", "email.com", "email.cz", "email.de",
    "etsy.com", "eventbrite.com", "eventbrite.de", "ewetel.net", "facebook.com", "fastmail.com", "fb.com", "fb.me",
    "firemail.de", "free.fr", "freemail.hu", "freenet.de", "github.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
    "gmx.de", "gmx.eu", "gmx.info", "gmx.li", "gmx.net", "gmx.org", "godaddysites.com", "goo.gl", "google.com",
    "google.de", "googlemail.com", "hey.com", "hispeed.ch", "home.nl", "home.pl", "hotmail.be", "hotmail.ch",
    "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "hotmail.nl",
    "hotmail.se", "htp-tel.de", "hushmail.com", "icloud.com", "ig.com.br", "inbox.lv", "indeed.com", "inode.at",
    "instagram.com", "interia.pl", "iol.it", "jimdo.com", "jimdo.de", "jimdofree.com", "jimdosite.com",
    "kabelmail.de", "kabsi.at", "kpnmail.nl", "kununu.com", "laposte.net", "libero.it", "linkedin.com", "linktr.ee",
    "live.at", "live.be", "live.co.uk", "live.com", "live.de", "live.dk", "live.fr", "live.it", "live.nl", "live.se",
    "liwest.at", "mac.com", "mail.com", "mail.de", "mail.ee", "mail.ru", "mailbox.org", "mailfence.com", "me.com",
    "medium.com", "meetup.com", "mnet-mail.de", "mnet-online.de", "msn.com", "myspace.com", "mystrikingly.com",
    "naver.com", "netcabo.pt", "netcologne.de", "neuf.fr", "ntlworld.com", "o2.pl", "onet.pl",
    "online.de", "onlinehome.de", "onlinehome.eu", "op.pl", "optonline.net", "orange.fr", "osnanet.de", "outlook.at",
    "outlook.com", "outlook.de", "outlook.es", "outlook.fr", "outlook.it", "paypal.me", "pinterest.com", "planet.nl",
    "pm.me", "post.cz", "posteo.de", "proton.me", "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru",
    "rocketmail.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr", "sky.com", "skynet.be", "soundcloud.com",
    "squarespace.com", "strikingly.com", "sunrise.ch", "swissonline.ch", "t-online.de", "t.co", "t.me",
    "talktalk.net", "telenet.be", "telfort.nl", "terra.es", "tiktok.com", "tiscali.it", "trustpilot.com",
    "tumblr.com", "tuta.com", "tuta.io", "tutamail.com", "tutanota.com", "tutanota.de", "twitter.com", "unitybox.de",
    "upcmail.nl", "utanet.at", "verizon.net", "versanet.de", "vimeo.com", "virgilio.it", "virginmedia.com",
    "vodafonemail.de", "vtxmail.ch", "wa.me", "wanadoo.fr", "web.com", "web.de", "webnode.com", "webnode.de",
    "weebly.com", "wikipedia.org", "wix.com", "wordpress.com", "wp.pl", "x.com", "xing.com",
    "xs4all.nl", "yahoo.at", "yahoo.co.in", "yahoo.co.uk", "yahoo.com", "yahoo.com.br", "yahoo.de", "yahoo.es",
    "yahoo.fr", "yahoo.gr", "yahoo.ie", "yahoo.it", "yahoo.nl", "yahoo.se", "yandex.com", "yandex.ru", "yelp.com",
    "yelp.de", "ymail.com", "youtu.be", "youtube.com", "ziggo.nl", "zohomail.com", "zohomail.eu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_because_it_is_searched_by_bisection() {
        assert!(
            SHARED_HOSTS.windows(2).all(|pair| pair[0] < pair[1]),
            "first out of order: {:?}",
            SHARED_HOSTS.windows(2).find(|pair| pair[0] >= pair[1])
        );
    }

    #[test]
    fn each_entry_is_a_registered_domain_in_lower_case() {
        let is_fit = |entry: &&str| {
            psl::domain_str(entry) == Some(*entry) && entry.bytes().all(|b| !b.is_ascii_uppercase())
        };
        let unfit: Vec<_> = SHARED_HOSTS.iter().filter(|entry| !is_fit(entry)).collect();
        assert!(unfit.is_empty(), "{unfit:?}");
    }
}
