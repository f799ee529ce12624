//! Creating records in the CRM: one, a batch, a preview, and what became of a request.

use domain::{
    create::{self, Answer, CreateContext, CreateOutcome, Preview, Request, Wanted},
    fault::{Code, Fault},
    grant,
    integration::{Integration, Status},
    legal::assessment::Purpose,
    order::Order,
    ports::{Draft, Fields, MAX_BATCH},
    record::Object,
};
use futures::try_join;
use matching::CompanyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Call, Reply, fields, http::Answered};
use crate::problem::{Problem, types};

/// The header of a request's key.
const KEY: &str = "Idempotency-Key";
/// The longest key, in characters.
const LONGEST_KEY: usize = 255;
/// When to ask again about what is not known yet, in seconds.
const ASK_AGAIN: u64 = 30;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct One {
    object: Object,
    #[serde(default, deserialize_with = "fields::read")]
    fields: Fields,
    #[serde(default)]
    company: Option<CompanyId>,
    #[serde(default)]
    purpose: Option<Purpose>,
    #[serde(default)]
    allow_duplicate: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Many {
    records: Vec<Item>,
    #[serde(default)]
    allow_duplicate: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    object: Object,
    #[serde(default, deserialize_with = "fields::read")]
    fields: Fields,
    #[serde(default)]
    company: Option<CompanyId>,
    #[serde(default)]
    purpose: Option<Purpose>,
}

/// Written as text at once: a tree of values would cost numbers their digits.
#[derive(Serialize)]
struct Previews {
    records: Vec<Preview>,
}

impl Many {
    /// Reads it, and holds it to its bounds before any work.
    fn of(call: &Call<'_>) -> Result<Self, Problem> {
        let many: Self = call.request.json()?;
        if (1..=MAX_BATCH).contains(&many.records.len()) {
            return Ok(many);
        }
        Err(Problem::invalid(format!("1 to {MAX_BATCH} records")).with_field("/records"))
    }

    fn request(self) -> Request {
        let wanted = |item: Item| Wanted {
            draft: Draft {
                object: item.object,
                fields: item.fields,
            },
            purpose: item.purpose,
            company: item.company,
        };
        Request {
            items: self.records.into_iter().map(wanted).collect(),
            allow_duplicate: self.allow_duplicate,
        }
    }
}

/// `POST /v1/integrations/{integration}/creations`.
pub(super) async fn one(call: &Call<'_>) -> Answered {
    let key = call.request.required_header(KEY, LONGEST_KEY)?;
    let one: One = call.request.json()?;
    let item = Item {
        object: one.object,
        fields: one.fields,
        company: one.company,
        purpose: one.purpose,
    };
    let many = Many {
        records: vec![item],
        allow_duplicate: one.allow_duplicate,
    };
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context(call, &integration, &clock).await?;
    let answer = made(&context, key, &many.request()).await?;
    tell(call, &context, key, answer.orders).await;
    match answer.items.into_iter().next() {
        Some(outcome @ CreateOutcome::Created { .. }) => Reply::of(201, outcome),
        Some(outcome @ CreateOutcome::Unknown) => Reply::of(202, outcome),
        Some(outcome) => Err(refusal(&outcome)),
        None => Err(Problem::internal()),
    }
}

/// `POST /v1/integrations/{integration}/creations/batch`.
pub(super) async fn batch(call: &Call<'_>) -> Answered {
    let key = call.request.required_header(KEY, LONGEST_KEY)?;
    let many = Many::of(call)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context(call, &integration, &clock).await?;
    let answer = made(&context, key, &many.request()).await?;
    tell(call, &context, key, answer.orders).await;
    Reply::ok(json!({ "records": answer.items }))
}

/// `POST /v1/integrations/{integration}/creations/preview`.
pub(super) async fn preview(call: &Call<'_>) -> Answered {
    let many = Many::of(call)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context(call, &integration, &clock).await?;
    let previews = create::preview(&context, &many.request()).await?;
    Reply::ok(Previews { records: previews })
}

/// `GET /v1/integrations/{integration}/creations`: by the key that the request had.
pub(super) async fn outcome(call: &Call<'_>) -> Answered {
    let key = call.request.required_header(KEY, LONGEST_KEY)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context(call, &integration, &clock).await?;
    let answer = create::outcome(&context, key).await?;
    let answer = answer.ok_or_else(Problem::not_found)?;
    tell(call, &context, key, answer.orders).await;
    Reply::ok(json!({ "records": answer.items }))
}

/// Puts what was made on the bus, and notes that it is there. What is not noted is said again to whoever asks with this key.
async fn tell(call: &Call<'_>, context: &CreateContext<'_>, key: &str, orders: Vec<Order>) {
    if orders.is_empty() {
        return;
    }
    let told = async {
        call.send(orders).await?;
        create::told(context, key).await
    };
    if let Err(fault) = told.await {
        tracing::warn!(
            code = %fault.code(),
            "an event waits for the next question under its key, or comes twice"
        );
    }
}

/// Creates; a key that another request had is named.
async fn made(
    context: &CreateContext<'_>,
    key: &str,
    request: &Request,
) -> Result<Answer, Problem> {
    create::create(context, key, request)
        .await
        .map_err(|fault| {
            let is_key = *fault.code() == Code::CreateKeyReused;
            let problem = Problem::from(fault);
            if is_key {
                problem.with_parameter(KEY)
            } else {
                problem
            }
        })
}

async fn connected(call: &Call<'_>) -> Result<Integration, Problem> {
    let which = call.request.which(&call.caller.tenant)?;
    let integration = call.world.ports.store.integration(&which).await?;
    let integration = integration.ok_or_else(|| Fault::of(Code::IntegrationUnknown))?;
    match integration.status {
        Status::Connected => Ok(integration),
        Status::NeedsReconnect => Err(Fault::of(Code::IntegrationNeedsReconnect).into()),
        Status::Removing => Err(Fault::of(Code::IntegrationRemoving).into()),
        Status::Removed => Err(Fault::of(Code::IntegrationRemoved).into()),
    }
}

async fn context<'a>(
    call: &'a Call<'_>,
    integration: &'a Integration,
    clock: &'a (dyn Fn() -> jiff::Timestamp + Send + Sync),
) -> Result<CreateContext<'a>, Problem> {
    let ports = &call.world.ports;
    let holder = (call.world.holder)();
    let tenant = &call.caller.tenant;
    // Where the tenant's keys are lost, nobody's objection is found: nothing is created, whomever it names.
    let ((crm, keys), _) = try_join!(
        grant::open(
            ports.store.clone(),
            &*ports.keys,
            &*ports.crm,
            integration,
            &holder
        ),
        ports.keys.tenant_if_made(tenant),
    )?;
    Ok(CreateContext {
        store: &*ports.store,
        keyring: &*ports.keys,
        companies: &*ports.companies,
        integration,
        crm,
        keys,
        by: call.caller.user.clone(),
        holder,
        deadline: call.deadline,
        clock,
    })
}

