//! Why no record was created, as a problem that names the key, the field or the link that has to change.

use domain::{
    create::CreateOutcome,
    fault::{Code, Fault, pointer_part},
    ports::Checked,
};
use serde_json::Value;

use super::KEY;
use crate::problem::{Problem, types};

/// After how many seconds to ask again about an unknown outcome.
const ASK_AGAIN: u64 = 30;

/// Names the first field at fault. The outcome has all of them.
fn of_field(problem: Problem, name: Option<&String>) -> Problem {
    match name {
        // The record has to belong to another one, which a link says and no field.
        Some(name) if name == Checked::LINKS => problem.with_field("/links"),
        Some(name) => problem.with_field(format!("/fields/{}", pointer_part(name))),
        None => problem,
    }
}

/// Returns the reason why one record was not created. The outcome is included, since the caller can act on most of it.
pub(super) fn refusal(outcome: &CreateOutcome) -> Problem {
    let mut problem = match outcome {
        CreateOutcome::NotCleared { missing } => {
            let names: Vec<&str> = missing.iter().map(|one| one.name()).collect();
            Problem::of(types::NOT_CLEARED).with_detail(format!("missing: {}", names.join(", ")))
        }
        CreateOutcome::Duplicate { .. } => Problem::of(types::DUPLICATE),
        CreateOutcome::UnknownCompany { .. } => {
            Problem::of(types::UNKNOWN_COMPANY).with_field("/company")
        }
        CreateOutcome::Unfit {
            missing,
            refused,
            links,
        } => {
            let problem = Problem::of(types::UNFIT);
            match (refused.first(), links.first()) {
                (None, Some(one)) => problem.with_field(format!("/links/{}", one.link)),
                (first, _) => {
                    let first = first.map(|one| &one.field);
                    of_field(problem, first.or(missing.first()))
                }
            }
        }
        CreateOutcome::Refused { code, fields } => {
            let problem = Problem::of(types::REFUSED_BY_CRM).with_detail(code.clone());
            of_field(problem, fields.first())
        }
        CreateOutcome::NotSent { code } => {
            let mut problem = Problem::of(types::NOT_SENT).with_detail(code.clone());
            problem.retry_after = Some(std::time::Duration::from_secs(ASK_AGAIN));
            problem
        }
        CreateOutcome::Created { .. } | CreateOutcome::Unknown => Problem::internal(),
    };
    problem.outcome = serde_json::to_value(outcome).ok().filter(Value::is_object);
    problem
}

/// Converts the fault of a whole request. It names the key that another request used, or the field that can be neither a list
/// nor an object.
pub(super) fn refused(fault: Fault) -> Problem {
    match fault.code() {
        Code::CreateKeyReused => Problem::from(fault).with_parameter(KEY),
        Code::CreateNested => Problem::invalid(fault.detail().unwrap_or_default())
            .with_field(fault.field().unwrap_or_default()),
        _ => Problem::from(fault),
    }
}

/// Names a field from the root of a body for one record. Such a body has no list of records.
pub(super) fn of_the_one(mut problem: Problem) -> Problem {
    let field = problem.field.as_deref();
    let field = field.and_then(|field| field.strip_prefix("/records/0"));
    if let Some(field) = field.map(str::to_owned) {
        problem.field = Some(field);
    }
    problem
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::{
        create::{Unfitting, UnfittingLink},
        legal::Missing,
        ports::{FieldProblem, LinkProblem},
    };

    use super::*;

    #[test]
    fn a_refusal_names_what_is_meant_and_says_what_became_of_the_record() {
        let unfitting = Unfitting {
            field: "Nme".to_owned(),
            problem: FieldProblem::Unknown,
        };
        let unfit = |missing: &[&str], refused: &[&Unfitting]| CreateOutcome::Unfit {
            missing: missing.iter().map(|name| (*name).to_owned()).collect(),
            refused: refused.iter().map(|one| (*one).clone()).collect(),
            links: Vec::new(),
        };
        let misplaced = CreateOutcome::Unfit {
            missing: vec!["Name".to_owned()],
            refused: Vec::new(),
            links: vec![UnfittingLink {
                link: 2,
                problem: LinkProblem::NotPossible,
            }],
        };
        for (outcome, status, field) in [
            (unfit(&["Name"], &[&unfitting]), 422, Some("/fields/Nme")),
            (unfit(&["Name"], &[]), 422, Some("/fields/Name")),
            (unfit(&[Checked::LINKS], &[]), 422, Some("/links")),
            (misplaced, 422, Some("/links/2")),
            (
                CreateOutcome::Refused {
                    code: "salesforce.field_custom_validation_exception".to_owned(),
                    fields: vec!["Phone".to_owned()],
                },
                422,
                Some("/fields/Phone"),
            ),
            (
                CreateOutcome::NotCleared {
                    missing: Missing::ALL.to_vec(),
                },
                403,
                None,
            ),
        ] {
            let problem = refusal(&outcome);
            assert_eq!((problem.status, problem.field.as_deref()), (status, field));
            let outcome = serde_json::to_value(&outcome).ok();
            assert_eq!(problem.outcome, outcome);
        }
        let refused = refusal(&CreateOutcome::NotCleared {
            missing: Missing::ALL.to_vec(),
        });
        let all = "missing: basis, assessment, balancing_outcome, expiry, objection, erasure";
        assert_eq!(refused.detail.as_deref(), Some(all));
    }

    #[test]
    fn a_field_that_can_be_no_list_is_named_where_the_caller_wrote_it() {
        let fault =
            || Fault::of(Code::CreateNested).at("/records/0/fields/a~1b", "expected a text");
        let problem = refused(fault());
        assert_eq!(
            (problem.status, problem.kind.as_str()),
            (422, "urn:abgleich:problem:invalid")
        );
        assert_eq!(problem.field.as_deref(), Some("/records/0/fields/a~1b"));
        assert_eq!(problem.detail.as_deref(), Some("expected a text"));
        let problem = of_the_one(refused(fault()));
        assert_eq!(problem.field.as_deref(), Some("/fields/a~1b"));
    }
}
