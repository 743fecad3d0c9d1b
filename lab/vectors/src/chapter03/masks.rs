//! Masks of check lines: from the seed, and provers who lie about them.

use super::{claimed_lines, marks_of, numbers_of, shape_of, statement};
use crate::book;
use crate::file::{Answer, Group};
use crate::input::{In, hex};
use ballot::proof::Key;
use ballot::{Mask, Selection, Side};
use crypto::{Point, Scalar};
use serde_json::{Value, json};

/// The masks of one contest: what ships, and the book's.
fn compute_masks(i: In<'_>, _: In<'_>) -> Answer {
    let (shape, numbers) = (shape_of(i), numbers_of(i));
    let (seed, contest, marks) = (i.array("seed"), i.u16("contest_index"), marks_of(i));
    let joint = Point::base();
    let of = book::Contest {
        shape: &shape,
        numbers: &numbers,
        joint: &joint,
    };
    let lines = book::lines(&of, &book::bits(&shape, &marks), &seed, contest);
    let key = Key::new(shape, &numbers, joint);
    let selection = Selection::new(&shape, &marks).expect("marks that fit");
    let masks = Mask::of_contest(key.lines(), selection.bits(), &seed, contest);
    let same = masks.iter().zip(&lines).all(|(m, l)| {
        let of_side = |(side, i): (Side, usize)| {
            Scalar::from(m.value(side)) == l.values[i] && *m.randomness(side) == l.r[i]
        };
        Side::BOTH.into_iter().zip(0..).all(of_side)
    });
    assert!(
        same && masks.len() == lines.len(),
        "two makers of masks disagree"
    );
    Answer::accept(json!({"masks": values(&lines)}))
}

/// a, b, carry and the randomness of A and B.
pub fn values(lines: &[book::Line]) -> Value {
    let one = |l: &book::Line| {
        let [a, b, carry] = l.values.map(|v| v.as_bytes()[0]);
        json!({"a": a, "b": b, "t": carry, "r_A": hex(l.r[0].as_bytes()),
               "r_B": hex(l.r[1].as_bytes())})
    };
    lines.iter().map(one).collect()
}

pub fn masks() -> Group {
    let of = |shape: (u16, u16, u16), marks: &[u16], seed: u8, contest: u16| {
        let mut v = statement(shape, 1);
        v.retain(|k, _| ["n", "k_min", "k_max", "numbers"].contains(&k.as_str()));
        v.insert("marks".into(), json!(marks));
        v.insert("seed".into(), hex([seed; 32]));
        v.insert("contest_index".into(), json!(contest));
        Value::from(v)
    };
    let note = "a, b, carry t and randomness of every check line, from the ballot's seed";
    Group::new("masks", note, compute_masks)
        .good("one of two", of((2, 1, 1), &[1], 0, 0))
        .good("one of two, another seed", of((2, 1, 1), &[1], 1, 0))
        .good("one of two, another contest", of((2, 1, 1), &[1], 0, 15))
        .good("none or one of three, none", of((3, 0, 1), &[], 2, 0))
        .good(
            "one of fifteen, the last, number 99",
            of((15, 1, 1), &[14], 3, 0),
        )
        .good("up to two of three, two", of((3, 0, 2), &[0, 2], 4, 1))
        .good("any of four, none", of((4, 0, 4), &[], 5, 2))
        .good("one of a hundred", of((100, 1, 1), &[99], 6, 0))
}

/// Provers who lie about the masks: numbers 1, 8, 15, 22 where one mark is made.
pub fn claims(group: Group) -> Group {
    let one = |values: [i64; 3], seed| {
        claimed_lines((4, 1, 1), &[0, 1, 0, 0], &[0, 1, 0, 0], &[values], seed)
    };
    let many = |values: &[[i64; 3]], seed| {
        claimed_lines((3, 0, 2), &[1, 0, 1, 0, 0], &[1, 0, 1], values, seed)
    };
    let mut other = one([93, 1, 1], 39);
    other["numbers"] = json!([1, 15, 8, 22]);
    let mut shifted = many(&[], 47);
    shifted["numbers"] = json!([1, 2, 3]);
    group
        .good("a mask with a carry", one([93, 1, 1], 38))
        .good("a mask without a carry", one([91, 99, 0], 40))
        .with("a masked sum one too large", one([91, 100, 0], 41), "R3.06")
        .with("a carry that is not there", one([91, 99, 1], 42), "R3.06")
        .with("a carry of two", one([93, -99, 2], 43), "R3.04")
        .with("a carry of minus one", one([92, 200, -1], 44), "R3.04")
        .good(
            "both numbers above 99: nobody can open them",
            one([1092, 1100, 0], 45),
        )
        .good(
            "up to two of three, with masks of each kind",
            many(&[[1, 0, 1], [1, 1, 0], [0, 1, 0]], 46),
        )
        .with(
            "a mask bit that lies in the second line",
            many(&[[1, 0, 1], [1, 0, 0], [0, 1, 0]], 46),
            "R3.06",
        )
        .with(
            "a mask bit that lies in the last line",
            many(&[[1, 0, 1], [1, 1, 0], [0, 0, 0]], 46),
            "R3.06",
        )
        .with("other printed numbers", other, "R3.04")
        .good(
            "other printed numbers where several marks are made",
            shifted,
        )
}
