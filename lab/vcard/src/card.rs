//! The card itself: commands in, responses out.

use std::path::Path;

use sha2_10::{Digest as _, Sha256};

use crate::error::Error;
use crate::keys::SeedRng;
use crate::persona::{Material, Persona};
use crate::pki::cv::raw_sign;
use crate::tlv::{digest_info, tlv};
use crate::tries::{Secret, Tries};

pub mod apdu;
pub mod fault;
pub mod files;

use apdu::{Command, sw};
use fault::PlantedFault;
use files::{App, Ef, KeyName};

/// Answer to reset of a contact My Number card.
pub const ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];

/// A virtual My Number card.
pub struct Card {
    persona: Persona,
    material: Material,
    apps: Vec<App>,
    tries: Tries,
    current: Option<usize>,
    file: Option<u16>,
    shown: Vec<Secret>,
    fault: PlantedFault,
    since_fault: u32,
    count: u64,
    my_number: u64,
    rng: SeedRng,
}

impl core::fmt::Debug for Card {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Card({})", self.persona.id)
    }
}

type Answer = Result<Vec<u8>, u16>;

impl Card {
    /// The card in a persona's folder.
    ///
    /// # Errors
    /// When a file is missing or damaged.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        let (persona, material) = Persona::load(dir)?;
        let tries = Tries::load(dir.join("state.json"))?;
        let apps = files::build(persona.kind, &material);
        let rng = SeedRng::new(
            u64::from(std::process::id()),
            &format!("challenge {}", persona.id),
        );
        Ok(Self {
            persona,
            material,
            apps,
            tries,
            current: None,
            file: None,
            shown: Vec::new(),
            fault: PlantedFault::None,
            since_fault: 0,
            count: 0,
            my_number: 0,
            rng,
        })
    }

    /// Whose card it is.
    #[must_use]
    pub fn persona(&self) -> &Persona {
        &self.persona
    }

    /// Commands answered since it was loaded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How often a command named a file or secret that holds the My Number.
    #[must_use]
    pub fn my_number_touched(&self) -> u64 {
        self.my_number
    }

    /// Tries left for a secret.
    #[must_use]
    pub fn tries_left(&self, secret: Secret) -> u8 {
        self.tries.left(secret)
    }

    /// Plants a fault; the last one set counts.
    pub fn set_fault(&mut self, fault: PlantedFault) {
        self.fault = fault;
        self.since_fault = 0;
    }

    /// Power off and on: nothing selected, no PIN shown. (A warm reset does not come here: on
    /// the real card it leaves the PIN state alone.)
    pub fn power_cycle(&mut self) {
        self.current = None;
        self.file = None;
        self.shown.clear();
    }

    /// Answers one command. No bytes at all mean that the card has left the reader.
    pub fn apdu(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.count = self.count.saturating_add(1);
        self.since_fault = self.since_fault.saturating_add(1);
        match self.fault {
            PlantedFault::RemoveAt(n) if self.since_fault >= n => {
                self.power_cycle();
                return Vec::new();
            }
            PlantedFault::StatusAt(n, status) if self.since_fault == n => {
                return status.to_be_bytes().to_vec();
            }
            _ => {}
        }
        match Command::parse(bytes).and_then(|command| self.answer(&command)) {
            Ok(data) => data,
            Err(status) => status.to_be_bytes().to_vec(),
        }
    }

    fn answer(&mut self, c: &Command<'_>) -> Answer {
        match self.fault {
            PlantedFault::StatusOn(ins, status) if ins == c.ins => return Err(status),
            PlantedFault::NoExtended if c.le.is_some_and(|le| le > 256) => return Err(sw::LENGTH),
            _ => {}
        }
        match (c.cla, c.ins) {
            (0x00, 0xA4) => self.select(c),
            (0x00, 0xB0) => self.read_binary(c),
            (0x00, 0xB2) => self.read_record(c),
            (0x00, 0x20) => self.verify(c),
            (0x00, 0x84) => Ok(self.challenge(c)),
            (0x80, 0x2A) => self.sign(c),
            (0x00 | 0x80, _) => Err(sw::INSTRUCTION),
            _ => Err(sw::CLASS),
        }
    }

    fn app(&self) -> Option<&App> {
        self.current.and_then(|index| self.apps.get(index))
    }

    fn ef(&self, id: u16) -> Option<&Ef> {
        self.app().and_then(|app| app.files.get(&id))
    }

    fn allowed(&self, open: &[Secret]) -> bool {
        open.is_empty() || open.iter().any(|secret| self.shown.contains(secret))
    }

    fn select(&mut self, c: &Command<'_>) -> Answer {
        match c.p1 {
            0x04 => {
                let found = self.apps.iter().position(|app| app.aid == c.data);
                let index = found.ok_or(sw::NOT_FOUND)?;
                if self.current != Some(index) {
                    self.shown.clear();
                }
                self.current = Some(index);
                self.file = None;
                let fci = tlv(&[0x6F], &tlv(&[0x84], c.data));
                Ok(ok(if c.p2 == 0x0C { Vec::new() } else { fci }))
            }
            0x02 => {
                let app = self.app().ok_or(sw::CONDITIONS)?;
                let &[high, low] = c.data else {
                    return Err(sw::DATA);
                };
                let id = u16::from_be_bytes([high, low]);
                if !app.files.contains_key(&id) {
                    return Err(sw::NOT_FOUND);
                }
                self.my_number += u64::from(holds_my_number(&app.aid, id));
                self.file = Some(id);
                Ok(ok(Vec::new()))
            }
            _ => Err(sw::PARAMETERS),
        }
    }

    fn read_binary(&mut self, c: &Command<'_>) -> Answer {
        let (id, offset) = if c.p1 & 0x80 == 0 {
            (
                self.file.ok_or(sw::NO_FILE)?,
                usize::from(u16::from_be_bytes([c.p1, c.p2])),
            )
        } else {
            (u16::from(c.p1 & 0x1F), usize::from(c.p2))
        };
        let app = self.app().ok_or(sw::NO_FILE)?;
        let touched = c.p1 & 0x80 != 0 && holds_my_number(&app.aid, id);
        let (data, status) = match app.files.get(&id).ok_or(sw::NOT_FOUND)? {
            Ef::Binary { bytes, open } => {
                if !self.allowed(open) {
                    return Err(sw::SECURITY);
                }
                let rest = bytes
                    .get(offset..)
                    .filter(|rest| !rest.is_empty())
                    .ok_or(sw::OFFSET)?;
                self.portion(rest, offset, c.le.unwrap_or(256))
            }
            _ => return Err(sw::FILE_KIND),
        };
        self.my_number += u64::from(touched);
        self.file = Some(id);
        Ok([&data[..], &status.to_be_bytes()].concat())
    }

    fn portion(&self, rest: &[u8], offset: usize, wanted: usize) -> (Vec<u8>, u16) {
        let (most, status) = match self.fault {
            PlantedFault::ShortReads(most) if wanted > usize::from(most) => {
                (usize::from(most), sw::SHORT)
            }
            _ => (wanted, sw::OK),
        };
        let mut data: Vec<u8> = rest.iter().take(most).copied().collect();
        if self.fault == PlantedFault::Garbage && offset == 0 {
            for byte in data.iter_mut().skip(1).take(4) {
                *byte ^= 0x5A;
            }
        }
        (data, status)
    }

    fn read_record(&self, c: &Command<'_>) -> Answer {
        match self.file.and_then(|id| self.ef(id)) {
            Some(Ef::Records(all)) => {
                let index = usize::from(c.p1).checked_sub(1).ok_or(sw::NO_RECORD)?;
                all.get(index)
                    .map(|record| ok(record.clone()))
                    .ok_or(sw::NO_RECORD)
            }
            _ => Err(sw::FILE_KIND),
        }
    }

    fn verify(&mut self, c: &Command<'_>) -> Answer {
        let short = u16::from(c.p2 & 0x1F);
        let id = if short == 0 {
            self.file.ok_or(sw::NO_REFERENCE)?
        } else {
            short
        };
        let app = self.app().ok_or(sw::CONDITIONS)?;
        let touched = short != 0 && holds_my_number(&app.aid, id);
        let Some(Ef::Secret(secret)) = app.files.get(&id) else {
            return Err(sw::FILE_KIND);
        };
        let secret = *secret;
        self.my_number += u64::from(touched);
        let left = self.tries.left(secret);
        if c.data.is_empty() {
            return Err(0x63C0 | u16::from(left));
        }
        let fewer = left.checked_sub(1).ok_or(sw::LOCKED)?;
        // Counted down before comparing: cutting the power gains nothing.
        self.tries.set(secret, fewer).map_err(|_| sw::EXECUTION)?;
        self.shown.retain(|one| *one != secret);
        if self.persona.secret(secret).as_bytes() != c.data {
            return Err(0x63C0 | u16::from(fewer));
        }
        self.tries
            .set(secret, secret.most())
            .map_err(|_| sw::EXECUTION)?;
        self.shown.push(secret);
        Ok(ok(Vec::new()))
    }

    fn challenge(&mut self, c: &Command<'_>) -> Vec<u8> {
        use rsa::rand_core::RngCore as _;
        let mut bytes = vec![0; c.le.unwrap_or(8).min(255)];
        self.rng.fill_bytes(&mut bytes);
        ok(bytes)
    }

    fn sign(&self, c: &Command<'_>) -> Answer {
        let short = u16::from(c.p2 & 0x1F);
        let key = if c.p2 == 0 {
            self.app().and_then(|app| app.default_key)
        } else {
            let id = if short == 0 { self.file } else { Some(short) };
            match id.and_then(|id| self.ef(id)) {
                Some(Ef::Key { key, open }) if self.allowed(open) => Some(*key),
                Some(Ef::Key { .. }) => return Err(sw::SECURITY),
                _ => None,
            }
        };
        let input = match (c.p1, c.data.len()) {
            (0x00, 1..=245) => c.data.to_vec(),
            (0x02, 32) => digest_info(c.data),
            (0x03, 1..) => digest_info(&Sha256::digest(c.data)),
            (0x00 | 0x02 | 0x03, _) => return Err(sw::LENGTH),
            _ => return Err(sw::PARAMETERS),
        };
        let key = match key.ok_or(sw::CONDITIONS)? {
            KeyName::Auth => &self.material.auth_key,
            KeyName::Sign => &self.material.sign_key,
            KeyName::Surface => &self.material.surface_key,
        };
        let mut signature = raw_sign(key, &input).map_err(|_| sw::EXECUTION)?;
        if self.fault == PlantedFault::BadSignature {
            for byte in signature.iter_mut().skip(100).take(1) {
                *byte ^= 1;
            }
        }
        Ok(ok(signature))
    }
}

fn ok(mut data: Vec<u8>) -> Vec<u8> {
    data.extend(sw::OK.to_be_bytes());
    data
}

/// Files and secrets no voting program has any business with.
fn holds_my_number(aid: &[u8], id: u16) -> bool {
    (aid == files::TEXT && matches!(id, 0x0001 | 0x0014))
        || (aid == files::SURFACE && matches!(id, 0x0005 | 0x0013))
}

#[cfg(test)]
mod tests;
