//! The rows of the table Companies, which the editions share.
//!
//! A row belongs to a match key or to a company. It keeps what it holds in layers, each with the number of the import that
//! wrote it. A reader takes the newest layer whose number was published, so a layer of an import that is under way, or was
//! given up, is seen by nobody. An import writes only the rows that it changes, and publishing its number shows them all.

use std::{fmt, str::FromStr, sync::Arc};

use matching::{Company, CompanyId, MatchKey, Posting};

use super::Candidates;

/// The number of parts into which rows are divided. A part is read in the order of its rows.
pub const PARTS: u32 = 256;

/// The prefix of the names of companies' rows. No match key begins with it.
const COMPANY: &str = "C#";

/// The name of a row. Names sort as their texts do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowName {
    /// The row of a company.
    Company(CompanyId),
    /// The row of a match key.
    Key(MatchKey),
}

/// What a row holds.
#[derive(Clone, Debug, PartialEq)]
pub enum RowValue {
    /// A company as the vendor wrote it.
    Company(Box<Company>),
    /// The companies that have the match key.
    Postings(Vec<Arc<Posting>>),
    /// More companies have the match key than a key may have to be useful.
    TooCommon,
}

/// What a row holds since an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The number of the import.
    pub number: u64,
    /// What the row holds. `None` if the import found nothing for it.
    pub value: Option<RowValue>,
}

/// A row with its layers, the newest first. There are at most two.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: RowName,
    /// Its layers. Empty if there is no such row.
    pub layers: Vec<Layer>,
}

/// A row as an import wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct Amended {
    /// The row. Without layers it is deleted.
    pub row: Row,
    /// The number of the newest layer that the import saw. `None` if there was no row.
    pub seen: Option<u64>,
}

/// The numbers of the imports that were published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers(Vec<(u64, u64)>);

/// Returns the part of a match key or a company's id. Rows of deployed tables lie where this says, so it never changes.
pub fn part_of(text: &str) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Uses the high bits, since FNV's low bits follow the text's low bits.
    u32::try_from((hash >> 40) % u64::from(PARTS)).unwrap_or(0)
}

impl RowName {
    /// Returns the part to which the row belongs.
    pub fn part(&self) -> u32 {
        part_of(match self {
            Self::Company(id) => id.as_str(),
            Self::Key(key) => key.as_str(),
        })
    }

    /// Parses the name from its text. `None` if no row is called so.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(COMPANY) {
            Some(id) => CompanyId::parse(id).ok().map(Self::Company),
            None => MatchKey::parse(text).map(Self::Key),
        }
    }
}

impl fmt::Display for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Company(id) => write!(f, "{COMPANY}{id}"),
            Self::Key(key) => f.write_str(key.as_str()),
        }
    }
}

impl RowValue {
    /// Returns what is found under a match key whose row holds this.
    pub fn candidates(&self) -> Candidates {
        match self {
            Self::Postings(postings) => Candidates::Some(postings.clone()),
            Self::TooCommon => Candidates::TooCommon,
            Self::Company(_) => Candidates::None,
        }
    }
}

impl Row {
    /// Returns the row as it is before anything was written.
    pub fn missing(name: RowName) -> Self {
        Self {
            name,
            layers: Vec::new(),
        }
    }

    /// Returns what a reader sees to whom these numbers are published. `None` if the row holds nothing for it.
    pub fn shown(&self, published: &Numbers) -> Option<&RowValue> {
        self.layer(published)?.value.as_ref()
    }

    fn layer(&self, published: &Numbers) -> Option<&Layer> {
        let mut layers = self.layers.iter();
        layers.find(|layer| published.contains(layer.number))
    }

    /// Returns the row as import `number` wants it, so that it holds `wanted` once the number is published, and until then what
    /// it holds now. `None` if nothing has to be written.
    ///
    /// What was left by imports that were given up is dropped, and so is a row that holds nothing any more.
    pub fn amended(
        self,
        number: u64,
        published: &Numbers,
        wanted: Option<RowValue>,
    ) -> Option<Amended> {
        let shown = self.layer(published).filter(|layer| layer.value.is_some());
        let newest = self.layers.first();
        let seen = newest.map(|layer| layer.number);
        let layers = if shown.and_then(|layer| layer.value.as_ref()) == wanted.as_ref() {
            match shown {
                // The layers below are dropped with the next change: a write of their own is not worth it.
                Some(shown) if newest == Some(shown) => return None,
                Some(shown) => vec![shown.clone()],
                None => Vec::new(),
            }
        } else {
            let value = wanted;
            let above = Layer { number, value };
            std::iter::once(above).chain(shown.cloned()).collect()
        };
        (layers != self.layers).then_some(Amended {
            row: Self {
                name: self.name,
                layers,
            },
            seen,
        })
    }
}

impl Numbers {
    /// Returns these numbers and one more.
    #[must_use]
    pub fn with(&self, number: u64) -> Self {
        let mut ranges = self.0.clone();
        if !self.contains(number) {
            ranges.push((number, number));
            ranges.sort_unstable();
        }
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(before) if before.1.checked_add(1) == Some(first) => before.1 = last,
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// Returns whether a number is among them.
    pub fn contains(&self, number: u64) -> bool {
        self.0
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&number))
    }

    /// Returns the highest number.
    pub fn highest(&self) -> Option<u64> {
        self.0.last().map(|(_, last)| *last)
    }
}

/// Writes ranges, such as `1-57,59`.
impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (first, last)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

/// The text is not a list of ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNumbers;

impl FromStr for Numbers {
    type Err = NotNumbers;

    fn from_str(text: &str) -> Result<Self, NotNumbers> {
        let range = |range: &str| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let range = (first.parse().ok()?, last.parse().ok()?);
            (range.0 <= range.1).then_some(range)
        };
        let ranges = text.split(',').filter(|range| !range.is_empty());
        let mut ranges: Vec<(u64, u64)> =
            ranges.map(range).collect::<Option<_>>().ok_or(NotNumbers)?;
        ranges.sort_unstable();
        Ok(Self(ranges))
    }
}
