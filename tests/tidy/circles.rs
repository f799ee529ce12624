//! Finds circles: of two neighbouring files or folders, at most one may need the other.
//!
//! A reader who wants to understand a part of a circle has to read all of it. The check reads the paths in `use` and in
//! the code: `crate::a::b`, `super::b`, `self::b`. A path through a `pub use` ends at the folder that has it, and a reader
//! need not go further either. The needs of a folder's own `mod.rs` make no circle, since it puts its files together.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, product};

/// The crates whose files are compared, by the folders of their roots.
const CRATES: [&str; 5] = [
    "domain/src",
    "domain/matching/src",
    "infra/src",
    "functions",
    "tests/simulator/src",
];

/// The modules of one crate: their paths from its root, with the code of each.
struct Crate {
    modules: BTreeMap<Vec<String>, String>,
}

impl Crate {
    fn read(root: &str, files: &[(String, String)]) -> Self {
        let mut modules = BTreeMap::new();
        for (path, text) in files {
            let Some(path) = path.strip_prefix(&format!("{root}/")) else {
                continue;
            };
            let Some(path) = path.strip_suffix(".rs") else {
                continue;
            };
            let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
            let is_test = module.iter().any(|name| name.contains("test"));
            // A program of its own, which uses the crate from outside.
            let is_program = module.last().is_some_and(|name| name == "main");
            if is_test || is_program {
                continue;
            }
            if module
                .last()
                .is_some_and(|name| name == "mod" || name == "lib")
            {
                module.pop();
            }
            modules.insert(module, product(text));
        }
        Self { modules }
    }

    fn is_module(&self, path: &[String]) -> bool {
        self.modules.keys().any(|module| module.starts_with(path))
    }

    /// Returns the deepest module that a path from the root names. A first name that is no child of the root is
    /// searched one floor below, since the floors of `domain` do not appear in paths.
    fn module_of(&self, mut path: Vec<String>) -> Vec<String> {
        if path.is_empty() {
            return path;
        }
        if path.len() == 1 || !self.is_module(&path[..1]) {
            let floors: BTreeSet<&String> = self
                .modules
                .keys()
                .filter_map(|module| module.first())
                .collect();
            let floor = floors.into_iter().find(|floor| {
                !path.is_empty() && self.is_module(&[(*floor).clone(), path[0].clone()])
            });
            if let Some(floor) = floor.filter(|_| !self.is_module(&path[..1.min(path.len())])) {
                path.insert(0, floor.clone());
            }
        }
        while !self.is_module(&path) {
            path.pop();
        }
        path
    }

    /// Returns all modules that a module's code names.
    fn named_by(&self, module: &[String]) -> BTreeSet<Vec<String>> {
        let code = &self.modules[module];
        let mut found = BTreeSet::new();
        for root in ["crate", "super", "self"] {
            for (at, _) in code.match_indices(&format!("{root}::")) {
                let before = code[..at].chars().next_back();
                if before.is_some_and(|before| before.is_alphanumeric() || "_:".contains(before)) {
                    continue;
                }
                for mut path in paths(&code[at..]) {
                    let mut from = match root {
                        "crate" => Vec::new(),
                        _ => module.to_vec(),
                    };
                    while path.first().is_some_and(|name| name == "super") {
                        path.remove(0);
                        from.pop();
                    }
                    if path
                        .first()
                        .is_some_and(|name| name == "crate" || name == "self")
                    {
                        path.remove(0);
                    }
                    from.extend(path);
                    found.insert(self.module_of(from));
                }
            }
        }
        found
    }

    /// Returns by folder what each of its neighbours needs of the others.
    fn needs(&self) -> BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> {
        let mut folders: BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> =
            BTreeMap::new();
        for module in self.modules.keys() {
            for depth in 0..module.len() {
                let (folder, name) = (module[..depth].to_vec(), module[depth].clone());
                folders.entry(folder).or_default().entry(name).or_default();
            }
            for named in self.named_by(module) {
                let shared = module
                    .iter()
                    .zip(&named)
                    .take_while(|(a, b)| a == b)
                    .count();
                // Neither is the parent of the other: both have a name of their own below the folder that they share.
                if let (Some(one), Some(other)) = (module.get(shared), named.get(shared)) {
                    let beside = folders.entry(module[..shared].to_vec()).or_default();
                    beside.entry(one.clone()).or_default().insert(other.clone());
                }
            }
        }
        folders
    }
}

/// Returns the paths of an expression or of a list: `a::b` for `a::b::<C>`, and `a::b` and `a::c` for `a::{b, c::D}`.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut path = Vec::new();
    let mut rest = text;
    loop {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if end > 0 {
            path.push(rest[..end].to_owned());
        }
        rest = &rest[end..];
        let Some(next) = rest.strip_prefix("::") else {
            return vec![path];
        };
        rest = next.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            let parts = parts(list).into_iter().flat_map(paths);
            return parts
                .map(|part| path.iter().cloned().chain(part).collect())
                .collect();
        }
        if end == 0 {
            return vec![path];
        }
    }
}

/// Returns the parts of a list, up to its closing brace.
fn parts(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut begin) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '}' if depth == 0 => {
                parts.push(list[begin..at].trim());
                break;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Returns the circles. It removes everything that needs nothing of the rest, or that nothing of the rest needs.
fn circles(mut needs: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let before = needs.len();
        let names: BTreeSet<String> = needs.keys().cloned().collect();
        for needed in needs.values_mut() {
            needed.retain(|other| names.contains(other));
        }
        let used: BTreeSet<String> = needs.values().flatten().cloned().collect();
        needs.retain(|name, needed| !needed.is_empty() && used.contains(name));
        if needs.len() == before {
            return needs;
        }
    }
}

#[test]
fn no_files_or_folders_that_lie_side_by_side_need_each_other_in_a_circle() {
    let files = files();
    let mut found = Vec::new();
    for root in CRATES {
        let needs = Crate::read(root, &files).needs();
        let edges = needs.values().flat_map(BTreeMap::values).map(BTreeSet::len);
        assert!(edges.sum::<usize>() > 20, "{root}: paths are read");
        for (folder, needs) in needs {
            let left = circles(needs);
            if !left.is_empty() {
                found.push(format!("{root}/{}: {left:?}", folder.join("/")));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_circle_is_found_through_every_kind_of_path() {
    let circle = |one: &str, other: &str| {
        let file = |name: &str, text: &str| (format!("c/{name}"), text.to_owned());
        let files = [
            file("mod.rs", "mod a;"),
            file("floor/a.rs", one),
            file("floor/b/mod.rs", "mod deep;"),
            file("floor/b/deep.rs", other),
        ];
        let mut needs = Crate::read("c", &files).needs();
        !circles(needs.remove(&vec!["floor".to_owned()]).unwrap()).is_empty()
    };
    for one in [
        "use crate::floor::b::X;",
        "use crate::{c, b::{X, Y}};",
        "use super::{b::deep::X};",
        "fn f() -> super::b::X {}",
    ] {
        for other in [
            "use super::super::a::X;",
            "use crate::a::X;",
            "use crate::{floor::{a}};",
        ] {
            assert!(circle(one, other), "{one} {other}");
        }
        assert!(!circle(one, "use super::X; use self::Y;"), "{one}");
    }
}
