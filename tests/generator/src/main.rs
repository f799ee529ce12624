//! Makes a company database, or the contents of a CRM, as files.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::{Args, Parser, ValueEnum};
use generator::{
    Companies, Crm, canaries,
    company::{Format, Packing, write},
};
use serde_json::json;

/// Synthetic data with known truth.
#[derive(Parser)]
enum Command {
    /// The vendor's company database.
    Companies(CompaniesFile),
    /// The contents of a CRM, as NDJSON that the simulator loads.
    Crm(CrmFile),
}

#[derive(Clone, Copy, ValueEnum)]
enum Rows {
    Csv,
    Ndjson,
}

#[derive(Args)]
struct CompaniesFile {
    #[arg(long)]
    size: u64,
    #[arg(long)]
    seed: u64,
    #[arg(long, value_enum, default_value = "csv")]
    format: Rows,
    #[arg(long, conflicts_with = "zstd")]
    gzip: bool,
    #[arg(long)]
    zstd: bool,
    #[arg(short, long)]
    out: PathBuf,
}

#[derive(Args)]
struct CrmFile {
    #[arg(long, default_value_t = 0)]
    accounts: u64,
    #[arg(long, default_value_t = 0)]
    contacts: u64,
    #[arg(long, default_value_t = 0)]
    leads: u64,
    #[arg(long, default_value_t = 0)]
    tasks: u64,
    #[arg(long, default_value_t = 0)]
    opportunities: u64,
    #[arg(long)]
    seed: u64,
    #[arg(long)]
    companies_seed: u64,
    #[arg(long)]
    companies_size: u64,
    #[arg(short, long)]
    out: PathBuf,
    /// Where the truth goes: record_id,company_id.
    #[arg(long)]
    truth: Option<PathBuf>,
    /// Where the strings go that must be found in clear nowhere, one a line.
    #[arg(long)]
    canaries: Option<PathBuf>,
}

fn main() -> io::Result<()> {
    match Command::parse() {
        Command::Companies(asked) => write_companies(&asked),
        Command::Crm(asked) => write_crm(&asked),
    }
}

fn create(path: &PathBuf) -> io::Result<BufWriter<File>> {
    File::create(path).map(BufWriter::new)
}

fn write_companies(asked: &CompaniesFile) -> io::Result<()> {
    let companies = Companies {
        seed: asked.seed,
        size: asked.size,
    };
    let format = match asked.format {
        Rows::Csv => Format::Csv,
        Rows::Ndjson => Format::Ndjson,
    };
    let packing = match (asked.gzip, asked.zstd) {
        (true, _) => Packing::Gzip,
        (_, true) => Packing::Zstd,
        _ => Packing::None,
    };
    write(&companies, format, packing, create(&asked.out)?)
}

fn write_crm(asked: &CrmFile) -> io::Result<()> {
    let crm = Crm {
        seed: asked.seed,
        companies: Companies {
            seed: asked.companies_seed,
            size: asked.companies_size,
        },
        accounts: asked.accounts,
        contacts: asked.contacts,
        leads: asked.leads,
        tasks: asked.tasks,
        opportunities: asked.opportunities,
    };
    let mut out = create(&asked.out)?;
    let mut truth = asked.truth.as_ref().map(create).transpose()?;
    if let Some(truth) = &mut truth {
        writeln!(truth, "record_id,company_id")?;
    }
    for record in crm.records() {
        serde_json::to_writer(
            &mut out,
            &json!({ "object": record.object, "fields": record.fields }),
        )?;
        out.write_all(b"\n")?;
        if let (Some(truth), "Account") = (&mut truth, record.object) {
            writeln!(
                truth,
                "{},{}",
                record.id,
                record.company.unwrap_or_default()
            )?;
        }
    }
    out.flush()?;
    if let Some(truth) = &mut truth {
        truth.flush()?;
    }
    if let Some(path) = &asked.canaries {
        let mut out = create(path)?;
        for text in canaries(&crm) {
            writeln!(out, "{text}")?;
        }
        out.flush()?;
    }
    Ok(())
}
