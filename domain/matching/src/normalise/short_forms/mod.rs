//! Short forms of words in names of banks, public bodies and listed companies.

use std::sync::OnceLock;

/// The short forms with their sources.
const TABLE: &str = include_str!("table.tsv");

/// A short form and its full word.
type Form = (&'static str, &'static str);

/// The short forms by where they stand, each list sorted.
#[derive(Default)]
struct Forms {
    anywhere: Vec<Form>,
    /// Before other words: two letters are a bank only there.
    first: Vec<Form>,
    /// At the end of a longer word.
    endings: Vec<Form>,
}

impl Forms {
    fn known() -> &'static Self {
        static KNOWN: OnceLock<Forms> = OnceLock::new();
        KNOWN.get_or_init(|| Self::parse(TABLE))
    }

    fn parse(table: &'static str) -> Self {
        let mut forms = Self::default();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(short), Some(full)) = (columns.next(), columns.next()) else {
                continue;
            };
            match columns.next() {
                Some("first") => forms.first.push((short, full)),
                Some("end") => forms.endings.push((short, full)),
                _ => forms.anywhere.push((short, full)),
            }
        }
        for list in [&mut forms.anywhere, &mut forms.first] {
            list.sort_unstable();
        }
        forms
    }

    /// The full word in two parts. `leads` tells whether the word stands before others.
    fn full<'a>(&self, word: &'a str, leads: bool) -> Option<(&'a str, &'static str)> {
        if let Some(full) = find(&self.anywhere, word) {
            return Some(("", full));
        }
        if leads && let Some(full) = find(&self.first, word) {
            return Some(("", full));
        }
        self.endings.iter().find_map(|(short, full)| {
            let before = word.strip_suffix(short)?;
            (before.len() > 2).then_some((before, *full))
        })
    }
}

fn find(forms: &[Form], word: &str) -> Option<&'static str> {
    let at = forms.binary_search_by_key(&word, |(short, _)| *short);
    Some(forms[at.ok()?].1)
}

/// The canonical name with its short forms spelled out: `spk siegen` becomes `sparkasse siegen`.
pub(crate) fn spell_out(name: String) -> String {
    let forms = Forms::known();
    if !name.split(' ').any(|word| forms.full(word, true).is_some()) {
        return name;
    }
    let mut out = String::with_capacity(name.len() + 16);
    for (at, word) in name.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let others = name.len() > word.len();
        match forms.full(word, at == 0 && others) {
            Some((before, after)) => {
                out.push_str(before);
                out.push_str(after);
            }
            None => out.push_str(word),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::words;

    #[test]
    fn short_forms_are_spelled_out() {
        for (short, full) in [
            ("spk siegen", "sparkasse siegen"),
            ("vb siegerland", "volksbank siegerland"),
            ("raiffbk siegerland", "raiffeisenbank siegerland"),
            ("volksbk siegen", "volksbank siegen"),
            ("stadtspk siegen", "stadtsparkasse siegen"),
            ("zantavex hldg", "zantavex holding"),
            ("zantavex vb", "zantavex vb"),
            ("vb", "vb"),
            ("zantavex werk", "zantavex werk"),
        ] {
            let spelled = spell_out(short.to_owned());
            assert_eq!(spelled, full, "{short}");
            assert_eq!(spell_out(spelled.clone()), spelled);
        }
    }

    #[test]
    fn each_line_of_the_table_is_folded_and_names_its_source() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 4, "{line}");
            let [short, full, place, source] = [0, 1, 2, 3].map(|at| columns[at]);
            assert_eq!([words(short), words(full)], [short, full]);
            assert!(["any", "first", "end"].contains(&place), "{line}");
            assert!(TABLE.contains(&format!("{source} the ")), "{line}");
            assert_eq!(spell_out(full.to_owned()), full, "{line}");
        }
    }
}
