//! The minimum of work on a page: parse, zstd, AES-256-GCM. No rule looks at the page.

use std::{fmt, hint::black_box};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};
use zstd::bulk::Compressor;

use super::input::Input;
use crate::Outcome;

/// The level that sync uses.
const LEVEL: i32 = 1;

/// Locates each field of each record, builds nothing of it, and seals the record's text.
pub(super) fn fields(input: &Input, at: usize) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        records: Vec<Row<'a>>,
    }
    let answer: Answer<'_> = serde_json::from_slice(&input.pages[at].bytes)?;
    let n_fields: usize = answer.records.iter().map(|row| row.0.len()).sum();
    black_box(n_fields);
    seal(&input.pages[at].records)
}

/// Does the same with serde_json's own tree, as a first draft would.
pub(super) fn tree(input: &Input, at: usize) -> Outcome<()> {
    let answer: Value = serde_json::from_slice(&input.pages[at].bytes)?;
    black_box(&answer);
    seal(&input.pages[at].records)
}

/// Seals the page as it came.
pub(super) fn page(input: &Input, at: usize) -> Outcome<()> {
    seal(&[&input.pages[at].bytes])
}

fn seal(bodies: &[impl AsRef<[u8]>]) -> Outcome<()> {
    let mut compressor = Compressor::new(LEVEL)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).map_err(|_| "key")?);
    for (at, body) in bodies.iter().enumerate() {
        let mut packed = compressor.compress(body.as_ref())?;
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&at.to_be_bytes());
        let nonce = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce, Aad::empty(), &mut packed)
            .map_err(|_| "seal")?;
        black_box(packed);
    }
    Ok(())
}

/// A record's fields, borrowed.
struct Row<'a>(Vec<(&'a str, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Row<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Vec<(&'de str, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(26);
                while let Some(entry) = map.next_entry()? {
                    fields.push(entry);
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Fields).map(Row)
    }
}
