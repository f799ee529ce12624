//! What agreements weigh. Weights are tenths of a bit, as log2 of how much likelier an agreement is for the same company than for another
//! candidate that shares a match key. They were set by hand from what the fields mean, and checked on labelled pairs (November 2026).

use super::relation::{Agreement, Evidence, MatchField};
use super::similarity::{is_other_member, is_part, name_likeness};
use crate::company::Profile;

/// Where a candidate stands before anything is compared: most candidates under a key are not the one.
const PRIOR: i16 = -75;

/// The comparison of one record with one candidate.
#[derive(Clone, Copy)]
pub(super) struct Score {
    evidence: [Evidence; 11],
    n_evidence: usize,
    /// Sum of all weights and the prior.
    pub(super) bits: i16,
}

impl Score {
    pub(super) fn of(subject: &Profile, candidate: &Profile) -> Self {
        let nothing = Evidence {
            field: MatchField::Name,
            agreement: Agreement::Different,
            weight: 0,
        };
        let mut score = Self {
            evidence: [nothing; 11],
            n_evidence: 0,
            bits: PRIOR,
        };
        score.identifiers(subject, candidate);
        score.names(subject, candidate);
        score.places(subject, candidate);
        score
    }

    /// Estimated probability in thousandths.
    pub(super) fn permille(&self) -> u16 {
        let odds = (f32::from(self.bits) / 10.0).exp2();
        (odds / (1.0 + odds) * 1_000.0) as u16
    }

    pub(super) fn agreement(&self, field: MatchField) -> Option<Agreement> {
        self.evidence[..self.n_evidence]
            .iter()
            .find(|evidence| evidence.field == field)
            .map(|evidence| evidence.agreement)
    }

    /// All that was compared, the heaviest first.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let mut evidence = self.evidence[..self.n_evidence].to_vec();
        evidence.sort_by_key(|evidence| -evidence.weight.abs());
        evidence
    }

    fn add(&mut self, field: MatchField, agreement: Agreement, weight: i16) {
        if let Some(slot) = self.evidence.get_mut(self.n_evidence) {
            *slot = Evidence {
                field,
                agreement,
                weight,
            };
            self.n_evidence += 1;
            self.bits += weight;
        }
    }

    fn identifiers(&mut self, subject: &Profile, candidate: &Profile) {
        use Agreement::{Close, Different, Equal};
        if let Some((left, right)) = both(&subject.lei, &candidate.lei) {
            if left == right {
                self.add(MatchField::Lei, Equal, 140)
            } else {
                self.add(MatchField::Lei, Different, -80)
            }
        }
        if let Some((left, right)) = both(&subject.vat, &candidate.vat) {
            // Members of a VAT group share one id, hence less than for an LEI.
            if left == right {
                self.add(MatchField::Vat, Equal, 120)
            } else {
                self.add(MatchField::Vat, Different, -60)
            }
        }
        if let Some((left, right)) = both(&subject.register, &candidate.register) {
            let same_number =
                left.split_once(':').map(|pair| pair.0) == right.split_once(':').map(|pair| pair.0);
            if left == right && !left.ends_with(':') {
                self.add(MatchField::Register, Equal, 120);
            } else if same_number && (left.ends_with(':') || right.ends_with(':')) {
                self.add(MatchField::Register, Close, 60);
            } else {
                self.add(MatchField::Register, Different, -50);
            }
        }
        if let Some((left, right)) = both(&subject.domain, &candidate.domain) {
            // Groups share domains, and companies have several.
            if left == right {
                self.add(MatchField::Domain, Equal, 65)
            } else {
                self.add(MatchField::Domain, Different, -20)
            }
        }
        if let Some((left, right)) = both(&subject.phone, &candidate.phone) {
            let (agreement, weight) = phones(left, right);
            self.add(MatchField::Phone, agreement, weight);
        }
    }

    fn names(&mut self, subject: &Profile, candidate: &Profile) {
        use Agreement::{Close, Different, Equal, Partly};
        if subject.name.is_empty() || candidate.name.is_empty() {
            return;
        }
        let (agreement, weight) = match name_likeness(&subject.name, &candidate.name) {
            1_000 => (Equal, 70),
            600.. if is_other_member(&subject.name, &candidate.name) => (Partly, -10),
            940.. => (Close, 55),
            860.. => (Close, 35),
            700.. => (Partly, 10),
            _ if is_part(&subject.name, &candidate.name) => (Partly, 5),
            500.. => (Partly, -15),
            _ => (Different, -45),
        };
        self.add(MatchField::Name, agreement, weight);
        if subject.forms.agree(candidate.forms) {
            self.add(MatchField::LegalForm, Equal, 8);
        } else if subject.forms.differ(candidate.forms) {
            self.add(MatchField::LegalForm, Different, -12);
        }
    }

    fn places(&mut self, subject: &Profile, candidate: &Profile) {
        use Agreement::{Close, Different, Equal};
        if let Some((left, right)) = both(&subject.zip, &candidate.zip) {
            if left == right {
                self.add(MatchField::Zip, Equal, 40);
            } else if left.len() == right.len()
                && left.len() >= 4
                && left.get(..2) == right.get(..2)
            {
                self.add(MatchField::Zip, Close, 5);
            } else {
                self.add(MatchField::Zip, Different, -20);
            }
        }
        if let Some((left, right)) = both(&subject.city, &candidate.city) {
            if left == right {
                self.add(MatchField::City, Equal, 20)
            } else {
                self.add(MatchField::City, Different, -12)
            }
        }
        if let Some((left, right)) = both(&subject.street, &candidate.street) {
            if left == right {
                self.add(MatchField::Street, Equal, 45);
            } else if without_number(left) == without_number(right) {
                self.add(MatchField::Street, Close, 20);
            } else {
                self.add(MatchField::Street, Different, -10);
            }
        }
        if let Some((left, right)) = both(&subject.country, &candidate.country)
            && left != right
        {
            self.add(MatchField::Country, Different, -25);
        }
    }
}

fn both<'a>(left: &'a Option<String>, right: &'a Option<String>) -> Option<(&'a str, &'a str)> {
    Some((left.as_deref()?, right.as_deref()?))
}

/// The same number, or the same but for an extension of up to four digits.
fn phones(left: &str, right: &str) -> (Agreement, i16) {
    // A national number of an unknown country keeps its trunk zero: compare what follows with as many last digits of the other.
    let (left, right) = match (left.strip_prefix('0'), right.strip_prefix('0')) {
        (Some(national), None) => (national, tail(right, national.len())),
        (None, Some(national)) => (tail(left, national.len()), national),
        _ => (left, right),
    };
    let common = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    if left == right {
        (Agreement::Equal, 70)
    } else if common >= 8 && left.len().max(right.len()) - common <= 4 {
        (Agreement::Close, 40)
    } else {
        (Agreement::Different, -8)
    }
}

fn tail(digits: &str, n: usize) -> &str {
    digits
        .len()
        .checked_sub(n)
        .and_then(|at| digits.get(at..))
        .unwrap_or(digits)
}

fn without_number(street: &str) -> &str {
    street
        .find(|c: char| c.is_ascii_digit())
        .map_or(street, |at| street[..at].trim_end())
}
