//! A file has one purpose. The limits say at which length it surely has more than one.

use super::files;

/// The most lines of a file of the product, or of a tool of the tests. 100 to 250 lines are a good length.
const LONGEST: usize = 250;

/// The most lines of a file of tests. A list of cases for one promise may be long.
const LONGEST_OF_TESTS: usize = 530;

/// Files that are longer and still have to be split, each by purpose. A file may leave this list, and none may join it.
const TO_BE_SPLIT: &[&str] = &[
    "infra/src/aws/dynamodb/companies.rs",
    "infra/src/aws/dynamodb/comparing.rs",
    "infra/src/aws/dynamodb/deciding.rs",
    "infra/src/aws/dynamodb/integrations.rs",
    "infra/src/aws/dynamodb/intents.rs",
    "infra/src/aws/dynamodb/legal.rs",
    "infra/src/aws/dynamodb/reading.rs",
    "infra/src/aws/dynamodb/removals.rs",
    "infra/src/aws/dynamodb/vanishing.rs",
    "infra/src/crm/client/consent/mod.rs",
    "infra/src/crm/client/gate.rs",
    "infra/src/crm/client/oauth.rs",
    "infra/src/crm/client/session/login.rs",
    "infra/src/crm/salesforce/changes.rs",
    "infra/src/crm/salesforce/errors.rs",
    "infra/src/crm/salesforce/page/build.rs",
    "infra/src/crm/salesforce/page/rest.rs",
    "infra/src/crm/salesforce/read.rs",
    "infra/src/crm/salesforce/soql.rs",
    "infra/src/crm/salesforce/write/check.rs",
    "infra/src/memory/crm/mod.rs",
    "infra/src/memory/crm/rows.rs",
    "infra/src/memory/crm/session.rs",
    "infra/src/memory/crm/writing.rs",
    "infra/src/memory/faulty/mod.rs",
    "infra/src/memory/store/reading.rs",
    "infra/src/memory/store/removals.rs",
    "infra/src/memory/store/snapshot.rs",
    "tests/simulator/src/salesforce/auth.rs",
    "tests/simulator/src/salesforce/http/jobs.rs",
    "tests/simulator/src/salesforce/query/bind.rs",
    "tests/simulator/src/salesforce/query/run.rs",
    "tests/simulator/src/salesforce/schema.rs",
    "tests/simulator/src/salesforce/soql/parser.rs",
];

/// What they may have until then.
const LONGEST_TO_BE_SPLIT: usize = 500;

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
        let waits = TO_BE_SPLIT.contains(&&**path);
        let longest = match (is_test(path), waits) {
            (true, _) => LONGEST_OF_TESTS,
            (false, true) => LONGEST_TO_BE_SPLIT,
            (false, false) => LONGEST,
        };
        if n > longest {
            found.push(format!("{path} has {n} lines, {longest} are the most"));
        }
        if waits && n <= LONGEST {
            found.push(format!("{path} has {n} lines: take it off the list"));
        }
    }
    for waits in TO_BE_SPLIT {
        if !files.iter().any(|(path, _)| path == waits) {
            found.push(format!("{waits} is gone: take it off the list"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
