//! What of an object can be read, and where in it the words of every CRM are.

use std::collections::BTreeMap;

use domain::{
    ports::Shape,
    record::Object,
    settings::{Mapping, Meaning},
};

use super::options::Options;

/// How a field's values are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of any sort: names, picklists, ids, dates, times of day.
    Text,
    /// A number of any sort.
    Number,
    /// True or false.
    Boolean,
    /// A point in time.
    Time,
}

impl Kind {
    /// Of a describe's `type`; none: nothing that a copy could use. Blobs are never read, and address and geolocation only
    /// by their parts, since bulk queries refuse the whole.
    pub(super) fn of(describe: &str) -> Option<Self> {
        Some(match describe {
            "string" | "textarea" | "picklist" | "multipicklist" | "combobox" | "email"
            | "phone" | "url" | "id" | "reference" | "date" | "time" | "encryptedstring" => {
                Self::Text
            }
            "int" | "long" | "double" | "currency" | "percent" => Self::Number,
            "boolean" => Self::Boolean,
            "datetime" => Self::Time,
            _ => return None,
        })
    }
}

/// A field.
pub(super) struct Field {
    pub(super) name: Box<str>,
    pub(super) kind: Kind,
    /// `"Name":`, ready to be written.
    pub(super) key: Box<str>,
}

/// Fields that can be read of an object, sorted by name.
pub struct ObjectShape {
    object: Object,
    pub(super) fields: Vec<Field>,
    pub(super) id: usize,
    pub(super) stamp: usize,
    pub(super) deleted: Option<usize>,
    pub(super) survivor: Option<usize>,
    pub(super) about: AboutFields,
    pub(super) standing: StandingFields,
}

/// Where a record says how the matter stands.
#[derive(Default)]
pub(super) struct StandingFields {
    /// Put together.
    pub(super) label: Vec<usize>,
    pub(super) owner: Option<usize>,
    pub(super) stage: Option<usize>,
    /// Closed, or converted.
    pub(super) ended: Option<usize>,
    pub(super) amount: Option<usize>,
    pub(super) currency: Option<usize>,
    pub(super) due: Option<usize>,
    /// The first that is not empty.
    pub(super) activity: Vec<usize>,
    /// Whether that is an activity only once it has ended.
    pub(super) only_ended: bool,
}

/// Where a record says who it is about.
#[derive(Default)]
pub(super) struct AboutFields {
    pub(super) company: Option<usize>,
    pub(super) street: Option<usize>,
    pub(super) zip: Option<usize>,
    pub(super) city: Option<usize>,
    pub(super) country: Option<usize>,
    pub(super) website: Option<usize>,
    pub(super) phone: Option<usize>,
    pub(super) email: Option<usize>,
    pub(super) vat_id: Option<usize>,
    /// Court before number, where they are two.
    pub(super) register: Vec<usize>,
    pub(super) lei: Option<usize>,
    /// The first that is not empty.
    pub(super) parents: Vec<usize>,
}

impl ObjectShape {
    /// Of the fields that describe names. None, when there is no id or no stamp among them: such an object cannot be
    /// synced.
    pub fn new(object: Object, fields: BTreeMap<String, Kind>, options: &Options) -> Option<Self> {
        let fields: Vec<Field> = fields
            .into_iter()
            .map(|(name, kind)| Field {
                key: format!("\"{name}\":").into(),
                name: name.into(),
                kind,
            })
            .collect();
        let find = |name: &str| position(&fields, name);
        let id = find("Id")?;
        let stamp = ["SystemModstamp", "LastModifiedDate", "CreatedDate"]
            .into_iter()
            .find_map(find)?;
        let (deleted, survivor) = (find("IsDeleted"), find("MasterRecordId"));
        let about = AboutFields::of(object, &fields, options);
        let standing = StandingFields::of(object, &fields);
        Some(Self {
            object,
            fields,
            id,
            stamp,
            deleted,
            survivor,
            about,
            standing,
        })
    }

