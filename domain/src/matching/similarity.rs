//! How alike two canonical names are.

/// The most words of a name that are compared.
const MAX_WORDS: usize = 16;

/// Likeness of two canonical names in thousandths: 1,000 for the same name, 0 for nothing in common.
///
/// Words are paired greedily with their most similar counterpart (Jaro-Winkler at least 0.88, so that a typing mistake is forgiven and
/// another word is not); the share of paired letters among all letters is the likeness. Names written without blanks are compared whole, too.
pub(super) fn name_likeness(left: &str, right: &str) -> u16 {
    if left == right {
        return 1_000;
    }
    if left.is_empty() || right.is_empty() {
        return 0;
    }
    let words = words_likeness(left, right);
    if words >= 900 {
        return words;
    }
    words.max(whole_likeness(left, right))
}

/// Whether all words of the shorter name are in the longer one: `Müller` in `Müller Werkzeugbau`.
pub(super) fn is_part(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    !short.is_empty()
        && short
            .split(' ')
            .all(|word| long.split(' ').any(|other| other == word))
}

/// Whether one name has a word for a place in a group that the other has not: `Müller Holding` and `Müller` are two companies that share a
/// domain, an address and a phone.
pub(super) fn is_other_member(left: &str, right: &str) -> bool {
    let lacks = |here: &str, there: &str| {
        here.split(' ').filter_map(role).any(|role_here| {
            !there
                .split(' ')
                .filter_map(role)
                .any(|role_there| role_there == role_here)
        })
    };
    lacks(left, right) || lacks(right, left)
}

/// What a word says about its company's place in a group; words for the same have the same number.
fn role(word: &str) -> Option<u8> {
    const STEMS: [(&str, u8); 10] = [
        ("verwaltung", 0),
        ("beteiligung", 1),
        ("vertrieb", 2),
        ("immobilien", 3),
        ("grundstuck", 3),
        ("besitz", 3),
        ("vermogen", 4),
        ("holding", 5),
        ("management", 6),
        ("produktion", 7),
    ];
    if let Some((_, role)) = STEMS.iter().find(|(stem, _)| word.starts_with(stem)) {
        return Some(*role);
    }
    Some(match word {
        "international" | "global" | "worldwide" => 8,
        "service" | "services" | "servicegesellschaft" => 9,
        "deutschland" | "germany" => 10,
        "osterreich" | "austria" => 11,
        "schweiz" | "suisse" | "switzerland" => 12,
        "europe" | "europa" => 13,
        "leasing" => 14,
        "finance" | "financial" | "finanz" => 15,
        "sales" => 2,
        "properties" | "property" => 3,
        "investment" | "investments" | "invest" => 1,
        "uk" => 16,
        "usa" | "us" | "america" => 17,
        "france" | "frankreich" => 18,
        "italia" | "italy" => 19,
        "nederland" | "netherlands" => 20,
        "polska" | "poland" => 21,
        "stiftung" | "foundation" => 22,
        "logistik" | "logistics" => 23,
        _ => return None,
    })
}

fn words_likeness(left: &str, right: &str) -> u16 {
    let mut right_words = [""; MAX_WORDS];
    let mut n_right = 0;
    for word in right.split(' ').take(MAX_WORDS) {
        right_words[n_right] = word;
        n_right += 1;
    }
    let mut used = [false; MAX_WORDS];
    let mut paired = 0.0;
    let mut letters = right_words[..n_right]
        .iter()
        .map(|word| word.len())
        .sum::<usize>();
    for word in left.split(' ').take(MAX_WORDS) {
        letters += word.len();
        let mut best = (0.0, usize::MAX);
        for (at, other) in right_words[..n_right].iter().enumerate() {
            if used[at] {
                continue;
            }
            let likeness = if word == *other {
                1.0
            } else {
                jaro_winkler(word.as_bytes(), other.as_bytes())
            };
            if likeness > best.0 {
                best = (likeness, at);
            }
        }
        if best.0 >= 0.88 {
            used[best.1] = true;
            paired += best.0 * (word.len() + right_words[best.1].len()) as f32;
        }
    }
    thousandths(paired / letters as f32)
}

