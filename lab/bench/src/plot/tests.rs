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
    assert!(bars(&[row(1.1)]).contains("#197A4B"));
    assert!(bars(&[row(1.2)]).contains("#CE0000"));
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
    // The line is the one polyline of two points that both axes move.
    let numbers = svg
        .split("points=\"")
        .skip(1)
        .filter_map(|rest| {
            let path = rest.split('"').next().unwrap().trim();
            let numbers: Vec<i32> = path.split([' ', ',']).map(|n| n.parse().unwrap()).collect();
            <[i32; 4]>::try_from(numbers).ok()
        })
        .find(|[x0, y0, x1, y1]| x0 != x1 && y0 != y1);
    let [x0, y0, x1, y1] = numbers.expect("a line that rises");
    assert!(x0 < x1 && y0 > y1, "SVG counts downwards: {numbers:?}");
    assert!(svg.contains("one"));
}
