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

#[test]
fn rows_count_escape_and_mark_the_winner() {
    let mut bars = [bar("1 あかり", 3), bar("2 <側溝> & \"予報\"", 7)];
    bars[1].strong = true;
    let svg = rows("結果", "票", &bars).into_string();
    assert!(svg.contains(">7票<") && svg.contains(">3票<"));
    assert!(svg.contains("2 &lt;側溝&gt; &amp; &quot;予報&quot;"));
    assert!(svg.contains("width=\"420\" height=\"32\" fill=\"#0017c1\""));
    assert!(svg.contains("width=\"180\" height=\"32\" fill=\"#7096f8\""));
}

#[test]
fn rows_of_an_empty_box_have_no_length_and_long_names_are_cut() {
    let svg = rows("結果", "票", &[bar(&"字".repeat(40), 0), bar("b", 0)]).into_string();
    assert_eq!(svg.matches("width=\"0\"").count(), 2);
    assert!(svg.contains(&format!("{}…", "字".repeat(25))));
    assert!(!svg.contains(&"字".repeat(26)));
}
