//! A file has one purpose. The limits say at which length it surely has more than one.

use super::files;

/// The most lines of a file of the product, or of a tool of the tests. 100 to 250 lines are a good length.
const LONGEST: usize = 250;

/// The most lines of a file of tests. A list of cases for one promise may be long.
const LONGEST_OF_TESTS: usize = 530;

/// Written by a program, from the contract.
const GENERATED: &str = "console/client/src/schema.ts";

fn is_test(path: &str) -> bool {
    let is_tool = path.starts_with("tests/") && path.contains("/src/");
    let of_tests = path.starts_with("tests/") || path.contains("/tests/");
    (of_tests && !is_tool)
        || path.ends_with("tests.rs")
        || path.contains(".test.ts")
        || path.contains("/src/tests/")
}

#[test]
fn no_file_is_so_long_that_it_has_more_than_one_purpose() {
    let files = files();
    let is_source = |path: &str| {
        [".rs", ".ts", ".tsx"].iter().any(|end| path.ends_with(end)) && path != GENERATED
    };
    let sources = files.iter().filter(|(path, _)| is_source(path));
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
