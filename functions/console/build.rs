//! Puts the built pages of the console into the program: `console/dist`, with the compressed forms that lie beside each file.
//!
//! Without that folder the program is built all the same, and says so when it is asked for a page.

use std::{
    collections::hash_map::DefaultHasher,
    fmt::Write as _,
    fs,
    hash::{Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

/// The media types of the files that a build of the pages makes.
const KINDS: [(&str, &str); 9] = [
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("woff2", "font/woff2"),
];

#[expect(
    clippy::disallowed_methods,
    reason = "Cargo speaks to a build script by the environment"
)]
fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    // As for the other functions; the build script of their package has the reason.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
    let console = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../console");
    let pages = console.join("dist");
    let mut files = Vec::new();
    if pages.join("index.html").is_file() {
        println!("cargo:rerun-if-changed={}", pages.display());
        find(&pages, &mut files)?;
        files.sort();
    } else {
        // A path that does not exist would have this script run at every build.
        println!("cargo:rerun-if-changed={}", console.display());
    }
    let mut text = String::from("static FILES: &[File] = &[\n");
    for file in &files {
        entry(&pages, file, &mut text)?;
    }
    text.push_str("];\n");
    let out = std::env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("files.rs"), text)
}

/// Finds all files below a folder, without the compressed forms of others.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for found in fs::read_dir(folder)? {
        let path = found?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if !path
            .extension()
            .is_some_and(|end| end == "gz" || end == "br")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Writes one file's entry in the list.
fn entry(pages: &Path, file: &Path, text: &mut String) -> io::Result<()> {
    let end = file.extension().and_then(|end| end.to_str());
    let kind = KINDS.iter().find(|(known, _)| Some(*known) == end);
    let (_, kind) =
        kind.ok_or_else(|| io::Error::other(format!("no media type for {}", file.display())))?;
    let path = file.strip_prefix(pages).map_err(io::Error::other)?;
    // It tells versions of a file apart. Nothing depends on nobody being able to make two files with one hash.
    let mut hash = DefaultHasher::new();
    fs::read(file)?.hash(&mut hash);
    let beside = |end: &str| {
        let form = PathBuf::from(format!("{}.{end}", file.display()));
        if form.is_file() {
            format!("Some(include_bytes!({form:?}))")
        } else {
            "None".to_owned()
        }
    };
    let (gzip, brotli) = (beside("gz"), beside("br"));
    writeln!(
        text,
        "    File {{ path: {path:?}, kind: {kind:?}, tag: \"{:016x}\", plain: include_bytes!({file:?}), gzip: {gzip}, brotli: {brotli} }},",
        hash.finish()
    )
    .map_err(io::Error::other)
}
