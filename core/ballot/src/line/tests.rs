use super::*;

fn lines(shape: (u16, u16, u16), numbers: &[u16]) -> Lines {
    Lines::new(&Shape::new(shape.0, shape.1, shape.2).unwrap(), numbers)
}

#[test]
fn one_mark_is_one_line_of_printed_numbers() {
    let one = lines((3, 1, 1), &[7, 0, 99]);
    assert_eq!(one.modulus(), Modulus::Hundred);
    assert_eq!(one.rows(), [vec![(0, 7), (1, 0), (2, 99)]]);
    let sums = |bits: &[u8]| one.sums(bits).collect::<Vec<_>>();
    assert_eq!(sums(&[1, 0, 0]), [7]);
    assert_eq!(sums(&[0, 0, 1]), [99]);
    // No mark at all: only where none is needed, and then no option has the number 0.
    assert_eq!(sums(&[0, 0, 0]), [0]);
}

#[test]
fn several_marks_are_a_line_an_option() {
    let each = lines((3, 0, 2), &[1, 2, 3]);
    assert_eq!(each.modulus(), Modulus::Two);
    assert_eq!(each.rows(), [[(0, 1)], [(1, 1)], [(2, 1)]]);
    // Slack bits behind the options count in no line.
    assert_eq!(each.sums(&[1, 0, 1, 0, 0]).collect::<Vec<_>>(), [1, 0, 1]);
}

#[test]
fn residues_are_those_of_the_whole_integer() {
    let mut hash = [0; 64];
    assert_eq!(Modulus::Hundred.residue(&hash), 0);
    hash[0] = 199;
    assert_eq!(Modulus::Hundred.residue(&hash), 99);
    assert_eq!(Modulus::Two.residue(&hash), 1);
    // 256 = 56 and 256² = 36 modulo 100.
    hash = [0; 64];
    (hash[1], hash[2]) = (1, 1);
    assert_eq!(Modulus::Hundred.residue(&hash), 92);
    assert_eq!(Modulus::Two.residue(&hash), 0);
    // 2^512 − 1 = …95 modulo 100.
    assert_eq!(Modulus::Hundred.residue(&[0xff; 64]), 95);
}
