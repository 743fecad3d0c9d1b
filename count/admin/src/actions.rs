//! What the office does on the board.

use crate::config::AdminConfig;
use crate::content::Content;
use crate::keys::{KeyFolder, PublicPart};
use crate::manifest::{self, Parts};
use crate::start::{start_file, trust_file};
use anyhow::{Context as _, Result, bail};
use api::hex::Hex;
use ballot::{Manifest, SealedManifest};
use board::entry::{Entry, Setup};
use board::network::NetworkConfig;
use board::state::{Election, Phase};
use board::{Committee, Receipt};
use client::{NotFinal, OFFICIAL_PATIENCE, Quorum, Replica, Spread};
use crypto::Hash;
use crypto::schnorr::Signature;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Longest public record that is downloaded: it is unpacked in memory.
const MAX_RECORD: usize = 1024 * 1024 * 1024;
/// Holds the entry hash of the setup.
const SETUP_FILE: &str = "setup-hash.txt";
/// Holds the election hash, once the manifest is sealed.
const HASH_FILE: &str = "election-hash.txt";

/// A trustee's signature file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureFile {
    id: u16,
    election_hash: Hex<Hash>,
    signature: Hex<Signature>,
}

/// `result.json`: read from the board's `Result` entry.
#[derive(Debug, Serialize)]
struct ResultFile {
    election_hash: String,
    received: u64,
    overwritten: u64,
    counted: u64,
    check_ballots: u64,
    issued: Vec<u64>,
    votes: BTreeMap<String, u64>,
}

/// The authority and its officers at one computer.
#[derive(Debug)]
pub struct Office {
    config: AdminConfig,
    data: PathBuf,
    content: Content,
}

/// Posts an entry to every node and waits until it is on the board.
pub(crate) async fn post(nodes: &Quorum, entry: &[u8]) -> Result<Receipt, NotFinal> {
    let posted = nodes.post(entry, Spread::Everybody, OFFICIAL_PATIENCE);
    posted.await.receipt()
}

