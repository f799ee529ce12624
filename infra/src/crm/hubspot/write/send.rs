//! Requests that create records, at most 100 of one object at a time.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use domain::{
    fault::{CrmCode, Fault, Kind},
    ports::{NewRecord, Written},
    record::Object,
};
use serde::Serialize;

use super::{
    super::{
        super::client::{
            refusal::{Cause, Refusal},
            session::{Call, Sent},
        },
        HubSpot,
        provider::VENDOR,
    },
    answer::{OwnId, of_batch, of_one, of_refusal, unreadable},
    apart::{Untold, by_content},
    bases::BasisProperty,
    links::Association,
    shape::WriteShape,
    value::spelt,
};

/// The most records that one request takes.
const MOST: usize = 100;

/// A record as HubSpot takes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    /// Tells the record's result from others. HubSpot does not store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    object_write_trace_id: Option<String>,
    properties: BTreeMap<&'a str, Cow<'a, str>>,
    associations: Vec<Association>,
    #[serde(skip)]
    own_id: Option<OwnId<'a>>,
    #[serde(skip)]
    record: &'a NewRecord,
}

#[derive(Serialize)]
struct Inputs<'a, 'b> {
    inputs: &'b [Input<'a>],
}

impl HubSpot {
    /// Creates records. Whatever happens to a request, the others are sent.
    pub(super) async fn created(&self, records: &[NewRecord]) -> Vec<Written> {
        let mut written: Vec<Written> = records.iter().map(|_| unreadable()).collect();
        for object in Object::ALL {
            let of_object = records.iter().enumerate();
            let of_object = of_object.filter(|(_, record)| record.object() == object);
            let places: Vec<usize> = of_object.map(|(at, _)| at).collect();
            for places in places.chunks(MOST) {
                let some: Vec<&NewRecord> =
                    places.iter().filter_map(|at| records.get(*at)).collect();
                let told = self.created_at_once(object, &some).await;
                for (at, told) in places.iter().zip(told) {
                    if let Some(place) = written.get_mut(*at) {
                        *place = told;
                    }
                }
            }
        }
        written
    }

    /// Creates records of one object with one request.
    async fn created_at_once(&self, object: Object, records: &[&NewRecord]) -> Vec<Written> {
        let shape = match self.write_shape(object).await {
            Ok(shape) => shape,
            // Nothing was sent.
            Err(fault) => return records.iter().map(|_| not_sent(fault.clone())).collect(),
        };
        let mut inputs = Vec::with_capacity(records.len());
        for record in records {
            inputs.push(self.input(&shape, record).await);
        }
        match inputs.as_slice() {
            [one] => vec![self.send_one(object, one).await],
            all => self.send_all(object, all).await,
        }
    }

    async fn input<'a>(&self, shape: &'a Arc<WriteShape>, record: &'a NewRecord) -> Input<'a> {
        let fields = record.fields().0.iter();
        let mut properties: BTreeMap<&str, Cow<'_, str>> = fields
            .filter_map(|(name, value)| Some((name.as_str(), spelt(value)?)))
            .collect();
        let own_id = shape.external.as_deref().zip(record.external_id());
        let own_id = own_id.map(|(property, value)| OwnId { property, value });
        if let Some(OwnId { property, value }) = own_id {
            properties.insert(property, Cow::Borrowed(value));
        }
        let by = record.clearances().first();
        let basis = by.and_then(|by| {
            let given = properties.get(BasisProperty::NAME).map(|given| &**given);
            shape.basis.set(by.basis(), given)
        });
        properties.extend(basis);
        Input {
            object_write_trace_id: None,
            properties,
            associations: self.associations_of(record.draft()).await,
            own_id,
            record,
        }
    }

    async fn send_one(&self, object: Object, input: &Input<'_>) -> Written {
        match self.post(object, "", input).await {
            Ok(Sent::Answer(reply)) => of_one(&reply.body),
            Ok(Sent::Nothing(refusal)) => of_refusal(refusal, input.own_id),
            Ok(Sent::Unknown(refusal)) => Written::Unknown(refusal.into()),
            Err(fault) => not_sent(fault),
        }
    }

    async fn send_all(&self, object: Object, inputs: &[Input<'_>]) -> Vec<Written> {
        let traced = inputs.iter().enumerate().map(|(n, input)| Input {
            object_write_trace_id: Some(format!("record-{n}")),
            properties: input.properties.clone(),
            associations: input.associations.clone(),
            own_id: input.own_id,
            record: input.record,
        });
        let traced: Vec<Input<'_>> = traced.collect();
        let all = |written: Written| vec![written; inputs.len()];
        let trace = |input: &Input<'_>| input.object_write_trace_id.clone().unwrap_or_default();
        let body = Inputs { inputs: &traced };
        match self.post(object, "/batch/create", &body).await {
            Ok(Sent::Answer(reply)) => {
                let own_ids = traced.iter().map(|input| (trace(input), input.own_id));
                let own_ids: HashMap<_, _> = own_ids.collect();
                let mut answer = of_batch(&reply.body, &own_ids);
                let told = traced.iter();
                let told = told.map(|input| answer.by_trace.remove(&trace(input)));
                let mut told: Vec<Option<Written>> = told.collect();
                let untold = traced.iter().zip(&told).enumerate();
                let untold = untold.filter(|(_, (_, told))| told.is_none());
                let untold = untold.map(|(at, (input, _))| Untold {
                    at,
                    record: input.record,
                    own_id: input.own_id,
                });
                let untold: Vec<_> = untold.collect();
                for (at, written) in by_content(&untold, &answer.untraced) {
                    if let Some(place) = told.get_mut(at) {
                        *place = Some(written);
                    }
                }
                let told = told.into_iter();
                told.map(|told| told.unwrap_or_else(unreadable)).collect()
            }
            // One bad record spoilt the batch, and nothing of it was made. By itself each says what is wrong with it.
            Ok(Sent::Nothing(refusal)) if is_about_one(&refusal) => {
                let mut told = Vec::with_capacity(inputs.len());
                for input in inputs {
                    told.push(self.send_one(object, input).await);
                }
                told
            }
            Ok(Sent::Nothing(refusal)) => all(of_refusal(refusal, None)),
            Ok(Sent::Unknown(refusal)) => all(Written::Unknown(refusal.into())),
            Err(fault) => all(not_sent(fault)),
        }
    }

    async fn post(&self, object: Object, rest: &str, body: &impl Serialize) -> Result<Sent, Fault> {
        let body = serde_json::to_string(body).map_err(|_| VENDOR.fault(CrmCode::Unwritable))?;
        self.pace.request().await;
        Ok(self
            .session
            .send(&Call::post(self.objects(object, rest), body))
            .await)
    }
}

/// Whether a refusal is about what was sent, and not about the grant or the object.
fn is_about_one(refusal: &Refusal) -> bool {
    refusal.fault.kind() == Kind::Permanent && refusal.cause != Cause::NotFound
}

/// A record that did not leave us. What stays the same at each attempt is a refusal.
fn not_sent(fault: Fault) -> Written {
    match fault.kind() {
        Kind::Permanent => Written::Refused {
            fault,
            fields: Vec::new(),
        },
        _ => Written::NotSent(fault),
    }
}
