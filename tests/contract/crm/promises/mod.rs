//! The promises, by subject. A promise's name states it.

mod changes;
mod creating;
mod gone;
mod ids;
mod parents;
mod trouble;

use domain::{ports::Abilities, record::Object};

use super::stage::{BoxFuture, Stage};

/// A promise of the port.
pub(crate) struct Promise {
    pub(crate) name: &'static str,
    /// Returns whether the promise applies to the stage's abilities.
    pub(crate) is_asked: fn(&dyn Stage) -> bool,
    pub(crate) check: fn(Box<dyn Stage>) -> BoxFuture<()>,
}

/// Lists promises: functions, each with the abilities that it needs, if any.
macro_rules! promises {
    ($($name:ident $(if $can:expr)?),* $(,)?) => {
        pub(super) fn all() -> Vec<super::Promise> {
            vec![$(super::Promise {
                name: stringify!($name),
                is_asked: {
                    let is_asked: fn(&dyn crate::stage::Stage) -> bool = |stage| {
                        let _ = stage;
                        true $(&& super::can(stage, $can))?
                    };
                    is_asked
                },
                check: |stage| Box::pin($name(stage)),
            }),*]
        }
    };
}
use promises;

/// Returns all promises.
pub(crate) fn all() -> Vec<Promise> {
    let all = [
        changes::all(),
        gone::all(),
        ids::all(),
        parents::all(),
        trouble::all(),
        creating::all(),
    ];
    all.into_iter().flatten().collect()
}

fn can(stage: &dyn Stage, what: fn(&Abilities) -> bool) -> bool {
    what(&stage.abilities())
}

/// Makes so many accounts at one moment.
fn accounts(stage: &dyn Stage, n: usize) -> Vec<domain::record::RecordId> {
    let made = (0..n).map(|n| stage.make(Object::Account, &format!("Werk {n:05}")));
    made.collect()
}
