/// The cutoffs of the decision.
///
/// They are calibrated together with the weights and are not settings: no tenant, operator or caller
/// can change them. New weights need new cutoffs, measured as `model/README.md` describes.
pub(super) struct Cutoffs {
    /// The lowest score of an automatic relation, in thousandths.
    pub(super) automatic: u16,
    /// The lowest score of a suggested relation, in thousandths, before equally good companies share
    /// the probability.
    pub(super) suggested: u16,
    /// The least lead of the best candidate over the second, in tenths of a bit, for an automatic
    /// relation.
    pub(super) margin: u16,
    /// The most relations of one record.
    pub(super) max_relations: u16,
}

impl Cutoffs {
    /// Measured on labelled records of German, Austrian and Swiss companies, with so many companies taken
    /// away that 40 % of the records have none (November 2026): the lowest of every 20 at which 99.5 % of the
    /// automatic relations are right there. With 13 % absent, 99.9 % are right, and 92.3 % of the records
    /// that have a company get the right one automatically.
    ///
    /// `model/README.md` has the figures for other data, and those of cross-validation.
    pub(super) const CALIBRATED: Self = Self {
        automatic: 920,
        suggested: 350,
        margin: 20,
        max_relations: 5,
    };
}
