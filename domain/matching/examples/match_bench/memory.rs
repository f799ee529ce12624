//! The inverted index in memory: each company once, and the positions of its companies under the
//! hash of each key.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher},
    io::BufReader,
    path::Path,
};

use matching::{MAX_POSTINGS, MatchKey, Posting, reader::CompanyReader};

use super::Result;

/// Postings by key. As in the Companies table, a key of more than [`MAX_POSTINGS`] companies leads
/// to none.
pub(super) struct Index {
    postings: Vec<Posting>,
    places: HashMap<u64, Vec<u32>, BuildHasherDefault<Hashed>>,
    /// The number of entries by the letter of the key's kind.
    n_entries: BTreeMap<char, usize>,
}

/// The keys are hashes already.
#[derive(Default)]
pub(super) struct Hashed(u64);

impl Index {
    /// Reads the vendor's file.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let mut index = Self {
            postings: Vec::new(),
            places: HashMap::default(),
            n_entries: BTreeMap::new(),
        };
        let mut known: HashMap<String, ()> = HashMap::new();
        for company in CompanyReader::open(BufReader::new(File::open(path)?))?.companies() {
            let company = company?;
            if known.insert(company.id.to_string(), ()).is_none() {
                index.add(Posting::of(&company))?;
            }
        }
        index.places.shrink_to_fit();
        Ok(index)
    }

    fn add(&mut self, posting: Posting) -> Result<()> {
        let place = u32::try_from(self.postings.len())?;
        for key in posting.profile.index_keys() {
            *self.n_entries.entry(key.kind().letter()).or_default() += 1;
            let places = self.places.entry(hash(&key)).or_default();
            // One position above the limit marks the key as too common.
            if places.len() <= MAX_POSTINGS {
                if places.is_empty() {
                    places.reserve_exact(1);
                }
                places.push(place);
            }
        }
        self.postings.push(posting);
        Ok(())
    }

    /// The companies that have a key.
    pub(super) fn find(&self, key: &MatchKey) -> impl Iterator<Item = &Posting> {
        let places = self.places.get(&hash(key)).map_or(&[][..], Vec::as_slice);
        let few = if places.len() > MAX_POSTINGS {
            &[]
        } else {
            places
        };
        few.iter().map(|place| &self.postings[*place as usize])
    }

    pub(super) fn n_companies(&self) -> usize {
        self.postings.len()
    }

    pub(super) fn n_entries(&self) -> &BTreeMap<char, usize> {
        &self.n_entries
    }
}

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

fn hash(key: &MatchKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.as_str().hash(&mut hasher);
    hasher.finish()
}
