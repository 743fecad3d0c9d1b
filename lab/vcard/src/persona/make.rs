//! Making personas from a seed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rsa::RsaPrivateKey;

use super::surface::{self, Printed};
use super::{Listed, Material, Persona, PersonaKind};
use crate::error::{self, Error};
use crate::keys::{Keys, SeedRng};
use crate::pki::x509::{self, Attr, Authority, Leaf, Purpose, Span};
use crate::pki::{DAY_MS, Revoked, TestPki};
use crate::tries::{Secret, Tries};

/// Numbers with a leading zero that are no PIN: nothing, Japan's time zone, rights of files.
const WRITTEN_OTHERWISE: [&str; 8] = [
    "0000", "0400", "0600", "0644", "0666", "0700", "0755", "0900",
];

/// What to make.
#[derive(Clone, Debug)]
pub struct Order {
    /// Where: `pki/`, `personas/`, `personas.json` are made inside.
    pub data: PathBuf,
    /// Everything random comes from it.
    pub seed: u64,
    /// Persons without anything special, `p001` and so on.
    pub count: usize,
    /// When the vote opens, ms: certificates are dated around it.
    pub opening_ms: u64,
    /// Folder of JPEG 2000 photos; person i gets photo i, in order of file name.
    pub photo_dir: PathBuf,
    /// How many of each special kind, `expired-1` and so on.
    pub extra: BTreeMap<PersonaKind, usize>,
    /// Where RSA keys are kept between runs.
    pub cache: Option<PathBuf>,
}

/// Makes authorities and personas and writes them.
///
/// # Errors
/// When photos are missing or a file cannot be written.
pub fn make(order: &Order) -> Result<Vec<Listed>, Error> {
    let photos = photos(&order.photo_dir)?;
    let people = people(order);
    let mut labels = TestPki::labels();
    for (id, _) in &people {
        labels.extend([format!("{id}-auth"), format!("{id}-surface")]);
    }
    let mut keys = Keys::new(order.seed, order.cache.clone());
    keys.prepare(&labels)?;
    let mut pki = TestPki::generate(&keys, order.opening_ms)?;
    let mut maker = Maker {
        keys: &keys,
        photos: &photos,
        cv: pki.cv_certificate()?,
        serials: Vec::new(),
    };
    let mut listed = Vec::new();
    for (index, (id, kind)) in people.iter().enumerate() {
        let (persona, material) = maker.one(&mut pki, index, id, *kind)?;
        let dir = Path::new("personas").join(id);
        persona.save(&order.data.join(&dir), &material)?;
        reset_tries(&order.data.join(&dir), *kind)?;
        listed.push(Listed {
            persona,
            certificate: dir.join("auth.der"),
            dir,
        });
    }
    pki.save(&order.data.join("pki"))?;
    error::write(
        &order.data.join("personas.json"),
        &serde_json::to_vec_pretty(&listed)?,
    )?;
    Ok(listed)
}

/// Puts the try counters of a card back to what its kind starts with.
///
/// # Errors
/// When the state file cannot be written.
pub fn reset_tries(dir: &Path, kind: PersonaKind) -> Result<(), Error> {
    let file = dir.join("state.json");
    error::write(&file, b"{}")?;
    let mut tries = Tries::load(file)?;
    match kind {
        PersonaKind::Locked => tries.set(Secret::AuthPin, 0),
        PersonaKind::NumberBLocked => tries.set(Secret::NumberB, 0),
        _ => Ok(()),
    }
}

fn people(order: &Order) -> Vec<(String, PersonaKind)> {
    let valid = (1..=order.count).map(|n| (format!("p{n:03}"), PersonaKind::Valid));
    let extra = order
        .extra
        .iter()
        .flat_map(|(kind, count)| (1..=*count).map(|n| (format!("{}-{n}", kind.word()), *kind)));
    valid.chain(extra).collect()
}

