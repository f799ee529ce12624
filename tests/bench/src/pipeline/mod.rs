//! The CPU time for a record between the CRM's answer and the store's request, without network.
//!
//! The work is measured page by page, and the best of several rounds counts for each page, since other processes only slow a
//! round down. Each round runs all loops before the next round begins, so that the state of the machine affects them alike.

mod bare;
mod input;
mod ours;

use std::time::Duration;

use crate::{
    Outcome, cpu,
    report::{Figures, figure, rounded},
};
use input::Input;

/// The number of rounds. The best one of each page counts.
const ROUNDS: usize = 5;

/// Returns the pipeline's figures.
///
/// # Errors
/// Returns an error if the input cannot be made or a loop fails on it.
pub(crate) async fn measure() -> Outcome<Figures> {
    let input = Input::make().await?;
    let mut ours = Best::default();
    let mut ours_page = Best::default();
    let mut bare = Best::default();
    let mut bare_page = Best::default();
    let mut tree = Best::default();
    let (mut parsing, mut comparing, mut matching) =
        (Best::default(), Best::default(), Best::default());
    let answers = |at| ours::Answers::of(&input, at);
    for _ in 0..ROUNDS {
        bare.round(&input, |at| bare::fields(&input, at))?;
        tree.round(&input, |at| bare::tree(&input, at))?;
        ours.round_with(&input, answers, |at, answers| {
            ours::records(&input, at, answers)
        })?;
        parsing.round(&input, |at| ours::parsing(&input, at))?;
        comparing.round_with(&input, answers, |at, answers| {
            ours::comparing(&input, at, answers)
        })?;
        matching.round_with(&input, answers, |at, answers| {
            ours::matching(&input, at, answers)
        })?;
        bare_page.round(&input, |at| bare::page(&input, at))?;
        ours_page.round(&input, |at| ours::page(&input, at))?;
    }
    let per_second = |spent: Duration| input.n_records as f64 / spent.as_secs_f64();
    let (records, with_page) = (ours.sum(), ours.sum() + ours_page.sum());
    let (least, least_page) = (bare.sum(), bare.sum() + bare_page.sum());
    let micros = |spent: Duration| rounded(spent.as_secs_f64() * 1e6 / input.n_records as f64);
    let step = |until: &Best, before: &Best| micros(until.sum().saturating_sub(before.sum()));
    let mut figures = Figures::new();
    figures.insert(
        "pipeline_records_per_cpu_second".to_owned(),
        figure(
            per_second(records).round(),
            "records/CPU second",
            [
                ("bare", per_second(least).round().into()),
                ("bare_tree", per_second(tree.sum()).round().into()),
                (
                    "ratio",
                    rounded(per_second(records) / per_second(least)).into(),
                ),
                ("parse_us", micros(parsing.sum()).into()),
                ("compare_us", step(&comparing, &parsing).into()),
                ("match_us", step(&matching, &comparing).into()),
                ("seal_us", step(&ours, &matching).into()),
                ("records", input.n_records.into()),
                ("bytes_per_record", input.bytes_per_record().into()),
                ("related", ours::related(&input)?.into()),
            ],
        ),
    );
    figures.insert(
        "pipeline_with_page_records_per_cpu_second".to_owned(),
        figure(
            per_second(with_page).round(),
            "records/CPU second",
            [
                ("bare", per_second(least_page).round().into()),
                (
                    "ratio",
                    rounded(per_second(with_page) / per_second(least_page)).into(),
                ),
            ],
        ),
    );
    Ok(figures)
}

/// The shortest time of each page.
#[derive(Default)]
struct Best(Vec<Duration>);

impl Best {
    fn round(&mut self, input: &Input, work: impl Fn(usize) -> Outcome<()>) -> Outcome<()> {
        self.round_with(input, |_| Ok(()), |at, _| work(at))
    }

    /// Runs a round. `make` prepares what the work needs. Preparing and dropping it do not count.
    fn round_with<T>(
        &mut self,
        input: &Input,
        make: impl Fn(usize) -> Outcome<T>,
        work: impl Fn(usize, &mut T) -> Outcome<()>,
    ) -> Outcome<()> {
        self.0.resize(input.pages.len(), Duration::MAX);
        for (at, best) in self.0.iter_mut().enumerate() {
            let mut made = make(at)?;
            *best = (*best).min(cpu::of(|| work(at, &mut made))?);
        }
        Ok(())
    }

    fn sum(&self) -> Duration {
        self.0.iter().sum()
    }
}
