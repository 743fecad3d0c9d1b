//! The parties' configuration files.

use std::path::Path;

use anyhow::{Context, Result};
use toolbox::root;

use crate::cards::AUTHORITY_PORT;
use crate::run_folder::RunFolder;

/// Distance of the first registrar's port from the base.
pub const REGISTRAR_PORT: u16 = 1;
/// Distance of the first node's interface from the base.
pub const NODE_PORT: u16 = 10;
/// Distance of the first node's port for other nodes from the base.
pub const PEER_PORT: u16 = 30;
/// Distance of the first node's figures from the base.
pub const METRICS_PORT: u16 = 50;
/// Distance of the relay's port from the base.
pub const RELAY_PORT: u16 = 90;

/// People who sign acts; two of them each.
pub const OFFICERS: u16 = 2;
/// People who open evidence, a majority together.
pub const AUDITORS: u16 = 3;

/// Whether every party can have its port.
///
/// # Errors
/// Somebody else has one of them.
pub fn ports_are_free(run_folder: &RunFolder, validators: u16, registrars: u16) -> Result<()> {
    let registrars = (0..registrars).map(|n| REGISTRAR_PORT + n);
    let nodes = (0..validators).flat_map(|n| [NODE_PORT + n, PEER_PORT + n, METRICS_PORT + n]);
    for port in registrars
        .chain(nodes)
        .chain([0, AUTHORITY_PORT, RELAY_PORT])
    {
        let address = run_folder.address(port);
        std::net::TcpListener::bind(&address).with_context(|| {
            format!("{address} is taken: end what uses it, or choose other ports with --port-base")
        })?;
    }
    Ok(())
}

/// `[clock]` of every party.
pub fn clock(run_folder: &RunFolder) -> String {
    format!(
        "\n[clock]\ndemo = true\nfile = {}\n",
        quoted(&run_folder.clock())
    )
}

/// A path as a TOML string.
pub fn quoted(path: &Path) -> String {
    serde_json::Value::String(path.display().to_string()).to_string()
}

/// A validator.
///
/// # Errors
/// The passphrase cannot be written.
pub fn node(run_folder: &RunFolder, n: u16) -> Result<String> {
    let name = format!("node-{n}");
    let passphrase = run_folder.passphrase(&name)?;
    Ok(format!(
        "name = \"{name}\"\nnetwork = {network}\npassphrase_file = {passphrase}\n\
         api = \"{api}\"\nmetrics = \"{metrics}\"\np2p = \"{p2p}\"\nprivate_addresses = true\nlight_key_files = true\n\
         note_requests = {notes}\nrelays = [\"127.0.0.1\"]\n{clock}",
        notes = quoted(&run_folder.requests(n)),
        network = quoted(&run_folder.out.join("run/network.toml")),
        passphrase = quoted(&passphrase),
        api = run_folder.address(NODE_PORT + n),
        metrics = run_folder.address(METRICS_PORT + n),
        p2p = run_folder.address(PEER_PORT + n),
        clock = clock(run_folder),
    ))
}

/// The relay, which a body of its own runs.
///
/// # Errors
/// The passphrase cannot be written.
pub fn relay(run_folder: &RunFolder) -> Result<String> {
    let address = run_folder.address(RELAY_PORT);
    Ok(format!(
        "name_ja = \"ひばり野消費者協会（架空）\"\nname_en = \"Hibarino Consumers' Union (fictional)\"\n\
         origin = \"https://{address}\"\nlisten = \"{address}\"\nnetwork = {network}\n\
         passphrase_file = {passphrase}\nlight_key_files = true\n",
        network = quoted(&run_folder.out.join("run/network.toml")),
        passphrase = quoted(&run_folder.passphrase("relay")?),
    ))
}

/// A kiosk as the registrars know it.
pub struct Station {
    /// `counter-1`, `venue-1`.
    pub id: String,
    /// `counter` or `venue`.
    pub channel: String,
    /// Its public key, hex.
    pub key: String,
    /// Its `station.toml`.
    pub file: std::path::PathBuf,
}

/// A registrar.
///
/// # Errors
/// The passphrase cannot be written.
pub fn registrar(
    run_folder: &RunFolder,
    n: u16,
    pki: &Path,
    stations: &[Station],
) -> Result<String> {
    use std::fmt::Write;
    let name = format!("registrar-{}", n + 1);
    let (ja, en) = [
        (
            "ひばり野市 選挙管理課（架空）",
            "Hibarino City Election Office (fictional)",
        ),
        (
            "ひばり野広域連合（架空）",
            "Hibarino Regional Union (fictional)",
        ),
    ]
    .get(usize::from(n % 2))
    .copied()
    .unwrap_or_default();
    let address = run_folder.address(REGISTRAR_PORT + n);
    let mut text = format!(
        "id = \"{name}\"\nname_ja = \"{ja}\"\nname_en = \"{en}\"\norigin = \"https://{address}\"\n\
         listen = \"{address}\"\nmanifest = {manifest}\npractice = true\npassphrase_file = {passphrase}\n\
         random_passphrase = true\nsalt_depth = 12\nagain_keys = 24\nticket_url = \"http://{portal}/v1/tickets/redeem\"\n\n\
         [jpki]\ntrust = {trust}\npolicy = \"test\"\ncrl_url = \"http://{authority}/auth.crl\"\ncrl_seconds = 5\n\
         {clock}",
        manifest = quoted(&run_folder.out.join("run/manifest.bin")),
        passphrase = quoted(&run_folder.passphrase(&name)?),
        portal = run_folder.address(0),
        trust = quoted(&pki.join("trust.json")),
        authority = run_folder.address(AUTHORITY_PORT),
        clock = clock(run_folder),
    );
    for station in stations {
        let _ = write!(
            text,
            "\n[[stations]]\nid = \"{}\"\nchannel = \"{}\"\npublic_key = \"{}\"\n",
            station.id, station.channel, station.key
        );
    }
    Ok(text)
}

