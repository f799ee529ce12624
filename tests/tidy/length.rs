//! A file has one purpose. The limits say at which length it surely has more than one.

use super::files;

/// The most lines of a file of the product, or of a tool of the tests. 100 to 250 lines are a good length.
const LONGEST: usize = 250;

/// The most lines of a file of tests. A list of cases for one promise may be long.
const LONGEST_OF_TESTS: usize = 530;

fn is_test(path: &str) -> bool {
    let is_tool = path.starts_with("tests/") && path.contains("/src/");
    let of_tests = path.starts_with("tests/") || path.contains("/tests/");
    (of_tests && !is_tool) || path.ends_with("tests.rs") || path.contains("/src/tests/")
}

#[test]
fn no_file_is_so_long_that_it_has_more_than_one_purpose() {
    let files = files();
    let sources = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    let mut found = Vec::new();
    for (path, text) in sources {
        let n = text.lines().count();
        let longest = if is_test(path) {
            LONGEST_OF_TESTS
        } else {
            LONGEST
        };
        if n > longest {
            found.push(format!("{path} has {n} lines, {longest} are the most"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
