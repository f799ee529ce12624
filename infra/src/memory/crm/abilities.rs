//! What the CRM can, and how it counts.

use domain::{
    ports::{
        Abilities, Count, Counting, Creating, Deletions, Granting, Parents, ReadingOf, Recognising,
        Resuming,
    },
    record::Object,
};
use jiff::SignedDuration;

use super::{Pages, org::Org};

impl Org {
    /// Returns the CRM's abilities.
    pub(super) fn abilities(&self) -> Abilities {
        let is_tracked = self.pages == Pages::Tracked;
        let reading = ReadingOf {
            lag: SignedDuration::from_mins(5),
            resuming: match is_tracked {
                true => Resuming::ByToken,
                false => Resuming::ByTime,
            },
            deletions: self.deletions.unwrap_or(match is_tracked {
                true => Deletions::AmongChanges,
                false => Deletions::ListedForGood,
            }),
            counting: self.counting,
            names_survivors: true,
            per_request: 2,
            parents: match &self.associations {
                None => Parents::InRecord,
                Some(associations) => Parents::Associated {
                    at_most: associations.at_most,
                },
            },
        };
        let of_lag = |(object, lag): (&Object, &SignedDuration)| {
            let own = ReadingOf {
                lag: *lag,
                ..reading.clone()
            };
            (*object, own)
        };
        Abilities {
            exceptions: self.lags.iter().map(of_lag).collect(),
            reading,
            grants: Granting {
                pkce: false,
                expiring: true,
                shared: self.shares_grants,
            },
            creating: Creating {
                creates: true,
                rehearsing: self.rehearsing,
                recognising: match self.chooses_ids {
                    true => Recognising::ByChosenId,
                    false => Recognising::ByContent,
                },
                judges_duplicates: self.judges_duplicates,
                names_duplicates: self.judges_duplicates,
                saves_duplicates: self.judges_duplicates,
                account_links: match self.links_accounts {
                    true => vec![(Object::Opportunity, true), (Object::Contact, false)],
                    false => Vec::new(),
                },
                basis: self.basis_place,
                nested: self.nested,
            },
        }
    }

    /// Returns the number of records, as far as the CRM tells it.
    pub(super) fn count(&self, object: Object) -> Count {
        let n = self.live(object).count() as u64;
        match self.counting {
            Counting::Exact => Count::Exact(n),
            Counting::UpTo(most) if n <= most => Count::Exact(n),
            Counting::UpTo(most) => Count::MoreThan(most),
            Counting::Late => Count::AsOf(n, self.clock),
            Counting::ByIds => Count::Unknown,
        }
    }
}
