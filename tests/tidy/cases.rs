//! A line of the log that tells of an error says which case it was. A bare "failed" leads nowhere.

use super::{files, product};

/// The fields that say a case. A refused company file has a problem instead of a code.
const CASES: [&str; 2] = ["code", "problem"];

/// Returns what each `tracing::error!` of a text is called with.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    let calls = text.split("tracing::error!(").skip(1);
    calls.map(|call| call.split(';').next().unwrap_or(call))
}

fn says_its_case(call: &str) -> bool {
    // The fields stand before the message.
    let fields = call.split('"').next().unwrap_or(call);
    let mut words = fields.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| CASES.contains(&word))
}

#[test]
fn each_line_about_an_error_says_which_case_it_was() {
    let files = files();
    let of_product = |path: &str| {
        let is_ours = path.starts_with("functions/") || path.contains("/src/");
        is_ours && path.ends_with(".rs") && !path.starts_with("tests/") && !path.contains("tests")
    };
    let (mut n, mut bare) = (0, Vec::new());
    for (path, text) in files.iter().filter(|(path, _)| of_product(path)) {
        let text = product(text);
        for call in calls(text.split("mod tests {").next().unwrap_or_default()) {
            n += 1;
            if !says_its_case(call) {
                bare.push(format!("{path}: {call}"));
            }
        }
    }
    assert!(n > 15, "{n} lines were found");
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

#[test]
fn a_bare_failure_is_found() {
    for (call, says) in [
        (
            r#"tracing::error!(alarm, "an object was given up");"#,
            false,
        ),
        (r#"tracing::error!("the code failed");"#, false),
        (
            r#"tracing::error!(%object, code, alarm, "an object failed");"#,
            true,
        ),
        (r#"tracing::error!(code = %fault.code(), "failed");"#, true),
    ] {
        let found: Vec<bool> = calls(call).map(says_its_case).collect();
        assert_eq!(found, [says], "{call}");
    }
}
