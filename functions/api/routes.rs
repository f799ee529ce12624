//! The table of all routes.
//!
//! # To add a route
//!
//! 1. A row in [`ROUTES`], and its handler in `functions/api/<subject>.rs` (declared in `functions/api/mod.rs`): read the request,
//!    call a use case of `domain`, translate the result.
//! 2. Its operation in `infra/openapi.yaml` under the same operation id, with the responses that every such route has
//!    (`tests/template/test_contract.py` lists them). Tests compare the table with the contract, and try every row with every kind of
//!    caller. A header that the route reads joins `AllowHeaders` in `template.yaml`, and one that it answers `ExposeHeaders`.
//! 3. What it refuses: `functions/api/tests/refusals.rs`. That list is by hand, as is that of callers in
//!    `functions/api/tests/callers.rs`.
//! 4. If it needs a new right at AWS: the role `ApiRole` in `template.yaml`, and `MAY` in `tests/template/test_privileges.py`.
//!    Both state it on purpose: a role that is widened by mistake fails. A house test has to use the right.
//! 5. A new use case joins `domain/src/ports/needs.rs` and the map in ARCHITECTURE.md. No test finds: `infra/docs/integrate.md` and
//!    `CHANGELOG.md`.

use futures::future::{BoxFuture, FutureExt};

use super::{
    Call, assessments, caller::Needs, companies, connections, create, exports, facts, health, held,
    http::Answered, integrations, objections, preflight, records, relations, removal,
    request::Request, runs, settings, subjects,
};
use crate::{problem::Problem, settings as set};

/// A route's handler.
#[derive(Clone, Copy)]
pub enum Handler {
    /// Answers a call of a known caller, with the ports at hand.
    Call(for<'a> fn(&'a Call<'a>) -> BoxFuture<'a, Answered>),
    /// Answers a request of any caller, without any ports.
    Open(fn(&set::Api) -> Answered),
}

/// A row of the table.
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path. `{name}` stands for one part, which the handler reads with [`Request::param`].
    pub path: &'static str,
    /// The operation's id in the contract.
    pub operation: &'static str,
    /// The scope that the caller needs.
    pub needs: Needs,
    /// The parameters that its query may have. Any other is refused before any work.
    pub query: &'static [&'static str],
    /// The handler.
    pub handler: Handler,
}

/// Makes a row. The handler is an `async fn(&Call<'_>) -> Answered`. The parameters of its query come last.
macro_rules! route {
    ($method:ident $path:literal, $operation:literal, $needs:ident, $handler:path) => {
        route!($method $path, $operation, $needs, $handler, [])
    };
    ($method:ident $path:literal, $operation:literal, $needs:ident, $handler:path, $query:expr) => {
        Route {
            method: stringify!($method),
            path: $path,
            operation: $operation,
            needs: Needs::$needs,
            query: &$query,
            handler: Handler::Call(|call| $handler(call).boxed()),
        }
    };
}

