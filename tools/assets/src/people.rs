//! Card photos and camera pictures of made-up persons.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, ImageReader, RgbImage};

use super::Assets;
use super::fetch;
use super::paint::{Dice, Shot, grey};

/// Raise it when a picture below would come out differently.
const RECIPE: &str = "2";
const CARD_SIZE: (u32, u32) = (300, 400);
const CAMERA_SIZE: (u32, u32) = (640, 480);
/// Camera pictures there are of each face; personas share them.
const POOL: usize = 8;
/// Camera pictures a persona has.
const FRAMES: usize = 3;
/// How often a camera film shows each picture.
const REPEAT: usize = 10;

/// Whose face a persona has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// The astronaut.
    A,
    /// The rendered character.
    B,
}

impl Identity {
    /// As in the names of the test pictures.
    fn letter(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::A => "astronaut.png",
            Self::B => "rendered-face.jpg",
        }
    }

    /// Middle and width of the face in the original.
    fn place(self) -> ((f32, f32), f32) {
        match self {
            Self::A => ((222.0, 126.0), 88.0),
            Self::B => ((133.0, 133.0), 165.0),
        }
    }
}

/// The pictures of one persona.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonaPhotos {
    /// Whose face it is.
    pub identity: Identity,
    /// The card's photo: grey JPEG 2000, about 10 KB, no two alike.
    pub card: PathBuf,
    /// What a camera sees: 640×480 JPEG, other crop, light and turn than the card's photo.
    /// Shared with other personas of the same face.
    pub frames: Vec<PathBuf>,
}

/// One JPEG after another, each several times: that is all a Motion JPEG file is.
fn film(frames: &[PathBuf], to: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    for frame in frames {
        let one = fs::read(frame).with_context(|| format!("cannot read {}", frame.display()))?;
        for _ in 0..REPEAT {
            bytes.extend_from_slice(&one);
        }
    }
    fetch::write(to, &bytes)
}

/// Makes (or finds) the pictures of `count` personas; even ones are identity A, odd ones B. The
/// same seed gives the same pictures.
///
/// # Errors
/// An original is missing (run [`ensure`](super::ensure) first), or a picture cannot be made.
pub fn persona_photos(
    assets: &Assets,
    count: usize,
    seed: u64,
    progress: &dyn Fn(&str),
) -> Result<Vec<PersonaPhotos>> {
    let folder = assets
        .folder
        .join("personas")
        .join(format!("{RECIPE}-{seed}"));
    fs::create_dir_all(&folder)?;
    let originals = Originals::read(assets)?;
    let mut all = Vec::with_capacity(count);
    let mut told = false;
    for number in 0..count {
        let identity = if number % 2 == 0 {
            Identity::A
        } else {
            Identity::B
        };
        let card = folder.join(format!("{number:05}.jp2"));
        let mut dice = Dice::new(seed, &format!("persona {number}"));
        if !card.is_file() {
            if !told {
                progress(&format!("painting card photos, up to {count}"));
                told = true;
            }
            jp2(&card_picture(&originals, identity, &mut dice), &card)?;
        }
        let frames = (number / 2..)
            .take(FRAMES)
            .map(|n| assets.pictures.join(frame_name(identity, n % POOL + 1)))
            .collect();
        all.push(PersonaPhotos {
            identity,
            card,
            frames,
        });
    }
    Ok(all)
}

/// The name of a camera picture, counted from 1.
fn frame_name(identity: Identity, number: usize) -> String {
    format!("{}-frame-{number}.jpg", identity.letter())
}

/// The pictures that tests of the face step use, by name, in the pictures' folder.
pub(super) fn test_pictures(assets: &Assets, progress: &dyn Fn(&str)) -> Result<()> {
    let marker = assets.pictures.join("painted");
    if fs::read_to_string(&marker).is_ok_and(|m| m == RECIPE) {
        return Ok(());
    }
    progress("test pictures: painting");
    let originals = Originals::read(assets)?;
    let to = |name: &str| assets.pictures.join(name);
    let mut dice = Dice::new(1, "test pictures");
    for identity in [Identity::A, Identity::B] {
        let (original, letter) = (originals.of(identity), identity.letter());
        let card = card_picture(&originals, identity, &mut dice);
        jp2(&card, &to(&format!("{letter}-card.jp2")))?;
        let names: Vec<_> = (1..=POOL).map(|n| to(&frame_name(identity, n))).collect();
        for name in &names {
            jpeg(
                &camera_shot(identity, &mut dice).take(original, &mut dice),
                name,
            )?;
        }
        let few: Vec<_> = names.into_iter().take(FRAMES).collect();
        film(&few, &to(&format!("{letter}-film.mjpeg")))?;
        let shot = camera_shot(identity, &mut dice);
        let dark = Shot { gain: 0.12, ..shot };
        jpeg(
            &dark.take(original, &mut dice),
            &to(&format!("{letter}-dark.jpg")),
        )?;
        let far = Shot {
            new_face: 70.0,
            ..shot
        };
        jpeg(
            &far.take(original, &mut dice),
            &to(&format!("{letter}-far.jpg")),
        )?;
    }
    jpeg(&side_by_side(&originals, &mut dice), &to("two.jpg"))?;
    for (from, name) in [
        ("chelsea.png", "none-cat.jpg"),
        ("coffee.png", "none-cup.jpg"),
    ] {
        jpeg(&read(&to(from))?, &to(name))?;
    }
    fetch::write(&marker, RECIPE.as_bytes())
}

