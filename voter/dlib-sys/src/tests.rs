//! Tests that need no model: refusals at the edge of the wrapper.

use crate::{Dlib, DlibError, Rgb};

#[test]
fn picture_length_must_fit() {
    assert!(Rgb::new(&[0; 12], 2, 2).is_ok());
    for (len, width, height) in [
        (11, 2, 2),
        (13, 2, 2),
        (0, 0, 0),
        (0, 1, 0),
        (12, u32::MAX, 2),
    ] {
        let bytes = vec![0u8; len];
        assert_eq!(
            Rgb::new(&bytes, width, height).err(),
            Some(DlibError::BadPicture)
        );
    }
    let wide = vec![0u8; 4097 * 3];
    assert_eq!(Rgb::new(&wide, 4097, 1).err(), Some(DlibError::BadPicture));
}

#[test]
fn rubbish_is_not_a_model() {
    for bytes in [&[][..], &[0u8; 64][..], &[0xff; 4096][..]] {
        let refused = Dlib::load(bytes, bytes).err();
        assert!(matches!(refused, Some(DlibError::Model(text)) if !text.is_empty()));
    }
}