/// Names the first field that is meant; all of them are in the outcome.
fn of_field(problem: Problem, name: Option<&String>) -> Problem {
    match name {
        // As a part of a JSON pointer.
        Some(name) => {
            let part = name.replace('~', "~0").replace('/', "~1");
            problem.with_field(format!("/fields/{part}"))
        }
        None => problem,
    }
}

/// Why one record was not created. What became of it goes along: the caller can do something about most of it.
fn refusal(outcome: &CreateOutcome) -> Problem {
    let mut problem = match outcome {
        CreateOutcome::NotCleared { missing } => {
            let names: Vec<&str> = missing.iter().map(|one| one.name()).collect();
            Problem::of(types::NOT_CLEARED).with_detail(format!("missing: {}", names.join(", ")))
        }
        CreateOutcome::Duplicate { .. } => Problem::of(types::DUPLICATE),
        CreateOutcome::UnknownCompany { .. } => {
            Problem::of(types::UNKNOWN_COMPANY).with_field("/company")
        }
        CreateOutcome::Unfit { missing, refused } => {
            let problem = Problem::of(types::UNFIT);
            let first = refused.first().map(|one| &one.field);
            of_field(problem, first.or(missing.first()))
        }
        CreateOutcome::Refused { code, fields } => {
            let problem = Problem::of(types::REFUSED_BY_CRM).with_detail(code.clone());
            of_field(problem, fields.first())
        }
        CreateOutcome::NotSent { code } => {
            let mut problem = Problem::of(types::NOT_SENT).with_detail(code.clone());
            problem.retry_after = Some(std::time::Duration::from_secs(ASK_AGAIN));
            problem
        }
        CreateOutcome::Created { .. } | CreateOutcome::Unknown => Problem::internal(),
    };
    problem.outcome = serde_json::to_value(outcome).ok().filter(Value::is_object);
    problem
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::{create::Unfitting, legal::Missing, ports::FieldProblem};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_is_read_with_all_its_digits(
            number in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,5})?"
        ) {
            let fields = format!(r#"{{"Revenue":{number}}}"#);
            let body = format!(r#"{{"records": [{{"object": "Account", "fields": {fields}}}]}}"#);
            let many: Many = crate::api::body::read(body.as_bytes()).unwrap();
            let [wanted] = many.request().items.try_into().unwrap();
            prop_assert_eq!(serde_json::to_string(&wanted.draft.fields).unwrap(), fields);
        }
    }

    #[test]
    fn a_refusal_names_what_is_meant_and_says_what_became_of_the_record() {
        let unfitting = Unfitting {
            field: "Nme".to_owned(),
            problem: FieldProblem::Unknown,
        };
        let unfit = |missing: &[&str], refused: &[&Unfitting]| CreateOutcome::Unfit {
            missing: missing.iter().map(|name| (*name).to_owned()).collect(),
            refused: refused.iter().map(|one| (*one).clone()).collect(),
        };
        for (outcome, status, field) in [
            (unfit(&["Name"], &[&unfitting]), 422, Some("/fields/Nme")),
            (unfit(&["Name"], &[]), 422, Some("/fields/Name")),
            (
                CreateOutcome::Refused {
                    code: "salesforce.field_custom_validation_exception".to_owned(),
                    fields: vec!["Phone".to_owned()],
                },
                422,
                Some("/fields/Phone"),
            ),
            (
                CreateOutcome::NotCleared {
                    missing: Missing::ALL.to_vec(),
                },
                403,
                None,
            ),
        ] {
            let problem = refusal(&outcome);
            assert_eq!((problem.status, problem.field.as_deref()), (status, field));
            let outcome = serde_json::to_value(&outcome).ok();
            assert_eq!(problem.outcome, outcome);
        }
        let refused = refusal(&CreateOutcome::NotCleared {
            missing: Missing::ALL.to_vec(),
        });
        let all = "missing: basis, assessment, balancing_outcome, expiry, objection, erasure";
        assert_eq!(refused.detail.as_deref(), Some(all));
    }
}
