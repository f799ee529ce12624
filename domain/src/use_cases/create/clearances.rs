//! The clearances of the people whom records name.

use super::{CreateContext, Uncleared, judged::Judged};
use crate::{
    fault::Outcome,
    legal::{Clearance, Missing, Named, Refusal, Register, assessment::Purpose, clear},
};

/// Somebody whom a record names: the record's place, the place among those whom it names, and who it is.
type Asked = ((usize, usize), Named);

/// Adds to each record the clearances of everybody whom it names, or what is missing for them. The people of one purpose are
/// judged together.
pub(super) async fn clear_all(context: &CreateContext<'_>, judged: &mut [Judged]) -> Outcome<()> {
    let mut by_purpose: Vec<(Purpose, Vec<Asked>)> = Vec::new();
    for (at, one) in judged.iter_mut().enumerate() {
        if !one.checked.names_somebody() {
            one.cleared = Ok(Vec::new());
            continue;
        }
        // Nobody is cleared without a purpose.
        let Some(purpose) = &one.purpose else {
            let of = |nth| Uncleared::of(one, nth, vec![Missing::Basis]);
            one.uncleared = (0..one.named.len()).map(of).collect();
            continue;
        };
        one.cleared = Ok(Vec::new());
        let asked = one.named.iter().enumerate();
        let asked = asked.map(|(nth, named)| ((at, nth), named.clone()));
        match by_purpose.iter_mut().find(|(of, _)| of == purpose) {
            Some((_, all)) => all.extend(asked),
            None => by_purpose.push((purpose.clone(), asked.collect())),
        }
    }
    if by_purpose.is_empty() {
        return Ok(());
    }
    let tenant = &context.integration.scope.tenant;
    let (store, keys) = (context.store, context.keyring);
    let register = Register::open(store, keys, tenant).await?;
    let now = (context.clock)();
    for (purpose, asked) in by_purpose {
        let (places, named): (Vec<(usize, usize)>, Vec<Named>) = asked.into_iter().unzip();
        let answers = clear(store, &register, tenant, &named, &purpose, now).await?;
        for ((at, nth), answer) in places.into_iter().zip(answers) {
            if let Some(one) = judged.get_mut(at) {
                if let Err(refusal) = &answer {
                    let missing = refusal.missing().to_vec();
                    one.uncleared.push(Uncleared::of(one, nth, missing));
                }
                gather(&mut one.cleared, answer);
            }
        }
    }
    Ok(())
}

fn gather(of: &mut Result<Vec<Clearance>, Vec<Missing>>, one: Result<Clearance, Refusal>) {
    match (of, one) {
        (Ok(clearances), Ok(clearance)) => clearances.push(clearance),
        (Err(missing), Err(refusal)) => {
            missing.extend(refusal.missing());
            missing.sort_unstable();
            missing.dedup();
        }
        (of @ Ok(_), Err(refusal)) => *of = Err(refusal.missing().to_vec()),
        (Err(_), Ok(_)) => {}
    }
}
