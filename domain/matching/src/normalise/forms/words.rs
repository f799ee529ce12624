use super::super::lexicon::hash;
use super::{Forms, Position};

const GMBH: u32 = 1;
const AG: u32 = 1 << 1;
const KG: u32 = 1 << 2;
const OHG: u32 = 1 << 3;
const UG: u32 = 1 << 4;
const EK: u32 = 1 << 5;
const SE: u32 = 1 << 6;
const KGAA: u32 = 1 << 7;
const GBR: u32 = 1 << 8;
const EG: u32 = 1 << 9;
const EV: u32 = 1 << 10;
const PARTG: u32 = 1 << 11;
/// Private limited company in English-speaking countries: Ltd, Limited.
const LTD: u32 = 1 << 12;
/// Public limited company in English-speaking countries: plc.
const PLC: u32 = 1 << 13;
/// Corporation: Inc, Corp.
const INC: u32 = 1 << 14;
const LLC: u32 = 1 << 15;
const LLP: u32 = 1 << 16;
/// Limited company in Romance-language countries: SARL, Srl, SL, Lda.
const SARL: u32 = 1 << 17;
/// Joint-stock company in Romance-language countries: SA, SpA.
const SA: u32 = 1 << 18;
const SAS: u32 = 1 << 19;
/// Partnership in Romance-language countries: SNC, SCI, SCS.
const SNC: u32 = 1 << 20;
const BV: u32 = 1 << 21;
const NV: u32 = 1 << 22;
/// Limited or joint-stock company in Nordic and Baltic countries: AB, AS, A/S, ApS, Oy, OÜ, UAB,
/// SIA.
const NORDIC: u32 = 1 << 23;
/// Limited company in Eastern Europe: s.r.o., d.o.o., Kft, sp. z o.o., OOO.
const EAST_LIMITED: u32 = 1 << 24;
/// Joint-stock company in Eastern Europe: a.s., d.d., Zrt., OAO.
const EAST_STOCK: u32 = 1 << 25;
const FOUNDATION: u32 = 1 << 26;
/// Words that accompany a form without being one: Co., Cie., Company, in liquidation.
pub(super) const PARTNER: u32 = 1 << 27;
/// Private company in Asia, the Gulf states or Australia: Pte, Pty, Pvt, Bhd, KK.
const ABROAD: u32 = 1 << 28;
/// European interest grouping: EWIV, EEIG, GEIE.
const EEIG: u32 = 1 << 29;
/// Body under public law: AöR, KdöR, Anstalt.
const PUBLIC: u32 = 1 << 30;

