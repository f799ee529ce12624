//! Lines of which some were read ahead and put back.

use std::collections::VecDeque;
use std::io::Read;

use super::FileError;
use super::lines::Lines;
use super::source::Bytes;

pub(super) struct LinesAhead<R: Read> {
    lines: Lines<Bytes<R>>,
    /// Lines that were read in search of a closing quote, but turned out to be rows of their own.
    ahead: VecDeque<Vec<u8>>,
}

impl<R: Read> LinesAhead<R> {
    pub(super) fn new(bytes: Bytes<R>) -> Self {
        Self {
            lines: Lines::new(bytes),
            ahead: VecDeque::new(),
        }
    }

    /// The number of lines of the file that have been consumed.
    pub(super) fn n(&self) -> u64 {
        self.lines.n() - self.ahead.len() as u64
    }

    /// Reads the next line. Returns false at the end of the file.
    pub(super) fn next(&mut self, line: &mut Vec<u8>) -> Result<bool, FileError> {
        match self.ahead.pop_front() {
            Some(ahead) => {
                *line = ahead;
                Ok(true)
            }
            None => self.lines.next(line),
        }
    }

    /// Puts back the lines that were read last.
    pub(super) fn put_back(&mut self, lines: Vec<Vec<u8>>) {
        for line in lines.into_iter().rev() {
            self.ahead.push_front(line);
        }
    }
}