/// Both originals, decoded.
struct Originals {
    a: RgbImage,
    b: RgbImage,
}

impl Originals {
    fn read(assets: &Assets) -> Result<Self> {
        let one = |identity: Identity| read(&assets.pictures.join(identity.source()));
        Ok(Self {
            a: one(Identity::A)?,
            b: one(Identity::B)?,
        })
    }

    fn of(&self, identity: Identity) -> &RgbImage {
        match identity {
            Identity::A => &self.a,
            Identity::B => &self.b,
        }
    }
}

/// A card's photo: upright, even light, a little different for everyone.
fn card_picture(originals: &Originals, identity: Identity, dice: &mut Dice) -> GrayImage {
    let (centre, face) = identity.place();
    let shot = Shot {
        offset: (dice.between(-0.06, 0.06), dice.between(-0.05, 0.10)),
        roll: dice.between(-0.02, 0.02),
        gamma: dice.between(0.9, 1.1),
        gain: dice.between(0.95, 1.05),
        noise: 3.0,
        ..Shot::plain(centre, face, CARD_SIZE, dice.between(145.0, 165.0))
    };
    grey(&shot.take(originals.of(identity), dice))
}

/// What a camera sees of the same head: the other way round, turned, in other light.
fn camera_shot(identity: Identity, dice: &mut Dice) -> Shot {
    let (centre, face) = identity.place();
    Shot {
        offset: (dice.between(-0.4, 0.4), dice.between(-0.1, 0.15)),
        roll: dice.between(-0.08, 0.08),
        turn: dice.between(0.03, 0.09),
        mirror: true,
        gamma: dice.between(0.8, 1.3),
        gain: dice.between(0.85, 1.1),
        side_light: dice.between(-0.25, 0.25),
        noise: 6.0,
        ..Shot::plain(centre, face, CAMERA_SIZE, dice.between(160.0, 190.0))
    }
}

fn side_by_side(originals: &Originals, dice: &mut Dice) -> RgbImage {
    let half = |identity: Identity, dice: &mut Dice| {
        let (centre, face) = identity.place();
        Shot::plain(centre, face, (320, 480), 160.0).take(originals.of(identity), dice)
    };
    let (left, right) = (half(Identity::A, dice), half(Identity::B, dice));
    RgbImage::from_fn(CAMERA_SIZE.0, CAMERA_SIZE.1, |x, y| {
        match x.checked_sub(320) {
            None => *left.get_pixel(x, y),
            Some(x) => *right.get_pixel(x, y),
        }
    })
}

fn read(file: &Path) -> Result<RgbImage> {
    let reader =
        ImageReader::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(reader.with_guessed_format()?.decode()?.to_rgb8())
}

fn jpeg(picture: &RgbImage, to: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(picture)?;
    fetch::write(to, &bytes)
}

/// Through OpenJPEG's own program, so that the cards' photos come from another hand than the
/// decoder that reads them.
fn jp2(picture: &GrayImage, to: &Path) -> Result<()> {
    let plain = to.with_extension("pgm");
    let half = to.with_extension("half.jp2");
    let mut bytes = format!("P5\n{} {}\n255\n", picture.width(), picture.height()).into_bytes();
    bytes.extend_from_slice(picture.as_raw());
    fs::write(&plain, &bytes)?;
    let mut command = Command::new("opj_compress");
    command
        .arg("-i")
        .arg(&plain)
        .arg("-o")
        .arg(&half)
        .args(["-r", "12"]);
    let done = fetch::run(command);
    fs::remove_file(&plain).ok();
    done?;
    fs::rename(&half, to).with_context(|| format!("cannot write {}", to.display()))
}
