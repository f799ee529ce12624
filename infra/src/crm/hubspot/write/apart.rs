//! Tells the results of a batch apart that carry no trace id.
//!
//! Such a result is one of the batch's records. It is attributed to the one that has the same content, if no other record of the
//! batch and no other result has it, too. Whatever is left is unknown, and looked up.

use domain::ports::{NewRecord, Written};

use super::{
    answer::OwnId,
    natural::{Candidate, Content},
};

/// A record of the batch of which the answer says nothing by a trace id.
pub(super) struct Untold<'a> {
    /// Its place in the batch.
    pub(super) at: usize,
    pub(super) record: &'a NewRecord,
    pub(super) own_id: Option<OwnId<'a>>,
}

/// Returns what became of records, each with its place in the batch.
pub(super) fn by_content(untold: &[Untold<'_>], results: &[Candidate]) -> Vec<(usize, Written)> {
    let of = |one: &Untold<'_>| -> Vec<usize> {
        let content = Content::of(one.record.draft());
        let results = results.iter().enumerate();
        let alike = results.filter(|(_, result)| is_of(one, content.as_ref(), result));
        alike.map(|(n, _)| n).collect()
    };
    let alike: Vec<Vec<usize>> = untold.iter().map(of).collect();
    let pairs = untold.iter().zip(&alike).filter_map(|(one, results_of)| {
        let &[n] = results_of.as_slice() else {
            return None;
        };
        let claims = alike.iter().filter(|all| all.contains(&n)).count();
        let id = results.get(n)?.id()?;
        (claims == 1).then_some((one.at, Written::Created(id)))
    });
    pairs.collect()
}

/// Returns whether a result may be what became of a record. Our own id says more than any content.
fn is_of(one: &Untold<'_>, content: Option<&Content>, result: &Candidate) -> bool {
    let own = one
        .own_id
        .and_then(|own| Some((own.value, result.text(own.property)?)));
    match own {
        Some((ours, there)) => ours == there,
        None => content.is_some_and(|content| content.is_in(result)),
    }
}
