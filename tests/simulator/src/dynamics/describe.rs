//! Metadata: tables, columns, keys and relationships in the form of `EntityDefinitions`.

use serde_json::{Value, json};

use super::kind::Kind;
use super::schema::{Choice, Field, Required, Schema, Source, Type};
use super::table::Table;

fn label(text: &str) -> Value {
    let one = json!({ "Label": text, "LanguageCode": 1033, "IsManaged": true, "MetadataId": id(text), "HasChanged": null });
    json!({ "LocalizedLabels": [one.clone()], "UserLocalizedLabel": one })
}

/// Returns an id of metadata, which is the same for the same name.
fn id(name: &str) -> String {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!(
        "{:08x}-{:04x}-4000-8000-{:012x}",
        hash >> 32,
        (hash >> 16) & 0xFFFF,
        hash & 0xFFFF_FFFF_FFFF
    )
}

/// Returns `EntityMetadata` without its collections.
pub(crate) fn table(kind: Kind, table: &Table) -> Value {
    json!({
        "LogicalName": kind.logical(), "SchemaName": kind.schema_name(), "EntitySetName": kind.set(), "LogicalCollectionName": kind.set(),
        "PrimaryIdAttribute": kind.id_column(), "PrimaryNameAttribute": kind.name_column(), "ObjectTypeCode": kind.type_code(),
        "ChangeTrackingEnabled": table.tracked, "IsActivity": kind == Kind::Task, "IsCustomEntity": false, "IsIntersect": false,
        "OwnershipType": "UserOwned", "DisplayName": label(kind.schema_name()), "MetadataId": id(kind.logical()),
        "IsDuplicateDetectionEnabled": { "Value": matches!(kind, Kind::Account | Kind::Contact | Kind::Lead), "CanBeChanged": true },
    })
}

fn required(of: Required) -> Value {
    let value = match of {
        Required::No => "None",
        Required::Application => "ApplicationRequired",
        Required::System => "SystemRequired",
    };
    json!({ "Value": value, "CanBeChanged": of != Required::System, "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings" })
}

/// Returns `AttributeMetadata` with everything that its own type adds.
pub(crate) fn column(kind: Kind, field: &Field) -> Value {
    let of_values = field.kind;
    let is_other_form = field.of.is_some();
    let type_name = if is_other_form {
        "VirtualType".to_owned()
    } else {
        of_values.type_name()
    };
    let metadata = if is_other_form {
        "AttributeMetadata"
    } else {
        of_values.metadata()
    };
    let mut described = json!({
        "@odata.type": format!("#Microsoft.Dynamics.CRM.{metadata}"),
        "LogicalName": field.name, "SchemaName": field.schema_name, "EntityLogicalName": kind.logical(),
        "AttributeType": of_values.attribute_type(), "AttributeTypeName": { "Value": type_name }, "AttributeOf": field.of,
        "IsValidForRead": field.readable, "IsValidForCreate": field.creatable, "IsValidForUpdate": field.updatable,
        "IsValidODataAttribute": true, "RequiredLevel": required(field.required), "IsSecured": field.secured,
        "IsLogical": is_other_form, "IsCustomAttribute": field.custom, "IsPrimaryId": field.source == Source::Id,
        "IsPrimaryName": field.name == kind.name_column(), "DisplayName": label(&field.label),
        "MetadataId": id(&format!("{}.{}", kind.logical(), field.name)),
    });
    let mut add = |name: &str, value: Value| described[name] = value;
    match of_values {
        Type::String | Type::Memo => {
            add("MaxLength", json!(field.length.unwrap_or(2_000)));
            add(
                "Format",
                json!(if of_values == Type::Memo {
                    "TextArea"
                } else {
                    "Text"
                }),
            );
        }
        Type::Lookup | Type::Customer | Type::Owner => add("Targets", json!(field.targets)),
        Type::DateTime | Type::Date => {
            let is_date = of_values == Type::Date;
            add(
                "Format",
                json!(if is_date { "DateOnly" } else { "DateAndTime" }),
            );
            add(
                "DateTimeBehavior",
                json!({ "Value": if is_date { "DateOnly" } else { "UserLocal" } }),
            );
        }
        Type::Picklist | Type::MultiSelect | Type::State | Type::Status => {
            add("OptionSet", options(kind, field));
            add("GlobalOptionSet", Value::Null);
        }
        Type::Boolean => {
            let one = |value: i64, text: &str| json!({ "Value": value, "Label": label(text) });
            add(
                "OptionSet",
                json!({ "FalseOption": one(0, "No"), "TrueOption": one(1, "Yes"), "MetadataId": id("boolean") }),
            );
        }
        Type::Integer => {
            add("MinValue", json!(i32::MIN));
            add("MaxValue", json!(i32::MAX));
        }
        Type::Money | Type::Decimal => add("Precision", json!(4)),
        _ => {}
    }
    described
}

fn options(kind: Kind, field: &Field) -> Value {
    let one = |choice: &Choice| {
        let mut option = json!({ "Value": choice.value, "Label": label(&choice.label), "Description": label(""), "Color": null, "IsManaged": true });
        match field.kind {
            Type::State => option["DefaultStatus"] = json!(choice.other),
            Type::Status => option["State"] = json!(choice.other),
            _ => {}
        }
        option
    };
    let all: Vec<Value> = field.choices.iter().map(one).collect();
    let name = format!("{}_{}", kind.logical(), field.name);
    json!({ "Name": name, "IsGlobal": false, "OptionSetType": field.kind.attribute_type(), "Options": all, "MetadataId": id(&name) })
}

/// Returns the alternate keys of a table.
pub(crate) fn keys(schema: &Schema) -> Vec<Value> {
    let unique = schema.indexed().filter(|(_, field)| field.unique);
    let one = |(_, field): (u16, &Field)| json!({ "LogicalName": format!("{}_key", field.name), "SchemaName": format!("{}_Key", field.schema_name), "KeyAttributes": [field.name], "EntityKeyIndexStatus": "Active", "EntityLogicalName": schema.kind.logical(), "MetadataId": id(&field.name) });
    unique.map(one).collect()
}

/// Returns the relationships of a table's lookups.
pub(crate) fn many_to_one(schema: &Schema) -> Vec<Value> {
    let lookups = schema.indexed().filter(|(_, field)| field.kind.is_lookup());
    let one = |(_, field): (u16, &Field)| {
        let related = schema.navigations(field).into_iter().map(|(navigation, target)| {
            let name = format!("{}_{}_{target}", schema.kind.logical(), field.name);
            json!({
                "@odata.type": "#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "SchemaName": name, "RelationshipType": "OneToManyRelationship",
                "ReferencingEntity": schema.kind.logical(), "ReferencingAttribute": field.name, "ReferencedEntity": target, "ReferencedAttribute": Kind::of_logical(target).map_or_else(|| format!("{target}id"), |kind| kind.id_column().to_owned()),
                "ReferencingEntityNavigationPropertyName": navigation, "ReferencedEntityNavigationPropertyName": format!("{}_{target}_{}", schema.kind.logical(), field.name), "MetadataId": id(&name),
            })
        });
        related.collect::<Vec<_>>()
    };
    lookups.flat_map(one).collect()
}

/// Returns the relationships that lead to a table.
pub(crate) fn one_to_many(kind: Kind, all: &[&Table]) -> Vec<Value> {
    let related = all.iter().flat_map(|table| many_to_one(&table.schema));
    related
        .filter(|one| one["ReferencedEntity"] == kind.logical())
        .collect()
}
