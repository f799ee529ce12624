//! Why a control request was refused.

/// A control request that was refused, as its answer says it.
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refused {
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code: "BAD_CONTROL_REQUEST".to_owned(),
            message: message.into(),
        }
    }

    pub(super) fn no_such(operation: &str) -> Self {
        Self {
            status: 404,
            code: "NO_SUCH_OPERATION".to_owned(),
            message: format!("no control operation {operation}"),
        }
    }
}
