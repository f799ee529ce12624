//! Finds the columns of a table that are read, and what else reading has to know of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, PoisonError},
};

use super::{
    super::client::{
        refusal::{Action, Cause, Refusal},
        session::Call,
    },
    Dynamics,
    field::{Kind, read_name},
    metadata::Table,
    names::{STAMP, id, id_name, table},
    page::{Row, parse},
    provider::VENDOR,
    shape::{Currencies, ObjectShape},
};
use domain::{
    fault::{CrmCode, Outcome},
    record::Object,
};

/// What is asked of a table, and of each of its columns.
const OF_TABLE: &str =
    "LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ChangeTrackingEnabled";
const OF_COLUMNS: &str = "Attributes($select=LogicalName,AttributeType,AttributeTypeName,AttributeOf,\
                          IsValidForRead,IsValidForCreate,RequiredLevel,IsSecured,DisplayName)";

/// Columns that change without a change of the record, or with every change and say nothing else.
const NOISE: [&str; 2] = ["versionnumber", "timezoneruleversionnumber"];

/// The most columns that one table may have here. Dataverse allows about a thousand.
const MOST: usize = 3_000;

impl Dynamics {
    /// Returns the table's shape. Each connector describes a table once.
    pub(super) async fn shape(&self, object: Object) -> Outcome<Arc<ObjectShape>> {
        Ok(self.shape_or_refusal(object).await?)
    }

    /// Returns the table's shape. `None` if the environment does not have the table.
    pub(super) async fn shape_if_there(&self, object: Object) -> Outcome<Option<Arc<ObjectShape>>> {
        match self.shape_or_refusal(object).await {
            Ok(shape) => Ok(Some(shape)),
            Err(refusal) if refusal.cause == Cause::NotFound => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) async fn shape_or_refusal(
        &self,
        object: Object,
    ) -> Result<Arc<ObjectShape>, Refusal> {
        let mut shapes = self.shapes.lock().await;
        if let Some(shape) = shapes.get(&object) {
            return Ok(Arc::clone(shape));
        }
        let described = self.described(object).await?;
        let left_out = self.left_out(object);
        let shape = shape_of(object, &described, &left_out, |columns, refused| {
            ObjectShape::new(object, columns, refused, self.mapped.get(&object))
        });
        let mut shape = shape.ok_or_else(|| {
            let fault = VENDOR.fault(CrmCode::ObjectWithoutStamp);
            Refusal::new(Action::Stop, fault.with_detail(object.name()))
        })?;
        shape.is_tracked = described.change_tracking_enabled;
        if !shape.display.currency.is_empty() {
            shape.currencies = self.currencies().await?;
        }
        let shape = Arc::new(shape);
        shapes.insert(object, Arc::clone(&shape));
        let mut in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.insert(object, Arc::new(shape.told()));
        Ok(shape)
    }

    /// Fetches the description of a table.
    pub(super) async fn described(&self, object: Object) -> Result<Table, Refusal> {
        let name = table(object);
        let path = self
            .options
            .path(&format!("EntityDefinitions(LogicalName='{name}')"));
        let call = Call::get(path)
            .with("$select", OF_TABLE)
            .with("$expand", OF_COLUMNS);
        let described = self.session.run(&call, |reply| {
            serde_json::from_slice::<Table>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::DescribeUnreadable))
        });
        described.await
    }

    /// Returns the codes of the environment's currencies. Whoever may not read them sees amounts without a currency.
    async fn currencies(&self) -> Result<Currencies, Refusal> {
        let call = Call::get(self.options.path("transactioncurrencies"))
            .with("$select", "transactioncurrencyid,isocurrencycode");
        let read = self.session.run(&call, |reply| {
            let rows = parse(&reply.body)?.rows;
            let rows = rows.into_iter().filter_map(|row| {
                let row = Row::parse(row)?;
                let code = row.text("isocurrencycode")?;
                Some((id(&row.text("transactioncurrencyid")?)?, Box::from(&*code)))
            });
            Ok(rows.collect::<Currencies>())
        });
        match read.await {
            Ok(codes) => Ok(codes),
            Err(refusal) if refusal.fault.kind() == domain::fault::Kind::Permanent => {
                Ok(HashMap::new())
            }
            Err(refusal) => Err(refusal),
        }
    }

    fn left_out(&self, object: Object) -> BTreeSet<String> {
        let left_out = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        left_out.get(&object).cloned().unwrap_or_default()
    }

    /// Leaves columns out from now on. The metadata name only what can be read, so with `ask` none is left out.
    pub(super) async fn never_ask_for(&self, object: Object, fields: &[String], ask: bool) {
        let fields = fields.iter().filter(|_| !ask).cloned().collect();
        let mut shapes = self.shapes.lock().await;
        let mut left_out = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        left_out.insert(object, fields);
        shapes.remove(&object);
    }

    /// Describes a table again, after a query was refused because of a column, which is left out from now on.
    pub(super) async fn without(
        &self,
        object: Object,
        refusal: Refusal,
    ) -> Result<Arc<ObjectShape>, Refusal> {
        let Some(column) = refusal
            .field
            .clone()
            .filter(|_| refusal.action == Action::Redescribe)
        else {
            return Err(refusal);
        };
        if self.left_out(object).contains(&column) {
            return Err(refusal);
        }
        self.shapes.lock().await.remove(&object);
        {
            let mut left_out = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
            left_out.entry(object).or_default().insert(column);
        }
        self.shape_or_refusal(object).await
    }
}