fn photos(dir: &Path) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let wrap = |source| Error::File {
        path: dir.to_owned(),
        source,
    };
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).map_err(wrap)? {
        let path = entry.map_err(wrap)?.path();
        let stem = path.file_stem().and_then(|s| s.to_str()).map(str::to_owned);
        if let Some(stem) = stem.filter(|_| path.extension().is_some_and(|e| e == "jp2")) {
            found.insert(stem, error::read(&path)?);
        }
    }
    if found.is_empty() {
        return Err(Error::Usage(format!("{}: no .jp2 photo", dir.display())));
    }
    Ok(found.into_iter().collect())
}

struct Maker<'a> {
    keys: &'a Keys,
    photos: &'a [(String, Vec<u8>)],
    cv: Vec<u8>,
    serials: Vec<[u8; 8]>,
}

impl Maker<'_> {
    fn one(
        &mut self,
        pki: &mut TestPki,
        index: usize,
        id: &str,
        kind: PersonaKind,
    ) -> Result<(Persona, Material), Error> {
        let mut rng = SeedRng::new(self.keys.seed(), &format!("persona {id}"));
        let photo_at = |n: usize| {
            self.photos
                .get(n % self.photos.len())
                .ok_or_else(|| Error::Usage("no photo".into()))
        };
        let own = photo_at(index)?;
        let printed = if kind == PersonaKind::WrongFace {
            photo_at(index + 1)?
        } else {
            own
        };
        let birth = Birth::draw(&mut rng);
        let expiry_year = 2029 + rng.below(8);
        let auth_key = self.keys.get(&format!("{id}-auth"))?.clone();
        let surface_key = self.keys.get(&format!("{id}-surface"))?.clone();
        let serial = self.serial(&mut rng);
        let subject_cn = format!("{}13999003A", rng.letters(21));
        let persona = Persona {
            id: id.to_owned(),
            kind,
            pin: pin(&mut rng),
            pin_b: format!("{}{expiry_year:04}{}", birth.era, rng.digits(4)),
            sign_password: rng.letters(8),
            sex: (1 + rng.below(2)).to_string(),
            serial: base16ct::lower::encode_string(&serial),
            subject_cn,
            photo: printed.0.clone(),
            face: own.0.clone(),
            birth: birth.western,
        };
        let mut surface = surface::record(&Printed {
            birth: &persona.birth,
            sex: &persona.sex,
            expiry: &format!(
                "{expiry_year:04}{}",
                persona.birth.get(4..).unwrap_or_default()
            ),
            photo: &printed.1,
            key: &surface_key,
            municipality: &pki.cv_municipality,
        })?;
        if kind == PersonaKind::ForgedPhoto {
            forge(&mut surface, &printed.1);
        }
        if kind == PersonaKind::Revoked {
            let at_ms = pki.opening_ms.saturating_sub(10 * DAY_MS);
            pki.revoked.push(Revoked {
                serial: persona.serial.clone(),
                at_ms,
            });
        }
        let material = Material {
            birth: persona.birth.clone(),
            auth: certificate(pki, &persona, &serial, &auth_key, &mut rng)?,
            auth_ca: der(&pki.auth)?,
            sign: signature_certificate(pki, &persona, &serial)?,
            sign_ca: der(&pki.sign)?,
            auth_key,
            sign_key: pki.sign_leaf.clone(),
            surface,
            surface_key,
            cv: self.cv.clone(),
        };
        Ok((persona, material))
    }

    /// Eight bytes, a positive number, never twice. Nothing else has the same by chance, so
    /// whoever searches a run for it, in whatever spelling, finds the serial or nothing.
    fn serial(&mut self, rng: &mut SeedRng) -> [u8; 8] {
        loop {
            let number = 1 << 60 | rng.below(1 << 60);
            let serial = number.to_be_bytes();
            if !self.serials.contains(&serial) {
                self.serials.push(serial);
                return serial;
            }
        }
    }
}

