//! Whether scores are what they claim: of the relations with a score around 0.98, 98 % should be
//! right.

use serde_json::{Value, json};

/// The lower ends of the bins, in thousandths. The highest scores have the narrowest bins, because
/// they decide what is automatic.
const BINS: [u16; 8] = [350, 500, 700, 800, 900, 950, 980, 995];

/// For each bin of scores: the number of first relations, the mean score that they claim, and the share
/// that is right. `firsts` has score and rightness of each first relation.
pub(super) fn bins(firsts: &[(u16, bool)]) -> Value {
    let ends = BINS.iter().skip(1).copied().chain([u16::MAX]);
    let bins = BINS.iter().zip(ends).map(|(from, end)| {
        let within = |score: u16| score >= *from && score < end;
        let here: Vec<&(u16, bool)> = firsts.iter().filter(|(score, _)| within(*score)).collect();
        let n = here.len();
        let claimed: u32 = here.iter().map(|(score, _)| u32::from(*score)).sum();
        let right = here.iter().filter(|(_, right)| *right).count();
        let mean = |sum: f64| (n > 0).then(|| (sum / n as f64 * 1_000.0).round() / 1_000.0);
        json!({
            "from": f64::from(*from) / 1_000.0,
            "relations": n,
            "claimed": mean(f64::from(claimed) / 1_000.0),
            "right": mean(right as f64),
        })
    });
    bins.collect()
}
