//! Invented card holders, their cards behind the real smart-card service, and the authority that
//! issued the cards.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use assets::{self, Assets};
use serde::Deserialize;
use toolbox::shell::Shell;
use toolbox::{output, root};

use crate::canary::Canary;
use crate::driver::Person;
use crate::http;
use crate::plan::Plan;
use crate::process::Process;
use crate::run_folder::RunFolder;

/// Kinds of special cards a plan may ask for.
const SPECIAL: [&str; 3] = ["expired", "revoked", "issued-after-opening"];
/// Cards for a demo by hand.
const HAND_CARDS: usize = 6;
/// Distance of the authority's port from the base.
pub const AUTHORITY_PORT: u16 = 5;

/// What the demo reads of `personas.json`.
#[derive(Deserialize)]
struct Listed {
    id: String,
    pin: String,
    pin_b: String,
    serial: String,
    subject_cn: String,
}

/// A card holder: what they know and show, and what must not leak.
struct Holder {
    person: Person,
    /// What the camera sees when somebody else holds the card.
    stranger: Vec<PathBuf>,
    listed: Listed,
    photo: PathBuf,
}

/// All cards of a run and the reader they go through.
pub struct Cards {
    folder: PathBuf,
    control: PathBuf,
    holders: BTreeMap<String, Holder>,
    /// Both stop when this is dropped.
    running: Vec<Process>,
}

impl Cards {
    /// Makes the personas and starts reader and authority.
    ///
    /// # Errors
    /// Pictures, cards or the smart-card service are missing.
    pub fn start(
        run_folder: &RunFolder,
        plan: &Plan,
        assets: &Assets,
        opening: u64,
    ) -> Result<Self> {
        let folder = run_folder.out.join("personas");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let holders = make(&folder, plan, assets, opening)?;
        let control = std::env::temp_dir().join(format!("irefuda-{}.sock", std::process::id()));
        let _ = fs::remove_file(&control);
        let vcard = root::program("irefuda-vcard");
        let mut cards = Self {
            folder,
            control,
            holders,
            running: Vec::new(),
        };
        cards.start_authority(run_folder, &vcard)?;
        cards.start_reader(run_folder, &vcard)?;
        Ok(cards)
    }

    fn start_authority(&mut self, run_folder: &RunFolder, vcard: &Path) -> Result<()> {
        let listen = run_folder.address(AUTHORITY_PORT);
        let origin = format!("http://{listen}");
        let pki = self.folder.join("pki").display().to_string();
        let clock = run_folder.clock().display().to_string();
        let args = ["ca", "--pki", &pki, "--listen", &listen, "--clock", &clock];
        let folder = run_folder.party("authority");
        let mut process = Process::start("authority", &folder, vcard, &args)?;
        process.wait_until(Duration::from_secs(10), || http::healthy(&origin))?;
        self.running.push(process);
        Ok(())
    }

    fn start_reader(&mut self, run_folder: &RunFolder, vcard: &Path) -> Result<()> {
        let folder = run_folder.party("reader");
        let control = format!("unix:{}", self.control.display());
        let data = self.folder.display().to_string();
        let dir = folder.join("pcscd").display().to_string();
        let args = [
            "host",
            "--data",
            &data,
            "--dir",
            &dir,
            "--control",
            &control,
        ];
        let mut process = Process::start("card reader", &folder, vcard, &args)?;
        process.wait_until(Duration::from_secs(30), || self.say("status").is_ok())?;
        self.running.push(process);
        Ok(())
    }