/// Jaro-Winkler of the names without blanks, counted only where it is very high: two names with a long first word in common reach 0.9.
fn whole_likeness(left: &str, right: &str) -> u16 {
    let mut buffers = [[0_u8; 96]; 2];
    let mut squeeze = |at: usize, text: &str| {
        let mut n = 0;
        for byte in text.bytes().filter(|byte| *byte != b' ').take(96) {
            buffers[at][n] = byte;
            n += 1;
        }
        n
    };
    let (n_left, n_right) = (squeeze(0, left), squeeze(1, right));
    let likeness = jaro_winkler(&buffers[0][..n_left], &buffers[1][..n_right]);
    if likeness >= 0.95 {
        thousandths(likeness)
    } else {
        0
    }
}

/// Jaro-Winkler likeness, 0 to 1, of two ASCII texts; what is past 96 bytes is not looked at.
///
/// Written here and not taken from a crate because those of November 2026 work on `char` and allocate for each call, and this runs for each
/// word of each candidate.
fn jaro_winkler(left: &[u8], right: &[u8]) -> f32 {
    let (left, right) = (&left[..left.len().min(96)], &right[..right.len().min(96)]);
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let window = (left.len().max(right.len()) / 2).saturating_sub(1);
    let (mut left_hits, mut right_hits) = (0_u128, 0_u128);
    for (at, byte) in left.iter().enumerate() {
        let (from, to) = (
            at.saturating_sub(window),
            (at + window + 1).min(right.len()),
        );
        for (other_at, other) in right.iter().enumerate().take(to).skip(from) {
            if byte == other && right_hits >> other_at & 1 == 0 {
                left_hits |= 1 << at;
                right_hits |= 1 << other_at;
                break;
            }
        }
    }
    let matches = left_hits.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let mut transpositions = 0_u32;
    let mut rest = right_hits;
    for (at, byte) in left.iter().enumerate() {
        if left_hits >> at & 1 == 1 {
            let other = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            transpositions += u32::from(right.get(other) != Some(byte));
        }
    }
    let m = matches as f32;
    let jaro =
        (m / left.len() as f32 + m / right.len() as f32 + (m - (transpositions / 2) as f32) / m)
            / 3.0;
    let prefix = left
        .iter()
        .zip(right)
        .take(4)
        .take_while(|(a, b)| a == b)
        .count();
    jaro + prefix as f32 * 0.1 * (1.0 - jaro)
}

fn thousandths(share: f32) -> u16 {
    (share.clamp(0.0, 1.0) * 1_000.0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jaro_winkler_gives_the_values_of_the_literature() {
        for (left, right, expected) in [
            ("martha", "marhta", 0.961),
            ("dwayne", "duane", 0.84),
            ("dixon", "dicksonx", 0.813),
        ] {
            let likeness = jaro_winkler(left.as_bytes(), right.as_bytes());
            assert!(
                (likeness - expected).abs() < 0.001,
                "{left} {right} {likeness}"
            );
        }
        assert!(jaro_winkler(b"abc", b"xyz").abs() < f32::EPSILON);
    }

    #[test]
    fn a_typing_mistake_a_missing_blank_and_another_order_are_close_and_another_name_is_not() {
        assert!(name_likeness("volkswagen", "vokkswagen") >= 900);
        assert!(name_likeness("fischer metallbau", "fischermetallbau") >= 950);
        assert!(name_likeness("fischer metallbau", "metallbau fischer") == 1_000);
        assert!(name_likeness("stadtwerke bochum", "sparkasse essen") < 400);
        assert!(name_likeness("", "stadtwerke") == 0);
        assert!(name_likeness("kirchengemeinde kaierde", "kirchengemeinde varrigsen") < 700);
    }

    #[test]
    fn members_of_a_group_are_told_by_the_words_for_their_place_in_it() {
        assert!(is_other_member("muller", "muller holding"));
        assert!(is_other_member(
            "muller beteiligungs",
            "muller verwaltungsgesellschaft"
        ));
        assert!(!is_other_member(
            "muller beteiligungs",
            "muller beteiligungsgesellschaft"
        ));
        assert!(!is_other_member(
            "muller metallbau",
            "muller metallbau bochum"
        ));
    }
}
