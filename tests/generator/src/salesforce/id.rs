const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// Returns the `n`th 18-character record id of the organisation of `seed`, with an object's three-character prefix.
///
/// The last three characters say which of the first 15 are upper case, five per character, so that ids survive where case is lost.
pub(super) fn record_id(prefix: &str, seed: u64, n: u64) -> String {
    let mut id = String::with_capacity(18);
    id.push_str(prefix);
    // Real ids have the organisation's instance in these three characters. Here the last of them is 0.
    id.push(char::from(DIGITS[(10 + seed % 52) as usize]));
    id.push(char::from(DIGITS[(seed / 52 % 62) as usize]));
    id.push('0');
    let mut places = [b'0'; 9];
    let mut rest = n + 1;
    for place in places.iter_mut().rev() {
        *place = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    id.extend(places.map(char::from));
    let checks = checks(&id);
    id + &checks
}

fn checks(id: &str) -> String {
    let upper = |block: &[u8]| {
        block
            .iter()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_uppercase())
            .map(|(at, _)| 1 << at)
            .sum::<usize>()
    };
    id.as_bytes()
        .chunks(5)
        .map(|block| char::from(CHECKS[upper(block)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_is_the_one_of_salesforces_own_example() {
        assert_eq!(checks("001A0000006Vm9r"), "IAC");
        assert_eq!(record_id("001", 0, 0).len(), 18);
    }

    #[test]
    fn ids_ascend_with_their_number_and_differ_by_seed() {
        let ids: Vec<String> = (0..10_000).map(|n| record_id("003", 7, n)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_ne!(record_id("003", 7, 5), record_id("003", 8, 5));
    }
}
