use std::collections::BTreeSet;

use super::{PICTURES, name, svg};
use crate::lang::Lang;

#[test]
fn sixteen_pictures_with_different_names_and_drawings() {
    for lang in Lang::ALL {
        let names: BTreeSet<_> = (0..16).map(|m| name(lang, m)).collect();
        assert_eq!((names.len(), names.contains("")), (16, false));
    }
    let drawings: BTreeSet<_> = PICTURES.iter().map(|m| m.drawing).collect();
    assert_eq!(drawings.len(), 16);
    assert_eq!(name(Lang::Ja, 16), "");
    assert!(svg(16).as_str().ends_with("></svg>"));
}

/// The page on a second device has its own texts; a voter compares the names.
#[test]
fn the_second_device_has_the_same_names() {
    let texts = include_str!("../../../../public/web-verify/pages/texts.js");
    for picture in 0..16 {
        let (ja, en) = (name(Lang::Ja, picture), name(Lang::En, picture));
        assert!(
            texts.contains(&format!("{en}: ['{ja}', '{en}']")),
            "{en} {ja}"
        );
    }
}