    /// With the fields that an administrator set; one that is not there says nothing.
    #[must_use]
    pub fn mapped(mut self, mapping: &Mapping) -> Self {
        for (meaning, name) in mapping {
            let place = position(&self.fields, name.as_str());
            let about = &mut self.about;
            match meaning {
                Meaning::Company => about.company = place,
                Meaning::Street => about.street = place,
                Meaning::Zip => about.zip = place,
                Meaning::City => about.city = place,
                Meaning::Country => about.country = place,
                Meaning::Website => about.website = place,
                Meaning::Phone => about.phone = place,
                Meaning::Email => about.email = place,
                Meaning::VatId => about.vat_id = place,
                Meaning::Register => about.register = place.into_iter().collect(),
                Meaning::Lei => about.lei = place,
            }
        }
        self
    }

    /// The object.
    pub fn object(&self) -> Object {
        self.object
    }

    /// The field of the last change.
    pub(super) fn stamp(&self) -> &str {
        self.fields
            .get(self.stamp)
            .map_or("SystemModstamp", |field| &field.name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &*field.name)
    }

    /// Whether every query carries the field: rows of several queries are joined by these.
    pub(super) fn is_carried(&self, name: &str) -> bool {
        let at = |index: usize| {
            self.fields
                .get(index)
                .is_some_and(|field| &*field.name == name)
        };
        at(self.id) || at(self.stamp) || self.deleted.is_some_and(at)
    }

    /// The place of a field. `hint` is where it is most likely: after the one before it.
    pub(super) fn find(&self, name: &str, hint: usize) -> Option<usize> {
        match self.fields.get(hint) {
            Some(field) if &*field.name == name => Some(hint),
            _ => position(&self.fields, name),
        }
    }

    /// Tells two shapes apart, in tokens that outlive this process: FNV-1a over the names.
    pub(super) fn fingerprint(&self) -> u64 {
        let bytes = self
            .fields
            .iter()
            .flat_map(|field| field.name.bytes().chain([0]));
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// The shape as the rules see it.
    pub fn shape(&self) -> Shape {
        Shape {
            fields: self.names().map(str::to_owned).collect(),
        }
    }
}

fn position(fields: &[Field], name: &str) -> Option<usize> {
    fields
        .binary_search_by(|field| (*field.name).cmp(name))
        .ok()
}

impl StandingFields {
    fn of(object: Object, fields: &[Field]) -> Self {
        let find = |name: &str| position(fields, name);
        let all = |names: &[&str]| -> Vec<usize> { names.iter().filter_map(|n| find(n)).collect() };
        let person = || match find("Name") {
            Some(name) => vec![name],
            None => all(&["FirstName", "LastName"]),
        };
        let common = Self {
            owner: find("OwnerId"),
            activity: all(&["LastActivityDate"]),
            ..Self::default()
        };
        match object {
            Object::Account => Self {
                label: all(&["Name"]),
                ..common
            },
            Object::Contact => Self {
                label: person(),
                ..common
            },
            Object::Lead => Self {
                label: person(),
                stage: find("Status"),
                ended: find("IsConverted"),
                ..common
            },
            Object::Task => Self {
                label: all(&["Subject"]),
                stage: find("Status"),
                ended: find("IsClosed"),
                due: find("ActivityDate"),
                activity: all(&["CompletedDateTime", "ActivityDate"]),
                only_ended: true,
                ..common
            },
            Object::Opportunity => Self {
                label: all(&["Name"]),
                stage: find("StageName"),
                ended: find("IsClosed"),
                amount: find("Amount"),
                currency: find("CurrencyIsoCode"),
                due: find("CloseDate"),
                ..common
            },
        }
    }
}

impl AboutFields {
    fn of(object: Object, fields: &[Field], options: &Options) -> Self {
        let find = |name: &str| position(fields, name).filter(|_| !name.is_empty());
        let address = |stem: &str| Self {
            street: find(&format!("{stem}Street")),
            zip: find(&format!("{stem}PostalCode")),
            city: find(&format!("{stem}City")),
            country: find(&format!("{stem}Country")),
            ..Self::default()
        };
        let all = |names: &[&str]| names.iter().filter_map(|name| find(name)).collect();
        let numbers = |about: Self| Self {
            website: find("Website"),
            phone: find("Phone"),
            vat_id: match &options.vat_field {
                Some(name) => find(name),
                None => custom(fields, is_vat).first().copied(),
            },
            register: match &options.register_field {
                Some(name) => find(name).into_iter().collect(),
                None => register(fields),
            },
            lei: custom(fields, is_lei).first().copied(),
            ..about
        };
        match object {
            Object::Account => Self {
                company: find("Name"),
                ..numbers(address("Billing"))
            },
            Object::Lead => Self {
                company: find("Company"),
                email: find("Email"),
                ..numbers(address(""))
            },
            Object::Contact => Self {
                // Who keeps people without accounts notes their company somewhere; Salesforce has no field for it.
                company: custom(fields, is_company).first().copied(),
                phone: find("Phone"),
                email: find("Email"),
                parents: all(&["AccountId"]),
                ..address("Mailing")
            },
            Object::Task => Self {
                // The account is Salesforce's own finding, by way of a contact or an opportunity.
                parents: all(&["AccountId", "WhatId", "WhoId"]),
                ..Self::default()
            },
            Object::Opportunity => Self {
                parents: all(&["AccountId"]),
                ..Self::default()
            },
        }
    }
}

/// Custom text fields whose name's words are as `is` says.
fn custom(fields: &[Field], is: fn(&[String]) -> bool) -> Vec<usize> {
    let texts = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.kind == Kind::Text);
    texts
        .filter(|(_, field)| field.name.ends_with("__c") && is(&words(&field.name)))
        .map(|(index, _)| index)
        .collect()
}

