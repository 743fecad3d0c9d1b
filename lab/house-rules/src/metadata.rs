//! What `cargo metadata` says, cut down to what the checks need.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::Deserialize;

use toolbox::shell::Shell;

/// The whole dependency graph.
#[derive(Deserialize)]
pub struct Metadata {
    /// All packages, ours and foreign.
    pub packages: Vec<Package>,
    /// The resolved graph.
    pub resolve: Resolve,
    /// Ids of our packages.
    workspace_members: Vec<String>,
}

/// One package.
#[derive(Deserialize)]
pub struct Package {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// The resolved graph.
#[derive(Deserialize)]
pub struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeDep>,
}

#[derive(Deserialize)]
struct NodeDep {
    pkg: String,
    dep_kinds: Vec<DepKind>,
}

#[derive(Deserialize)]
struct DepKind {
    kind: Option<String>,
}

/// One of our crates: where it is and which others of ours it links.
#[derive(Default, PartialEq, Eq, Debug)]
pub struct Edges {
    /// The folder it is in: who runs it.
    pub zone: String,
    /// Does it have a program of its own?
    pub program: bool,
    /// Ordinary and build dependencies.
    pub normal: BTreeSet<String>,
    /// Dependencies of its tests only.
    pub tests: BTreeSet<String>,
}

impl Package {
    fn has_program(&self) -> bool {
        let is_bin = |target: &Target| target.kind.iter().any(|kind| kind == "bin");
        self.targets.iter().any(is_bin)
    }
}

/// The folder two above a manifest: `…/core/crypto/Cargo.toml` → `core`.
fn zone(manifest_path: &str) -> &str {
    manifest_path.rsplit('/').nth(2).unwrap_or_default()
}

impl Metadata {
    /// Asks cargo.
    ///
    /// # Errors
    /// Cargo fails or answers in another shape.
    pub fn read() -> Result<Self> {
        let text = Shell::new("cargo metadata --format-version 1 --locked").stdout()?;
        Ok(serde_json::from_str(&text)?)
    }

    fn is_ours(&self, package: &Package) -> bool {
        self.workspace_members.contains(&package.id)
    }

    /// Crate name → its edges to others of ours.
    pub fn our_edges(&self) -> BTreeMap<String, Edges> {
        let ours: Vec<&Package> = self.packages.iter().filter(|p| self.is_ours(p)).collect();
        let names: BTreeSet<&str> = ours.iter().map(|p| p.name.as_str()).collect();
        let mut all = BTreeMap::new();
        for package in ours {
            let mut edges = Edges {
                zone: zone(&package.manifest_path).to_owned(),
                program: package.has_program(),
                ..Edges::default()
            };
            for dependency in &package.dependencies {
                if !names.contains(dependency.name.as_str()) || dependency.name == package.name {
                    continue;
                }
                if dependency.kind.as_deref() == Some("dev") {
                    edges.tests.insert(dependency.name.clone());
                } else {
                    edges.normal.insert(dependency.name.clone());
                }
            }
            all.insert(package.name.clone(), edges);
        }
        all
    }

    /// Names of our crates that reach the package `name` through ordinary dependencies.
    pub fn ours_reaching(&self, name: &str) -> BTreeSet<String> {
        let targets: BTreeSet<&str> = self
            .packages
            .iter()
            .filter(|p| p.name == name)
            .map(|p| p.id.as_str())
            .collect();
        let mut ours = self
            .packages
            .iter()
            .filter(|p| self.is_ours(p))
            .collect::<Vec<_>>();
        ours.retain(|package| self.reaches(&package.id, &targets));
        ours.into_iter().map(|p| p.name.clone()).collect()
    }

    fn reaches(&self, start: &str, targets: &BTreeSet<&str>) -> bool {
        let mut seen = BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            if targets.contains(id) {
                return true;
            }
            let Some(node) = self.resolve.nodes.iter().find(|node| node.id == id) else {
                continue;
            };
            for dep in &node.deps {
                let in_tests_only = dep
                    .dep_kinds
                    .iter()
                    .all(|kind| kind.kind.as_deref() == Some("dev"));
                if !in_tests_only && seen.insert(&dep.pkg) {
                    open.push(&dep.pkg);
                }
            }
        }
        false
    }
}
