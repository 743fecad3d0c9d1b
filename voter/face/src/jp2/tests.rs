//! Headers that must be refused before any decoder runs. Decoding real photos, mutated ones and
//! bombs is tested with the worker.

use super::{check, decode};
use crate::picture::error::PictureError;

/// A codestream's main header that [`check`] accepts, changed by a test.
#[derive(Clone)]
struct Header {
    size: [u32; 8],
    components: Vec<[u8; 3]>,
    layers: u16,
    levels: u8,
    precincts: Option<Vec<u8>>,
    extra: Vec<u8>,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            size: [300, 400, 0, 0, 300, 400, 0, 0],
            components: vec![[7, 1, 1]],
            layers: 1,
            levels: 5,
            precincts: None,
            extra: Vec::new(),
        }
    }
}

impl Header {
    fn stream(&self) -> Vec<u8> {
        let mut siz = vec![0, 0];
        siz.extend(self.size.iter().flat_map(|w| w.to_be_bytes()));
        siz.extend(u16::try_from(self.components.len()).unwrap().to_be_bytes());
        siz.extend(self.components.iter().flatten());
        let mut cod = vec![u8::from(self.precincts.is_some()), 0];
        cod.extend(self.layers.to_be_bytes());
        cod.extend([0, self.levels, 4, 4, 0, 1]);
        cod.extend(self.precincts.iter().flatten());
        let mut out = vec![0xff, 0x4f];
        out.extend(segment(0x51, &siz));
        out.extend(segment(0x52, &cod));
        out.extend(&self.extra);
        out.extend(segment(0x90, &[0, 0, 0, 0, 0, 0, 0, 1]));
        out
    }
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![0xff, marker];
    out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
    out.extend(body);
    out
}

fn jp2_file(boxes: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut out = super::SIGNATURE.to_vec();
    for (kind, body) in boxes {
        out.extend(u32::try_from(body.len() + 8).unwrap().to_be_bytes());
        out.extend(*kind);
        out.extend(body);
    }
    out
}

#[test]
fn a_plain_header_passes() {
    let stream = Header::default().stream();
    assert_eq!(check(&stream), Ok(()));
    assert_eq!(
        check(&jp2_file(&[(b"ftyp", vec![0; 12]), (b"jp2c", stream)])),
        Ok(())
    );
    let colour = Header {
        components: vec![[7, 1, 1]; 3],
        ..Header::default()
    };
    assert_eq!(check(&colour.stream()), Ok(()));
    let largest = Header {
        size: [1200, 1600, 0, 0, 1200, 1600, 0, 0],
        ..Header::default()
    };
    assert_eq!(check(&largest.stream()), Ok(()));
}

/// What a test does to a good header.
type Change = fn(&mut Header);

/// Each change of a good header must be refused for this reason, and not decoded either.
fn refused(wanted: PictureError, changes: &[(&str, Change)]) {
    for (name, change) in changes {
        let mut header = Header::default();
        change(&mut header);
        assert_eq!(check(&header.stream()), Err(wanted), "{name}");
        assert!(decode(&header.stream()).is_err(), "{name}");
    }
}

#[test]
fn sizes_are_refused_by_their_header() {
    refused(
        PictureError::Dimensions,
        &[
            ("one too wide", |h| h.size[0] = 1601),
            ("too many pixels", |h| {
                h.size = [1201, 1600, 0, 0, 1201, 1600, 0, 0];
            }),
            ("60000 wide", |h| h.size[0] = 60_000),
            ("60000 high", |h| h.size[1] = 60_000),
            ("all ones", |h| h.size = [u32::MAX; 8]),
            ("no pixels", |h| h.size[0] = 0),
            ("offset beyond", |h| h.size[2] = 301),
        ],
    );
}

#[test]
fn components_are_refused_by_their_header() {
    refused(
        PictureError::Components,
        &[
            ("none", |h| h.components = vec![]),
            ("two", |h| h.components = vec![[7, 1, 1]; 2]),
            ("four", |h| h.components = vec![[7, 1, 1]; 4]),
            ("16384", |h| h.components = vec![[7, 1, 1]; 16_384]),
            ("16 bits", |h| h.components = vec![[15, 1, 1]]),
            ("signed", |h| h.components = vec![[0x87, 1, 1]]),
            ("subsampled", |h| h.components = vec![[7, 2, 2]]),
            ("subsampled by nothing", |h| h.components = vec![[7, 0, 0]]),
        ],
    );
}

#[test]
fn costly_codings_are_refused_by_their_header() {
    refused(
        PictureError::Coding,
        &[
            ("one tile a pixel", |h| {
                h.size[4..6].copy_from_slice(&[1, 1]);
            }),
            ("tiles of nothing", |h| {
                h.size[4..6].copy_from_slice(&[0, 0]);
            }),
            ("tile offset beyond", |h| h.size[6] = 1),
            ("layers", |h| h.layers = 65_535),
            ("no layer", |h| h.layers = 0),
            ("levels", |h| h.levels = 33),
            ("precincts of one", |h| h.precincts = Some(vec![0; 6])),
            ("coding of a component", |h| {
                h.extra = segment(0x53, &[0; 7]);
            }),
        ],
    );
    refused(
        PictureError::Form,
        &[("no marker", |h| h.extra = vec![1, 2, 3, 4])],
    );
}

#[test]
fn forms_that_are_no_photo() {
    let stream = Header::default().stream();
    let palette = jp2_file(&[(b"pclr", vec![0; 20]), (b"jp2c", stream.clone())]);
    let unending = jp2_file(&[(b"free", vec![0; 20])]);
    for bytes in [
        &b"x"[..],
        b"\xff\xd8\xff\xe0",
        super::SIGNATURE,
        &palette,
        &unending,
    ] {
        assert_eq!(check(bytes), Err(PictureError::Form));
    }
    assert_eq!(check(&[]), Err(PictureError::Length));
    let mut long = stream.clone();
    long.resize(64 * 1024 + 1, 0);
    assert_eq!(check(&long), Err(PictureError::Length));
    for cut in 0..stream.len() - 10 {
        assert!(check(&stream[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_header_without_data_is_no_picture() {
    assert!(decode(&Header::default().stream()).is_err());
}
