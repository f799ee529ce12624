//! Faults that prevent a request from being handled, in Salesforce's form.

use super::call::{Answer, json, set};
pub(super) use crate::kit::damage::finish;
use crate::kit::damage::odd;
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::Fault;

/// Returns the answer of a fault that prevents the request from being handled.
pub(super) fn instead(fault: &Fault) -> Option<Answer> {
    let Fault::Error {
        status,
        code,
        message,
        retry_after,
    } = fault
    else {
        return odd(fault);
    };
    let mut answer = json(
        *status,
        &Refusal::new(*status, code, message.clone()).body(),
    );
    if let Some(seconds) = retry_after {
        set(&mut answer, "retry-after", &seconds.to_string());
    }
    Some(answer)
}
