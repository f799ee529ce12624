//! The lines of a file, numbered as in an editor.

use std::io::{BufRead, BufReader, Read};

use super::source::file_error;
use super::{FileError, MAX_ROW};

/// Lines that end with LF, CRLF or a single CR.
pub(super) struct Lines<R> {
    bytes: BufReader<R>,
    /// The number of the last line that was read. The first line is 1.
    n: u64,
    /// Whether the last line ended with CR. An LF that follows belongs to the same line end.
    after_cr: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(bytes: R) -> Self {
        Self {
            bytes: BufReader::with_capacity(64 * 1024, bytes),
            n: 0,
            after_cr: false,
        }
    }

    /// The number of lines that have been read.
    pub(super) fn n(&self) -> u64 {
        self.n
    }

    /// Reads the next line into `line`, without its line end. Returns `false` at the end of the
    /// file.
    pub(super) fn next(&mut self, line: &mut Vec<u8>) -> Result<bool, FileError> {
        line.clear();
        let number = self.n + 1;
        let mut is_there = false;
        loop {
            let bytes = match self.bytes.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(file_error(&error)),
            };
            if bytes.is_empty() {
                self.n += u64::from(is_there);
                return Ok(is_there);
            }
            if std::mem::take(&mut self.after_cr) && bytes[0] == b'\n' {
                self.bytes.consume(1);
                continue;
            }
            is_there = true;
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if line.len() + part.len() > MAX_ROW {
                return Err(FileError::RowTooLong(number));
            }
            line.extend_from_slice(part);
            match end {
                None => {
                    let n = part.len();
                    self.bytes.consume(n);
                }
                Some(end) => {
                    self.after_cr = bytes[end] == b'\r';
                    self.bytes.consume(end + 1);
                    self.n = number;
                    return Ok(true);
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns one byte at a time.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            (&mut self.0).take(1).read(buffer)
        }
    }

    fn lines(bytes: impl Read) -> Vec<Vec<u8>> {
        let mut lines = Lines::new(bytes);
        let (mut all, mut line) = (Vec::new(), Vec::new());
        while lines.next(&mut line).unwrap() {
            all.push(line.clone());
            assert_eq!(lines.n(), all.len() as u64);
        }
        all
    }

    #[test]
    fn each_kind_of_line_end_ends_one_line() {
        for text in [
            "a\nb\n\nc",
            "a\r\nb\r\n\r\nc\r\n",
            "a\rb\r\rc\r",
            "a\r\nb\n\rc\n",
        ] {
            let expected: [&[u8]; 4] = [b"a", b"b", b"", b"c"];
            assert_eq!(lines(text.as_bytes()), expected, "{text:?}");
            assert_eq!(lines(Drip(text.as_bytes())), expected, "{text:?}");
        }
        assert_eq!(lines(&b""[..]).len(), 0);
    }

    #[test]
    fn a_line_without_an_end_does_not_fill_the_memory() {
        let mut lines = Lines::new(std::io::repeat(b'x'));
        let error = lines.next(&mut Vec::new()).unwrap_err();
        assert_eq!(error, FileError::RowTooLong(1));
    }
}
