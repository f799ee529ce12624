//! What describe reports about objects and their fields.

use serde_json::{Value, json};

use super::{Field, PERMISSIONS, Schema};

impl Schema {
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
