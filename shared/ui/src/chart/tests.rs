use super::*;

fn bar(label: &str, value: u64) -> Bar {
    Bar {
        label: label.to_owned(),
        value,
        strong: false,
    }
}

#[test]
fn a_chart_is_named_and_in_proportion() {
    let svg = columns(
        "c",
        "結果",
        "表と同じ",
        &[bar("1", 10), bar("2", 5), bar("3", 0)],
    )
    .into_string();
    assert!(svg.contains("aria-labelledby=\"c-t c-d\""));
    assert!(
        svg.contains("height=\"220\"")
            && svg.contains("height=\"110\"")
            && svg.contains("height=\"0\"")
    );
    assert!(!svg.contains("style="));
}

#[test]
fn labels_are_escaped_and_extremes_fit() {
    let svg = columns("c", "<x>", "&", &[bar("<b>", u64::MAX), bar("b", 1)]).into_string();
    assert!(!svg.contains("<b>") && !svg.contains("<x>"));
    assert!(svg.contains("height=\"220\""));
    assert!(columns("c", "a", "b", &[]).as_str().ends_with("</svg>"));
    assert!(row_bar(5, 0, false).as_str().contains("width=\"200\""));
}