fn register(fields: &[Field]) -> Vec<usize> {
    let mut found = custom(fields, is_register);
    let is_court = |index: &usize| {
        let words = fields
            .get(*index)
            .map(|field| words(&field.name))
            .unwrap_or_default();
        words
            .iter()
            .any(|word| word.contains("court") || word.contains("gericht"))
    };
    found.sort_by_key(|index| !is_court(index));
    found.truncate(2);
    found
}

/// The lower-case words of a name: `VAT_ID__c`, `VatId__c` and `USt_IdNr__c` begin with `vat`, `vat` and `ust`; a
/// `Private__c` has no `vat` in it.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in name.trim_end_matches("__c").chars() {
        if c == '_' || (c.is_ascii_uppercase() && lower_before) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c != '_', words.last_mut()) {
            word.push(c.to_ascii_lowercase());
        }
        lower_before = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_vat(words: &[String]) -> bool {
    const NAMES: [&str; 9] = [
        "vat",
        "vatid",
        "vatin",
        "vatnumber",
        "vatno",
        "ust",
        "ustid",
        "ustidnr",
        "ustidnummer",
    ];
    words.iter().any(|word| NAMES.contains(&word.as_str()))
}

fn is_lei(words: &[String]) -> bool {
    words == ["lei"] || words == ["lei", "code"] || words == ["legal", "entity", "identifier"]
}

/// A field for a company's name, and none for one of its properties (`Company_Size__c`).
fn is_company(words: &[String]) -> bool {
    let (first, rest) = words
        .split_first()
        .map_or(("", words), |(first, rest)| (first.as_str(), rest));
    let is_name = rest.is_empty() || rest == ["name"];
    is_name
        && matches!(
            first,
            "company"
                | "companyname"
                | "firma"
                | "firmenname"
                | "unternehmen"
                | "unternehmensname"
                | "employer"
                | "arbeitgeber"
                | "organisation"
                | "organization"
        )
}

fn is_register(words: &[String]) -> bool {
    const NAMES: [&str; 12] = [
        "register",
        "registry",
        "registernumber",
        "registernummer",
        "registernr",
        "registercourt",
        "registergericht",
        "handelsregister",
        "handelsregisternummer",
        "hrb",
        "hrbnr",
        "hra",
    ];
    words.iter().any(|word| NAMES.contains(&word.as_str()))
}
