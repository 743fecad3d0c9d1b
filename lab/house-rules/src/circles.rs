//! Circles of imports between the modules of one crate. Two modules that need each other are one
//! module in two files: neither can be read, tested or moved alone.
//!
//! A module needs another one if it names something that is *defined* there. `pub use` passes a
//! name on without needing it. Names from the parent module do not count either: Rust shows them
//! to the child as its own.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use syn::visit::Visit;

use super::{Findings, Tree, is_test};

/// Circles that are still there: crate, then its modules. The list may only become shorter.
const KNOWN: &str = "lab/house-rules/known-circles.txt";

/// Segments of a module's path below its crate; the crate's root is empty.
type Module = Vec<String>;

/// What one module says about names.
#[derive(Default)]
struct Names {
    /// Name → the path it was imported from, absolute below the crate.
    imported: BTreeMap<String, Module>,
    /// Names that are passed on.
    passed_on: BTreeMap<String, Module>,
    /// Modules of which everything is passed on.
    passed_on_whole: Vec<Module>,
    /// Paths named anywhere, as they are written.
    mentioned: Vec<Module>,
}

/// No circle but the known ones, and every known one is still there.
pub fn none_but_known(tree: &Tree) -> Result<Findings> {
    let known: BTreeSet<String> = tree
        .get(KNOWN)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let found = all(tree)?;
    let new = found.difference(&known);
    let gone = known.difference(&found);
    Ok(new
        .map(|circle| format!("new circle: {circle}"))
        .chain(gone.map(|circle| format!("no circle any more, take it out of {KNOWN}: {circle}")))
        .collect())
}

fn all(tree: &Tree) -> Result<BTreeSet<String>> {
    let mut circles = BTreeSet::new();
    for (folder, sources) in crates(tree) {
        let mut modules = BTreeMap::new();
        for (path, text) in sources {
            modules.insert(module_of(path), names(&module_of(path), text)?);
        }
        let edges = edges(&modules);
        let name = folder.rsplit('/').next().unwrap_or_default();
        for circle in strongly_connected(&edges) {
            let shown: Vec<String> = circle.iter().map(|module| show(module)).collect();
            circles.insert(format!("{name}: {}", shown.join(" ")));
        }
    }
    Ok(circles)
}

/// Folder of a crate → its files below `src`, but tests and, where there is a library, the program.
fn crates(tree: &Tree) -> BTreeMap<&str, Vec<(&str, &str)>> {
    let mut all: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, text) in tree.rust().filter(|(path, _)| !is_test_of_crate(path)) {
        if let Some((folder, file)) = path.split_once("/src/") {
            all.entry(folder).or_default().push((file, text));
        }
    }
    for sources in all.values_mut() {
        let library = sources.iter().any(|(file, _)| *file == "lib.rs");
        sources.retain(|(file, _)| !(file.starts_with("bin/") || library && *file == "main.rs"));
    }
    all
}

fn is_test_of_crate(path: &str) -> bool {
    is_test(path) && !path.starts_with("lab/testkit/src/")
}

/// `voting/nodes.rs` → `[voting, nodes]`; the root's file → nothing.
fn module_of(file: &str) -> Module {
    let path = file.trim_end_matches(".rs");
    let root = ["lib", "main"].contains(&path);
    path.split('/')
        .filter(|_| !root)
        .map(str::to_owned)
        .collect()
}

fn show(module: &[String]) -> String {
    if module.is_empty() {
        return "the crate's root".to_owned();
    }
    module.join("::")
}

/// Reads one file.
fn names(module: &[String], text: &str) -> Result<Names> {
    let file = syn::parse_file(text)?;
    let mut reader = Reader {
        module,
        names: Names::default(),
    };
    reader.visit_file(&file);
    Ok(reader.names)
}

struct Reader<'a> {
    module: &'a [String],
    names: Names,
}