    fn say(&self, line: &str) -> Result<String> {
        let mut stream = UnixStream::connect(&self.control).context("card control")?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer)?;
        match answer.trim().strip_prefix("ok") {
            Some(rest) => Ok(rest.trim().to_owned()),
            None => bail!("card control: {line}: {}", answer.trim()),
        }
    }

    /// Puts a card on the reader.
    ///
    /// # Errors
    /// The reader does not answer.
    pub fn insert(&self, persona: &str) -> Result<()> {
        self.say(&format!("insert {persona}")).map(|_| ())
    }

    /// Takes the card away.
    ///
    /// # Errors
    /// The reader does not answer.
    pub fn remove(&self) -> Result<()> {
        self.say("remove").map(|_| ())
    }

    fn holder(&self, persona: &str) -> Result<&Holder> {
        self.holders
            .get(persona)
            .with_context(|| format!("no persona {persona}"))
    }

    /// What a card holder knows and shows.
    ///
    /// # Errors
    /// There is no such persona.
    pub fn person(&self, persona: &str) -> Result<Person> {
        Ok(self.holder(persona)?.person.clone())
    }

    /// The same card in somebody else's hands.
    ///
    /// # Errors
    /// There is no such persona.
    pub fn stranger(&self, persona: &str) -> Result<Person> {
        let holder = self.holder(persona)?;
        Ok(Person {
            camera: holder.stranger.clone(),
            ..holder.person.clone()
        })
    }

    /// Number of cards without anything special.
    pub fn count(&self) -> usize {
        self.holders.keys().filter(|id| id.starts_with('p')).count()
    }

    /// Folder of the cards: the only one that may hold their secrets.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// One card's own folder, for a booth that has the card inside.
    pub fn card(&self, persona: &str) -> PathBuf {
        self.folder.join("personas").join(persona)
    }

    /// The authority's folder, for the registrars' trust.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("pki")
    }

    /// What must be found nowhere else. Pictures are decoded in `scratch`.
    ///
    /// # Errors
    /// A photo cannot be read.
    pub fn canaries(&self, scratch: &Path) -> Result<Vec<Canary>> {
        let mut all = Vec::new();
        let mut frames = BTreeSet::new();
        let mut add = |what: &str, whose: &str, secret: Vec<u8>| {
            all.push(Canary {
                name: format!("{what} of {whose}"),
                secret,
            });
        };
        for (id, holder) in &self.holders {
            let listed = &holder.listed;
            add("PIN", id, listed.pin.clone().into_bytes());
            add("照合番号B", id, listed.pin_b.clone().into_bytes());
            add("serial", id, unhex(&listed.serial));
            add("subject CN", id, listed.subject_cn.clone().into_bytes());
            add("card photo", id, skip_header(fs::read(&holder.photo)?));
            add(
                "pixels of the card photo",
                id,
                card_pixels(&holder.photo, scratch)?,
            );
            frames.extend(holder.person.camera.iter().chain(&holder.stranger));
        }
        for frame in frames {
            let name = frame.file_name().unwrap_or_default().to_string_lossy();
            let bytes = fs::read(frame)?;
            let pixels = image::load_from_memory(&bytes)?.to_rgb8().into_raw();
            add("bytes", &name, skip_header(bytes));
            add("pixels", &name, pixels);
        }
        Ok(all)
    }
}

impl Drop for Cards {
    fn drop(&mut self) {
        self.running.clear();
        let _ = fs::remove_file(&self.control);
    }
}

/// The grey values of a card's photo, as OpenJPEG decodes it.
fn card_pixels(photo: &Path, scratch: &Path) -> Result<Vec<u8>> {
    let plain = scratch.join("photo.pgm");
    let said = Shell::new("opj_decompress -i")
        .arg(photo)
        .arg("-o")
        .arg(&plain)
        .quiet()?;
    anyhow::ensure!(said.ok, "opj_decompress: {}", said.text);
    let pixels = fs::read(&plain)?;
    fs::remove_file(&plain)?;
    Ok(pixels)
}

/// Headers and tables are the same in every picture; what follows is not.
fn skip_header(picture: Vec<u8>) -> Vec<u8> {
    picture.into_iter().skip(1024).collect()
}

/// Bytes from hexadecimal digits; an odd number of them begins with half a byte.
pub fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|c| c.to_digit(16))
        .filter_map(|d| d.try_into().ok())
        .collect();
    digits
        .rchunks(2)
        .rev()
        .map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | digit))
        .collect()
}

fn make(
    folder: &Path,
    plan: &Plan,
    assets: &Assets,
    opening: u64,
) -> Result<BTreeMap<String, Holder>> {
    let specials: Vec<&str> = SPECIAL
        .into_iter()
        .filter(|kind| {
            plan.people
                .iter()
                .any(|voter| voter.persona.starts_with(kind))
        })
        .collect();
    let good = plan.good_cards().max(HAND_CARDS);
    let photos =
        assets::persona_photos(assets, good + specials.len() + 1, plan.seed, &output::line)?;
    let pictures = folder.join("photos");
    fs::create_dir_all(&pictures)?;
    for (n, photo) in photos.iter().enumerate() {
        fs::copy(&photo.card, pictures.join(format!("{n:05}.jp2")))?;
    }
    let mut shell = Shell::new(&root::program("irefuda-vcard").display().to_string())
        .arg("make-personas")
        .arg(format!("--data={}", folder.display()))
        .arg(format!("--seed={}", plan.seed))
        .arg(format!("--count={good}"))
        .arg(format!("--opening={opening}"))
        .arg(format!("--photo-dir={}", pictures.display()))
        .arg(format!(
            "--cache={}",
            root::join("target/persona-keys").display()
        ));
    for kind in specials {
        shell = shell.arg(format!("--extra={kind}=1"));
    }
    let said = shell.quiet()?;
    if !said.ok {
        bail!("the cards could not be made:\n{}", said.text);
    }
    let listed: Vec<Listed> = serde_json::from_slice(&fs::read(folder.join("personas.json"))?)?;
    let mut holders = BTreeMap::new();
    for (n, listed) in listed.into_iter().enumerate() {
        let own = photos.get(n).context("fewer photos than cards")?;
        let other = photos.iter().find(|photo| photo.identity != own.identity);
        let holder = Holder {
            person: Person {
                pin: listed.pin.clone(),
                number_b: listed.pin_b.clone(),
                camera: own.frames.clone(),
            },
            stranger: other.context("only one face")?.frames.clone(),
            photo: own.card.clone(),
            listed,
        };
        holders.insert(holder.listed.id.clone(), holder);
    }
    Ok(holders)
}

#[cfg(test)]
mod tests;
