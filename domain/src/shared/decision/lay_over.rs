//! Users' decisions, applied over the result of matching.

use matching::{Relation, RelationStatus};

use super::Decision;

/// Applies users' decisions to the result of matching. Returns the relations, the strongest first. An approved relation removes the
/// suggested ones, because the user has already said which company the record is.
pub fn lay_over<'d>(
    rule: &[Relation],
    decisions: impl IntoIterator<Item = &'d Decision>,
) -> Vec<Relation> {
    let mut laid = rule.to_vec();
    for decision in decisions {
        let Some(status) = decision.verdict else {
            continue;
        };
        match laid
            .iter_mut()
            .find(|relation| relation.company == decision.company)
        {
            Some(relation) => relation.status = status,
            None => laid.push(Relation {
                company: decision.company.clone(),
                score: if status == RelationStatus::Approved {
                    1_000
                } else {
                    0
                },
                status,
                evidence: Vec::new(),
            }),
        }
    }
    let is_decided = laid
        .iter()
        .any(|relation| relation.status == RelationStatus::Approved);
    laid.retain(|relation| !(is_decided && relation.status == RelationStatus::Suggested));
    laid.sort_by_key(|relation| {
        let firmness = match relation.status {
            RelationStatus::Approved => 0,
            RelationStatus::Automatic => 1,
            RelationStatus::Suggested => 2,
            RelationStatus::Blocked => 3,
        };
        (firmness, std::cmp::Reverse(relation.score))
    });
    laid
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use RelationStatus::{Approved, Automatic, Blocked, Suggested};
    use jiff::Timestamp;
    use matching::CompanyId;

    use super::*;
    use crate::record::{Object, RecordId};

    fn relation(company: &str, status: RelationStatus, score: u16) -> Relation {
        Relation {
            company: CompanyId::parse(company).unwrap(),
            score,
            status,
            evidence: Vec::new(),
        }
    }

    fn decision(company: &str, verdict: Option<RelationStatus>) -> Decision {
        Decision {
            object: Object::Account,
            id: RecordId::parse("1").unwrap(),
            company: CompanyId::parse(company).unwrap(),
            verdict,
            by: "user-1".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn laid(rule: &[Relation], decisions: &[Decision]) -> Vec<(String, RelationStatus, u16)> {
        let laid = lay_over(rule, decisions);
        let tell = |relation: Relation| {
            let company = relation.company.as_str().to_owned();
            (company, relation.status, relation.score)
        };
        laid.into_iter().map(tell).collect()
    }

    #[test]
    fn an_approved_relation_is_first_and_removes_the_suggested_ones() {
        let rule = [relation("a", Suggested, 600), relation("b", Suggested, 400)];
        assert_eq!(
            laid(&rule, &[decision("b", Some(Approved))]),
            [("b".to_owned(), Approved, 400)]
        );
        let rule = [relation("a", Automatic, 990)];
        assert_eq!(
            laid(&rule, &[decision("z", Some(Approved))]),
            [
                ("z".to_owned(), Approved, 1_000),
                ("a".to_owned(), Automatic, 990)
            ]
        );
    }

    #[test]
    fn a_blocked_relation_stays_blocked_whatever_matching_finds() {
        let rule = [relation("a", Automatic, 990), relation("b", Suggested, 400)];
        assert_eq!(
            laid(&rule, &[decision("a", Some(Blocked))]),
            [
                ("b".to_owned(), Suggested, 400),
                ("a".to_owned(), Blocked, 990)
            ]
        );
        assert_eq!(
            laid(&[], &[decision("a", Some(Blocked))]),
            [("a".to_owned(), Blocked, 0)]
        );
    }

    #[test]
    fn a_withdrawn_decision_changes_nothing() {
        let rule = [relation("a", Suggested, 600)];
        assert_eq!(
            laid(&rule, &[decision("a", None), decision("b", None)]),
            [("a".to_owned(), Suggested, 600)]
        );
    }
}
