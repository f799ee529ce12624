/// Whether strangers share `domain` (registered, lower case), so that it says nothing about who somebody is.
pub(super) fn is_shared(domain: &str) -> bool {
    SHARED.binary_search(&domain).is_ok()
}

/// Free mail, access providers' mail, site builders, web hosts' own names, social networks, shops, directories and link shorteners.
/// Sorted. Kept by hand from the providers' own pages (November 2026); whole public suffixes such as `github.io` need no entry.
#[rustfmt::skip]
const SHARED: &[&str] = &[
    "about.me", "abv.bg", "aim.com", "alice-dsl.net", "aliceadsl.fr", "amazon.com", "amazon.de", "aol.com",
    "aol.de", "arcor.de", "att.net", "azet.sk", "bigpond.com", "bit.ly", "blogspot.com", "bluewin.ch",
    "bluewin.com", "btinternet.com", "business.site", "centrum.cz", "chello.at", "comcast.net", "company.site",
    "ebay.com", "ebay.de", "email.com", "email.cz", "email.de", "etsy.com", "eventbrite.com", "eventbrite.de",
    "facebook.com", "fastmail.com", "fb.com", "fb.me", "free.fr", "freenet.de", "github.com", "gmail.com", "gmx.at",
    "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "goo.gl", "google.com", "google.de", "googlemail.com", "hey.com",
    "home.pl", "hotmail.ch", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.it",
    "hushmail.com", "icloud.com", "ig.com.br", "inbox.lv", "indeed.com", "instagram.com", "interia.pl", "jimdo.com",
    "jimdo.de", "jimdofree.com", "jimdosite.com", "kabelmail.de", "kununu.com", "laposte.net", "libero.it",
    "linkedin.com", "linktr.ee", "live.com", "live.de", "live.fr", "live.nl", "mac.com", "mail.com", "mail.de",
    "mail.ru", "mailbox.org", "me.com", "medium.com", "meetup.com", "msn.com", "myspace.com", "mystrikingly.com",
    "naver.com", "neuf.fr", "notion.site", "o2.pl", "online.de", "onlinehome.de", "onlinehome.eu", "op.pl",
    "orange.fr", "outlook.com", "outlook.de", "outlook.fr", "paypal.me", "pinterest.com", "pm.me", "posteo.de",
    "proton.me", "protonmail.com", "qq.com", "rambler.ru", "rocketmail.com", "seznam.cz", "sfr.fr",
    "soundcloud.com", "squarespace.com", "t-online.de", "t.co", "t.me", "telenet.be", "tiktok.com", "tiscali.it",
    "trustpilot.com", "tumblr.com", "twitter.com", "unitybox.de", "versanet.de", "vimeo.com", "virgilio.it",
    "virginmedia.com", "vodafonemail.de", "wa.me", "wanadoo.fr", "web.com", "web.de", "webnode.com", "webnode.de",
    "weebly.com", "wikipedia.org", "wix.com", "wixsite.com", "wordpress.com", "wp.pl", "x.com", "xing.com",
    "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "yelp.com",
    "yelp.de", "ymail.com", "youtu.be", "youtube.com", "ziggo.nl",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_because_it_is_searched_by_halves() {
        assert!(
            SHARED.windows(2).all(|pair| pair[0] < pair[1]),
            "first out of order: {:?}",
            SHARED.windows(2).find(|pair| pair[0] >= pair[1])
        );
    }
}
