//! Writes synthetic companies and CRMs from the command line.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use generator::company::{self, Companies, Format, Packing};
use generator::{Crm, dynamics, hubspot, salesforce};

/// Makes synthetic data with known truth. The same seed and size give the same bytes.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The vendor's company database.
    Companies(CompaniesArguments),
    /// A CRM in a vendor's shape, as lines for the vendor's simulator.
    Crm(CrmArguments),
}

#[derive(Args)]
struct CompaniesArguments {
    /// Number of companies.
    #[arg(long)]
    size: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value = "csv")]
    format: FormatName,
    /// Compresses the file with gzip.
    #[arg(long, conflicts_with = "zstd")]
    gzip: bool,
    /// Compresses the file with zstd.
    #[arg(long)]
    zstd: bool,
    /// File to write.
    #[arg(short, long)]
    out: PathBuf,
}

#[derive(Args)]
struct CrmArguments {
    /// The vendor.
    #[arg(long, value_enum, default_value = "salesforce")]
    shape: Shape,
    #[arg(long, default_value_t = 0)]
    accounts: u64,
    /// Only for Salesforce.
    #[arg(long, default_value_t = 0)]
    person_accounts: u64,
    #[arg(long, default_value_t = 0)]
    contacts: u64,
    #[arg(long, default_value_t = 0)]
    leads: u64,
    #[arg(long, default_value_t = 0)]
    tasks: u64,
    #[arg(long, default_value_t = 0)]
    opportunities: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seed of the company database that the CRM quotes.
    #[arg(long, default_value_t = 1)]
    companies_seed: u64,
    /// Size of the company database that the CRM quotes.
    #[arg(long)]
    companies_size: u64,
    /// File to write.
    #[arg(short, long)]
    out: PathBuf,
    /// File for the truth: record_id,company_id.
    #[arg(long)]
    truth: Option<PathBuf>,
    /// File for the canaries, one per line: texts that must appear nowhere in clear.
    #[arg(long)]
    canaries: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shape {
    Salesforce,
    Hubspot,
    Dynamics,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatName {
    Csv,
    Ndjson,
}

fn main() -> io::Result<()> {
    match Arguments::parse().what {
        What::Companies(given) => {
            let companies = Companies {
                seed: given.seed,
                size: given.size,
            };
            let format = match given.format {
                FormatName::Csv => Format::Csv,
                FormatName::Ndjson => Format::Ndjson,
            };
            let packing = match (given.gzip, given.zstd) {
                (true, _) => Packing::Gzip,
                (_, true) => Packing::Zstd,
                _ => Packing::None,
            };
            company::write(&companies, format, packing, create(&given.out)?)
        }
        What::Crm(given) => write_crm(&given),
    }
}

fn write_crm(given: &CrmArguments) -> io::Result<()> {
    let crm = Crm {
        seed: given.seed,
        companies: Companies {
            seed: given.companies_seed,
            size: given.companies_size,
        },
        accounts: given.accounts,
        person_accounts: given.person_accounts,
        contacts: given.contacts,
        leads: given.leads,
        opportunities: given.opportunities,
        tasks: given.tasks,
    };
    if given.shape != Shape::Salesforce && crm.person_accounts > 0 {
        return Err(io::Error::other("only Salesforce has person accounts"));
    }
    let mut truth = given.truth.as_deref().map(create).transpose()?;
    let mut canaries = given.canaries.as_deref().map(create).transpose()?;
    let out = create(&given.out)?;
    let truth = truth.as_mut().map(|file| file as &mut dyn Write);
    let canaries = canaries.as_mut().map(|file| file as &mut dyn Write);
    match given.shape {
        Shape::Salesforce => salesforce::write(&crm, out, truth, canaries),
        Shape::Hubspot => hubspot::write(&crm, out, truth, canaries),
        Shape::Dynamics => dynamics::write(&crm, out, truth, canaries),
    }
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    File::create(path).map(|file| BufWriter::with_capacity(1 << 20, file))
}
