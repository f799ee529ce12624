use serde::{Deserialize, Serialize};

/// The legal forms in a name, as a set: `GmbH & Co. KG` is GmbH and KG. Stored as a number, so a form's bit never changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Forms(u32);

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
/// Private limited company in English: Ltd, Limited.
const LTD: u32 = 1 << 12;
/// Public company in English: plc.
const PLC: u32 = 1 << 13;
/// Corporation: Inc, Corp.
const INC: u32 = 1 << 14;
const LLC: u32 = 1 << 15;
const LLP: u32 = 1 << 16;
/// Limited company of the Romance countries: SARL, Srl, SL, Lda.
const SARL: u32 = 1 << 17;
/// Joint-stock company of the Romance countries: SA, SpA.
const SA: u32 = 1 << 18;
const SAS: u32 = 1 << 19;
/// Partnerships of the Romance countries: SNC, SCI, SCS.
const SNC: u32 = 1 << 20;
const BV: u32 = 1 << 21;
const NV: u32 = 1 << 22;
/// Limited or joint-stock company of the Nordic and Baltic countries: AB, AS, A/S, ApS, Oy, OÜ, UAB, SIA.
const NORDIC: u32 = 1 << 23;
/// Limited company of eastern Europe: s.r.o., d.o.o., Kft, sp. z o.o., OOO.
const EAST_LIMITED: u32 = 1 << 24;
/// Joint-stock company of eastern Europe: a.s., d.d., Zrt., OAO.
const EAST_STOCK: u32 = 1 << 25;
const FOUNDATION: u32 = 1 << 26;
/// Words that go with a form but name none: Co., Cie., Company.
const PARTNER: u32 = 1 << 27;
/// Company abroad with private capital in Asia: Pte, Pty, Pvt, Bhd, KK.
const ABROAD: u32 = 1 << 28;

/// Where in a name a word counts as a legal form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Wherever it stands: nobody means anything else by it.
    Anywhere,
    /// At the end, or at the beginning as in `AB Volvo`.
    Edge,
    /// At the end only.
    End,
}

impl Forms {
    /// Whether no form is known.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Whether both name a form, and not the same.
    pub fn differ(self, other: Self) -> bool {
        let (left, right) = (self.0 & !PARTNER, other.0 & !PARTNER);
        left != 0 && right != 0 && left != right
    }

    /// Whether both name the same form.
    pub fn agree(self, other: Self) -> bool {
        let (left, right) = (self.0 & !PARTNER, other.0 & !PARTNER);
        left != 0 && left == right
    }

    /// How far two sets agree: 0 others, 1 one has more, 2 only one names any, 3 none does, 4 the same.
    pub(crate) fn likeness(self, other: Self) -> u8 {
        let (left, right) = (self.0 & !PARTNER, other.0 & !PARTNER);
        match (left, right) {
            (0, 0) => 3,
            (0, _) | (_, 0) => 2,
            _ if left == right => 4,
            _ if left & right != 0 => 1,
            _ => 0,
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The legal form that a folded word stands for. Sources: the forms listed in ISO 20275 (entity legal forms) for Europe,
/// the United Kingdom and the United States, in the abbreviations that people use.
pub(super) fn form(word: &str) -> Option<(Forms, Place)> {
    use Place::{Anywhere, Edge, End};
    let (bits, place) = match word {
        "gmbh" | "mbh" | "ggmbh" | "gesmbh" | "gmbhco" => (GMBH, Anywhere),
        "gmbhcokg" | "gmbhcokgaa" => (GMBH | KG, Anywhere),
        "aktiengesellschaft" => (AG, Anywhere),
        "ag" => (AG, Edge),
        "kommanditgesellschaft" => (KG, Anywhere),
        "cokg" | "kg" | "keg" => (KG, Edge),
        "ohg" | "og" | "offenehandelsgesellschaft" => (OHG, Edge),
        "ug" | "unternehmergesellschaft" | "haftungsbeschrankt" => (UG, Anywhere),
        "ek" | "eu" | "ekfr" | "ekfm" => (EK, End),
        "se" => (SE, End),
        "kgaa" => (KGAA, Anywhere),
        "gbr" | "gesbr" | "bgbgesellschaft" => (GBR, Anywhere),
        "eg" | "egmbh" => (EG, End),
        "ev" | "vvag" => (EV, End),
        "partg" | "partgmbb" | "mbb" | "partgesellschaft" => (PARTG, Anywhere),
        "ltd" | "limited" => (LTD, Edge),
        "plc" | "pllc" => (PLC, Edge),
        "inc" | "incorporated" | "corp" | "corporation" => (INC, Edge),
        "llc" => (LLC, Edge),
        "llp" | "lp" | "lllp" => (LLP, End),
        "sarl" | "srl" | "sagl" | "sprl" | "bvba" | "eurl" | "scarl" | "srls" | "slu" | "sl"
        | "sll" | "lda" | "ltda" => (SARL, Edge),
        "sa" | "spa" | "sau" | "sapa" | "sca" | "scpa" => (SA, Edge),
        "sas" | "sasu" => (SAS, Edge),
        "snc" | "sci" | "scs" | "scop" | "asbl" | "vzw" | "gie" => (SNC, Edge),
        "bv" => (BV, Edge),
        "nv" | "cv" | "vof" | "ua" => (NV, End),
        "ab" | "as" | "asa" | "aps" | "oy" | "oyj" | "ou" | "uab" | "sia" | "hf" | "ehf"
        | "ivs" | "hb" | "kb" => (NORDIC, Edge),
        "sro" | "doo" | "dooel" | "jdoo" | "kft" | "bt" | "zoo" | "spzoo" | "ooo" | "eood"
        | "ood" | "vos" => (EAST_LIMITED, Edge),
        "zrt" | "nyrt" | "rt" | "dd" | "oao" | "zao" | "pao" | "ead" => (EAST_STOCK, Edge),
        "stichting" => (FOUNDATION, Edge),
        "co" | "cie" | "company" | "compagnie" => (PARTNER, End),
        "pte" | "pty" | "pvt" | "bhd" | "sdn" | "kk" | "private" => (ABROAD, End),
        _ => return None,
    };
    Some((Forms(bits), place))
}