/// Four digits that begin with 0. Programs write no number of their own in this way, so a year, a
/// length or a block's height is never mistaken for a PIN. The exceptions, time zones and file
/// modes, are never drawn.
fn pin(rng: &mut SeedRng) -> String {
    loop {
        let pin = format!("0{}", rng.digits(3));
        if !WRITTEN_OTHERWISE.contains(&pin.as_str()) {
            return pin;
        }
    }
}

fn der(authority: &Authority) -> Result<Vec<u8>, Error> {
    use der::Encode as _;
    Ok(authority.certificate.to_der()?)
}

fn forge(record: &mut [u8], photo: &[u8]) {
    let at = record
        .windows(photo.len())
        .position(|window| window == photo)
        .unwrap_or(0);
    // Late in the file, so that it still decodes.
    let index = at + photo.len() - photo.len() / 8 - 1;
    if let Some(byte) = record.get_mut(index) {
        *byte ^= 0x01;
    }
}

/// Dates as on real cards: to a birthday 14:59:59 UTC, which is 23:59:59 in Japan.
fn span(kind: PersonaKind, opening: u64, rng: &mut SeedRng) -> Span {
    let midnight = (opening / DAY_MS).saturating_mul(DAY_MS);
    let end_of_day = 15 * 3_600_000 - 1000;
    let age = (60 + rng.below(900)) * DAY_MS + rng.below(30_000) * 1000;
    let rest = (200 + rng.below(700)) * DAY_MS;
    let ago = |ms: u64| midnight.saturating_sub(ms);
    match kind {
        PersonaKind::Expired => Span {
            from: ago(1100 * DAY_MS),
            to: ago((20 + rng.below(40)) * DAY_MS).saturating_add(end_of_day),
        },
        PersonaKind::IssuedAfterOpening => Span {
            from: opening.saturating_add(60_000),
            to: midnight.saturating_add(1800 * DAY_MS + end_of_day),
        },
        _ => Span {
            from: ago(age),
            to: midnight.saturating_add(rest + end_of_day),
        },
    }
}

fn certificate(
    pki: &TestPki,
    persona: &Persona,
    serial: &[u8],
    key: &RsaPrivateKey,
    rng: &mut SeedRng,
) -> Result<Vec<u8>, Error> {
    let subject = x509::name(&[(Attr::Country, "JP"), (Attr::Common, &persona.subject_cn)])?;
    let authority = if persona.kind == PersonaKind::RogueAuthority {
        &pki.rogue
    } else {
        &pki.auth
    };
    authority.issue(&Leaf {
        purpose: Purpose::Auth,
        serial,
        subject,
        span: span(persona.kind, pki.opening_ms, rng),
        key: &key.to_public_key(),
    })
}

fn signature_certificate(
    pki: &TestPki,
    persona: &Persona,
    serial: &[u8],
) -> Result<Vec<u8>, Error> {
    let common = format!("2026112200000000{}13999003A", persona.serial);
    let subject = x509::name(&[
        (Attr::Country, "JP"),
        (Attr::Locality, "Tokyo-to"),
        (Attr::Locality, "Hibarino-shi"),
        (Attr::Common, &common),
    ])?;
    let from = pki.opening_ms.saturating_sub(60 * DAY_MS);
    pki.sign.issue(&Leaf {
        purpose: Purpose::Sign,
        serial,
        subject,
        span: Span {
            from,
            to: from.saturating_add(1800 * DAY_MS),
        },
        key: &pki.sign_leaf.to_public_key(),
    })
}

struct Birth {
    western: String,
    era: String,
}

impl Birth {
    fn draw(rng: &mut SeedRng) -> Self {
        let (year, month, day) = (1935 + rng.below(73), 1 + rng.below(12), 1 + rng.below(28));
        // Shōwa ended on 7 January 1989.
        let era = if (year, month, day) < (1989, 1, 8) {
            year - 1925
        } else {
            year - 1988
        };
        Self {
            western: format!("{year:04}{month:02}{day:02}"),
            era: format!("{era:02}{month:02}{day:02}"),
        }
    }
}

#[cfg(test)]
mod tests;
