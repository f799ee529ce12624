//! Shows the copy: which companies are in the CRM, what there is of one, records by object, by e-mail, by domain.
//!
//! Everything begins with a [`View`]: an integration that may be shown, and its keys. What it answers says when it was last
//! confirmed ([`Freshness`]): the end of the last run of the object that came to VERIFIED.
//!
//! | file | what |
//! | --- | --- |
//! | [`view`] | an integration, opened for reading; bodies and relations |
//! | [`status`] | the CRM status of up to 100 companies in three round trips |
//! | [`company`] | all there is of one company |
//! | [`list`] | records by object and filter, a page at a time; e-mail and domain |
//! | [`record`] | one record |
//! | [`cursor`] | the mark of a page that comes next |

mod company;
mod cursor;
mod list;
mod record;
mod status;
mod view;

pub use self::{
    company::{Picture, company},
    list::{Filter, Listed, MAX_PAGE, list},
    record::{Detail, record},
    status::{CompanyStatus, InCrm, MAX_COMPANIES, status},
    view::{Fresh, Freshness, Shown, ShownRelation, View},
};