/// A trustee.
///
/// # Errors
/// The passphrase cannot be written.
pub fn trustee(run_folder: &RunFolder, n: u16) -> Result<String> {
    let names = [
        (
            "大学 情報学部（架空）",
            "University, Informatics (fictional)",
        ),
        ("弁護士会（架空）", "Bar Association (fictional)"),
        ("商工会議所（架空）", "Chamber of Commerce (fictional)"),
        (
            "市民オンブズマン（架空）",
            "Citizens' Ombudsman (fictional)",
        ),
        ("選挙管理委員会（架空）", "Election Commission (fictional)"),
    ];
    let (ja, en) = names
        .get(usize::from(n - 1) % names.len())
        .copied()
        .unwrap_or_default();
    Ok(format!(
        "id = {n}\nname_ja = \"{ja}\"\nname_en = \"{en}\"\nnetwork = {network}\npractice = true\n\
         passphrase_file = {passphrase}\nlight = true\n{clock}",
        network = quoted(&run_folder.out.join("run/network.toml")),
        passphrase = quoted(&run_folder.passphrase(&format!("trustee-{n}"))?),
        clock = clock(run_folder),
    ))
}

/// The public site.
pub fn portal(run_folder: &RunFolder) -> String {
    format!(
        "listen = \"{listen}\"\nmanifest = {manifest}\nstart_file = {start}\nnetwork = {network}\n\
         pages = {pages}\npractice = true\n{clock}",
        pages = quoted(&root::join(root::PAGES)),
        listen = run_folder.address(0),
        manifest = quoted(&run_folder.out.join("run/manifest.bin")),
        start = quoted(&run_folder.party("admin").join("data/start.json")),
        network = quoted(&run_folder.out.join("run/network.toml")),
        clock = clock(run_folder),
    )
}

/// How many of each party there are.
#[derive(Clone, Copy)]
pub struct Numbers {
    /// Validators.
    pub validators: u16,
    /// Registrars.
    pub registrars: u16,
    /// Trustees.
    pub trustees: u16,
    /// Fewest counted ballots trustees decrypt.
    pub min_counted: u32,
}

/// The authority's office.
///
/// # Errors
/// A passphrase cannot be written.
pub fn admin(run_folder: &RunFolder, numbers: Numbers) -> Result<String> {
    let list = |kind: &str, count: u16| {
        let paths: Vec<String> = (1..=count)
            .map(|n| {
                quoted(
                    &run_folder
                        .party(&format!("{kind}-{n}"))
                        .join("data/public.json"),
                )
            })
            .collect();
        paths.join(", ")
    };
    let mut text = format!(
        "network = {network}\ncontent = {content}\npassphrase_file = {passphrase}\n\
         officers = [{officers}]\nauditors = [{auditors}]\ntrustees = [{trustees}]\nregistrars = [{registrars}]\nrelays = [{relay}]\nportal = \"http://{portal}\"\n\
         face_required = [\"home\", \"counter\", \"venue\"]\nmin_counted = {min_counted}\nlight = true\n",
        network = quoted(&run_folder.out.join("run/network.toml")),
        content = quoted(&root::join("data/demo/election.json")),
        passphrase = quoted(&run_folder.passphrase("authority")?),
        trustees = list("trustee", numbers.trustees),
        officers = list("officer", OFFICERS),
        auditors = list("auditor", AUDITORS),
        registrars = list("registrar", numbers.registrars),
        relay = quoted(&run_folder.party("relay").join("data/public.json")),
        portal = run_folder.address(0),
        min_counted = numbers.min_counted,
    );
    text.push_str(&clock(run_folder));
    Ok(text)
}

/// One of the people who sign acts or open evidence: each with a folder and a key of their own.
fn person(
    run_folder: &RunFolder,
    name: &str,
    (ja, en): (&str, &str),
    more: &str,
) -> Result<String> {
    let passphrase = quoted(&run_folder.passphrase(name)?);
    Ok(format!(
        "name_ja = \"{ja}\"\nname_en = \"{en}\"\npassphrase_file = {passphrase}\nlight = true\n{more}"
    ))
}

/// An officer.
///
/// # Errors
/// The passphrase cannot be written.
pub fn officer(run_folder: &RunFolder, n: u16) -> Result<String> {
    let names = [
        ("課長 佐倉（架空）", "Sakura (fictional)"),
        ("係長 日比野（架空）", "Hibino (fictional)"),
    ];
    let who = names.get(usize::from(n - 1) % names.len());
    let more = format!(
        "practice = true\nnetwork = {network}\n{clock}",
        network = quoted(&run_folder.out.join("run/network.toml")),
        clock = clock(run_folder),
    );
    let name = format!("officer-{n}");
    person(run_folder, &name, who.copied().unwrap_or_default(), &more)
}

/// An auditor.
///
/// # Errors
/// The passphrase cannot be written.
pub fn auditor(run_folder: &RunFolder, n: u16) -> Result<String> {
    let names = [
        ("監査委員 小牧（架空）", "Komaki (fictional)"),
        (
            "税理士会（架空）",
            "Tax Accountants' Association (fictional)",
        ),
        ("報道クラブ（架空）", "Press Club (fictional)"),
    ];
    let who = names.get(usize::from(n - 1) % names.len());
    let name = format!("auditor-{n}");
    person(run_folder, &name, who.copied().unwrap_or_default(), "")
}

#[cfg(test)]
mod tests;
