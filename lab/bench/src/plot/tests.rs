//! Pictures hold what they are given.

use super::*;
use crate::targets::Limit;

#[test]
fn bars_are_red_over_the_target() {
    let row = |value| Row {
        name: "verify".to_owned(),
        micros: 1.0,
        value,
        limit: Limit::AtMost(1.15),
    };
    assert!(bars(&[row(1.1)]).contains("#197a4b"));
    assert!(bars(&[row(1.2)]).contains("#ce0000"));
}

#[test]
fn lines_rise_where_values_rise() {
    let plot = Lines {
        title: "t",
        x: "x",
        y: "y",
        lines: vec![Line {
            name: "one".to_owned(),
            points: vec![(2.0, 10.0), (100.0, 1000.0)],
        }],
    };
    let svg = plot.svg();
    let (_, rest) = svg.split_once("polyline points=\"").unwrap();
    let (path, _) = rest.split_once('"').unwrap();
    let numbers: Vec<f64> = path.split([' ', ',']).map(|n| n.parse().unwrap()).collect();
    let [x0, y0, x1, y1] = numbers[..] else {
        panic!("two points: {path}");
    };
    assert!(x0 < x1 && y0 > y1, "SVG counts downwards: {path}");
    assert!(svg.contains(">50</text>") && svg.contains(">one</text>"));
}
