//! Short forms of words in names of banks, public bodies and the like.
//!
//! Sources: the short names in the bank sort code file of the Deutsche Bundesbank (`Spk`, `VB`,
//! `Raiffbk`), and the abbreviations of the Duden for institutions (November 2026).

/// The canonical name with its short forms spelled out: `spk siegen` becomes `sparkasse siegen`.
pub(crate) fn spell_out(name: String) -> String {
    let may_be = |word: &str| full(word, true).is_some();
    if !name.split(' ').any(may_be) {
        return name;
    }
    let mut out = String::with_capacity(name.len() + 16);
    for (at, word) in name.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let others = name.len() > word.len();
        match full(word, at == 0 && others) {
            Some((before, after)) => {
                out.push_str(before);
                out.push_str(after);
            }
            None => out.push_str(word),
        }
    }
    out
}

/// The full word in two parts. `leads` tells whether the word stands before others: two letters are
/// a bank only there.
fn full(word: &str, leads: bool) -> Option<(&str, &'static str)> {
    if let Some((_, full)) = WORDS.iter().find(|(short, _)| *short == word) {
        return Some(("", full));
    }
    if leads && let Some((_, full)) = LEADING.iter().find(|(short, _)| *short == word) {
        return Some(("", full));
    }
    ENDINGS.iter().find_map(|(short, full)| {
        let before = word.strip_suffix(short)?;
        (before.len() > 2).then_some((before, *full))
    })
}

const WORDS: &[(&str, &str)] = &[
    ("spk", "sparkasse"),
    ("ksk", "kreissparkasse"),
    ("kspk", "kreissparkasse"),
    ("sspk", "stadtsparkasse"),
    ("vbk", "volksbank"),
    ("raiba", "raiffeisenbank"),
    ("raiffbk", "raiffeisenbank"),
    ("raiffeisenbk", "raiffeisenbank"),
    ("rbk", "raiffeisenbank"),
    ("vrb", "vr bank"),
    ("vrbk", "vr bank"),
    ("bk", "bank"),
    ("univ", "universitat"),
    ("krhs", "krankenhaus"),
    ("stw", "stadtwerke"),
    ("ffw", "freiwillige feuerwehr"),
    ("kiga", "kindergarten"),
    ("gvb", "gemeindeverband"),
];

/// Short forms at the beginning of a name.
const LEADING: &[(&str, &str)] = &[("vb", "volksbank"), ("rb", "raiffeisenbank")];

const ENDINGS: &[(&str, &str)] = &[("spk", "sparkasse"), ("bk", "bank")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_spelled_out() {
        for (short, full) in [
            ("spk siegen", "sparkasse siegen"),
            ("vb siegerland", "volksbank siegerland"),
            ("raiffbk siegerland", "raiffeisenbank siegerland"),
            ("volksbk siegen", "volksbank siegen"),
            ("stadtspk siegen", "stadtsparkasse siegen"),
            ("zantavex vb", "zantavex vb"),
            ("vb", "vb"),
            ("zantavex werk", "zantavex werk"),
        ] {
            let spelled = spell_out(short.to_owned());
            assert_eq!(spelled, full, "{short}");
            assert_eq!(spell_out(spelled.clone()), spelled);
        }
    }
}
