use std::fmt;
use std::io::{self, BufReader, Chain, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

use super::{FileError, Packing};

/// The number of bytes that are examined to recognize the format.
const HEAD: u64 = 64 * 1024;

/// The most memory that decompressing zstd may use: 2^25 bytes = 32 MiB. `zstd -19` needs 8 MiB,
/// `--ultra -22` needs 128 MiB.
const ZSTD_WINDOW_LOG: u32 = 25;

/// The decompressed bytes of a file, without a byte order mark.
pub(super) struct Source<R: Read> {
    pub(super) bytes: Bytes<R>,
    pub(super) packing: Packing,
    pub(super) is_json: bool,
}

/// The bytes that were examined, followed by the rest.
pub(super) type Bytes<R> = Chain<Cursor<Vec<u8>>, Unpacked<R>>;

type Packed<R> = Chain<Cursor<Vec<u8>>, Tagged<R>>;

pub(super) enum Unpacked<R: Read> {
    Plain(Packed<R>),
    Gzip(Box<MultiGzDecoder<BufReader<Packed<R>>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, BufReader<Packed<R>>>>),
}

/// Tags the errors of the underlying reader, to tell them from those of a damaged archive.
pub(super) struct Tagged<R>(R);

#[derive(Debug)]
struct ReadFailed(ErrorKind);

pub(super) fn open<R: Read>(read: R) -> Result<Source<R>, FileError> {
    let mut marked = Tagged(read);
    let mut magic = Vec::with_capacity(4);
    (&mut marked)
        .take(4)
        .read_to_end(&mut magic)
        .map_err(|error| file_error(&error))?;
    let packing = match magic.as_slice() {
        [0x1f, 0x8b, ..] => Packing::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd] => Packing::Zstd,
        _ => Packing::None,
    };
    let packed = Cursor::new(magic).chain(marked);
    let mut unpacked = match packing {
        Packing::None => Unpacked::Plain(packed),
        Packing::Gzip => Unpacked::Gzip(Box::new(MultiGzDecoder::new(BufReader::new(packed)))),
        Packing::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(BufReader::new(packed))
                .map_err(|_| FileError::Corrupt)?;
            decoder
                .window_log_max(ZSTD_WINDOW_LOG)
                .map_err(|_| FileError::Corrupt)?;
            Unpacked::Zstd(Box::new(decoder))
        }
    };
    let mut head = Vec::new();
    (&mut unpacked)
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(|error| file_error(&error))?;
    refuse_other_kinds(&head)?;
    refuse_wide(&head)?;
    // Concatenated files have one mark each.
    while head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    let first = head
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .ok_or(FileError::Empty)?;
    if head[first] == b'[' && is_array(&head[first + 1..]) {
        return Err(FileError::Format("a JSON array"));
    }
    Ok(Source {
        packing,
        is_json: head[first] == b'{',
        bytes: Cursor::new(head).chain(unpacked),
    })
}

/// The meaning of a read error for the file.
pub(super) fn file_error(error: &io::Error) -> FileError {
    if let Some(ReadFailed(kind)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return FileError::Io(*kind);
    }
    if error.kind() == ErrorKind::UnexpectedEof {
        FileError::Truncated
    } else {
        FileError::Corrupt
    }
}

/// Refuses files that are often supplied instead of CSV, recognized by their first bytes.
fn refuse_other_kinds(head: &[u8]) -> Result<(), FileError> {
    let kinds: [(&[u8], &'static str); 5] = [
        (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"BZh", "a bzip2 archive"),
        (b"PAR1", "a Parquet file"),
    ];
    let kind = kinds.into_iter().find(|(magic, _)| head.starts_with(magic));
    kind.map_or(Ok(()), |(_, kind)| Err(FileError::Format(kind)))
}

/// Refuses encodings with two or four bytes per character, recognized by their byte order mark or
/// by the many zero bytes in their text.
fn refuse_wide(head: &[u8]) -> Result<(), FileError> {
    let n_zeros = |odd: usize| {
        head.iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (n_zeros(0), n_zeros(1));
    let found = match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "UTF-32",
        [0xff, 0xfe, ..] | [_, 0, ..] => "UTF-16 (little endian)",
        [0xfe, 0xff, ..] | [0, _, ..] => "UTF-16 (big endian)",
        _ if odd * 4 > head.len() => "UTF-16 (little endian)",
        _ if even * 4 > head.len() => "UTF-16 (big endian)",
        _ => return Ok(()),
    };
    Err(FileError::Encoding(found))
}

/// Whether the text after a bracket continues a JSON array, rather than a column name in brackets.
fn is_array(rest: &[u8]) -> bool {
    let first = rest.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, None | Some(b'{' | b'[' | b']'))
}

impl<R: Read> Read for Tagged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            // The caller tries again, as the contract of `Read` requires.
            ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, ReadFailed(kind)),
        })
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(read) => read.read(buffer),
            Self::Gzip(read) => read.read(buffer),
            Self::Zstd(read) => read.read(buffer),
        }
    }
}

impl fmt::Display for ReadFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reading failed: {}", self.0)
    }
}

impl std::error::Error for ReadFailed {}
