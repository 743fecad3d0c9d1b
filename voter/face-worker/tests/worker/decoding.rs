//! Damaged and hostile pictures, starting from real ones.

use face::{EngineError, FaceEngine as _, Picture, PictureError, PictureKind};

use crate::support::{bytes, engine};

/// Repeatable numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// Flips, overwrites, cuts, doubles.
    fn damage(&mut self, whole: &[u8]) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        for _ in 0..1 + self.below(8) {
            let at = self.below(bytes.len());
            bytes[at] = u8::try_from(self.below(256)).unwrap();
        }
        match self.below(4) {
            0 => bytes.truncate(1 + self.below(whole.len())),
            1 => {
                let at = self.below(bytes.len());
                let end = at + self.below(bytes.len() - at);
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            _ => {}
        }
        bytes
    }
}

#[test]
fn four_hundred_damaged_pictures_do_not_panic() {
    let mut dice = Dice(1);
    for (kind, name) in [
        (PictureKind::Card, "a-card.jp2"),
        (PictureKind::Frame, "a-frame-1.jpg"),
    ] {
        let whole = bytes(name);
        let (mut decoded, mut refused) = (0, 0);
        for _ in 0..200 {
            let picture = Picture::new(kind, dice.damage(&whole)).and_then(|p| p.decode());
            match picture {
                Ok(rgb) => {
                    assert!(rgb.width() <= 800 && rgb.height() <= 800);
                    decoded += 1;
                }
                Err(_) => refused += 1,
            }
        }
        // Both must occur, or the damage was too rough or too mild to test anything.
        assert!(
            decoded > 0 && refused > 0,
            "{name}: {decoded} decoded, {refused} refused"
        );
    }
}

#[test]
fn bombs_made_of_a_real_photo_are_refused_before_they_are_decoded() {
    let whole = bytes("a-card.jp2");
    let siz = whole
        .windows(4)
        .position(|w| w == [0xff, 0x4f, 0xff, 0x51])
        .unwrap()
        + 8;
    let patched = |offset: usize, with: &[u8]| {
        let mut bytes = whole.clone();
        bytes[siz + offset..siz + offset + with.len()].copy_from_slice(with);
        Picture::card(bytes).err()
    };
    let huge = 60_000u32.to_be_bytes();
    assert_eq!(patched(0, &[]), None);
    assert_eq!(patched(0, &huge), Some(PictureError::Dimensions));
    assert_eq!(patched(4, &huge), Some(PictureError::Dimensions));
    assert_eq!(patched(16, &[0, 0, 0, 1]), Some(PictureError::Coding));
    assert_eq!(patched(32, &[0, 4]), Some(PictureError::Components));
    assert_eq!(patched(34, &[15]), Some(PictureError::Components));
}

#[test]
fn the_worker_outlives_what_it_cannot_decode() {
    let mut engine = engine();
    let process = engine.process_id();
    let whole = bytes("b-card.jp2");
    let mut dice = Dice(2);
    let mut answers = [0, 0];
    for _ in 0..60 {
        let Ok(picture) = Picture::card(dice.damage(&whole)) else {
            continue;
        };
        match engine.analyse(&picture) {
            Ok(_) => answers[0] += 1,
            Err(EngineError::Picture(_)) => answers[1] += 1,
            Err(EngineError::Unavailable(why)) => unreachable!("{why:?}"),
        }
    }
    assert!(answers[0] > 0, "{answers:?}");
    assert_eq!(engine.process_id(), process);
    assert!(engine.is_running());
}
