use super::*;

#[test]
fn the_style_sheet_is_small_and_asks_nobody() {
    assert!(CSS.len() < 60_000, "{} bytes", CSS.len());
    for forbidden in ["url(", "http:", "https:", "@import"] {
        assert!(!CSS.contains(forbidden), "{forbidden}");
    }
    assert!(!ICON.contains("href"));
}

#[test]
fn every_token_that_is_used_is_defined() {
    for (at, _) in CSS.match_indices("var(--") {
        let rest = CSS.get(at + 4..).unwrap_or_default();
        let name: String = rest
            .chars()
            .take_while(|c| *c != ')' && *c != ',')
            .collect();
        assert!(CSS.contains(&format!("{name}:")), "{name}");
    }
}

#[test]
fn focus_is_never_hidden() {
    assert!(CSS.contains(":focus-visible"));
    assert!(!CSS.contains("outline: none") && !CSS.contains("outline:none"));
    assert!(CSS.contains("prefers-reduced-motion"));
    assert!(CSS.contains("@media print"));
}
