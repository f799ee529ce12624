//! Codes of faults are compared as typed values. Only the catalogue contains their texts.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use domain::fault::Code;

/// Folders of product code. Tests may compare texts that leave the system.
const ROOMS: [&str; 3] = ["domain/src", "infra/src", "functions"];
/// Ways to compare a text.
const COMPARED: [&str; 5] = ["==", "!=", "starts_with", "ends_with", "contains"];
/// Reasons for a quarantine that happen to be codes, too.
const REASONS: [&str; 2] = ["record.id_malformed", "record.unreadable"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" && name != "fault" {
                sources(&path, found);
            }
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The lines of a file without its tests and comments.
fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]");
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.map(str::to_owned).collect()
}

fn all_lines() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for room in ROOMS {
        sources(&root.join(room), &mut files);
    }
    assert!(files.len() > 200, "{} files", files.len());
    let of = |file: &PathBuf| {
        lines(file)
            .into_iter()
            .map(move |line| (file.clone(), line))
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(of).collect()
}

#[test]
fn only_the_catalogue_contains_texts_of_codes() {
    let codes: BTreeSet<String> = Code::ALL.iter().map(Code::to_string).collect();
    for (file, line) in all_lines() {
        let literals = line.split('"').skip(1).step_by(2);
        for literal in literals.filter(|literal| !REASONS.contains(literal)) {
            // Codes of a family have a prefix. Other words with a dot are hosts and the like.
            let is_code = codes.contains(literal)
                || matches!(Code::parse(literal), Code::Crm(_, ref code) if !matches!(code, domain::fault::CrmCode::Said(_)));
            assert!(!is_code, "{}: {line}", file.display());
        }
    }
}

#[test]
fn no_code_is_compared_as_text() {
    for (file, line) in all_lines() {
        let read = ["code().to_string()", "code().public()"];
        let is_read = read.iter().any(|read| line.contains(read));
        let is_compared = COMPARED.iter().any(|compared| line.contains(compared));
        assert!(!(is_read && is_compared), "{}: {line}", file.display());
    }
}
