use std::cell::Cell;
use std::fmt;
use std::io::{self, BufReader, Chain, Cursor, ErrorKind, Read};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use super::{FileError, MAX_ROW, Packing};

/// How much is looked at to tell how rows are written.
const HEAD: u64 = 64 * 1024;

/// The most memory that unpacking zstd may take: 2^25 = 32 MiB. `zstd -19` needs 8, `--ultra -22` 128.
const ZSTD_WINDOW_LOG: u32 = 25;

/// The unpacked bytes of a file, the byte order mark gone.
pub(super) struct Source<R: Read> {
    pub(super) bytes: Bytes<R>,
    pub(super) packing: Packing,
    pub(super) is_json: bool,
    /// What stands between the columns, if these are columns.
    pub(super) delimiter: u8,
}

/// First what was looked at, then the rest.
pub(super) type Bytes<R> = Metered<Chain<Cursor<Vec<u8>>, Unpacked<R>>>;

type Packed<R> = Chain<Cursor<Vec<u8>>, Marked<R>>;

pub(super) enum Unpacked<R: Read> {
    Plain(Packed<R>),
    Gzip(Box<MultiGzDecoder<BufReader<Packed<R>>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, BufReader<Packed<R>>>>),
}

/// Fails when more than [`MAX_ROW`] bytes were read since its user last finished a row.
pub(super) struct Metered<R> {
    inner: R,
    since_row: Rc<Cell<usize>>,
}

/// Marks the errors of the file's own reader, so that they are not taken for a damaged archive.
pub(super) struct Marked<R>(R);

#[derive(Debug)]
struct ReadFailed(ErrorKind);

#[derive(Debug)]
struct RowEndless;

pub(super) fn open<R: Read>(read: R) -> Result<Source<R>, FileError> {
    let mut marked = Marked(read);
    let mut magic = Vec::with_capacity(4);
    (&mut marked)
        .take(4)
        .read_to_end(&mut magic)
        .map_err(|error| file_error(&error, 1))?;
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
        .map_err(|error| file_error(&error, 1))?;
    refuse_utf16(&head)?;
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    let first = head
        .iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .ok_or(FileError::Empty)?;
    let is_json = *first == b'{';
    let delimiter = delimiter(&head);
    let bytes = Metered {
        inner: Cursor::new(head).chain(unpacked),
        since_row: Rc::default(),
    };
    Ok(Source {
        bytes,
        packing,
        is_json,
        delimiter,
    })
}

/// What a failure while reading the row that begins on `line` says about the file.
pub(super) fn file_error(error: &io::Error, line: u64) -> FileError {
    if let Some(inner) = error.get_ref() {
        if let Some(ReadFailed(kind)) = inner.downcast_ref() {
            return FileError::Io(*kind);
        }
        if inner.is::<RowEndless>() {
            return FileError::RowTooLong(line);
        }
    }
    if error.kind() == ErrorKind::UnexpectedEof {
        FileError::Truncated
    } else {
        FileError::Corrupt
    }
}

fn refuse_utf16(head: &[u8]) -> Result<(), FileError> {
    match head {
        [0xff, 0xfe, ..] | [_, 0, ..] => Err(FileError::Encoding("UTF-16 (little endian)")),
        [0xfe, 0xff, ..] | [0, _, ..] => Err(FileError::Encoding("UTF-16 (big endian)")),
        _ => Ok(()),
    }
}

/// The one of comma, semicolon and tab that is most frequent in the first line that is not empty.
fn delimiter(head: &[u8]) -> u8 {
    let line = head
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

impl<R> Metered<R> {
    /// What counts the bytes: set it to zero at each end of a row.
    pub(super) fn since_row(&self) -> Rc<Cell<usize>> {
        Rc::clone(&self.since_row)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let since = self.since_row.get();
        if since > MAX_ROW {
            return Err(io::Error::other(RowEndless));
        }
        let n = self.inner.read(buffer)?;
        self.since_row.set(since + n);
        Ok(n)
    }
}

impl<R: Read> Read for Marked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            // To be tried again by whoever reads, as the contract of `Read` says.
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

impl fmt::Display for RowEndless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("row without an end")
    }
}

impl std::error::Error for ReadFailed {}
impl std::error::Error for RowEndless {}
