//! The values of a record in packed form. Half a million records must fit into memory and be written out without being parsed.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Bytes before each value: the field's index and the value's length.
const HEAD: usize = 6;

/// Packed values. Each is stored as the JSON text of an answer, in field order and without nulls.
#[derive(Debug)]
pub(crate) struct Packed(Box<[u8]>);

/// Unpacked values: field index to JSON text.
pub(crate) type Values = BTreeMap<u16, Vec<u8>>;

impl Packed {
    pub(crate) fn pack(values: &Values) -> Self {
        let mut packed = Vec::with_capacity(values.values().map(|value| value.len() + HEAD).sum());
        for (index, value) in values {
            packed.extend_from_slice(&index.to_le_bytes());
            packed.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_le_bytes());
            packed.extend_from_slice(value);
        }
        Self(packed.into_boxed_slice())
    }

    pub(crate) fn unpack(&self) -> Values {
        self.values()
            .map(|(index, value)| (index, value.to_vec()))
            .collect()
    }

    /// Returns all values that are not null, by ascending field index.
    pub(crate) fn values(&self) -> impl Iterator<Item = (u16, &[u8])> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let (head, tail) = rest.split_at_checked(HEAD)?;
            let index = u16::from_le_bytes([head[0], head[1]]);
            let length = u32::from_le_bytes([head[2], head[3], head[4], head[5]]) as usize;
            let (value, tail) = tail.split_at_checked(length)?;
            rest = tail;
            Some((index, value))
        })
    }

    /// Returns the JSON text of one field. `None` is null.
    pub(crate) fn get(&self, index: u16) -> Option<&[u8]> {
        self.values()
            .take_while(|(at, _)| *at <= index)
            .find(|(at, _)| *at == index)
            .map(|(_, value)| value)
    }
}

/// Returns the text inside a JSON string, or a number or boolean as it is.
pub(crate) fn plain(json: &[u8]) -> Cow<'_, str> {
    match json {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => String::from_utf8_lossy(inner),
        [b'"', ..] => serde_json::from_slice::<String>(json).map_or(Cow::Borrowed(""), Cow::Owned),
        _ => String::from_utf8_lossy(json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were_packed() {
        let values: Values = [
            (0, b"\"a\"".to_vec()),
            (7, b"12.5".to_vec()),
            (300, vec![b'x'; 70_000]),
        ]
        .into();
        let packed = Packed::pack(&values);
        assert_eq!(packed.unpack(), values);
        assert_eq!(packed.get(7), Some(&b"12.5"[..]));
        assert_eq!(packed.get(8), None);
        assert_eq!(packed.get(300).map(<[u8]>::len), Some(70_000));
    }
}