impl Reader<'_> {
    fn tree(&mut self, before: &[String], tree: &syn::UseTree, public: bool) {
        match tree {
            syn::UseTree::Path(path) => {
                let before = [before, &[path.ident.to_string()]].concat();
                self.tree(&before, &path.tree, public);
            }
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.tree(before, item, public);
                }
            }
            syn::UseTree::Name(name) => self.leaf(before, &name.ident.to_string(), None, public),
            syn::UseTree::Rename(rename) => {
                let alias = rename.rename.to_string();
                self.leaf(before, &rename.ident.to_string(), Some(alias), public);
            }
            syn::UseTree::Glob(_) => {
                if let Some(path) = absolute(self.module, before)
                    && public
                {
                    self.names.passed_on_whole.push(path);
                }
            }
        }
    }

    fn leaf(&mut self, before: &[String], name: &str, alias: Option<String>, public: bool) {
        let path = match name {
            "self" => before.to_vec(),
            name => [before, &[name.to_owned()]].concat(),
        };
        let last = path.last().cloned().unwrap_or_default();
        let to = if public {
            &mut self.names.passed_on
        } else {
            &mut self.names.imported
        };
        to.insert(alias.unwrap_or(last), path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let public = !matches!(item.vis, syn::Visibility::Inherited);
        self.tree(&[], &item.tree, public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|one| one.ident.to_string());
        self.names.mentioned.push(segments.collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let test = item.attrs.iter().any(|one| one.path().is_ident("cfg"));
        if !test {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

/// `crate::a`, `self::a`, `super::a` below the crate; nothing for other paths.
fn absolute(module: &[String], path: &[String]) -> Option<Module> {
    let mut base = match path.first().map(String::as_str) {
        Some("crate") => Vec::new(),
        Some("self") => module.to_vec(),
        Some("super") => module.split_last()?.1.to_vec(),
        _ => return None,
    };
    let mut rest = path.get(1..).unwrap_or_default();
    while let [first, after @ ..] = rest
        && first == "super"
    {
        base.pop();
        rest = after;
    }
    base.extend_from_slice(rest);
    Some(base)
}

type Modules = BTreeMap<Module, Names>;

/// Which module needs which.
fn edges(modules: &Modules) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut all = BTreeMap::new();
    for (module, names) in modules {
        let mut needs = BTreeSet::new();
        let imports = names.imported.values().cloned();
        for path in imports.chain(names.mentioned.iter().cloned()) {
            if let Some(place) = defined_in(modules, module, &path, 0) {
                needs.insert(place);
            }
        }
        // Itself, and everything it lies in.
        needs.retain(|other| !module.starts_with(other));
        all.insert(module.clone(), needs);
    }
    all
}

/// The module that defines what `path` names in `module`; nothing if that is another crate's, or
/// a module itself.
fn defined_in(modules: &Modules, module: &[String], path: &[String], depth: u8) -> Option<Module> {
    if depth > 8 {
        return None;
    }
    let path = absolute(module, path).or_else(|| relative(modules, module, path))?;
    // The longest part of the path that is a module.
    let mut at = Vec::new();
    let mut rest = path.as_slice();
    while let [first, after @ ..] = rest {
        let next = [at.as_slice(), std::slice::from_ref(first)].concat();
        if !modules.contains_key(&next) {
            break;
        }
        at = next;
        rest = after;
    }
    let names = modules.get(&at)?;
    let item = rest.first()?;
    if let Some(from) = names.passed_on.get(item) {
        let from = [from.as_slice(), rest.get(1..).unwrap_or_default()].concat();
        return defined_in(modules, &at, &from, depth + 1);
    }
    for whole in &names.passed_on_whole {
        let from = [&["crate".to_owned()], whole.as_slice(), rest].concat();
        if let Some(place) = defined_in(modules, &at, &from, depth + 1)
            && place != *whole
        {
            return Some(place);
        }
    }
    Some(at)
}

/// A path that begins with an imported name or a child of this module.
fn relative(modules: &Modules, module: &[String], path: &[String]) -> Option<Module> {
    let (first, rest) = path.split_first()?;
    let names = modules.get(module)?;
    let child = [module, std::slice::from_ref(first)].concat();
    if modules.contains_key(&child) {
        return Some([child.as_slice(), rest].concat());
    }
    if rest.is_empty() {
        return None;
    }
    let from = names
        .imported
        .get(first)
        .filter(|from| from.first() != Some(first))?;
    let from = absolute(module, from).or_else(|| {
        let (first, _) = from.split_first()?;
        let child = [module, std::slice::from_ref(first)].concat();
        modules
            .contains_key(&child)
            .then(|| [module, from.as_slice()].concat())
    })?;
    Some([from.as_slice(), rest].concat())
}

/// Groups of modules that reach each other, each sorted.
fn strongly_connected(edges: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<Vec<Module>> {
    let reach: BTreeMap<&Module, BTreeSet<&Module>> = edges
        .keys()
        .map(|start| (start, reached(edges, start)))
        .collect();
    let mut groups = BTreeSet::new();
    for (start, others) in &reach {
        let back = |other: &&&Module| reach.get(**other).is_some_and(|all| all.contains(start));
        let group: Vec<Module> = others
            .iter()
            .filter(back)
            .map(|one| (**one).clone())
            .collect();
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups
}

fn reached<'a>(
    edges: &'a BTreeMap<Module, BTreeSet<Module>>,
    start: &'a Module,
) -> BTreeSet<&'a Module> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for next in edges.get(module).into_iter().flatten() {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests;
