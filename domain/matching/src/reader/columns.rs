use serde::{Deserialize, Serialize};

/// A column of the vendor's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileColumn {
    /// The vendor's id. Mandatory.
    Id,
    /// The name. Mandatory.
    Name,
    /// Legal form.
    LegalForm,
    /// Street and house number.
    Street,
    /// Postal code.
    Zip,
    /// City.
    City,
    /// Country.
    Country,
    /// Domain or website.
    Domain,
    /// Phone number.
    Phone,
    /// VAT id.
    VatId,
    /// Register court only.
    RegisterCourt,
    /// Register number only.
    RegisterNumber,
    /// Register number and court in one text, such as `HRB 123 Berlin`.
    Register,
    /// Legal entity identifier.
    Lei,
    /// Id of the parent company.
    ParentId,
}

/// The number of columns.
pub(super) const N_COLUMNS: usize = 15;

/// The most columns of a header that are read.
const MAX_COLUMNS: usize = 1_000;

/// The meaning of each column of a file.
pub(super) struct Columns {
    pub(super) fields: Vec<Option<FileColumn>>,
    pub(super) ignored: Vec<String>,
}

impl FileColumn {
    /// The documented name of the column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::LegalForm => "legal_form",
            Self::Street => "street",
            Self::Zip => "zip",
            Self::City => "city",
            Self::Country => "country",
            Self::Domain => "domain",
            Self::Phone => "phone",
            Self::VatId => "vat_id",
            Self::RegisterCourt => "register_court",
            Self::RegisterNumber => "register_number",
            Self::Register => "register",
            Self::Lei => "lei",
            Self::ParentId => "parent_id",
        }
    }

    /// The column that a header cell or a JSON key names: by its documented name or a common alias.
    /// Case, spaces and underscores are ignored.
    pub(super) fn of_column(column: &str) -> Option<Self> {
        let plain: String = column
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(40)
            .flat_map(char::to_lowercase)
            .collect();
        Some(match plain.as_str() {
            "id" | "companyid" => Self::Id,
            "name" | "companyname" | "company" | "firma" => Self::Name,
            "legalform" | "rechtsform" => Self::LegalForm,
            "street" | "address" | "strasse" | "straße" => Self::Street,
            "zip" | "zipcode" | "postalcode" | "postcode" | "plz" => Self::Zip,
            "city" | "town" | "ort" | "stadt" => Self::City,
            "country" | "countrycode" | "land" => Self::Country,
            "domain" | "website" | "url" | "web" | "homepage" => Self::Domain,
            "phone" | "telephone" | "phonenumber" | "telefon" => Self::Phone,
            "vatid" | "vat" | "vatnumber" | "ustid" | "ustidnr" => Self::VatId,
            "registercourt" | "court" | "registergericht" | "amtsgericht" => Self::RegisterCourt,
            "registernumber" | "registerno" | "registernummer" => Self::RegisterNumber,
            "register" | "handelsregister" | "registration" => Self::Register,
            "lei" | "leicode" => Self::Lei,
            "parentid" | "parent" | "parentcompanyid" => Self::ParentId,
            _ => return None,
        })
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }
}

impl Columns {
    /// The first header cell that names a column counts; others for the same column are ignored.
    pub(super) fn of_header<'a>(header: impl Iterator<Item = &'a str>) -> Self {
        let mut columns = Self {
            fields: Vec::new(),
            ignored: Vec::new(),
        };
        for column in header {
            let field =
                FileColumn::of_column(column).filter(|_| columns.fields.len() < MAX_COLUMNS);
            let field = field.filter(|field| !columns.fields.contains(&Some(*field)));
            if field.is_none() {
                columns.ignored.push(column.to_owned());
            }
            columns.fields.push(field);
        }
        columns
    }

    pub(super) fn missing(&self) -> Option<FileColumn> {
        [FileColumn::Id, FileColumn::Name]
            .into_iter()
            .find(|field| !self.fields.contains(&Some(*field)))
    }
}