/// All routes.
#[rustfmt::skip] // one row per line
pub const ROUTES: &[Route] = &[
    Route { method: "GET", path: "/health", operation: "getHealth", needs: Needs::Nothing, query: &[], handler: Handler::Open(health::show) },

    route!(GET "/v1/integrations", "listIntegrations", Read, integrations::list, ["cursor"]),
    route!(GET "/v1/integrations/{integration}", "getIntegration", Read, integrations::show),
    route!(POST "/v1/integrations/{integration}/connection", "beginConnection", Admin, connections::begin),
    route!(POST "/v1/connections", "completeConnection", Admin, connections::complete),
    route!(GET "/v1/integrations/{integration}/settings", "getSettings", Read, settings::show),
    route!(PUT "/v1/integrations/{integration}/settings", "putSettings", Admin, settings::put),
    route!(GET "/v1/integrations/{integration}/preflight", "getPreflight", Admin, preflight::show),
    route!(POST "/v1/integrations/{integration}/runs", "beginRun", Write, runs::begin),
    route!(GET "/v1/integrations/{integration}/runs", "listRuns", Read, runs::list, ["limit", "cursor"]),
    route!(GET "/v1/integrations/{integration}/runs/{run}", "getRun", Read, runs::show),

    route!(GET "/v1/integrations/{integration}/held", "getHeldDeletions", Admin, held::show),
    route!(POST "/v1/integrations/{integration}/held", "decideHeldDeletions", Admin, held::decide),

    route!(POST "/v1/integrations/{integration}/exports", "beginExport", Admin, exports::begin),
    route!(GET "/v1/integrations/{integration}/exports/{export}", "getExport", Admin, exports::show),
    route!(DELETE "/v1/integrations/{integration}", "removeIntegration", Admin, removal::begin),
    route!(GET "/v1/integrations/{integration}/removal", "getRemoval", Read, removal::show),
    route!(GET "/v1/integrations/{integration}/receipt", "getReceipt", Read, removal::receipt),
    route!(GET "/v1/receipts", "listReceipts", Read, removal::receipts, ["cursor"]),
    route!(GET "/v1/receipt-key", "getReceiptKey", Read, removal::key),

    route!(POST "/v1/assessments", "createAssessment", Write, assessments::create),
    route!(POST "/v1/assessments/search", "findAssessments", Read, assessments::search),
    route!(GET "/v1/assessments/{number}", "getAssessment", Read, assessments::show),
    route!(GET "/v1/assessment-chain", "verifyAssessments", Read, assessments::verify, ["number", "hash"]),
    route!(POST "/v1/templates", "putTemplate", Write, assessments::put_template),
    route!(GET "/v1/templates", "listTemplates", Read, assessments::templates, ["cursor"]),
    route!(POST "/v1/objections", "recordObjection", Write, objections::record),
    route!(POST "/v1/objections/withdrawal", "withdrawObjection", Write, objections::withdraw),
    route!(POST "/v1/objections/check", "checkObjections", Read, objections::check),
    route!(POST "/v1/integrations/{integration}/creations", "createRecord", Write, create::one),
    route!(GET "/v1/integrations/{integration}/creations", "getCreation", Read, create::outcome),
    route!(POST "/v1/integrations/{integration}/creations/batch", "createBatch", Write, create::batch),
    route!(POST "/v1/integrations/{integration}/creations/preview", "previewCreation", Write, create::preview),

    route!(POST "/v1/integrations/{integration}/companies/status", "getCompaniesStatus", Read, companies::status),
    route!(GET "/v1/integrations/{integration}/companies", "getCompany", Read, companies::picture, ["company"]),
    route!(GET "/v1/integrations/{integration}/records", "listRecords", Read, records::list, ["object", "parent", "parentObject", "company", "status", "open", "owner", "since", "limit", "cursor"]),
    route!(POST "/v1/integrations/{integration}/records/search", "searchRecords", Read, records::search),
    route!(GET "/v1/integrations/{integration}/records/{object}/{record}", "getRecord", Read, records::show),
    route!(GET "/v1/integrations/{integration}/relations/suggested", "listSuggested", Read, relations::suggested, ["limit", "cursor"]),
    route!(POST "/v1/integrations/{integration}/relations", "decideRelation", Write, relations::decide),
    route!(POST "/v1/subjects/search", "searchSubject", Admin, subjects::search),
    route!(POST "/v1/subjects/erasures", "eraseSubject", Admin, subjects::erase),
    route!(POST "/v1/subjects/erasures/lift", "liftErasure", Admin, subjects::lift),
    route!(GET "/v1/facts/processing", "getProcessing", Read, facts::processing),
    route!(GET "/v1/facts/controller", "getController", Read, facts::controller),
    route!(PUT "/v1/facts/controller", "putController", Admin, facts::put_controller),
    route!(GET "/v1/facts/subprocessors", "getSubprocessors", Read, facts::subprocessors),
    route!(GET "/v1/facts/retention", "getRetention", Read, facts::retention),
];

/// Returns the route of a request, and lets the request keep the values of its path.
///
/// # Errors
/// Returns 404 for an unknown path, and 405 for a method that the path does not support.
pub(super) fn find(request: &mut Request) -> Result<&'static Route, Problem> {
    let mut allowed = Vec::new();
    for route in ROUTES {
        if request.is_at(route.path) {
            if request.method == route.method {
                return Ok(route);
            }
            allowed.push(route.method);
        }
    }
    Err(if allowed.is_empty() {
        Problem::not_found()
    } else {
        Problem::method_not_allowed(&allowed.join(", "))
    })
}
