//! House rules that no compiler knows, as executable checks. Each prints one line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};

use toolbox::shell::Shell;
use toolbox::{Counts, output, root};

mod book;
mod circles;
mod edges;
mod errors;
mod metadata;
mod rules;
mod statements;
mod text;
mod threats;
mod words;

/// The project's own files as they are in the working tree: path → text.
/// Files that are not UTF-8 are left out.
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// What a check found wrong, one line each.
type Findings = Vec<String>;

/// One check.
struct Check {
    name: &'static str,
    run: fn(&Tree) -> Result<Findings>,
}

const CHECKS: [Check; 16] = [
    Check {
        name: "crate edges equal the table in ARCHITECTURE.md",
        run: edges::equal_the_table,
    },
    Check {
        name: "zones keep apart, and no program links another",
        run: edges::zones_keep_apart,
    },
    Check {
        name: "no circle of imports inside a crate",
        run: circles::none_but_known,
    },
    Check {
        name: "a word of the glossary has one type in one crate",
        run: words::one_type_each,
    },
    Check {
        name: "every zone's README says who runs it and where to start",
        run: text::zones_introduced,
    },
    Check {
        name: "openssl only below registrar",
        run: edges::openssl_only_below_registrar,
    },
    Check {
        name: "every crate inherits the workspace's lints",
        run: text::lints_inherited,
    },
    Check {
        name: "no Rust file over 600 lines outside tests",
        run: text::short_files,
    },
    Check {
        name: "no to-do note without an issue number",
        run: text::todos_numbered,
    },
    Check {
        name: "no machine paths, hosts or absolute homes",
        run: text::stands_alone,
    },
    Check {
        name: "unsafe code only in dlib-sys",
        run: text::unsafe_in_one_crate,
    },
    Check {
        name: "error codes: the catalogue, the type and what is raised agree, no code is text",
        run: errors::all_agree,
    },
    Check {
        name: "every rule is cited by code and by the name of a test",
        run: rules::all_cited,
    },
    Check {
        name: "every hashed statement stands in docs/spec/hashed-fields.toml and has a test",
        run: statements::all_registered,
    },
    Check {
        name: "every attack that must have a test has one, and docs/threats.md names them",
        run: threats::all_shown,
    },
    Check {
        name: "every page of docs/ is in docs/SUMMARY.md",
        run: book::all_listed,
    },
];

/// `cargo xtask tidy`.
///
/// # Errors
/// The tree or cargo's metadata cannot be read.
pub fn task() -> Result<bool> {
    let counts = counted()?;
    output::line(&format!(
        "{} passed, {} failed",
        counts.passed, counts.failed
    ));
    Ok(counts.failed == 0)
}

/// Runs every check and counts.
///
/// # Errors
/// The tree or cargo's metadata cannot be read.
pub fn counted() -> Result<Counts> {
    let tree = Tree::read()?;
    let mut counts = Counts::default();
    for check in &CHECKS {
        let findings = (check.run)(&tree).with_context(|| check.name.to_owned())?;
        let mark = if findings.is_empty() { "ok  " } else { "FAIL" };
        output::line(&format!("{mark} {}", check.name));
        for finding in &findings {
            output::line(&format!("       {finding}"));
        }
        counts = counts.plus(Counts::one(findings.is_empty()));
    }
    Ok(counts)
}

impl Tree {
    /// Reads every file git knows or would add.
    fn read() -> Result<Self> {
        let list = Shell::new("git ls-files --cached --others --exclude-standard -z").stdout()?;
        let mut files = BTreeMap::new();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            let full: PathBuf = root::join(path);
            if let Ok(text) = std::fs::read_to_string(full) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self { files })
    }

    /// The text of one file.
    fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All files with one of these endings.
    fn with_ending<'a>(
        &'a self,
        endings: &'a [&'a str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(|(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// All Rust files.
    fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.with_ending(&[".rs"])
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self {
            files: files.collect(),
        }
    }
}

/// Names of the functions of a source that carry an attribute `test`.
fn test_functions(text: &str) -> impl Iterator<Item = &str> {
    let mut marked = false;
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        if let Some(attribute) = line.strip_prefix("#[") {
            let name = attribute.split(['(', ']']).next().unwrap_or_default();
            marked |= name == "test" || name.ends_with("::test");
            return None;
        }
        let rest = line.strip_prefix("async ").unwrap_or(line);
        let name = rest.strip_prefix("fn ")?.split(['(', '<']).next();
        name.filter(|_| std::mem::take(&mut marked))
    })
}

/// Is this file test code?
fn is_test(path: &str) -> bool {
    path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.contains("/benches/")
        || path.starts_with("lab/testkit/")
}

#[cfg(test)]
mod tests;
