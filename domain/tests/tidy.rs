//! The rules for the layout of `src`, checked against the sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The floors from the bottom up. A floor uses itself and those below it.
const FLOORS: [&str; 4] = ["words", "ports", "shared", "use_cases"];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All sources by their paths below `src`.
fn sources() -> BTreeMap<String, String> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![src()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(src()).unwrap().to_str().unwrap();
                found.insert(name.replace('\\', "/"), fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(found.len() > 100, "the sources are read");
    found
}

/// The product code of a file, without comments and tests.
fn code(text: &str) -> String {
    let product = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = product.lines();
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join(" ")
}

/// The paths below `root` (`crate`, `super`) that a file names: `a` of `root::a::B`, `a` and `b` of `root::{a::B, b}`.
fn named(code: &str, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(&format!("{root}::")) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|before| before.is_alphanumeric() || "_:".contains(before)) {
            continue;
        }
        found.extend(firsts(&code[at + root.len() + 2..]));
    }
    found
}

/// The first segments of a path or of a list of paths.
fn firsts(path: &str) -> BTreeSet<String> {
    let name = |text: &str| {
        let name = text.trim_start().chars();
        name.take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let Some(list) = path.strip_prefix('{') else {
        return BTreeSet::from([name(path)]);
    };
    let (mut names, mut depth, mut begins) = (BTreeSet::new(), 0, true);
    for (at, c) in list.char_indices() {
        if begins && !c.is_whitespace() {
            names.insert(name(&list[at..]));
            begins = false;
        }
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ => {}
        }
    }
    names.remove("");
    names
}

/// The floor and the module of a file.
fn place(file: &str) -> Option<(usize, String)> {
    let mut parts = file.trim_end_matches(".rs").split('/');
    let floor = parts.next()?;
    let floor = FLOORS.iter().position(|name| *name == floor)?;
    let module = if FLOORS[floor] == "ports" {
        Some("ports")
    } else {
        parts.next().filter(|module| *module != "mod")
    };
    Some((floor, module?.to_owned()))
}

#[test]
fn each_floor_uses_only_what_is_below_it_and_no_use_case_uses_another() {
    let sources = sources();
    let floors: BTreeMap<String, usize> = sources
        .keys()
        .filter_map(|file| place(file))
        .map(|(floor, module)| (module, floor))
        .collect();
    for (file, text) in &sources {
        let Some((floor, own)) = place(file) else {
            continue;
        };
        for used in named(&code(text), "crate") {
            let Some(of) = floors.get(&used) else {
                continue;
            };
            assert!(*of <= floor, "{file} uses {used}, which stands above it");
            let is_use_case = FLOORS[*of] == "use_cases";
            assert!(!is_use_case || used == own, "{file} uses {used}");
        }
    }
}

/// Whether a reader would mistake one name for the other: one begins with the whole other one, or both share most of their letters.
fn are_alike(one: &str, other: &str) -> bool {
    let letters = one.bytes().zip(other.bytes());
    let shared = letters.take_while(|(a, b)| a == b).count();
    let share = |name: &str| shared * 10 >= name.len() * 6;
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    (shared == shorter && longer - shorter < 6) || (share(one) && share(other))
}

#[test]
fn a_use_case_is_named_apart_from_every_noun() {
    let sources = sources();
    let places: BTreeSet<_> = sources.keys().filter_map(|file| place(file)).collect();
    let (verbs, nouns): (Vec<_>, Vec<_>) = places
        .iter()
        .partition(|(floor, _)| FLOORS[*floor] == "use_cases");
    assert!(verbs.len() > 10 && nouns.len() > 10);
    for (_, verb) in &verbs {
        for (_, noun) in &nouns {
            assert!(!are_alike(verb, noun), "{verb} and {noun}");
        }
    }
    // Names that were mistaken for each other until November 2026.
    for (verb, noun) in [
        ("export", "exports"),
        ("remove", "removal"),
        ("set", "settings"),
    ] {
        assert!(are_alike(verb, noun), "{verb} and {noun}");
    }
}

/// A new object has to be known to every rule, and the compiler leads to those that `match`.
#[test]
fn no_rule_asks_for_objects_by_a_pattern_that_the_compiler_does_not_check() {
    for (file, text) in sources() {
        let text = code(&text);
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for asked in product.split("matches!(").skip(1) {
            let asked = asked.split(')').next().unwrap_or_default();
            assert!(
                !asked.contains("Object::"),
                "{file}: add a method to Object"
            );
        }
    }
}
