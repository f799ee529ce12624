//! Salesforce's faults and refusals by their codes.

use domain::{
    fault::{CrmCode, Fault},
    integration::Provider,
};

use super::super::super::client::refusal::Refusal;

pub(super) fn fault_of(code: CrmCode) -> Fault {
    Fault::crm(Provider::Salesforce.name(), code)
}

pub(super) fn refusal_of(code: CrmCode) -> Refusal {
    Refusal::of(fault_of(code))
}
