//! The table of all routes.
//!
//! # To add a route
//!
//! 1. A row in [`ROUTES`], and its handler in `functions/api/<subject>.rs` (declared in `functions/api/mod.rs`): read the request,
//!    call a use case of `domain`, translate the result. A route that changes something is a row of `changes`. Its handler calls
//!    `call.note()` after everything that it refuses unasked and before it changes anything, and returns what it got: without an
//!    entry in the audit it does not compile. A method other than GET that only reads joins the list in `functions/api/tests/audited.rs`.
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
    Call, assessments, audit,
    caller::Needs,
    companies, connections, create, database, exports, facts, heads, health, held,
    http::{Answered, Changed},
    integrations, objections, preflight, records, relations, removal,
    request::Request,
    runs, settings, subjects, tenants,
};
use crate::{problem::Problem, settings as set};

/// A route's handler.
#[derive(Clone, Copy)]
pub enum Handler {
    /// Answers a call of a known caller, with the ports at hand, and changes nothing that the caller could see.
    Read(for<'a> fn(&'a Call<'a>) -> BoxFuture<'a, Answered>),
    /// Changes something for a known caller. It answers with the proof that the audit has an entry of the request.
    Change(for<'a> fn(&'a Call<'a>) -> BoxFuture<'a, Changed>),
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

/// Makes a row. `reads` takes a handler that is an `async fn(&Call<'_>) -> Answered`, and `changes` one that returns
/// [`Changed`]. The parameters of its query come last.
macro_rules! route {
    ($does:ident $method:ident $path:literal, $operation:literal, $needs:ident, $handler:path) => {
        route!($does $method $path, $operation, $needs, $handler, [])
    };
    ($does:ident $method:ident $path:literal, $operation:literal, $needs:ident, $handler:path, $query:expr) => {
        Route {
            method: stringify!($method),
            path: $path,
            operation: $operation,
            needs: Needs::$needs,
            query: &$query,
            handler: route!(@ $does |call| $handler(call).boxed()),
        }
    };
    (@ reads $handler:expr) => { Handler::Read($handler) };
    (@ changes $handler:expr) => { Handler::Change($handler) };
}

/// All routes. The operator's come last: the gateway lets nobody in whom IAM does not allow it, and their path names the tenant.
#[rustfmt::skip] // one row per line
pub const ROUTES: &[Route] = &[
    Route { method: "GET", path: "/health", operation: "getHealth", needs: Needs::Nothing, query: &[], handler: Handler::Open(health::show) },

    route!(reads GET "/v1/integrations", "listIntegrations", Read, integrations::list, ["cursor"]),
    route!(reads GET "/v1/integrations/{integration}", "getIntegration", Read, integrations::show),
    route!(changes POST "/v1/integrations/{integration}/connection", "beginConnection", Admin, connections::begin),
    route!(changes POST "/v1/connections", "completeConnection", Admin, connections::complete),
    route!(reads GET "/v1/integrations/{integration}/settings", "getSettings", Read, settings::show),
    route!(changes PUT "/v1/integrations/{integration}/settings", "putSettings", Admin, settings::put),
    route!(reads GET "/v1/integrations/{integration}/preflight", "getPreflight", Admin, preflight::show),
    route!(reads GET "/v1/integrations/{integration}/fields", "listFields", Read, preflight::fields, ["object"]),
    route!(changes POST "/v1/integrations/{integration}/runs", "beginRun", Write, runs::begin),
    route!(reads GET "/v1/integrations/{integration}/runs", "listRuns", Read, runs::list, ["limit", "cursor"]),
    route!(reads GET "/v1/integrations/{integration}/runs/{run}", "getRun", Read, runs::show),

    route!(reads GET "/v1/integrations/{integration}/held", "getHeldDeletions", Admin, held::show),
    route!(changes POST "/v1/integrations/{integration}/held", "decideHeldDeletions", Admin, held::decide),

    route!(changes POST "/v1/integrations/{integration}/exports", "beginExport", Admin, exports::begin),
    route!(reads GET "/v1/integrations/{integration}/exports/{export}", "getExport", Admin, exports::show),
    route!(changes DELETE "/v1/integrations/{integration}", "removeIntegration", Admin, removal::begin),
    route!(reads GET "/v1/integrations/{integration}/removal", "getRemoval", Read, removal::show),
    route!(reads GET "/v1/integrations/{integration}/receipt", "getReceipt", Read, removal::receipt),
    route!(reads GET "/v1/audit", "listAudit", Admin, audit::list, ["day", "what", "limit", "cursor"]),
    route!(reads GET "/v1/receipts", "listReceipts", Read, removal::receipts, ["cursor"]),
    route!(reads GET "/v1/receipt-key", "getReceiptKey", Read, removal::key),

    route!(changes POST "/v1/assessments", "createAssessment", Write, assessments::create),
    route!(reads POST "/v1/assessments/search", "findAssessments", Read, assessments::search),
    route!(reads GET "/v1/assessments/{number}", "getAssessment", Read, assessments::show),
    route!(reads GET "/v1/assessment-chain", "verifyAssessments", Read, assessments::verify, ["number", "hash"]),
    route!(reads GET "/v1/register-heads", "getRegisterHeads", Admin, heads::show, ["assessments", "changes"]),
    route!(reads GET "/v1/heads-key", "getHeadsKey", Read, heads::key),
    route!(changes POST "/v1/templates", "putTemplate", Write, assessments::put_template),
    route!(reads GET "/v1/templates", "listTemplates", Read, assessments::templates, ["cursor"]),
    route!(changes POST "/v1/objections", "recordObjection", Write, objections::record),
    route!(changes POST "/v1/objections/withdrawal", "withdrawObjection", Write, objections::withdraw),
    route!(reads POST "/v1/objections/check", "checkObjections", Read, objections::check),
    route!(changes POST "/v1/integrations/{integration}/creations", "createRecord", Write, create::one),
    route!(reads GET "/v1/integrations/{integration}/creations", "getCreation", Read, create::outcome),
    route!(changes POST "/v1/integrations/{integration}/creations/batch", "createBatch", Write, create::batch),
    route!(reads POST "/v1/integrations/{integration}/creations/preview", "previewCreation", Write, create::preview),

    route!(reads POST "/v1/companies/search", "findCompanies", Read, database::find),
    route!(reads POST "/v1/integrations/{integration}/companies/status", "getCompaniesStatus", Read, companies::status),
    route!(reads GET "/v1/integrations/{integration}/companies", "getCompany", Read, companies::picture, ["company"]),
    route!(reads GET "/v1/integrations/{integration}/records", "listRecords", Read, records::list, ["object", "parent", "parentObject", "company", "status", "open", "owner", "since", "limit", "cursor"]),
    route!(reads POST "/v1/integrations/{integration}/records/search", "searchRecords", Read, records::search),
    route!(reads GET "/v1/integrations/{integration}/records/{object}/{record}", "getRecord", Read, records::show),
    route!(reads GET "/v1/integrations/{integration}/relations/suggested", "listSuggested", Read, relations::suggested, ["limit", "cursor"]),
    route!(changes POST "/v1/integrations/{integration}/relations", "decideRelation", Write, relations::decide),
    route!(reads POST "/v1/subjects/search", "searchSubject", Admin, subjects::search),
    route!(changes POST "/v1/subjects/erasures", "eraseSubject", Admin, subjects::erase),
    route!(changes POST "/v1/subjects/erasures/lift", "liftErasure", Admin, subjects::lift),
    route!(reads GET "/v1/facts/processing", "getProcessing", Read, facts::processing),
    route!(reads GET "/v1/facts/controller", "getController", Read, facts::controller),
    route!(changes PUT "/v1/facts/controller", "putController", Admin, facts::put_controller),
    route!(reads GET "/v1/facts/subprocessors", "getSubprocessors", Read, facts::subprocessors),
    route!(reads GET "/v1/facts/retention", "getRetention", Read, facts::retention),

    route!(changes POST "/operator/tenants/{tenant}/offboarding", "endTenant", Operator, tenants::end),
    route!(reads GET "/operator/tenants/{tenant}/offboarding", "getTenantEnd", Operator, tenants::show),
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
