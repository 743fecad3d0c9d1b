use super::*;

/// The long runs know every target: `fuzz/` has one file and one `[[bin]]` for each.
#[test]
fn the_fuzz_folder_names_every_target() {
    let manifest = include_str!("../../../fuzz/Cargo.toml");
    let named: Vec<&str> = manifest
        .lines()
        .skip_while(|l| *l != "[[bin]]")
        .filter_map(|l| l.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect();
    let ours: Vec<&str> = TARGETS.iter().map(|t| t.name).collect();
    assert_eq!(named, ours);
}

#[test]
fn the_same_seed_gives_the_same_inputs() {
    let seeds = vec![vec![7; 300], b"another".to_vec()];
    let run = |seed| {
        let mut m = mutate::Mutator::new(seed);
        (0..200).map(|_| m.next(&seeds)).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    // Most changes change something.
    let changed = run(1).iter().filter(|i| !seeds.contains(i)).count();
    assert!(changed > 150, "{changed} of 200");
}

/// The run must notice a decoder that has two byte strings for one value.
#[test]
fn a_15_a_lax_decoder_is_found() {
    fn lax(bytes: &[u8]) -> bool {
        // Reads a header but forgives what follows.
        let read = |b: &[u8]| {
            let mut r = crypto::wire::Reader::top(b, 6).ok()?;
            <board::Header as crypto::wire::Wire>::read(&mut r).ok()
        };
        property::canonical(bytes, read, crypto::wire::TopLevel::to_bytes)
    }
    static LAX: Target = Target {
        name: "lax",
        run: lax,
        seeds: || find("header").map(|t| (t.seeds)()).unwrap_or_default(),
        weight: 1,
    };
    assert!(smoke::one(&LAX, 2000, 1).broken.is_some());
}
