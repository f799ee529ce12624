//! Notes, days and times, as every CRM has them.

use crate::draw::Draw;
use crate::words::SENTENCES;

/// Returns several sentences that a user may have noted. Some have characters that break careless programs.
pub(crate) fn notes(draw: &mut Draw, sentences: u64) -> String {
    let n = draw.between(1, sentences);
    (0..n)
        .map(|_| *draw.pick(SENTENCES))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a day in one of the years.
pub(crate) fn date(draw: &mut Draw, from: u64, to: u64) -> String {
    format!(
        "{}-{:02}-{:02}",
        draw.between(from, to),
        draw.between(1, 12),
        draw.between(1, 28)
    )
}

/// Returns a second in one of the years, without its time zone, which is UTC.
pub(crate) fn time(draw: &mut Draw, from: u64, to: u64) -> String {
    let date = date(draw, from, to);
    format!(
        "{date}T{:02}:{:02}:{:02}.000",
        draw.below(24),
        draw.below(60),
        draw.below(60)
    )
}

/// Returns when a record was made and when it was last changed, without the time zone, which is UTC. Some records share
/// a time to the millisecond, as those of an import do.
pub(crate) fn made_and_changed(draw: &mut Draw) -> (String, String) {
    let created = time(draw, 2019, 2024);
    let changed = if draw.chance(8) {
        "2025-06-30T22:00:00.000".to_owned()
    } else {
        time(draw, 2025, 2025)
    };
    (created, changed)
}
