use super::*;

fn proposals() -> Vec<Proposal> {
    let one = |id: &str, no, title: &str| Proposal {
        id: id.into(),
        no,
        title_ja: title.into(),
    };
    vec![one("P01", 1, "あかり"), one("P02", 2, "<側溝> & \"予報\"")]
}

#[test]
fn the_chart_escapes_and_counts() {
    let votes = BTreeMap::from([("P01".to_owned(), 3), ("P02".to_owned(), 7)]);
    let chart = svg("結果", &proposals(), &votes);
    assert!(chart.contains("1 あかり: 3票") && chart.contains(">7</text>"));
    assert!(chart.contains("&lt;側溝&gt; &amp; &quot;予報&quot;"));
}

#[test]
fn the_table_starts_with_the_winner() {
    let votes = BTreeMap::from([("P01".to_owned(), 3), ("P02".to_owned(), 7)]);
    let rows = table(&proposals(), &votes);
    assert!(rows[0].contains("側溝") && rows[1].contains("あかり"));
}

#[test]
fn an_empty_box_has_no_bars() {
    let chart = svg("結果", &proposals(), &BTreeMap::new());
    assert_eq!(chart.matches("height=\"0\"").count(), 2);
    assert!(!chart.contains("stroke-width=\"3\""), "nobody won");
}
