//! The words of a name while it is reduced to its core.

/// Up to 24 words without an allocation. A name has about four words, and this code runs for every
/// record.
pub(super) struct Words<'a> {
    words: [&'a str; 24],
    n_words: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new() -> Self {
        Self {
            words: [""; 24],
            n_words: 0,
        }
    }

    pub(super) fn push(&mut self, word: &'a str) {
        if let Some(slot) = self.words.get_mut(self.n_words) {
            *slot = word;
            self.n_words += 1;
        }
    }

    pub(super) fn remove(&mut self, at: usize) {
        self.words.copy_within(at + 1..self.n_words, at);
        self.n_words -= 1;
    }

    pub(super) fn replace(&mut self, at: usize, word: &'a str) {
        self.words[at] = word;
    }

    pub(super) fn as_slice(&self) -> &[&'a str] {
        &self.words[..self.n_words]
    }

    pub(super) fn len(&self) -> usize {
        self.n_words
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n_words == 0
    }
}
