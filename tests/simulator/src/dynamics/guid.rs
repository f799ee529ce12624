//! Ids: GUIDs in the order of SQL Server, which is not the order of their texts.

use std::fmt;

/// A GUID. The number inside has its bytes in the order in which SQL Server compares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(u128);

/// SQL Server compares the bytes of a GUID's text in this order, from the most significant one on.
const ORDER: [usize; 16] = [10, 11, 12, 13, 14, 15, 8, 9, 7, 6, 5, 4, 3, 2, 1, 0];

impl Guid {
    /// A value that no other one precedes.
    pub(crate) const FIRST: Self = Self(0);
    /// A value that no other one follows.
    pub(crate) const LAST: Self = Self(u128::MAX);

    /// Parses `1f2e3d4c-…`, in capitals, too, or in braces.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'))
            .unwrap_or(text);
        let dashes = [8, 13, 18, 23];
        let is_form = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| {
                if dashes.contains(&at) {
                    byte == b'-'
                } else {
                    byte.is_ascii_hexdigit()
                }
            });
        if !is_form {
            return None;
        }
        let digits = u128::from_str_radix(&text.replace('-', ""), 16).ok()?;
        let bytes = digits.to_be_bytes();
        Some(Self(u128::from_be_bytes(ORDER.map(|at| bytes[at]))))
    }

    /// Makes the id of a number. Ids of ascending numbers do not ascend as texts, nor in the order of SQL Server.
    pub(crate) fn numbered(number: u64) -> Self {
        let text = format!(
            "{:08x}-5aa1-ef11-8e8b-000d3a{:06x}",
            number & 0xFFFF_FFFF,
            number >> 32
        );
        Self::parse(&text).unwrap_or(Self::LAST)
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ordered = self.0.to_be_bytes();
        let mut bytes = [0; 16];
        for (from, at) in ORDER.into_iter().enumerate() {
            bytes[at] = ordered[from];
        }
        for (at, byte) in bytes.into_iter().enumerate() {
            if [4, 6, 8, 10].contains(&at) {
                out.write_str("-")?;
            }
            write!(out, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_read_and_written_in_small_letters() {
        let text = "1F2E3D4C-0A0B-0C0D-8e8f-A1A2A3A4A5A6";
        let guid = Guid::parse(text).unwrap();
        assert_eq!(guid.to_string(), text.to_lowercase());
        assert_eq!(Guid::parse(&format!("{{{text}}}")), Some(guid));
        assert_eq!(Guid::parse("1f2e3d4c0a0b0c0d8e8fa1a2a3a4a5a6"), None);
    }

    #[test]
    fn the_order_is_that_of_sql_server() {
        // The last group counts most, and the bytes of the first one count from its end.
        let of = |text| Guid::parse(text).unwrap();
        let low = of("ffffffff-ffff-ffff-ffff-000000000001");
        let high = of("00000000-0000-0000-0000-000000000002");
        assert!(low < high);
        let (one, other) = (
            of("00000100-0000-0000-0000-000000000000"),
            of("00000001-0000-0000-0000-000000000000"),
        );
        assert!(one > of("01000000-0000-0000-0000-000000000000"));
        assert!(other > one);
    }
}
