//! A random length behind bodies that mix what several people wrote.
//!
//! A page holds records side by side and is compressed as one text. Somebody who can get a record into the CRM, by a form on a web
//! page, and who sees the sizes of objects could guess what other records say: where a guess is right, zstd refers back to it, and
//! the page is some 8 bytes shorter (CRIME, BREACH: RFC 7457, section 2.6). A length that is random within [`MOST`] bytes hides that.
//! Two bodies that differ by 8 bytes are then told apart by one of about two thousand observations, and every observation is another
//! page of another run.

use aws_lc_rs::rand;

use super::{error::SealError, place::Room};

/// The bytes that the noise has at most. A page of 2,000 records is some 300 KB, so that the mean costs 3 percent of it.
const MOST: u16 = 16 * 1024;

/// The magic number of a skippable frame (RFC 8878, section 3.1.2), which every zstd decoder passes over.
const SKIPPABLE: [u8; 4] = 0x184D_2A5A_u32.to_le_bytes();

impl Room {
    /// Returns whether bodies of this room hold texts of several people.
    fn mixes(self) -> bool {
        matches!(self, Self::Page)
    }
}

/// Appends a skippable frame of random length to the packed body, where the room's bodies need it.
pub(super) fn append(room: Room, packed: &mut Vec<u8>) -> Result<(), SealError> {
    if !room.mixes() {
        return Ok(());
    }
    let mut drawn = [0; 2];
    rand::fill(&mut drawn).map_err(|_| SealError::Cipher)?;
    // `MOST` divides the number of values that two bytes have, so every length is equally likely.
    let length = u16::from_le_bytes(drawn) % MOST;
    packed.extend_from_slice(&SKIPPABLE);
    packed.extend_from_slice(&u32::from(length).to_le_bytes());
    packed.resize(packed.len() + usize::from(length), 0);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{
        seal::{GenerationKeys, Opener, Place, Room, Sealer},
        tenant::{Generation, IntegrationId, Scope, TenantId},
    };

    /// Returns the lengths of one body, sealed many times, each of which opens again.
    fn lengths(room: Room, times: usize) -> Vec<usize> {
        let scope = Scope {
            tenant: TenantId::parse("tenant-a").unwrap(),
            integration: IntegrationId::parse("crm").unwrap(),
            generation: Generation(1),
        };
        let keys = GenerationKeys::from_bytes(&mut [7; 64]).unwrap();
        let place = Place::within(&scope, room, "Lead", "1");
        let (mut sealer, mut opener) = (
            Sealer::new(&keys.sealing, 1).unwrap(),
            Opener::new(&keys.sealing).unwrap(),
        );
        let seal = |_| {
            let sealed = sealer.seal(&place, b"a page").unwrap();
            assert_eq!(opener.open(&place, &sealed).unwrap(), b"a page");
            sealed.into_bytes().len()
        };
        (0..times).map(seal).collect()
    }

    #[test]
    fn the_length_of_a_page_says_little_about_its_text() {
        let seen = lengths(Room::Page, 2_000);
        let (least, most) = (*seen.iter().min().unwrap(), *seen.iter().max().unwrap());
        assert!(
            (15_000..=16_500).contains(&(most - least)),
            "{least} {most}"
        );
        // Steps of 64 bytes: 256 lengths, equally likely. 2,000 draws leave out 0.1 of them on average.
        let different = seen.iter().collect::<BTreeSet<_>>().len();
        assert!(different > 240, "{different}");
    }

    #[test]
    fn a_record_is_one_persons_text_and_gets_no_noise() {
        let seen: BTreeSet<_> = lengths(Room::CopyRecord, 50).into_iter().collect();
        assert_eq!(seen.len(), 1);
    }
}
