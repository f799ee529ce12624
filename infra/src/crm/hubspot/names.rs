//! HubSpot's names of the objects: in paths, in scopes, and for the property with the time of the last change.

use domain::record::Object;

/// Returns the object's name in paths.
pub(super) fn path_name(object: Object) -> &'static str {
    match object {
        Object::Account => "companies",
        Object::Contact => "contacts",
        Object::Lead => "leads",
        Object::Task => "tasks",
        Object::Opportunity => "deals",
    }
}

/// Returns the object's name in scopes. The scope of contacts includes tasks.
pub(super) fn scope_name(object: Object) -> &'static str {
    match object {
        Object::Task => path_name(Object::Contact),
        Object::Account | Object::Contact | Object::Lead | Object::Opportunity => path_name(object),
    }
}

/// Returns the property with the time of the last change.
pub(super) fn stamp_name(object: Object) -> &'static str {
    match object {
        // Contacts have `hs_lastmodifieddate`, too, but a search by it finds nothing.
        Object::Contact => "lastmodifieddate",
        Object::Account | Object::Lead | Object::Task | Object::Opportunity => {
            "hs_lastmodifieddate"
        }
    }
}
