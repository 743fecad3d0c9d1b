use super::*;

#[test]
fn a_pin_is_no_number_as_programs_write_them() {
    let mut rng = SeedRng::new(1, "pins");
    let pins: std::collections::BTreeSet<String> = (0..5_000).map(|_| pin(&mut rng)).collect();
    assert!(pins.len() > 900);
    for pin in pins {
        assert!(pin.len() == 4 && pin.starts_with('0'), "{pin}");
        assert!(!WRITTEN_OTHERWISE.contains(&pin.as_str()), "{pin}");
    }
}

#[test]
fn a_serial_is_a_positive_number_of_eight_bytes() {
    let mut maker = Maker {
        keys: &Keys::new(1, None),
        photos: &[],
        cv: Vec::new(),
        serials: Vec::new(),
    };
    let mut rng = SeedRng::new(1, "serials");
    for _ in 0..100 {
        let [first, ..] = maker.serial(&mut rng);
        assert!((0x10..0x20).contains(&first));
    }
}
