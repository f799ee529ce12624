//! What the operator allows all tenants. A tenant's own numbers are in its row (`operator allowance`).

use domain::{
    allowance::{Allowance, Limit},
    fault::Outcome,
};

use super::{Getter, values::number};

/// Reads the numbers to which the API holds a tenant.
pub(super) fn of_requests(get: &Getter<'_>) -> Outcome<Allowance> {
    let numbers = [
        (
            Limit::RunsPerHour,
            number(get, "TENANT_RUNS_PER_HOUR", 0, 100_000)?,
        ),
        (
            Limit::ExportsPerDay,
            number(get, "TENANT_EXPORTS_PER_DAY", 0, 10_000)?,
        ),
        (
            Limit::CreationsPerHour,
            number(get, "TENANT_CREATIONS_PER_HOUR", 0, 1_000_000)?,
        ),
        (
            Limit::StatusCallsPerMinute,
            number(get, "TENANT_STATUS_CALLS_PER_MINUTE", 0, 1_000_000)?,
        ),
        (
            Limit::CrmQuestionsPerHour,
            number(get, "TENANT_CRM_QUESTIONS_PER_HOUR", 0, 100_000)?,
        ),
        (
            Limit::CompanyEntriesPerDay,
            number(get, "TENANT_COMPANY_ENTRIES_PER_DAY", 0, 100_000_000)?,
        ),
        (
            Limit::HeadsPerHour,
            number(get, "TENANT_HEADS_PER_HOUR", 0, 100_000)?,
        ),
        (
            Limit::Integrations,
            number(get, "TENANT_INTEGRATIONS", 0, 1_000)?,
        ),
        (
            Limit::ExportsKept,
            number(get, "TENANT_EXPORTS_KEPT", 0, 1_000)?,
        ),
        (
            Limit::BatchRecords,
            number(get, "TENANT_BATCH_RECORDS", 1, 200)?,
        ),
        (
            Limit::PreviewRecords,
            number(get, "TENANT_PREVIEW_RECORDS", 1, 200)?,
        ),
    ];
    Ok(Allowance(numbers.into()))
}

/// Reads the number of slices that a tenant's runs may have at the same time.
pub(super) fn of_slices(get: &Getter<'_>) -> Outcome<Allowance> {
    let slices = number(get, "TENANT_SLICES", 1, 1_000)?;
    Ok(Allowance([(Limit::Slices, slices)].into()))
}
