//! Measures the speed of sealing on one core, and of its parts: `cargo run --release -p domain --example seal_bench`.
//!
//! Records are sealed in batches, and the best of several rounds of each batch counts, because other work on the machine only makes
//! a round slower.

use std::{
    error::Error,
    hint::black_box,
    io::Write,
    time::{Duration, Instant},
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use domain::{
    seal::{GenerationKeys, HashKind, Opener, Place, Room, Sealed, Sealer},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use zstd::bulk::{Compressor, Decompressor};

/// The records differ, so that the processor cannot predict a text that it has seen.
const RECORDS: usize = 2_000;
const PORTION: usize = 50;
const ROUNDS: usize = 40;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let records: Vec<Vec<u8>> = (0..RECORDS).map(record).collect();
    let scope = Scope {
        tenant: TenantId::parse("tenant-bench")?,
        integration: IntegrationId::parse("crm-bench")?,
        generation: Generation(1),
    };
    let keys = GenerationKeys::from_bytes(&mut [7; 64])?;
    let mean = |bytes: usize| bytes / RECORDS;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{RECORDS} records of {} bytes",
        mean(records.iter().map(Vec::len).sum())
    )?;

    for level in [-1, 1, 3] {
        let (zstd, gcm) = (bare(&records, level, false)?, bare(&records, level, true)?);
        let mut sealer = Sealer::new(&keys.sealing, level)?;
        let mut sealed = Vec::new();
        for (at, record) in records.iter().enumerate() {
            sealed.push(sealer.seal(&place(&scope, &at.to_string()), record)?);
        }
        let seal = best(|at| {
            black_box(sealer.seal(&place(&scope, &at.to_string()), &records[at])?);
            Ok(())
        })?;
        let size = mean(sealed.iter().map(|one| one.as_bytes().len()).sum());
        line(
            &mut out,
            &format!("level {level}: zstd alone, {} bytes", zstd.1),
            zstd.0,
        )?;
        line(
            &mut out,
            &format!(
                "level {level}: zstd and AES-256-GCM under one key, {} bytes",
                gcm.1
            ),
            gcm.0,
        )?;
        line(
            &mut out,
            &format!("level {level}: seal, {size} bytes"),
            seal,
        )?;
        line(
            &mut out,
            &format!("level {level}: open"),
            opening(&keys, &scope, &sealed)?,
        )?;
    }
    line(&mut out, "unzstd alone", unpacking(&records)?)?;
    let hash = best(|at| {
        let text = std::str::from_utf8(&records[at][..24])?;
        black_box(keys.index.hash(HashKind::Email, text));
        Ok(())
    })?;
    line(&mut out, "keyed hash of 24 bytes", hash)?;
    let digest = best(|at| {
        black_box(keys.index.digest(&records[at]));
        Ok(())
    })?;
    line(&mut out, "digest of a record", digest)?;
    Ok(())
}

fn place<'a>(scope: &'a Scope, id: &'a str) -> Place<'a> {
    Place::within(scope, Room::CopyRecord, "Account", id)
}

/// Runs zstd, and optionally AES-256-GCM under one prepared key with a counted nonce. This is the least that sealing can cost.
/// Returns the time and the mean size.
fn bare(records: &[Vec<u8>], level: i32, encrypt: bool) -> Outcome<(Duration, usize)> {
    let mut compressor = Compressor::new(level)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).map_err(|_| "key")?);
    let mut bytes = 0;
    let took = best(|at| {
        let mut packed = compressor.compress(&records[at])?;
        if encrypt {
            let mut nonce = [0; 12];
            nonce[..8].copy_from_slice(&at.to_be_bytes());
            let nonce = Nonce::assume_unique_for_key(nonce);
            key.seal_in_place_append_tag(nonce, Aad::empty(), &mut packed)
                .map_err(|_| "cipher")?;
        }
        bytes += black_box(packed).len();
        Ok(())
    })?;
    Ok((took, bytes / RECORDS / ROUNDS))
}

fn opening(keys: &GenerationKeys, scope: &Scope, sealed: &[Sealed]) -> Outcome<Duration> {
    let mut opener = Opener::new(&keys.sealing)?;
    best(|at| {
        black_box(opener.open(&place(scope, &at.to_string()), &sealed[at])?);
        Ok(())
    })
}

fn unpacking(records: &[Vec<u8>]) -> Outcome<Duration> {
    let mut compressor = Compressor::new(1)?;
    let packed = records
        .iter()
        .map(|record| compressor.compress(record))
        .collect::<Result<Vec<_>, _>>()?;
    let mut decompressor = Decompressor::new()?;
    best(|at| {
        black_box(decompressor.decompress(&packed[at], 1 << 20)?);
        Ok(())
    })
}

/// Returns the time that `work` takes for each record once.
fn best(mut work: impl FnMut(usize) -> Outcome<()>) -> Outcome<Duration> {
    let mut portions = [Duration::MAX; RECORDS / PORTION];
    for _ in 0..ROUNDS {
        for (number, best) in portions.iter_mut().enumerate() {
            let began = Instant::now();
            for at in number * PORTION..(number + 1) * PORTION {
                work(at)?;
            }
            *best = began.elapsed().min(*best);
        }
    }
    Ok(portions.iter().sum())
}

fn line(out: &mut impl Write, what: &str, took: Duration) -> Outcome<()> {
    let each = took.as_secs_f64() / RECORDS as f64;
    writeln!(
        out,
        "{what:60} {:6.2} us {:9.0} a second",
        each * 1e6,
        1.0 / each
    )?;
    Ok(())
}

/// Returns about 1.3 KB of JSON like a CRM's, with 25 fields, different for each `seed`.
fn record(seed: usize) -> Vec<u8> {
    let mut state = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut word = |count: u64| -> String {
        let syllables = [
            "ber", "stein", "lin", "hof", "müll", "er", "schaf", "tech", "nord", "win", "kel", "ma",
        ];
        (0..count)
            .map(|_| syllables[draw(syllables.len() as u64) as usize])
            .collect()
    };
    let (name, site) = (word(4), word(3));
    let mut text = format!(
        "{{\"Id\":\"001{}{seed:015}\",\"Name\":\"{name} {} GmbH & Co. KG\",\"Website\":\"https://www.{site}.example\",\"Email\":\"{}@{site}.example\"",
        seed % 10,
        word(2),
        word(2)
    );
    for field in [
        "BillingStreet",
        "BillingCity",
        "BillingPostalCode",
        "BillingCountry",
        "ShippingStreet",
        "ShippingCity",
        "Phone",
        "Fax",
        "Industry",
        "AnnualRevenue",
        "NumberOfEmployees",
        "Ownership",
        "OwnerId",
        "ParentId",
        "Rating",
        "AccountSource",
        "CreatedDate",
        "LastModifiedDate",
        "SystemModstamp",
        "Type",
        "Description",
    ] {
        let value = if field == "Description" {
            (0..60).map(|_| word(2)).collect::<Vec<_>>().join(" ")
        } else if field.ends_with("Date") || field.ends_with("stamp") {
            format!(
                "2026-11-{:02}T0{}:17:{:02}.000+0000",
                seed % 28 + 1,
                seed % 10,
                seed % 60
            )
        } else if seed.wrapping_mul(field.len()).is_multiple_of(5) {
            String::from("null")
        } else {
            format!("{} {}", word(3), seed.wrapping_mul(field.len()) % 10_007)
        };
        text.push_str(&format!(",\"{field}\":\"{value}\""));
    }
    text.push('}');
    text.into_bytes()
}
