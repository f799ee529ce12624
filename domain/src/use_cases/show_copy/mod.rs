//! Shows the copy: which companies are in the CRM, what there is of one, records by object, by e-mail, by domain.
//!
//! Everything begins with a [`View`]: an integration that may be shown, and its keys. What is answered says when it was last
//! confirmed ([`Freshness`]): the moment up to which the last run of the object that came to VERIFIED had read the CRM.
//!
//! | file | what |
//! | --- | --- |
//! | [`status()`] | the CRM status of up to 100 companies in three round trips |
//! | [`company()`] | all there is of one company |
//! | [`list()`] | records by object and filter, a page at a time; e-mail and domain |
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
    status::{CompanyStatus, InCrm, MAX_COMPANIES, status},
};
pub use crate::view::{
    Budget, Freshness, MAX_ANSWER, ObjectFreshness, Shown, ShownRelation, View, weight,
};
