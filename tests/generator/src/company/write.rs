use std::io::{self, Write};

use super::Companies;

/// The format of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Header and comma-separated values.
    Csv,
    /// One JSON object per line. An empty value has no key.
    Ndjson,
}

/// The compression of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// No compression.
    None,
    /// gzip.
    Gzip,
    /// zstd, with a checksum as the command-line tool writes it.
    Zstd,
}

/// Writes all companies as the vendor delivers them.
///
/// # Errors
/// Returns the error of `out`.
pub fn write(
    companies: &Companies,
    format: Format,
    packing: Packing,
    out: impl Write,
) -> io::Result<()> {
    match packing {
        Packing::None => rows(companies, format, out).map(drop),
        Packing::Gzip => rows(
            companies,
            format,
            flate2::write::GzEncoder::new(out, flate2::Compression::fast()),
        )?
        .finish()?
        .flush(),
        Packing::Zstd => {
            let mut encoder = zstd::Encoder::new(out, 3)?;
            encoder.include_checksum(true)?;
            rows(companies, format, encoder)?.finish()?.flush()
        }
    }
}

fn rows<W: Write>(companies: &Companies, format: Format, mut out: W) -> io::Result<W> {
    match format {
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(out);
            for company in companies.iter() {
                writer.serialize(company)?;
            }
            writer.into_inner().map_err(csv::IntoInnerError::into_error)
        }
        Format::Ndjson => {
            for company in companies.iter() {
                let mut row = serde_json::to_value(company)?;
                if let Some(fields) = row.as_object_mut() {
                    fields.retain(|_, value| value.as_str() != Some(""));
                }
                serde_json::to_writer(&mut out, &row)?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
            Ok(out)
        }
    }
}
