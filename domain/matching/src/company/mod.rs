//! A company of the vendor's database, as the vendor wrote it.

mod column;
mod entry;
mod id;

pub use column::Column;
pub use entry::Company;
pub use id::{CompanyId, CompanyIdError, MAX_COMPANY_ID};
