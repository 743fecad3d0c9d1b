//! The style sheet and the icon, part of the build.

/// Path under which the style sheet is served; the name changes with its content.
#[must_use]
pub fn css_path() -> String {
    format!("/assets/ui-{:016x}.css", fnv(CSS.as_bytes()))
}

/// The style sheet: tokens, page frame, components, print.
pub const CSS: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/base.css"),
    include_str!("../assets/frame.css"),
    include_str!("../assets/parts.css"),
    include_str!("../assets/print.css"),
);

/// The icon of the browser tab, SVG.
pub const ICON: &str = include_str!("../assets/icon.svg");

/// A number that changes with the content (FNV-1a); names a file, protects nothing.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;
