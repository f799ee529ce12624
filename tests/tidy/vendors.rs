//! Rules ask what a CRM can, never which CRM it is. A vendor's name may therefore appear only in the vendor's own
//! folders, in the one table of providers, and where an operator or a user chooses a CRM.

use super::files;

/// All CRMs for which there is a connector, or will be.
const VENDORS: [&str; 5] = [
    "salesforce",
    "hubspot",
    "dataverse",
    "dynamics",
    "pipedrive",
];

/// Returns whether a folder or file belongs to a vendor, which means that the vendor's name is in its path.
fn is_own(path: &str) -> bool {
    VENDORS.iter().any(|vendor| path.contains(vendor))
}

/// Other places that may name a vendor, and why. A path that ends in `/` includes everything under it.
const ALLOWED: &[(&str, &str)] = &[
    ("domain/src/words/provider.rs", "the table of providers"),
    ("domain/src/words/integration.rs", "how each spells its ids"),
    ("infra/src/crm/connectors.rs", "tells providers apart, once"),
    ("infra/src/crm/mod.rs", "the list of connectors"),
    ("infra/Cargo.toml", "names the connectors' tests"),
    ("Cargo.lock", "names of others' crates"),
    // Choices of an operator or a user.
    ("functions/settings/", "settings"),
    ("functions/connectors.rs", "settings become connectors"),
    (
        "functions/operator/connect/args.rs",
        "the operator's settings",
    ),
    ("template.yaml", "settings"),
    ("Makefile", "settings"),
    ("infra/openapi.yaml", "users choose a provider"),
    ("console/client/src/schema.ts", "generated from it"),
    (
        "console/src/pages/connections/providers.ts",
        "what users call them",
    ),
    ("console/client/src/problem-types.ts", "generated from it"),
    // Texts for people.
    ("README.md", "says what it works with"),
    ("ARCHITECTURE.md", "says what it works with"),
    ("CHANGELOG.md", "says what changed for operators"),
    ("SECURITY.md", "says what is defended"),
    ("infra/docs/", "say what it works with"),
    // Tests, which run the whole product against one simulator or another.
    ("tests/", "tests and tools need some CRM"),
    ("infra/tests/", "tests need some CRM"),
    ("domain/tests/", "tests need some CRM"),
];

fn is_allowed(path: &str) -> bool {
    ALLOWED
        .iter()
        .any(|(allowed, _)| match allowed.ends_with('/') {
            true => path.starts_with(allowed),
            false => path == *allowed,
        })
}

/// Returns the lines of a file before its own tests, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate();
    let lines = lines.map(|(at, line)| (at + 1, line));
    lines.take_while(|(_, line)| !line.trim().ends_with("mod tests {"))
}

#[test]
fn a_vendor_is_named_in_its_own_folders_the_table_of_providers_and_settings_only() {
    let mut found = Vec::new();
    for (path, text) in files() {
        let is_test = ["/tests/", "/test_", ".test.ts"]
            .iter()
            .any(|part| path.contains(part))
            || path.ends_with("tests.rs");
        if is_own(&path) || is_allowed(&path) || is_test {
            continue;
        }
        for (at, line) in code(&text) {
            let lower = line.to_lowercase();
            if VENDORS.iter().any(|vendor| lower.contains(vendor)) {
                found.push(format!("{path}:{at}: {}", line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_allowed_is_there() {
    let files = files();
    for (allowed, _) in ALLOWED {
        let is_there = |path: &str| match allowed.ends_with('/') {
            true => path.starts_with(allowed),
            false => path == *allowed,
        };
        // Pages of documentation may come and go.
        let is_there = files.iter().any(|(path, _)| is_there(path));
        assert!(is_there || *allowed == "infra/docs/", "{allowed} is gone");
    }
}

#[test]
fn the_kit_of_connectors_names_no_vendor_not_even_in_its_tests() {
    let files = files();
    let kit = files
        .iter()
        .filter(|(path, _)| path.starts_with("infra/src/crm/client/"));
    for (path, text) in kit {
        let lower = text.to_lowercase();
        for vendor in VENDORS {
            assert!(!lower.contains(vendor), "{path} names {vendor}");
        }
    }
}
