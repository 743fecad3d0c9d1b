//! The sixteen pictures of which a voter picks two for the receipt: name and drawing.
//! Plain shapes in one colour: they differ without colour and are easy to name on the telephone.

use crate::html::Html;
use crate::lang::Lang;

/// One picture.
struct Picture {
    ja: &'static str,
    en: &'static str,
    plain: &'static str,
    drawing: &'static str,
}

/// In the order of the ballot's picture numbers.
const PICTURES: [Picture; 16] = [
    Picture {
        ja: "太陽",
        en: "sun",
        plain: "たいよう",
        drawing: "<circle cx='24' cy='24' r='9' fill='currentColor'/><path d='M24 4v7M24 37v7M4 24h7M37 24h7M9.9 9.9l5 5M33.1 33.1l5 5M9.9 38.1l5-5M33.1 14.9l5-5' stroke='currentColor' stroke-width='3' stroke-linecap='round'/>",
    },
    Picture {
        ja: "月",
        en: "moon",
        plain: "つき",
        drawing: "<path d='M31 5a19.5 19.5 0 1 0 12 27A17 17 0 0 1 31 5z' fill='currentColor'/>",
    },
    Picture {
        ja: "星",
        en: "star",
        plain: "ほし",
        drawing: "<path d='M24 4l6 13.2 14.4 1.6-10.7 9.8 2.9 14.2L24 35.7l-12.6 7.1 2.9-14.2L3.6 18.8 18 17.2z' fill='currentColor'/>",
    },
    Picture {
        ja: "雲",
        en: "cloud",
        plain: "くも",
        drawing: "<path d='M13 38a9.5 9.5 0 0 1-1.6-18.9 13 13 0 0 1 25-1.2A10.2 10.2 0 0 1 35 38z' fill='currentColor'/>",
    },
    Picture {
        ja: "山",
        en: "mountain",
        plain: "やま",
        drawing: "<path d='M2 41L19 9l8.5 16L32 18l14 23z' fill='currentColor'/><path d='M14.2 18l3 3 2-2.6 2.4 3 2.6-2.4L19 9z' fill='#fff'/>",
    },
    Picture {
        ja: "波",
        en: "wave",
        plain: "なみ",
        drawing: "<path d='M3 15c5-6 9-6 14 0s9 6 14 0 9-6 14 0M3 26c5-6 9-6 14 0s9 6 14 0 9-6 14 0M3 37c5-6 9-6 14 0s9 6 14 0 9-6 14 0' fill='none' stroke='currentColor' stroke-width='4' stroke-linecap='round'/>",
    },
    Picture {
        ja: "木",
        en: "tree",
        plain: "き",
        drawing: "<path d='M24 3l13 16h-6l9 11H8l9-11h-6z' fill='currentColor'/><path d='M20.5 29h7v15h-7z' fill='currentColor'/>",
    },
    Picture {
        ja: "花",
        en: "flower",
        plain: "はな",
        drawing: "<g fill='currentColor'><circle cx='24' cy='11' r='7'/><circle cx='36.4' cy='20' r='7'/><circle cx='31.6' cy='34.5' r='7'/><circle cx='16.4' cy='34.5' r='7'/><circle cx='11.6' cy='20' r='7'/></g><circle cx='24' cy='24' r='6' fill='#fff'/>",
    },
    Picture {
        ja: "鳥",
        en: "bird",
        plain: "とり",
        drawing: "<path d='M3 22c8 0 11-2 14-6 2.600-3.500 6-6 10.500-6 4 0 7 2 8.500 5l8 3-7 4c-.6 10-8 17-18 17-6 0-10-2-13-5l8-1C9 31 5 27 3 22z' fill='currentColor'/><circle cx='29.500' cy='16.500' r='1.900' fill='#fff'/>",
    },
    Picture {
        ja: "魚",
        en: "fish",
        plain: "さかな",
        drawing: "<path d='M3 24c6-10 15-13 22-12 6 1 9 4 12 8l9-8v24l-9-8c-3 4-6 7-12 8-7 1-16-2-22-12z' fill='currentColor'/><circle cx='14' cy='21.500' r='2.200' fill='#fff'/>",
    },
    Picture {
        ja: "ねこ",
        en: "cat",
        plain: "ねこ",
        drawing: "<path d='M7 5l10 7a22 22 0 0 1 14 0l10-7 2 20c0 11-8 18-19 18S5 36 5 25z' fill='currentColor'/><g fill='#fff'><ellipse cx='16.500' cy='24' rx='2.400' ry='3.200'/><ellipse cx='31.500' cy='24' rx='2.400' ry='3.200'/><path d='M21.500 31h5L24 34z'/></g>",
    },
    Picture {
        ja: "船",
        en: "boat",
        plain: "ふね",
        drawing: "<path d='M22 4v24H6zM26 10c8 5 12 11 14 18H26zM3 32h42c-2 7-6 11-12 11H14C8 43 5 39 3 32z' fill='currentColor'/>",
    },
    Picture {
        ja: "家",
        en: "house",
        plain: "いえ",
        drawing: "<path d='M24 4L3 23h6v20h30V23h6z' fill='currentColor'/><path d='M19.500 28h9v15h-9z' fill='#fff'/>",
    },
    Picture {
        ja: "かぎ",
        en: "key",
        plain: "かぎ",
        drawing: "<circle cx='14' cy='24' r='8' fill='none' stroke='currentColor' stroke-width='5'/><path d='M23 24h22M35 24v9M42 24v7' fill='none' stroke='currentColor' stroke-width='5'/>",
    },
    Picture {
        ja: "鈴",
        en: "bell",
        plain: "すず",
        drawing: "<path d='M24 3a4 4 0 0 1 3.800 5.200C34 10 38 15 38 22c0 9 2 11 5 14H5c3-3 5-5 5-14 0-7 4-12 10.200-13.800A4 4 0 0 1 24 3z' fill='currentColor'/><path d='M18 39h12a6 6 0 0 1-12 0z' fill='currentColor'/>",
    },
    Picture {
        ja: "かさ",
        en: "umbrella",
        plain: "かさ",
        drawing: "<path d='M24 5c12 0 20 8 21 19-4-3-9-3-10.500 1-2-4-8-4-10.500 0-2.500-4-8.500-4-10.500 0C12 21 7 21 3 24 4 13 12 5 24 5z' fill='currentColor'/><path d='M24 2v4M24 24v15a4.500 4.500 0 0 1-9 0' fill='none' stroke='currentColor' stroke-width='3.500' stroke-linecap='round'/>",
    },
];

/// The picture's name; empty for a number without a picture.
#[must_use]
pub fn name(lang: Lang, picture: u8) -> &'static str {
    PICTURES
        .get(usize::from(picture))
        .map_or("", |m| lang.pick(m.ja, m.en, m.plain))
}

/// The picture as SVG, hidden from screen readers: its name is next to it.
#[must_use]
pub fn svg(picture: u8) -> Html {
    let drawing = PICTURES.get(usize::from(picture)).map_or("", |m| m.drawing);
    Html::trusted(format!(
        "<svg class=\"mark\" viewBox=\"0 0 48 48\" width=\"48\" height=\"48\" aria-hidden=\"true\" focusable=\"false\">{drawing}</svg>"
    ))
}

#[cfg(test)]
mod tests;
