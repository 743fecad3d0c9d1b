//! What is in the programs: a CycloneDX list of every crate that is compiled in for one system, of
//! dlib and of the face models, with licences and hashes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use toolbox::shell::Shell;

use super::package::Package;
use super::{archive, hex};

/// Format of the list.
const FORMAT: &str = "1.5";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Crate>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Crate {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The list for one package.
///
/// # Errors
/// Cargo does not know the crates.
pub fn sbom(package: &Package, root: &Path, time: u64) -> Result<Vec<u8>> {
    let said = Shell::new("cargo metadata --locked --format-version 1 --filter-platform")
        .arg(package.platform.target())
        .dir(root)
        .stdout()?;
    let metadata: Metadata = serde_json::from_str(&said)?;
    let lock: Lock = toml::from_str(&fs::read_to_string(root.join("Cargo.lock"))?)?;
    let sums: BTreeMap<(String, String), String> = lock
        .package
        .into_iter()
        .filter_map(|p| Some(((p.name, p.version), p.checksum?)))
        .collect();
    let linked = linked(&metadata)?;
    let crates: BTreeMap<&str, &Crate> = metadata
        .packages
        .iter()
        .map(|c| (c.id.as_str(), c))
        .collect();
    let name = |id: &str| crates.get(id).map(|c| reference(c));
    let mut components: Vec<Value> = linked
        .iter()
        .filter_map(|id| crates.get(id.as_str()))
        .map(|c| component(c, &sums))
        .collect();
    components.extend(others(package, root)?);
    let by_reference = |c: &Value| c.get("bom-ref").map(ToString::to_string);
    components.sort_by_key(by_reference);
    let mut dependencies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for node in metadata
        .resolve
        .nodes
        .iter()
        .filter(|n| linked.contains(&n.id))
    {
        let on = normal(node).filter_map(name);
        let from = name(&node.id).context("a crate without a name")?;
        dependencies.entry(from).or_default().extend(on);
    }
    let dependencies: Vec<Value> = dependencies
        .iter()
        .map(|(from, on)| json!({"ref": from, "dependsOn": on}))
        .collect();
    let list = json!({
        "bomFormat": "CycloneDX",
        "specVersion": FORMAT,
        "version": 1,
        "metadata": {
            "timestamp": archive::instant(time),
            "component": {
                "type": "application",
                "bom-ref": package.name(),
                "name": "irefuda-booth",
                "version": package.version,
            },
        },
        "components": components,
        "dependencies": dependencies,
    });
    let mut text = serde_json::to_vec_pretty(&list)?;
    text.push(b'\n');
    Ok(text)
}

/// Everything that the two programs reach without what only builds and tests need.
fn linked(metadata: &Metadata) -> Result<BTreeSet<String>> {
    let nodes: BTreeMap<&str, &Node> = metadata
        .resolve
        .nodes
        .iter()
        .map(|n| (n.id.as_str(), n))
        .collect();
    let ours =
        |c: &&Crate| c.source.is_none() && ["booth", "face-worker"].contains(&c.name.as_str());
    let mut next: Vec<&str> = metadata
        .packages
        .iter()
        .filter(ours)
        .map(|c| c.id.as_str())
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = next.pop() {
        if seen.insert(id.to_owned()) {
            next.extend(normal(nodes.get(id).context("a crate without a node")?));
        }
    }
    Ok(seen)
}

fn normal(node: &Node) -> impl Iterator<Item = &str> {
    let runs = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
    node.deps.iter().filter(runs).map(|edge| edge.pkg.as_str())
}

/// A package URL for crates of a registry, a name for ours.
fn reference(c: &Crate) -> String {
    match c.source {
        Some(_) => format!("pkg:cargo/{}@{}", c.name, c.version),
        None => format!("irefuda:{}@{}", c.name, c.version),
    }
}

fn component(c: &Crate, sums: &BTreeMap<(String, String), String>) -> Value {
    let mut out = json!({
        "type": "library",
        "bom-ref": reference(c),
        "name": c.name,
        "version": c.version,
    });
    let Some(fields) = out.as_object_mut() else {
        return out;
    };
    if let Some(licence) = &c.license {
        // Old crates write a slash where SPDX writes OR.
        let expression = licence.replace('/', " OR ").replace("  OR  ", " OR ");
        fields.insert("licenses".into(), json!([{"expression": expression}]));
    }
    if c.source.is_some() {
        fields.insert("purl".into(), json!(reference(c)));
    }
    if let Some(sum) = sums.get(&(c.name.clone(), c.version.clone())) {
        fields.insert("hashes".into(), sha256(sum));
    }
    out
}

fn sha256(hex: &str) -> Value {
    json!([{"alg": "SHA-256", "content": hex}])
}

/// What no crate brings: the face engine's source and its models.
fn others(package: &Package, root: &Path) -> Result<Vec<Value>> {
    let pinned = fs::read_to_string(root.join("voter/dlib-sys/source.sha256"))?;
    let (sum, file) = pinned.trim().split_once("  ").context("source.sha256")?;
    let version = file.trim_start_matches("dlib-").trim_end_matches(".tar.gz");
    let mut out = vec![json!({
        "type": "library",
        "bom-ref": format!("pkg:pypi/dlib@{version}"),
        "name": "dlib",
        "version": version,
        "purl": format!("pkg:pypi/dlib@{version}"),
        "licenses": [{"expression": "BSL-1.0"}],
        "hashes": sha256(sum),
    })];
    for (name, bytes) in &package.models {
        out.push(json!({
            "type": "machine-learning-model",
            "bom-ref": format!("irefuda:model/{name}"),
            "name": name,
            "hashes": sha256(&hex(bytes)),
        }));
    }
    Ok(out)
}
