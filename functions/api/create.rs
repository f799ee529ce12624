//! Creates records in the CRM: one, a batch, a preview, and the outcome of an earlier request.

use domain::{
    create::{self, Answer, CreateContext, CreateOutcome, Preview, Request, Wanted},
    fault::{Code, Fault},
    grant,
    integration::{Integration, Provider, Status},
    legal::assessment::Purpose,
    order::Order,
    ports::{Draft, Fields, Link, MAX_BATCH},
    record::Object,
};
use futures::try_join;
use matching::CompanyId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Call, Reply, create_refusal::refusal, fields, http::Answered};
use crate::problem::Problem;

/// The header with a request's key.
const KEY: &str = "Idempotency-Key";
/// The longest key, in characters.
const LONGEST_KEY: usize = 255;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct One {
    object: Object,
    #[serde(default, deserialize_with = "fields::read")]
    fields: Fields,
    #[serde(default, deserialize_with = "fields::links")]
    links: Vec<Link>,
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
    #[serde(default, deserialize_with = "fields::links")]
    links: Vec<Link>,
    #[serde(default)]
    company: Option<CompanyId>,
    #[serde(default)]
    purpose: Option<Purpose>,
}

/// Serialized directly to text. A tree of values would drop digits of numbers.
#[derive(Serialize)]
struct Previews {
    records: Vec<Preview>,
}

impl Many {
    /// Reads the batch and checks its size before any work.
    fn of(call: &Call<'_>) -> Result<Self, Problem> {
        let many: Self = call.request.json()?;
        if (1..=MAX_BATCH).contains(&many.records.len()) {
            return Ok(many);
        }
        Err(Problem::invalid(format!("1 to {MAX_BATCH} records")).with_field("/records"))
    }

    /// The request, with the ids of links as the copy spells them.
    ///
    /// # Errors
    /// Naming the link, when its id's check characters do not fit.
    fn request(self, provider: Provider) -> Result<Request, Problem> {
        let spelling = provider.spelling();
        let mut items = Vec::with_capacity(self.records.len());
        for (at, mut item) in self.records.into_iter().enumerate() {
            for (n, link) in item.links.iter_mut().enumerate() {
                let pointer = format!("/records/{at}/links/{n}/id");
                let spelt = spelling.one(&link.id);
                link.id = spelt.map_err(|fault| fault.with_field(pointer))?;
            }
            items.push(Wanted {
                draft: Draft {
                    object: item.object,
                    fields: item.fields,
                    links: item.links,
                },
                purpose: item.purpose,
                company: item.company,
            });
        }
        Ok(Request {
            items,
            allow_duplicate: self.allow_duplicate,
        })
    }
}

/// `POST /v1/integrations/{integration}/creations`.
pub(super) async fn one(call: &Call<'_>) -> Answered {
    let key = call.request.required_header(KEY, LONGEST_KEY)?;
    let one: One = call.request.json()?;
    let item = Item {
        object: one.object,
        fields: one.fields,
        links: one.links,
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
    let request = many.request(integration.provider).map_err(of_the_one)?;
    let answer = made(&context, key, &request).await.map_err(of_the_one)?;
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
    let request = many.request(integration.provider)?;
    let answer = made(&context, key, &request).await?;
    tell(call, &context, key, answer.orders).await;
    Reply::ok(json!({ "records": answer.items }))
}

/// `POST /v1/integrations/{integration}/creations/preview`.
pub(super) async fn preview(call: &Call<'_>) -> Answered {
    let many = Many::of(call)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context(call, &integration, &clock).await?;
    let request = many.request(integration.provider)?;
    let previews = create::preview(&context, &request).await;
    let previews = previews.map_err(refused)?;
    Reply::ok(Previews { records: previews })
}

/// `GET /v1/integrations/{integration}/creations`: the outcome of an earlier request, by its key.
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

/// Puts events about created records on the bus, and marks them as sent. If that fails, the next request with this key
/// sends them again.
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

async fn made(
    context: &CreateContext<'_>,
    key: &str,
    request: &Request,
) -> Result<Answer, Problem> {
    let answer = create::create(context, key, request).await;
    answer.map_err(refused)
}

/// Names what is meant: the key that another request had, or the field that can be neither a list nor an object.
fn refused(fault: Fault) -> Problem {
    match fault.code() {
        Code::CreateKeyReused => Problem::from(fault).with_parameter(KEY),
        Code::CreateNested => Problem::invalid(fault.detail().unwrap_or_default())
            .with_field(fault.field().unwrap_or_default()),
        _ => Problem::from(fault),
    }
}

/// The only record of a request has no place in a list.
fn of_the_one(mut problem: Problem) -> Problem {
    let field = problem.field.as_deref();
    let field = field.and_then(|field| field.strip_prefix("/records/0"));
    if let Some(field) = field.map(str::to_owned) {
        problem.field = Some(field);
    }
    problem
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
    // If the tenant's keys are lost, objections cannot be looked up. Then no record is created, whomever it names.
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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
            let [wanted] = many.request(Provider::Salesforce).unwrap().items.try_into().unwrap();
            prop_assert_eq!(serde_json::to_string(&wanted.draft.fields).unwrap(), fields);
        }
    }

    #[test]
    fn a_field_that_can_be_no_list_is_named_where_the_caller_wrote_it() {
        let fault =
            || Fault::of(Code::CreateNested).at("/records/0/fields/a~1b", "expected a text");
        let problem = refused(fault());
        assert_eq!(
            (problem.status, problem.kind.as_str()),
            (422, "urn:abgleich:problem:invalid")
        );
        assert_eq!(problem.field.as_deref(), Some("/records/0/fields/a~1b"));
        assert_eq!(problem.detail.as_deref(), Some("expected a text"));
        let problem = of_the_one(refused(fault()));
        assert_eq!(problem.field.as_deref(), Some("/fields/a~1b"));
    }

    #[test]
    fn a_link_has_the_one_spelling_of_its_id_or_is_named() {
        let many = |id: &str| -> Many {
            let link = format!(r#"{{"object": "Account", "id": "{id}"}}"#);
            let body = format!(r#"{{"records": [{{"object": "Task", "links": [{link}]}}]}}"#);
            crate::api::body::read(body.as_bytes()).unwrap()
        };
        let request = many("001xx000003DGb2")
            .request(Provider::Salesforce)
            .unwrap();
        let spelt = request.items[0].draft.links[0].id.as_str();
        assert_eq!(spelt, "001xx000003DGb2AAG");
        let misspelt = many("001xx000003DGb2ABG").request(Provider::Salesforce);
        let problem = misspelt.map(|_| ()).unwrap_err();
        assert_eq!(problem.field.as_deref(), Some("/records/0/links/0/id"));
    }
}