/// The words for each form, and where in a name they count.
///
/// Sources: ISO 20275 (entity legal forms) and the registers of the member states of the European
/// Union, Switzerland, Liechtenstein, Norway, Iceland, the United Kingdom and the United States, in
/// the usual abbreviations (November 2026). The words are in the form in which
/// [`mod@super::super::name`] sees them: folded, with single letters joined. A word that is also a
/// common word or a surname counts only at the end, or not at all (`Est.`, `P.C.`, `Ute`).
#[rustfmt::skip]
const WORDS: &[(u32, Position, &[&str])] = {
    use Position::{Anywhere, Edge, End};
    &[
        // Germany, Austria, Switzerland, Liechtenstein.
        (GMBH, Anywhere, &["gmbh", "mbh", "ggmbh", "gesmbh", "gmbhco", "flexco", "flexkapg"]),
        (GMBH | KG, Anywhere, &["gmbhcokg", "gmbhcokgaa"]),
        (AG, Anywhere, &["aktiengesellschaft"]),
        (AG, Edge, &["ag"]),
        (KG, Anywhere, &["kommanditgesellschaft"]),
        (KG, Edge, &["cokg", "kg", "keg"]),
        (OHG, Edge, &["ohg", "og", "offenehandelsgesellschaft", "kollektivgesellschaft"]),
        (UG, Anywhere, &["ug", "gug", "unternehmergesellschaft", "haftungsbeschrankt"]),
        (EK, End, &["ek", "eu", "ekfr", "ekfm", "einzelunternehmen", "einzelfirma"]),
        (KGAA, Anywhere, &["kgaa"]),
        (GBR, Anywhere, &["gbr", "egbr", "gesbr", "gesnbr", "bgbgesellschaft"]),
        (EG, End, &["eg", "egmbh"]),
        (EV, End, &["ev", "vvag"]),
        (PARTG, Anywhere, &["partg", "partgmbb", "partmbb", "mbb", "partgesellschaft", "partgesmbb"]),
        (PUBLIC, End, &["aor", "ador", "kdor", "anstalt"]),
        (FOUNDATION, Anywhere, &["treuunternehmen"]),
        // European Union.
        (SE, End, &["se", "sce"]),
        (EEIG, End, &["ewiv", "eewiv", "eeig", "geie", "aeie"]),
        // United Kingdom, Ireland, Malta, Cyprus.
        (LTD, Edge, &["ltd", "limited"]),
        (LTD, End, &["dac", "clg", "teo", "teoranta", "cyf", "cyfyngedig", "cic", "uc"]),
        (PLC, Edge, &["plc"]),
        (LLP, End, &["llp", "lp", "lllp"]),
        // United States.
        (INC, Edge, &["inc", "incorporated", "corp", "corporation"]),
        (INC, End, &["pbc"]),
        (LLC, Edge, &["llc", "pllc"]),
        // France, Belgium, Luxembourg, Italy, Spain, Portugal, Romania.
        (SARL, Edge, &["sarl", "sarls", "srl", "sagl", "sprl", "bvba", "scrl", "cvba", "eurl", "selarl", "scarl", "srls", "srlu", "srld", "slu", "sl", "sll", "slne", "lda", "ltda"]),
        (SARL, End, &["slp", "limitada"]),
        (SA, Edge, &["sa", "spa", "sau", "sapa", "sca", "scpa", "sgps", "selafa"]),
        (SAS, Edge, &["sas", "sasu", "selas"]),
        (SNC, Edge, &["snc", "sci", "scs", "scsp", "scop", "asbl", "vzw", "gie"]),
        (SNC, End, &["scp", "scm", "scea", "gaec", "sccv", "scic", "commv", "gcv"]),
        (EG, End, &["cooperativa", "crl", "sccl"]),
        (EK, End, &["eirl", "pfa"]),
        (EV, End, &["onlus"]),
        (PARTNER, End, &["unipessoal", "unip"]),
        // Netherlands, Belgium.
        (BV, Edge, &["bv"]),
        (NV, End, &["nv", "cv", "vof", "ua"]),
        (FOUNDATION, Edge, &["stichting"]),
        // Nordic and Baltic countries.
        (NORDIC, Edge, &["ab", "as", "asa", "aps", "oy", "oyj", "ou", "uab", "sia", "hf", "ehf", "ivs", "hb", "kb", "aktiebolag", "aktiebolaget", "osakeyhtio", "aksjeselskap", "osauhing", "aktsiaselts"]),
        (NORDIC, End, &["is", "ks", "ps", "amba", "ans", "nuf", "enk", "ky", "ay", "tmi", "ohf", "slhf", "mb", "handelsbolag", "kommanditbolag"]),
        (EG, End, &["osk"]),
        (FOUNDATION, End, &["vsi", "mtu"]),
        (PARTNER, End, &["publ"]),
        // Poland, Czechia, Slovakia, Hungary, Slovenia, Croatia and beyond, Bulgaria, Greece.
        (EAST_LIMITED, Edge, &["sro", "doo", "dooel", "jdoo", "kft", "bt", "zoo", "spzoo", "ooo", "eood", "ood", "vos"]),
        (EAST_LIMITED, End, &["kkt", "kht", "tov", "epe", "ike"]),
        (EAST_STOCK, Edge, &["zrt", "nyrt", "rt", "dd", "oao", "zao", "pao", "ead"]),
        (EAST_STOCK, End, &["ad", "ae", "aebe", "abee", "jsc", "pjsc", "ojsc", "cjsc"]),
        (KGAA, End, &["ska"]),
        (SAS, End, &["psa"]),
        (OHG, End, &["dno"]),
        (LTD, End, &["sti"]),
        // Other countries, and words that accompany a form.
        (ABROAD, End, &["pte", "pty", "pvt", "bhd", "sdn", "kk", "gk", "private", "fze", "fzco", "fzc", "dmcc", "wll"]),
        (PARTNER, End, &["co", "cie", "company", "compagnie", "il", "ig"]),
    ]
};

const N_WORDS: usize = {
    let (mut n, mut row) = (0, 0);
    while row < WORDS.len() {
        n += WORDS[row].2.len();
        row += 1;
    }
    n
};

/// Every word with its row of [`WORDS`], in one list, so that a slot of the hash table is a single
/// number.
const FLAT: [(&str, usize); N_WORDS] = {
    let mut flat = [("", 0); N_WORDS];
    let (mut n, mut row) = (0, 0);
    while row < WORDS.len() {
        let mut at = 0;
        while at < WORDS[row].2.len() {
            flat[n] = (WORDS[row].2[at], row);
            n += 1;
            at += 1;
        }
        row += 1;
    }
    flat
};

const SLOTS: usize = 1_024;
const NOTHING: u16 = u16::MAX;

/// Hash table of the words, built at compile time. Every word of every name is looked up, usually
/// without a hit.
static TABLE: [u16; SLOTS] = {
    let mut slots = [NOTHING; SLOTS];
    let mut at = 0;
    while at < N_WORDS {
        let mut slot = hash(FLAT[at].0.as_bytes()) % SLOTS;
        while slots[slot] != NOTHING {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot] = at as u16;
        at += 1;
    }
    slots
};

/// The legal form that a folded word stands for, and the position where it counts.
pub(in super::super) fn form(word: &str) -> Option<(Forms, Position)> {
    let mut slot = hash(word.as_bytes()) % SLOTS;
    while TABLE[slot] != NOTHING {
        let (known, row) = FLAT[usize::from(TABLE[slot])];
        if known == word {
            return Some((Forms(WORDS[row].0), WORDS[row].1));
        }
        slot = (slot + 1) % SLOTS;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_for_exactly_one_form() {
        for (at, (word, row)) in FLAT.iter().enumerate() {
            assert!(
                form(word).is_some_and(
                    |(forms, position)| forms.0 == WORDS[*row].0 && position == WORDS[*row].1
                ),
                "{word}"
            );
            assert!(FLAT[..at].iter().all(|(known, _)| known != word), "{word}");
        }
        assert!(form("werkzeugbau").is_none() && form("").is_none());
    }
}
