//! The fields of the objects, and what describe reports about them.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{config::Config, row::Values};

const OBJECTS: [(&str, &str, &str); 5] = [
    ("Account", "001", include_str!("schema/account.txt")),
    ("Contact", "003", include_str!("schema/contact.txt")),
    ("Lead", "00Q", include_str!("schema/lead.txt")),
    ("Task", "00T", include_str!("schema/task.txt")),
    ("Opportunity", "006", include_str!("schema/opportunity.txt")),
];

/// The object that Data Protection and Privacy adds. The prefix is ours, since Salesforce's is in no public document.
const PRIVACY: (&str, &str, &str) = (
    "DataUseLegalBasis",
    "0ZX",
    include_str!("schema/datauselegalbasis.txt"),
);

/// The additional fields of Account if person accounts are switched on.
const PERSON_ACCOUNT: &str = include_str!("schema/personaccount.txt");
/// The additional field of Contact in that case.
const OF_A_PERSON_ACCOUNT: &str = "IsPersonAccount boolean 0 system";

/// The permissions of the connecting user: one row, which exists from the start. Its prefix is ours.
pub(crate) const PERMISSIONS: &str = "UserPermissionAccess";
const PERMITTED: (&str, &str, &str) = (
    PERMISSIONS,
    "0ZY",
    include_str!("schema/userpermissionaccess.txt"),
);

/// One field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The describe type: string, picklist, datetime, …
    pub(crate) kind: String,
    pub(crate) length: usize,
    pub(crate) references: Vec<String>,
    pub(crate) options: Vec<String>,
    pub(crate) default: Option<String>,
    /// Whether a create without it is refused.
    pub(crate) required: bool,
    /// Whether Salesforce sets it and refuses it in a write.
    pub(crate) system: bool,
    pub(crate) external: bool,
    pub(crate) nillable: bool,
    /// The compound field of which this one is a part.
    pub(crate) part_of: Option<String>,
    /// Whether describe leaves it out and selecting it is refused, since the connecting user may not read it.
    pub(crate) hidden: bool,
    /// Whether queries for it are refused although describe names it.
    pub(crate) refused: bool,
}

/// One object's fields, in the order of describe. An index into them stays valid for the simulator's life.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) object: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) fields: Vec<Field>,
    by_name: HashMap<String, u16>,
}

impl Schema {
    /// Returns the five objects, the user's permissions, and the objects of what is switched on.
    pub(crate) fn of(config: &Config) -> Vec<Self> {
        let mut all: Vec<Self> = OBJECTS
            .iter()
            .chain([&PERMITTED])
            .chain(config.privacy.then_some(&PRIVACY))
            .map(|(object, prefix, lines)| Self::read(object, prefix, lines))
            .collect();
        if config.person_accounts {
            for schema in &mut all {
                match schema.object {
                    "Account" => schema.add_all(PERSON_ACCOUNT),
                    "Contact" => schema.add_all(OF_A_PERSON_ACCOUNT),
                    _ => {}
                }
            }
        }
        all
    }

    /// Returns whether a record with these values is a person account.
    pub(crate) fn is_person_account(&self, values: &Values) -> bool {
        let surname = self.find("LastName").filter(|_| self.object == "Account");
        surname.is_some_and(|surname| values.contains_key(&surname))
    }

    fn read(object: &'static str, prefix: &'static str, lines: &str) -> Self {
        let mut schema = Self {
            object,
            prefix,
            fields: Vec::new(),
            by_name: HashMap::new(),
        };
        schema.add_all(lines);
        schema
    }

    fn add_all(&mut self, lines: &str) {
        for line in lines
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
        {
            self.add(Field::read(line));
        }
    }

    pub(crate) fn add(&mut self, field: Field) -> u16 {
        let index = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        self.by_name.insert(field.name.to_ascii_lowercase(), index);
        self.fields.push(field);
        index
    }

    /// Finds a field by name, without regard to case as in SOQL, hidden or not.
    pub(crate) fn find(&self, name: &str) -> Option<u16> {
        self.by_name
            .get(name)
            .or_else(|| self.by_name.get(&name.to_ascii_lowercase()))
            .copied()
    }

    /// Finds a field that the connecting user may read.
    pub(crate) fn visible(&self, name: &str) -> Option<(u16, &Field)> {
        let index = self.find(name)?;
        let field = self.field(index)?;
        (!field.hidden && !field.refused).then_some((index, field))
    }

    pub(crate) fn field(&self, index: u16) -> Option<&Field> {
        self.fields.get(usize::from(index))
    }

    /// Returns the index of a well-known field such as `SystemModstamp`, which all five objects have.
    pub(crate) fn index(&self, name: &str) -> u16 {
        self.find(name).unwrap_or(u16::MAX)
    }

    /// Returns this object's entry in the list of all objects.
    pub(crate) fn summary(&self, version: &str) -> Value {
        let writable = self.object != PERMISSIONS;
        let (object, base) = (
            self.object,
            format!("/services/data/{version}/sobjects/{}", self.object),
        );
        json!({
            "name": object, "label": object, "labelPlural": format!("{object}s"), "keyPrefix": self.prefix, "custom": false,
            "customSetting": false, "activateable": false, "createable": writable, "deletable": writable, "updateable": writable,
            "queryable": true, "retrieveable": true, "searchable": true, "replicateable": true, "undeletable": true,
            "mergeable": matches!(object, "Account" | "Contact" | "Lead"), "layoutable": true, "triggerable": true,
            "deprecatedAndHidden": false, "feedEnabled": true, "mruEnabled": true, "hasSubtypes": false, "isSubtype": false,
            "urls": { "sobject": base, "describe": format!("{base}/describe"), "rowTemplate": format!("{base}/{{ID}}") },
        })
    }

