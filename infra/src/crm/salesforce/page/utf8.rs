//! Makes bytes readable that are not UTF-8.

/// Makes a page readable that is not UTF-8, so that only the records with the bad bytes are bad. Each sequence of bad
/// bytes becomes half a surrogate pair of UTF-16, which JSON can express and no text can contain.
pub fn mend_utf8(bytes: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(bytes.len() + 64);
    for chunk in bytes.utf8_chunks() {
        mended.extend_from_slice(chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            let n_backslashes = mended
                .iter()
                .rev()
                .take_while(|byte| **byte == b'\\')
                .count();
            if n_backslashes % 2 == 1 {
                // A backslash before the bad bytes would swallow our escape.
                mended.push(b'\\');
            }
            mended.extend_from_slice(br"\ud800");
        }
    }
    mended
}