/// Makes the shape of a description. `None` if the table lacks what a copy needs.
fn shape_of(
    object: Object,
    described: &Table,
    left_out: &BTreeSet<String>,
    make: impl FnOnce(BTreeMap<String, Kind>, Vec<String>) -> ObjectShape,
) -> Option<ObjectShape> {
    let (mut columns, mut refused) = (BTreeMap::new(), Vec::new());
    for column in &described.attributes {
        let Some(kind) = column.kind() else { continue };
        let name = read_name(&column.logical_name, kind);
        if left_out.contains(&name) {
            refused.push(name);
        } else if !NOISE.contains(&&*name) {
            columns.insert(name, kind);
        }
    }
    refused.sort();
    let is_whole = columns.contains_key(STAMP) && columns.contains_key(id_name(object));
    (is_whole && columns.len() <= MOST).then(|| make(columns, refused))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn column(name: &str, kind: &str, more: &str) -> String {
        format!(
            r#"{{"LogicalName":"{name}","AttributeTypeName":{{"Value":"{kind}"}},"AttributeOf":null,"IsValidForRead":true{more}}}"#
        )
    }

    fn shape(columns: &[String]) -> Option<ObjectShape> {
        let text = format!(
            r#"{{"ChangeTrackingEnabled":true,"Attributes":[{}]}}"#,
            columns.join(",")
        );
        let described: Table = serde_json::from_str(&text).unwrap();
        let left_out = BTreeSet::from(["new_old".to_owned()]);
        shape_of(
            Object::Account,
            &described,
            &left_out,
            |columns, refused| ObjectShape::new(Object::Account, columns, refused, None),
        )
    }

    #[test]
    fn what_is_made_of_other_columns_and_what_is_no_value_is_not_read() {
        let columns = [
            column("accountid", "UniqueidentifierType", ""),
            column("modifiedon", "DateTimeType", ""),
            column("versionnumber", "BigIntType", ""),
            column("name", "StringType", r#","IsSecured":true"#),
            column("new_old", "StringType", ""),
            column("ownerid", "OwnerType", ""),
            column("owneridname", "StringType", "").replace("null", r#""ownerid""#),
            column("entityimage", "ImageType", ""),
            column("entityimage_url", "StringType", "").replace("true", "false"),
            column("new_choices", "MultiSelectPicklistType", ""),
            column("new_choicesname", "VirtualType", ""),
            column("industrycode", "PicklistType", r#","DisplayName":null"#),
            column("x y", "StringType", ""),
        ];
        let told = shape(&columns).unwrap().told();
        assert_eq!(
            told.fields,
            [
                "_ownerid_value",
                "accountid",
                "industrycode",
                "modifiedon",
                "name",
                "new_choices"
            ]
        );
        assert_eq!(told.refused, ["new_old"]);
    }

    #[test]
    fn a_table_without_the_time_of_the_last_change_cannot_be_copied() {
        let id = column("accountid", "UniqueidentifierType", "");
        assert!(shape(std::slice::from_ref(&id)).is_none());
        assert!(shape(&[id, column("modifiedon", "DateTimeType", "")]).is_some());
    }
}
