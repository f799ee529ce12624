//! Shows the copy: which companies are in the CRM, everything about one company, and records by object, by e-mail address, by
//! domain.
//!
//! Everything begins with a [`View`]: an integration that may be shown, and its keys. Each response says when its data was last
//! confirmed ([`Freshness`]): the time up to which the object's last run with the verdict VERIFIED had read the CRM.
//!
//! | file | what |
//! | --- | --- |
//! | [`status()`] | the CRM status of up to 100 companies in three round trips |
//! | [`company()`] | everything about one company |
//! | [`list()`] | records by object and filter, in pages; by e-mail address and by domain |
//! | [`record()`] | one record |

mod company;
mod filter;
mod list;
mod record;
mod status;
mod step;

pub use self::{
    company::{Picture, company},
    filter::{Filter, MAX_PAGE},
    list::{Listed, list},
    record::{Detail, record},
    status::{CompanyStatus, InCrm, MAX_COMPANIES, RelatedRecord, status},
};
pub use crate::view::{
    Budget, Freshness, MAX_ANSWER, ObjectFreshness, Shown, ShownRelation, View, weight,
};
