use super::columns::N_COLUMNS;
use super::{FileColumn, ImportReport, Reason, RowError};
use crate::company::{Company, CompanyId, CompanyIdError};
use crate::normalise::{self, split_register};

/// The longest name, in bytes.
const MAX_NAME: usize = 512;

/// The longest value of any other column, in bytes.
const MAX_VALUE: usize = 256;

/// The values of a row by column, before they are checked.
pub(super) struct RawRow {
    line: u64,
    n_lines: u64,
    values: [Option<String>; N_COLUMNS],
    /// Columns whose JSON values have a wrong type, with the reason.
    left_out: Vec<(FileColumn, Reason)>,
    is_ascii: bool,
}

impl RawRow {
    /// An empty row of `n_lines` lines that starts on `line`.
    pub(super) fn new(line: u64, n_lines: u64) -> Self {
        Self {
            line,
            n_lines,
            values: Default::default(),
            left_out: Vec::new(),
            is_ascii: true,
        }
    }

    /// The number of lines that the row takes.
    pub(super) fn n_lines(&self) -> u64 {
        self.n_lines
    }

    /// Whether all values are ASCII, so that they do not tell which encoding the file has.
    pub(super) fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// Whether the column has a value.
    pub(super) fn has(&self, field: FileColumn) -> bool {
        self.values[field.index()].is_some()
    }

    /// Notes that the value of a column cannot be used.
    pub(super) fn leave_out(&mut self, field: FileColumn, reason: Reason) {
        self.left_out.push((field, reason));
    }

    /// An error in a column of this row, or in the whole row.
    pub(super) fn error(&self, field: Option<FileColumn>, reason: Reason) -> RowError {
        RowError {
            line: self.line,
            last_line: self.line + self.n_lines - 1,
            field,
            reason,
        }
    }

    /// Sets the value of a column unless it already has one. Leading, trailing and repeated
    /// whitespace is removed; an empty value is not set.
    pub(super) fn set(&mut self, field: FileColumn, value: &str) {
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

    /// Checks the values and returns the company. Dropped and doubtful values become warnings in
    /// `report`.
    pub(super) fn check(mut self, report: &mut ImportReport) -> Result<Company, RowError> {
        let (line, last_line) = (self.line, self.line + self.n_lines - 1);
        let error = |field, reason| RowError {
            line,
            last_line,
            field: Some(field),
            reason,
        };
        let id = self.obligatory(FileColumn::Id)?;
        let id = CompanyId::parse(&id).map_err(|why| error(FileColumn::Id, why.into()))?;
        let name = self.obligatory(FileColumn::Name)?;
        if let Some(reason) = unfit(&name, MAX_NAME) {
            return Err(error(FileColumn::Name, reason));
        }
        let mut company = Company::new(id, name);
        for (field, reason) in std::mem::take(&mut self.left_out) {
            report.warn(error(field, reason));
        }
        let mut optional = |field: FileColumn| {
            let value = self.take(field)?;
            let Some(reason) = unfit(&value, MAX_VALUE) else {
                return Some(value);
            };
            report.warn(error(field, reason));
            None
        };
        company.legal_form = optional(FileColumn::LegalForm);
        company.street = optional(FileColumn::Street);
        company.zip = optional(FileColumn::Zip);
        company.city = optional(FileColumn::City);
        company.country = optional(FileColumn::Country);
        company.domain = optional(FileColumn::Domain);
        company.phone = optional(FileColumn::Phone);
        company.vat_id = optional(FileColumn::VatId);
        company.register_number = optional(FileColumn::RegisterNumber);
        company.register_court = optional(FileColumn::RegisterCourt);
        company.lei = optional(FileColumn::Lei);
        let register = optional(FileColumn::Register);
        let parent = optional(FileColumn::ParentId);

        let country = company.country.as_deref().and_then(normalise::country);
        company.vat_id =
            company
                .vat_id
                .filter(|vat_id| match normalise::vat(vat_id, country.as_deref()) {
                    Some(vat) => {
                        if !normalise::vat_check_digits(&vat) {
                            report.warn(error(FileColumn::VatId, Reason::CheckDigits));
                        }
                        true
                    }
                    None => {
                        report.warn(error(FileColumn::VatId, Reason::Form));
                        false
                    }
                });
        company.lei = company.lei.filter(|lei| match normalise::lei(lei) {
            Some(lei) => {
                if !normalise::lei_check_digits(&lei) {
                    report.warn(error(FileColumn::Lei, Reason::CheckDigits));
                }
                true
            }
            None => {
                report.warn(error(FileColumn::Lei, Reason::Form));
                false
            }
        });
        if let Some(register) = register.filter(|_| company.register_number.is_none()) {
            let (number, court) = split_register(&register);
            if number.is_none() {
                report.warn(error(FileColumn::Register, Reason::Form));
            }
            company.register_number = number;
            company.register_court = company.register_court.or(court);
        }
        company.parent_id = parent.and_then(|parent| match CompanyId::parse(&parent) {
            Ok(parent) => Some(parent),
            Err(why) => {
                report.warn(error(FileColumn::ParentId, why.into()));
                None
            }
        });
        Ok(company)
    }

    fn obligatory(&mut self, field: FileColumn) -> Result<String, RowError> {
        self.take(field).ok_or_else(|| {
            let left_out = self.left_out.iter().find(|(other, _)| *other == field);
            let reason = left_out.map_or(Reason::Missing, |(_, reason)| *reason);
            self.error(Some(field), reason)
        })
    }

    fn take(&mut self, field: FileColumn) -> Option<String> {
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
