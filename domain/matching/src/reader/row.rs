use super::columns::N_FIELDS;
use super::{Field, ImportReport, Reason, RowError};
use crate::company::{Company, CompanyId, CompanyIdError};
use crate::normalise::{self, split_register};

/// The longest name, in bytes.
const MAX_NAME: usize = 512;

/// The longest value of any other field, in bytes.
const MAX_VALUE: usize = 256;

/// A row's values by field, before anybody looked at them.
pub(super) struct RawRow {
    line: u64,
    n_lines: u64,
    values: [Option<String>; N_FIELDS],
    /// Fields whose values are no text, and why.
    left_out: Vec<(Field, Reason)>,
    is_ascii: bool,
}

impl RawRow {
    /// A row that begins on `line`, and has so many.
    pub(super) fn new(line: u64, n_lines: u64) -> Self {
        Self {
            line,
            n_lines,
            values: Default::default(),
            left_out: Vec::new(),
            is_ascii: true,
        }
    }

    /// How many lines of the file it takes.
    pub(super) fn n_lines(&self) -> u64 {
        self.n_lines
    }

    /// Whether none of its values tells one encoding from another.
    pub(super) fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// Whether the field has a value.
    pub(super) fn has(&self, field: Field) -> bool {
        self.values[field.index()].is_some()
    }

    /// Notes that the field's value cannot be taken.
    pub(super) fn leave_out(&mut self, field: Field, reason: Reason) {
        self.left_out.push((field, reason));
    }

    /// What is wrong with a field of this row, or with the whole of it.
    pub(super) fn error(&self, field: Option<Field>, reason: Reason) -> RowError {
        RowError {
            line: self.line,
            last_line: self.line + self.n_lines - 1,
            field,
            reason,
        }
    }

    /// Keeps `value` unless the field has one; outer and repeated blanks go, an empty value is none.
    pub(super) fn set(&mut self, field: Field, value: &str) {
        self.is_ascii &= value.is_ascii();
        let slot = &mut self.values[field.index()];
        if slot.is_none() {
            let mut tidy = String::with_capacity(value.len());
            for word in value.split_whitespace() {
                if !tidy.is_empty() {
                    tidy.push(' ');
                }
                tidy.push_str(word);
            }
            *slot = (!tidy.is_empty()).then_some(tidy);
        }
    }

    /// The company, with warnings about dropped and doubtful fields in `report`; or why it is none.
    pub(super) fn check(mut self, report: &mut ImportReport) -> Result<Company, RowError> {
        let (line, last_line) = (self.line, self.line + self.n_lines - 1);
        let error = |field, reason| RowError {
            line,
            last_line,
            field: Some(field),
            reason,
        };
        let id = self.obligatory(Field::Id)?;
        let id = CompanyId::parse(&id).map_err(|why| error(Field::Id, why.into()))?;
        let name = self.obligatory(Field::Name)?;
        if let Some(reason) = unfit(&name, MAX_NAME) {
            return Err(error(Field::Name, reason));
        }
        let mut company = Company::new(id, name);
        for (field, reason) in std::mem::take(&mut self.left_out) {
            report.warn(error(field, reason));
        }
        let mut optional = |field: Field| {
            let value = self.take(field)?;
            let Some(reason) = unfit(&value, MAX_VALUE) else {
                return Some(value);
            };
            report.warn(error(field, reason));
            None
        };
        company.legal_form = optional(Field::LegalForm);
        company.street = optional(Field::Street);
        company.zip = optional(Field::Zip);
        company.city = optional(Field::City);
        company.country = optional(Field::Country);
        company.domain = optional(Field::Domain);
        company.phone = optional(Field::Phone);
        company.vat_id = optional(Field::VatId);
        company.register_number = optional(Field::RegisterNumber);
        company.register_court = optional(Field::RegisterCourt);
        company.lei = optional(Field::Lei);
        let register = optional(Field::Register);
        let parent = optional(Field::ParentId);

        let country = company.country.as_deref().and_then(normalise::country);
        company.vat_id =
            company
                .vat_id
                .filter(|vat_id| match normalise::vat(vat_id, country.as_deref()) {
                    Some(vat) => {
                        if !normalise::vat_check_digits(&vat) {
                            report.warn(error(Field::VatId, Reason::CheckDigits));
                        }
                        true
                    }
                    None => {
                        report.warn(error(Field::VatId, Reason::Form));
                        false
                    }
                });
        company.lei = company.lei.filter(|lei| match normalise::lei(lei) {
            Some(lei) => {
                if !normalise::lei_check_digits(&lei) {
                    report.warn(error(Field::Lei, Reason::CheckDigits));
                }
                true
            }
            None => {
                report.warn(error(Field::Lei, Reason::Form));
                false
            }
        });
        if let Some(register) = register.filter(|_| company.register_number.is_none()) {
            let (number, court) = split_register(&register);
            if number.is_none() {
                report.warn(error(Field::Register, Reason::Form));
            }
            company.register_number = number;
            company.register_court = company.register_court.or(court);
        }
        company.parent_id = parent.and_then(|parent| match CompanyId::parse(&parent) {
            Ok(parent) => Some(parent),
            Err(why) => {
                report.warn(error(Field::ParentId, why.into()));
                None
            }
        });
        Ok(company)
    }

    fn obligatory(&mut self, field: Field) -> Result<String, RowError> {
        self.take(field).ok_or_else(|| {
            let left_out = self.left_out.iter().find(|(other, _)| *other == field);
            let reason = left_out.map_or(Reason::Missing, |(_, reason)| *reason);
            self.error(Some(field), reason)
        })
    }

    fn take(&mut self, field: Field) -> Option<String> {
        self.values[field.index()].take()
    }
}

impl From<CompanyIdError> for Reason {
    fn from(error: CompanyIdError) -> Self {
        match error {
            CompanyIdError::Empty => Self::Missing,
            CompanyIdError::TooLong => Self::TooLong,
            CompanyIdError::ControlCharacter => Self::ControlCharacter,
        }
    }
}

fn unfit(value: &str, max: usize) -> Option<Reason> {
    if value.len() > max {
        Some(Reason::TooLong)
    } else if value.chars().any(char::is_control) {
        Some(Reason::ControlCharacter)
    } else {
        None
    }
}
