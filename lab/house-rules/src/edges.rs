//! Who may depend on whom: the table in ARCHITECTURE.md against cargo's own view.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::metadata::{Edges, Metadata};
use super::{Findings, Tree};

/// Zones of bodies that must not know each other's code.
const PARTY_ZONES: [&str; 5] = ["voter", "identity", "chain", "count", "public"];
/// Zones that never ship and may link anything.
const WORKSHOPS: [&str; 2] = ["lab", "tools"];
/// The one arrow between party zones: the voter's program checks the certificate of the voter's
/// own card with the rules that registrars use.
const EXCEPTION: (&str, &str) = ("voter", "jpki");

/// Edges of the table and edges of cargo are the same, both ways.
pub fn equal_the_table(tree: &Tree) -> Result<Findings> {
    let page = tree
        .get("ARCHITECTURE.md")
        .context("ARCHITECTURE.md is missing")?;
    Ok(compare(&table(page), &Metadata::read()?.our_edges()))
}

/// `lab, tools → everything`; `voter, identity, chain, count, public → shared → core`; party
/// zones never see each other. Inside a zone no program links another. Tests may use `lab`.
pub fn zones_keep_apart(_: &Tree) -> Result<Findings> {
    Ok(crossings(&Metadata::read()?.our_edges()))
}

fn crossings(edges: &BTreeMap<String, Edges>) -> Findings {
    let mut findings = Findings::new();
    for (name, from) in edges {
        if !zone_is_known(&from.zone) {
            findings.push(format!("{name}: no zone is called {:?}", from.zone));
        }
        let arrows = from.normal.iter().map(|to| (to, false));
        for (to, in_tests) in arrows.chain(from.tests.iter().map(|to| (to, true))) {
            let Some(target) = edges.get(to) else {
                continue;
            };
            if !zone_may(&from.zone, to, &target.zone, in_tests) {
                findings.push(format!("{name} ({}) → {to} ({})", from.zone, target.zone));
            }
            let same_party = from.zone == target.zone && is_party(&from.zone);
            if same_party && from.program && target.program {
                findings.push(format!("{name} → {to}: two programs"));
            }
        }
    }
    findings
}

fn is_party(zone: &str) -> bool {
    PARTY_ZONES.contains(&zone)
}

fn zone_is_known(zone: &str) -> bool {
    is_party(zone) || WORKSHOPS.contains(&zone) || ["core", "shared"].contains(&zone)
}

fn zone_may(from: &str, to: &str, zone: &str, in_tests: bool) -> bool {
    from == zone
        || zone == "core"
        || WORKSHOPS.contains(&from)
        || (in_tests && zone == "lab")
        || (is_party(from) && zone == "shared")
        || (from, to) == EXCEPTION
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

/// Reads the rows between the markers: `| crate | zone | depends on | in tests also | …`.
fn table(page: &str) -> BTreeMap<String, Edges> {
    let rows = page
        .lines()
        .skip_while(|line| !line.contains("crate-table:begin"))
        .take_while(|line| !line.contains("crate-table:end"))
        .filter(|line| line.starts_with("| `"));
    let mut all = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let &[name, zone, normal, tests, ..] = cells.as_slice() else {
            continue;
        };
        let edges = Edges {
            zone: zone.to_owned(),
            program: false,
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
                if page.zone != real.zone {
                    findings.push(format!(
                        "{name}: is in {}, the table says {}",
                        real.zone, page.zone
                    ));
                }
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
