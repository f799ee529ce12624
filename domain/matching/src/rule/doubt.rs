//! Doubts: reasons why a relation is suggested only, however high its score.
//!
//! The trees learn from records whose company is mostly in the file. Where it is not, the best
//! candidate is a namesake: the sister in another country, the inn of that name in another town,
//! the next fund of the series, the bank of the group. Each doubt names one such case. It is
//! dispelled only by a value that the two companies would not share.

use super::context::{FullVector, OTHER_DOMAIN};
use super::features::{Feature, N_FEATURES};
use super::generic::{self, Member};
use crate::profile::Profile;

/// What a record and its best candidate have in common.
pub(super) struct Doubts<'a> {
    record: &'a Profile,
    candidate: &'a Profile,
    whole: &'a FullVector,
}

impl<'a> Doubts<'a> {
    pub(super) fn of(record: &'a Profile, candidate: &'a Profile, whole: &'a FullVector) -> Self {
        Self {
            record,
            candidate,
            whole,
        }
    }

    /// Whether there is any doubt.
    pub(super) fn exist(&self) -> bool {
        self.is_abroad()
            || self.is_elsewhere()
            || self.has_another_number()
            || self.is_another_member()
            || self.is_one_of_many()
            || self.is_a_common_name_alone()
            || self.is_a_stranger()
            || self.is_another_abbreviation()
    }

    fn value(&self, feature: Feature) -> u8 {
        self.whole[feature as usize]
    }

    /// The highest level of the domain among the other candidates.
    fn others_domain(&self) -> u8 {
        self.whole[N_FEATURES + OTHER_DOMAIN]
    }

    /// Whether an official identifier agrees.
    fn is_identified(&self) -> bool {
        self.value(Feature::Vat) >= 2
            || self.value(Feature::Register) >= 3
            || self.value(Feature::Lei) >= 2
    }

    /// Whether an official identifier, the domain or the phone line agrees.
    fn is_tied(&self) -> bool {
        self.is_identified() || self.value(Feature::Domain) == 5 || self.value(Feature::Phone) >= 3
    }

    /// Whether the postal code, the town or the street agrees.
    fn is_placed(&self) -> bool {
        self.value(Feature::Zip) >= 5
            || self.value(Feature::City) >= 2
            || self.value(Feature::Street) >= 5
    }

    /// The countries differ. National companies of a group share the name and often the domain.
    fn is_abroad(&self) -> bool {
        self.value(Feature::Country) == 0
            && !self.is_identified()
            && self.value(Feature::Phone) < 4
            && !(self.value(Feature::Domain) == 5 && self.is_placed())
    }

    /// The places differ: the town, or the region of the postal code.
    fn is_elsewhere(&self) -> bool {
        let (zip, city) = (self.value(Feature::Zip), self.value(Feature::City));
        // A district or a neighbouring town may have another name, but not another region.
        let is_far = match (city, zip) {
            (0, zip) => zip < 4,
            (1, zip) => matches!(zip, 0 | 2 | 3),
            (_, zip) => matches!(zip, 0 | 2),
        };
        is_far && !self.is_tied()
    }

    /// The numbers in the names differ. Funds, projects and branches are numbered, and share domain,
    /// phone and address.
    fn has_another_number(&self) -> bool {
        let (mine, theirs) = generic::numbers_apart(&self.record.name, &self.candidate.name);
        match (mine, theirs) {
            (false, false) => false,
            (true, true) => !self.is_identified(),
            _ => !self.is_tied(),
        }
    }

    /// One name has a word that makes another member of a group: a role, a country, a line of
    /// business. Members share domain and address, so a record that gives a legal form, and hence the
    /// whole name, means the one that it names. So does a record that names a role.
    fn is_another_member(&self) -> bool {
        if self.is_identified() {
            return false;
        }
        let is_whole = !self.record.forms.is_empty();
        let at_home = self.value(Feature::Country) != 0 && self.is_placed();
        match generic::member_apart(&self.record.name, &self.candidate.name) {
            Some(Member::Role) => {
                let is_named = generic::has_another_role(&self.record.name, &self.candidate.name);
                is_whole || is_named || !self.is_tied()
            }
            Some(Member::Country) => {
                !at_home || is_whole && self.value(Feature::Form) < 2 && !self.is_at_the_door()
            }
            Some(Member::Business) => is_whole && !self.is_at_the_door(),
            None => false,
        }
    }

    /// Whether the phone line or the street agrees.
    fn is_at_the_door(&self) -> bool {
        self.value(Feature::Phone) >= 4 || self.value(Feature::Street) >= 5
    }

    /// Many companies have the name, and it is not the same house.
    fn is_one_of_many(&self) -> bool {
        if self.is_tied() || !generic::is_generic(&self.record.name, self.towns()) {
            return false;
        }
        let (zip, street) = (self.value(Feature::Zip), self.value(Feature::Street));
        let against = matches!(self.value(Feature::Phone), 0 | 2)
            || matches!(street, 0 | 2)
            || self.value(Feature::Domain) == 0;
        let here = zip == 6 || zip == 1 && self.value(Feature::City) == 3;
        street < 5 && (against || !here)
    }

    /// Nothing but the name agrees, and it is not a rare one or not quite the same.
    fn is_a_common_name_alone(&self) -> bool {
        let is_alone = !self.is_tied() && !self.is_placed() && self.value(Feature::Zip) < 4;
        let is_rare = || generic::is_rare(&self.record.name, self.towns());
        is_alone && !(self.is_namesake() && is_rare())
    }

    /// Whether the names are nearly the same.
    fn is_namesake(&self) -> bool {
        let shares = [Feature::MyShare, Feature::TheirShare].map(|share| self.value(share));
        self.value(Feature::Whole) >= 190 || shares.into_iter().all(|share| share >= 190)
    }

    /// The names have nothing in common, and several companies have the domain, as in a group or a
    /// university, or only the address agrees, as of companies in one house.
    fn is_a_stranger(&self) -> bool {
        let shares = [Feature::MyShare, Feature::TheirShare].map(|share| self.value(share));
        let is_unlike = self.value(Feature::MyWords) > 0
            && self.value(Feature::Whole) < 100
            && shares.into_iter().all(|share| share < 100)
            && self.value(Feature::Initials) == 0
            && self.value(Feature::NameInDomain) < 16;
        let is_in_a_group = self.others_domain() == 5 && !self.is_at_the_door();
        let is_in_the_house = self.value(Feature::Domain) < 5 && self.value(Feature::Phone) < 4;
        is_unlike && !self.is_identified() && (is_in_a_group || is_in_the_house)
    }

    /// Two short names that differ by a letter: abbreviations are not slips of each other.
    fn is_another_abbreviation(&self) -> bool {
        self.value(Feature::Slipped) > 0
            && !self.is_tied()
            && self.value(Feature::Street) < 5
            && generic::has_another_short_word(
                &self.record.name,
                &self.candidate.name,
                self.towns(),
            )
    }

    fn towns(&self) -> [&str; 2] {
        [&self.record.city, &self.candidate.city].map(|city| city.as_deref().unwrap_or_default())
    }
}