impl Office {
    /// Opens the office; `beside` resolves the configuration's relative paths.
    ///
    /// # Errors
    /// When the content file cannot be read.
    pub fn new(
        mut config: AdminConfig,
        data: &Path,
        beside: &impl Fn(&PathBuf) -> PathBuf,
    ) -> Result<Self> {
        for p in [
            &mut config.network,
            &mut config.content,
            &mut config.passphrase_file,
        ] {
            *p = beside(p);
        }
        let parties = config.trustees.iter_mut().chain(&mut config.registrars);
        let signers = config.officers.iter_mut().chain(&mut config.auditors);
        for p in parties.chain(signers) {
            *p = beside(p);
        }
        let content = Content::read(&config.content)?;
        Ok(Self {
            config,
            data: data.to_owned(),
            content,
        })
    }
    fn keys(&self) -> Result<KeyFolder<'_>> {
        KeyFolder::open(&self.config, &self.data)
    }
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.data.join(name);
        std::fs::write(&path, bytes).with_context(|| path.display().to_string())
    }
    /// Makes the authority's key and writes `public.json`.
    ///
    /// # Errors
    /// When files cannot be written.
    pub fn init(&self) -> Result<()> {
        let public = self.keys()?.init()?;
        self.write(
            "public.json",
            serde_json::to_string_pretty(&public)?.as_bytes(),
        )
    }
    fn public(&self) -> Result<PublicPart> {
        let path = self.data.join("public.json");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(serde_json::from_str(&text)?)
    }
    pub(crate) fn network(&self) -> Result<(NetworkConfig, Quorum)> {
        let (_, network) = client::read_network(&self.config.network)?;
        let committee = Committee::from(&network);
        let nodes = Quorum::new(&network.validators, &committee, client::TIMEOUT)?;
        Ok((network, nodes))
    }
    pub(crate) async fn replica(&self) -> Result<(Replica, Quorum)> {
        let (network, nodes) = self.network()?;
        let mut replica = Replica::new(&network);
        replica.follow(nodes.nodes(), nodes.enough()).await?;
        let nodes = replica.quorum(client::TIMEOUT)?;
        Ok((replica, nodes))
    }
    /// The election that [`Self::setup`] put on the board.
    pub(crate) fn mine<'a>(&self, replica: &'a Replica) -> Result<&'a Election> {
        let path = self.data.join(SETUP_FILE);
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let setup = Hash::from_hex(text.trim()).context("the setup's hash")?;
        replica
            .state()
            .election(&setup)
            .context("the election is not on the board")
    }
    /// Posts the `Setup` entry.
    ///
    /// # Errors
    /// When a public part is missing or the board refuses.
    pub async fn setup(&self) -> Result<()> {
        let (network, nodes) = self.network()?;
        let trustees = manifest::trustees(&self.config, PathBuf::clone)?;
        let entry = manifest::setup(
            &self.config,
            &self.content,
            &self.public()?,
            &trustees,
            &network,
        )?;
        self.begin(&nodes, entry).await
    }
    async fn begin(&self, nodes: &Quorum, setup: Setup) -> Result<()> {
        let entry = setup
            .signed(&self.keys()?.authority()?, &mut rand::rng())
            .to_bytes();
        post(nodes, &entry).await?;
        let hash = board::entry_hash(&entry);
        self.write(SETUP_FILE, (hash.to_hex() + "\n").as_bytes())
    }
    /// The ceremony's progress, for people.
    ///
    /// # Errors
    /// When the board cannot be read or there is no setup.
    pub async fn ceremony(&self) -> Result<String> {
        let (replica, _) = self.replica().await?;
        Ok(crate::progress::table(self.mine(&replica)?))
    }
    /// Begins the ceremony anew without these trustees, numbered anew; the trustees' programs go
    /// over to it by themselves.
    ///
    /// # Errors
    /// When the ceremony is finished, or the smaller roster breaks rule R2.01.
    pub async fn restart(&self, without: &[u16], threshold: Option<u16>) -> Result<()> {
        let (replica, nodes) = self.replica().await?;
        let setup = manifest::without(self.mine(&replica)?, without, threshold)?;
        self.begin(&nodes, setup).await
    }
    /// Builds the unsigned manifest, and gives the list of what people should look at in it
    /// ([`crate::look`]).
    ///
    /// # Errors
    /// When the ceremony is not finished or a part does not fit.
    pub async fn manifest(&self, out: &Path) -> Result<String> {
        let (replica, _) = self.replica().await?;
        let election = self.mine(&replica)?;
        let outcome = election
            .ceremony()
            .outcome()
            .context("the key ceremony is not finished")?;
        let parts = Parts {
            board: replica.state(),
            setup_hash: *election.setup_hash(),
            setup: election.setup(),
            outcome: &outcome,
        };
        let m = manifest::build(&self.config, &self.content, &parts, PathBuf::clone)?;
        std::fs::write(out, m.to_bytes()).with_context(|| out.display().to_string())?;
        Ok(crate::look::list(&m))
    }
    /// Posts the `Seal` entry and writes what the other parties start from.
    ///
    /// # Errors
    /// When a signature is wrong or the board refuses.
    pub async fn seal(&self, draft: &Path, signatures: &[PathBuf]) -> Result<()> {
        let bytes = std::fs::read(draft).with_context(|| draft.display().to_string())?;
        let manifest = Manifest::from_bytes(&bytes)?;
        let hash = manifest.election_hash();
        let authority = self.keys()?.authority()?;
        let mut all = Vec::new();
        for path in signatures {
            all.push(trustee_signature(path, &hash)?);
        }
        all.sort_by_key(|(id, _)| *id);
        let sealed = SealedManifest {
            authority_signature: manifest.sign(&authority, &mut rand::rng()),
            manifest,
            trustee_signatures: all,
        };
        sealed.check()?;
        let (replica, nodes) = self.replica().await?;
        post(&nodes, &Entry::Seal(Box::new(sealed.clone())).encode()).await?;
        let practice = sealed.manifest.practice;
        let minimum = self.config.minimum_booth;
        let network = replica.state().network();
        let trust = trust_file(authority.public(), network, minimum, practice);
        let hints = if self.config.hints.is_empty() {
            vec![self.config.portal.clone()]
        } else {
            self.config.hints.clone()
        };
        self.write("manifest.bin", &sealed.to_bytes())?;
        self.write(
            "trust.json",
            serde_json::to_string_pretty(&trust)?.as_bytes(),
        )?;
        self.write(
            "start.json",
            start_file(&hash, hints, &authority)?.as_bytes(),
        )?;
        self.write(HASH_FILE, (hash.to_hex() + "\n").as_bytes())
    }
    /// Writes `start.json` anew with the newest addresses that two officers gave the election.
    ///
    /// # Errors
    /// When there are none, or the authority's key does not open.
    pub async fn start_file(&self) -> Result<()> {
        let (replica, _) = self.replica().await?;
        let election = self.mine(&replica)?;
        let hash = election.hash().context("the manifest is not sealed yet")?;
        let newest = election.hints();
        let newest = newest.context("no officers gave this election new addresses")?;
        let authority = self.keys()?.authority()?;
        let file = start_file(hash, newest.hints.clone(), &authority)?;
        self.write("start.json", file.as_bytes())
    }
    /// Posts the result and writes `result.json` from what the board then holds.
    ///
    /// # Errors
    /// When fewer than t good shares are on the board.
    pub async fn result(&self) -> Result<()> {
        let (replica, nodes) = self.replica().await?;
        let election = self.mine(&replica)?;
        if election.phase() != Phase::Result {
            let result = election
                .expected_result()
                .context("fewer than t shares on the board")?;
            post(&nodes, &result.to_bytes()).await?;
        }
        let (replica, _) = self.replica().await?;
        let election = self.mine(&replica)?;
        let result = election
            .result()
            .context("the result is not on the board")?;
        let manifest = election.manifest().context("sealed")?;
        let options = manifest.contests.iter().flat_map(|c| &c.options);
        let votes = options
            .map(|o| o.id.clone())
            .zip(result.votes.iter().flatten().copied());
        let file = ResultFile {
            election_hash: result.election.to_hex(),
            received: result.received,
            overwritten: result.overwritten,
            counted: result.counted,
            check_ballots: result.check_ballots,
            issued: result.issued.clone(),
            votes: votes.collect(),
        };
        self.write(
            "result.json",
            serde_json::to_string_pretty(&file)?.as_bytes(),
        )
    }
    /// Downloads the public record of this office's election from the first node that gives it.
    ///
    /// # Errors
    /// When no node gives it, it is another election's, or it cannot be written.
    pub async fn record(&self, out: &Path) -> Result<()> {
        let (_, nodes) = self.network()?;
        let file = self.data.join(HASH_FILE);
        let hash = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let hash = Hash::from_hex(hash.trim()).context("the election hash")?;
        let path = format!("/v1/record?election={}", hash.to_hex());
        let mut last = None;
        for node in nodes.nodes() {
            match node.get_limited(&path, MAX_RECORD).await {
                Ok(Some(bytes)) => {
                    unpack(&bytes, out)?;
                    return is_about(out, &hash);
                }
                Ok(None) => {}
                Err(e) => last = Some(e),
            }
        }
        match last {
            Some(e) => Err(e.into()),
            None => bail!("no node has a record"),
        }
    }
}

/// Whether the record in this folder is that of the election.
fn is_about(folder: &Path, election: &Hash) -> Result<()> {
    let path = folder.join(board::record::MANIFEST);
    let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let sealed = SealedManifest::from_bytes(&bytes)?;
    if sealed.manifest.election_hash() == *election {
        Ok(())
    } else {
        bail!("the node gave another election's record")
    }
}

/// Writes the record's own files and nothing else, whatever else the node packed.
fn unpack(tar: &[u8], out: &Path) -> Result<()> {
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        if !entry.header().entry_type().is_file() || !board::record::ORDER.contains(&name.as_str())
        {
            bail!("the node's record holds something that is not a record file: {name}");
        }
        let path = out.join(&name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::File::create(&path).with_context(|| path.display().to_string())?;
        std::io::copy(&mut entry, &mut file)?;
    }
    Ok(())
}

fn trustee_signature(path: &Path, hash: &Hash) -> Result<(u16, Signature)> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let file: SignatureFile =
        serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    if file.election_hash.0 != *hash {
        bail!("{} is for another manifest", path.display());
    }
    Ok((file.id, file.signature.0))
}
