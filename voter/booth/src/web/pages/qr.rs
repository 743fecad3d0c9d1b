//! The QR code of a receipt number, drawn here so that nothing is loaded from elsewhere.

use qrcode::QrCode;
use qrcode::render::svg::Color;
use ui::Html;

/// A QR code as SVG; empty when the text does not fit one.
pub(super) fn svg(text: &str) -> Html {
    let drawn = QrCode::new(text).map(|code| {
        code.render::<Color<'_>>()
            .min_dimensions(180, 180)
            .quiet_zone(true)
            .build()
    });
    // Without the XML declaration: it stands inside a page.
    let drawn = drawn.unwrap_or_default();
    let start = drawn.find("<svg").unwrap_or(drawn.len());
    Html::trusted(drawn.get(start..).unwrap_or_default().to_owned())
}