    pub(crate) fn describe(&self, version: &str) -> Value {
        let mut all = self.summary(version);
        all["fields"] = self
            .fields
            .iter()
            .filter(|field| !field.hidden)
            .map(Field::describe)
            .collect();
        all["childRelationships"] = json!([]);
        all["recordTypeInfos"] = json!([{ "active": true, "available": true, "defaultRecordTypeMapping": true, "developerName": "Master",
            "master": true, "name": "Master", "recordTypeId": "012000000000000AAA" }]);
        all
    }
}

impl Field {
    /// Parses `name type length flags…`. An option list may contain spaces and comes last.
    fn read(line: &str) -> Self {
        let (line, options) = line.split_once(" options=").unwrap_or((line, ""));
        let (line, default) = line
            .split_once(" default=")
            .map_or((line, None), |(line, default)| {
                (line, Some(default.to_owned()))
            });
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        let (kind, references) = words
            .next()
            .map(|kind| kind.split_once(':').unwrap_or((kind, "")))
            .unwrap_or_default();
        let length = words
            .next()
            .and_then(|length| length.parse().ok())
            .unwrap_or_default();
        let flags: Vec<_> = words.collect();
        let has = |flag: &str| flags.contains(&flag);
        let system = has("system") || has("compound") || has("computed");
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            length,
            references: references
                .split(',')
                .filter(|object| !object.is_empty())
                .map(str::to_owned)
                .collect(),
            options: options
                .split(';')
                .filter(|option| !option.is_empty())
                .map(str::to_owned)
                .collect(),
            default,
            required: has("required"),
            system,
            external: has("external"),
            nillable: !has("required")
                && !has("owner")
                && !has("computed")
                && kind != "boolean"
                && (!has("system") || has("nillable")),
            part_of: flags
                .iter()
                .find_map(|flag| flag.strip_prefix("in="))
                .map(str::to_owned),
            hidden: false,
            refused: false,
        }
    }

    /// Makes a custom field for a loaded value that had none.
    pub(crate) fn custom(name: &str, value: &Value) -> Self {
        let kind = match value {
            Value::Bool(_) => "boolean 0",
            Value::Number(_) => "double 18",
            Value::String(text) if text.len() > 255 => "textarea 32768",
            _ => "string 255",
        };
        Self::read(&format!("{name} {kind}"))
    }

    pub(crate) fn is_compound_address(&self) -> bool {
        self.kind == "address"
    }

    /// Returns whether queries may filter and sort by the field. Long text areas can only be read.
    pub(crate) fn filterable(&self) -> bool {
        !(self.is_compound_address() || self.kind == "textarea" && self.length > 255)
    }

    fn soap_type(&self) -> &'static str {
        match self.kind.as_str() {
            "id" | "reference" => "tns:ID",
            "boolean" => "xsd:boolean",
            "int" => "xsd:int",
            "double" | "currency" | "percent" => "xsd:double",
            "date" => "xsd:date",
            "datetime" => "xsd:dateTime",
            "address" => "urn:address",
            _ => "xsd:string",
        }
    }

    fn describe(&self) -> Value {
        let number = matches!(self.kind.as_str(), "double" | "currency" | "percent");
        let text = self.soap_type() == "xsd:string" || self.soap_type() == "tns:ID";
        let relationship = self
            .name
            .strip_suffix("Id")
            .filter(|_| self.kind == "reference");
        let options: Vec<_> = self
            .options
            .iter()
            .map(|value| json!({ "active": true, "defaultValue": self.default.as_ref() == Some(value), "label": value, "validFor": null, "value": value }))
            .collect();
        json!({
            "name": self.name, "label": self.name.trim_end_matches("__c").replace('_', " "), "type": self.kind, "soapType": self.soap_type(),
            "length": if text { self.length } else { 0 }, "byteLength": if text { self.length * 3 } else { 0 },
            "digits": if self.kind == "int" { self.length } else { 0 },
            "precision": if number { self.length } else { 0 }, "scale": if self.kind == "currency" { 2 } else { 0 },
            "nillable": self.nillable, "createable": !self.system, "updateable": !self.system, "custom": self.name.ends_with("__c") || self.name.ends_with("__pc"),
            "calculated": false, "calculatedFormula": null, "autoNumber": false, "compoundFieldName": self.part_of, "externalId": self.external,
            "unique": self.external, "idLookup": self.external || self.kind == "id" || self.kind == "email", "caseSensitive": false,
            "filterable": self.filterable(), "sortable": self.filterable(), "groupable": text && self.filterable(), "aggregatable": self.filterable(),
            "defaultedOnCreate": self.default.is_some() || self.kind == "boolean" || self.system && !self.nillable || self.name == "OwnerId",
            "defaultValue": if self.kind == "boolean" { json!(false) } else { json!(self.default) }, "referenceTo": self.references,
            "relationshipName": relationship, "picklistValues": options, "restrictedPicklist": false, "deprecatedAndHidden": false,
            "encrypted": false, "permissionable": !self.required && !self.system, "inlineHelpText": null, "extraTypeInfo": null,
        })
    }
}
