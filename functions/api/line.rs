//! The one line that the log has of each request: codes, ids and counts, nothing that was sent.

use std::collections::BTreeMap;

use domain::seal::{CallerKey, KeyedHash};

use super::{
    caller::Caller,
    http::{self, Answered, Reply, Response},
};
use crate::{alarm, clock::Stopwatch, problem::Problem};

/// What the line says of a request beside how it ended.
pub(super) struct Line {
    /// The request's id.
    pub(super) id: String,
    /// The route's operation.
    pub(super) operation: &'static str,
    /// The requests to AWS, by service and operation.
    pub(super) requests: BTreeMap<String, u64>,
    caller: Option<(String, KeyedHash)>,
    began: Stopwatch,
}

impl Line {
    /// Begins a line, and measures the time from now on.
    pub(super) fn begin(id: String) -> Self {
        Self {
            id,
            operation: "unknown",
            requests: BTreeMap::new(),
            caller: None,
            began: Stopwatch::begin(),
        }
    }

    /// Adds the caller: the tenant in clear, the user as a hash.
    pub(super) fn name(&mut self, caller: &Caller, key: &CallerKey) {
        let user = key.hash(&caller.tenant, &caller.user);
        self.caller = Some((caller.tenant.to_string(), user));
    }

    /// Writes the line, and makes the response.
    pub(super) fn finish(self, answered: Answered) -> Response {
        match answered.and_then(Reply::bounded) {
            Ok(reply) => {
                let response = http::reply(reply, &self.id);
                let tenant = self.caller.as_ref().map(|(tenant, _)| tenant.as_str());
                let user = self.caller.as_ref().map(|(_, user)| user.to_string());
                tracing::info!(
                    operation = self.operation,
                    tenant,
                    user,
                    status = response.status_code,
                    ms = self.began.millis(),
                    requests = ?self.requests,
                    "the request was answered"
                );
                response
            }
            Err(problem) => {
                self.log(&problem);
                http::problem(&problem, &self.id)
            }
        }
    }

    fn log(&self, problem: &Problem) {
        let operation = self.operation;
        let tenant = self.caller.as_ref().map(|(tenant, _)| tenant.as_str());
        let user = self.caller.as_ref().map(|(_, user)| user.to_string());
        let (status, ms, requests) = (problem.status, self.began.millis(), &self.requests);
        let kind = problem.name();
        let cause = problem.cause.as_ref();
        let code = cause.map_or_else(|| kind.to_owned(), |fault| fault.code().to_string());
        let field = cause.and_then(|fault| fault.field());
        let detail = cause.and_then(|fault| fault.detail());
        if status >= 500 {
            let alarm = cause.and_then(alarm::ring);
            tracing::error!(
                operation,
                tenant,
                user,
                status,
                problem = kind,
                code,
                field,
                detail,
                ms,
                ?requests,
                alarm,
                "the request failed"
            );
        } else {
            tracing::info!(
                operation,
                tenant,
                user,
                status,
                problem = kind,
                code,
                field,
                detail,
                ms,
                ?requests,
                "the request was refused"
            );
        }
    }
}
