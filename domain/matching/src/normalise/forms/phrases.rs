/// Legal forms of several words and the short word for each. Single letters have already been
/// joined. Longer phrases come first.
#[rustfmt::skip]
const PHRASES: &[(&[&str], &str)] = &[
    (&["gesellschaft", "mit", "beschrankter", "haftung"], "gmbh"),
    (&["gesellschaft", "m", "b", "h"], "gmbh"),
    (&["ges", "m", "b", "h"], "gmbh"),
    (&["anstalt", "des", "offentlichen", "rechts"], "aor"),
    (&["korperschaft", "des", "offentlichen", "rechts"], "aor"),
    (&["societe", "a", "responsabilite", "limitee"], "sarl"),
    (&["sociedad", "de", "responsabilidad", "limitada"], "sarl"),
    (&["societa", "a", "responsabilita", "limitata"], "sarl"),
    (&["societe", "par", "actions", "simplifiee"], "sas"),
    (&["societe", "en", "nom", "collectif"], "snc"),
    (&["societa", "in", "nome", "collettivo"], "snc"),
    (&["spolka", "z", "ograniczona", "odpowiedzialnoscia"], "spzoo"),
    (&["spolecnost", "s", "rucenim", "omezenym"], "sro"),
    (&["mit", "beschrankter", "haftung"], "gmbh"),
    (&["kommanditgesellschaft", "auf", "aktien"], "kgaa"),
    (&["kg", "auf", "aktien"], "kgaa"),
    (&["soc", "coop", "arl"], "eg"),
    (&["gesellschaft", "burgerlichen", "rechts"], "gbr"),
    (&["anstalt", "offentlichen", "rechts"], "aor"),
    (&["korperschaft", "offentlichen", "rechts"], "aor"),
    (&["societate", "pe", "actiuni"], "sa"),
    (&["societe", "civile", "immobiliere"], "sci"),
    (&["societa", "per", "azioni"], "spa"),
    (&["public", "limited", "company"], "plc"),
    (&["private", "limited", "company"], "ltd"),
    (&["limited", "by", "guarantee"], "ltd"),
    (&["designated", "activity", "company"], "ltd"),
    (&["limited", "liability", "partnership"], "llp"),
    (&["limited", "liability", "company"], "llc"),
    (&["korlatolt", "felelossegu", "tarsasag"], "kft"),
    (&["gesellschaft", "mbh"], "gmbh"),
    (&["ges", "mbh"], "gmbh"),
    (&["aktien", "gesellschaft"], "ag"),
    (&["kg", "aa"], "kgaa"),
    (&["eingetragener", "verein"], "ev"),
    (&["eingetragener", "kaufmann"], "ek"),
    (&["eingetragene", "kauffrau"], "ek"),
    (&["e", "kfm"], "ek"),
    (&["e", "kfr"], "ek"),
    (&["e", "kffr"], "ek"),
    (&["e", "kff"], "ek"),
    (&["eingetragene", "genossenschaft"], "eg"),
    (&["ekonomisk", "forening"], "eg"),
    (&["ek", "for"], "eg"),
    (&["soc", "coop"], "eg"),
    (&["societa", "cooperativa"], "eg"),
    (&["s", "coop"], "eg"),
    (&["sociedad", "cooperativa"], "eg"),
    (&["partnerschaftsgesellschaft", "mbb"], "partgmbb"),
    (&["partg", "mbb"], "partgmbb"),
    (&["societe", "anonyme"], "sa"),
    (&["sociedad", "anonima"], "sa"),
    (&["sociedade", "anonima"], "sa"),
    (&["spolka", "akcyjna"], "sa"),
    (&["sociedad", "limitada"], "sarl"),
    (&["sociedade", "limitada"], "sarl"),
    (&["besloten", "vennootschap"], "bv"),
    (&["naamloze", "vennootschap"], "nv"),
    (&["limited", "partnership"], "lp"),
    (&["sp", "zoo"], "spzoo"),
    (&["spolka", "zoo"], "spzoo"),
    (&["spol", "sro"], "sro"),
    (&["sp", "k"], "kg"),
    (&["comm", "v"], "kg"),
    (&["unlimited", "company"], "uc"),
    (&["spolka", "komandytowa"], "kg"),
    (&["sp", "j"], "ohg"),
    (&["spolka", "jawna"], "ohg"),
    (&["offene", "handelsgesellschaft"], "ohg"),
    (&["in", "liquidation"], "il"),
    (&["in", "liqu"], "il"),
    (&["in", "liq"], "il"),
    (&["i", "liqu"], "il"),
    (&["in", "insolvenz"], "il"),
    (&["in", "grundung"], "il"),
    (&["en", "liquidation"], "il"),
    (&["in", "liquidazione"], "il"),
    (&["in", "liquidatie"], "il"),
    (&["w", "likwidacji"], "il"),
    (&["i", "likvidation"], "il"),
];

/// For each combination of last letter and length, whether the last word of a phrase has it. Most
/// names are dismissed by this check alone.
const LAST_LETTERS: [bool; 256] = {
    let mut letters = [false; 256];
    let mut at = 0;
    while at < PHRASES.len() {
        let phrase = PHRASES[at].0;
        let word = phrase[phrase.len() - 1].as_bytes();
        letters[(word[word.len() - 1] ^ (word.len() as u8) << 4) as usize] = true;
        at += 1;
    }
    letters
};

/// The phrase at the end of `words`: its number of words, and the short word for the form. A phrase
/// is only recognized if other words precede it.
pub(in super::super) fn ending(words: &[&str]) -> Option<(usize, &'static str)> {
    let last = words.last()?.as_bytes();
    let may_be = LAST_LETTERS[(last.last()? ^ (last.len() as u8) << 4) as usize];
    if !may_be {
        return None;
    }
    PHRASES
        .iter()
        .find(|(phrase, _)| words.len() > phrase.len() && words.ends_with(phrase))
        .map(|(phrase, short)| (phrase.len(), *short))
}
