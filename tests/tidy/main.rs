//! Checks what no compiler checks: where things may be. It reads the repository's own files and depends on nothing.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod cases;
mod circles;
mod length;
mod vendors;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Returns the repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns all text files of the repository with their paths from its root, in order.
fn files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    gather(&root(), "", &mut found);
    found.sort();
    assert!(found.len() > 100, "the repository was not found");
    found
}

fn gather(folder: &Path, from: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        // Build output, installed packages and recordings are not our text.
        let is_ours = !name.starts_with('.')
            && !matches!(&*name, "target" | "__pycache__" | "node_modules" | "dist");
        let path = match from {
            "" => name,
            from => format!("{from}/{name}"),
        };
        let kind = entry.file_type().unwrap();
        if is_ours && kind.is_dir() {
            gather(&entry.path(), &path, found);
        } else if is_ours
            && kind.is_file()
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push((path, text));
        }
    }
}

/// The product's part of a file: no comments, and no tests.
fn product(text: &str) -> String {
    // Tests in the file itself are its end. Tests in a file of their own are named anywhere.
    let end = text.find("#[cfg(test)]\nmod tests {");
    let end = end.or_else(|| text.find("#[cfg(test)]\n#[allow(clippy::unwrap_used)]\nmod tests {"));
    let lines = text[..end.unwrap_or(text.len())].lines();
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn tests_in_a_file_of_their_own_hide_no_code_below_them() {
    let code = product("#[cfg(test)]\nmod tests;\nuse crate::a;\n");
    assert!(code.contains("crate::a"));
    let code = product("use crate::a;\n#[cfg(test)]\nmod tests {\nuse crate::b;\n}\n");
    assert!(code.contains("crate::a") && !code.contains("crate::b"));
}
