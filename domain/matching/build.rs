//! Gives the rules of matching a name that changes with them.

use std::{fs, io, path::Path};

/// Names the rules by what stands in the sources (FNV-1a, 64 bits), without comments and tests: a company database that was imported with
/// other rules has other keys and postings, so all records are matched again.
fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src");
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    add(Path::new("src"), &mut hash)?;
    println!("cargo:rustc-env=MATCHING_RULES={hash:016x}");
    Ok(())
}

fn add(folder: &Path, hash: &mut u64) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_test = path.file_stem().is_some_and(|name| name == "tests");
        if is_test {
            continue;
        }
        if path.is_dir() {
            add(&path, hash)?;
            continue;
        }
        let text = fs::read(&path)?;
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.trim_ascii();
            if line.starts_with(b"//") {
                continue;
            }
            for byte in line {
                *hash = (*hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    Ok(())
}
