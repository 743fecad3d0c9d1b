//! Who may depend on whom: the table in ARCHITECTURE.md against cargo's own view.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::metadata::{Edges, Metadata};
use super::{Findings, Tree};

/// Programs of different people; none links another.
const PARTIES: [&str; 7] = [
    "booth",
    "registrar",
    "node",
    "portal",
    "trustee",
    "admin",
    "verify",
];

/// Edges of the table and edges of cargo are the same, both ways.
pub fn equal_the_table(tree: &Tree) -> Result<Findings> {
    let page = tree
        .get("ARCHITECTURE.md")
        .context("ARCHITECTURE.md is missing")?;
    Ok(compare(&table(page), &Metadata::read()?.our_edges()))
}

/// No party links another party, not even in its tests; nobody ships the test kit or the
/// virtual card.
pub fn parties_stand_alone(_: &Tree) -> Result<Findings> {
    let edges = Metadata::read()?.our_edges();
    let mut findings = Findings::new();
    for party in PARTIES {
        let Some(edge) = edges.get(party) else {
            continue;
        };
        for other in edge.normal.union(&edge.tests) {
            if PARTIES.contains(&other.as_str()) {
                findings.push(format!("{party} links {other}"));
            }
        }
        for never in ["testkit", "vcard"] {
            if edge.normal.contains(never) {
                findings.push(format!("{party} ships {never}"));
            }
        }
    }
    Ok(findings)
}

/// The registrar's private RSA operation is the only reason for OpenSSL. The test crates, which
/// never ship, may use it too.
pub fn openssl_only_below_registrar(_: &Tree) -> Result<Findings> {
    let allowed = ["registrar", "testkit", "vcard"];
    let users = Metadata::read()?.ours_reaching("openssl");
    let others = users
        .iter()
        .filter(|name| !allowed.contains(&name.as_str()));
    Ok(others
        .map(|name| format!("{name} reaches openssl"))
        .collect())
}

/// Reads the rows between the markers: `| crate | depends on | in tests also | …`.
fn table(page: &str) -> BTreeMap<String, Edges> {
    let rows = page
        .lines()
        .skip_while(|line| !line.contains("crate-table:begin"))
        .take_while(|line| !line.contains("crate-table:end"))
        .filter(|line| line.starts_with("| `"));
    let mut all = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let &[name, normal, tests, ..] = cells.as_slice() else {
            continue;
        };
        let edges = Edges {
            normal: names(normal),
            tests: names(tests),
        };
        all.insert(name.trim_matches('`').to_owned(), edges);
    }
    all
}

fn names(cell: &str) -> BTreeSet<String> {
    cell.split([' ', ','])
        .map(|word| word.trim_matches('`'))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

fn compare(table: &BTreeMap<String, Edges>, cargo: &BTreeMap<String, Edges>) -> Findings {
    let mut findings = Findings::new();
    let all: BTreeSet<&String> = table.keys().chain(cargo.keys()).collect();
    for name in all {
        match (table.get(name), cargo.get(name)) {
            (Some(page), Some(real)) => {
                differences(name, "", &page.normal, &real.normal, &mut findings);
                differences(name, " in tests", &page.tests, &real.tests, &mut findings);
            }
            (None, _) => findings.push(format!("{name}: a crate without a row")),
            (_, None) => findings.push(format!("{name}: a row without a crate")),
        }
    }
    findings
}

fn differences(
    name: &str,
    place: &str,
    page: &BTreeSet<String>,
    real: &BTreeSet<String>,
    findings: &mut Findings,
) {
    for extra in real.difference(page) {
        findings.push(format!("{name} → {extra}{place}: not in the table"));
    }
    for gone in page.difference(real) {
        findings.push(format!("{name} → {gone}{place}: in the table only"));
    }
}

#[cfg(test)]
mod tests;
