use super::*;

#[test]
fn an_address_of_a_client_in_a_log_is_noticed() {
    let ports = 40_000..=40_099;
    let log = "api=127.0.0.1:40010 p2p 127.0.0.1:40030\nrelay starts nodes=4\n";
    assert!(strangers(log, &ports).is_empty());
    let quiet = "10:00:01.5 v2026.10.0 block 7f00004d: 0.0.0.0:40010 at 127.0.0.1, dead:beef node::engine: de::e_\n";
    assert!(strangers(quiet, &ports).is_empty());
    let planted = [
        "question from 127.0.0.1:51234",
        "peer=127.0.0.77",
        "(127.0.0.77:40010)",
        "192.0.2.7.",
        "x-forwarded-for: 2001:db8::7, ::1",
        "[2001:db8::8]:443",
    ];
    assert_eq!(
        strangers(&planted.join("\n"), &ports),
        [
            "127.0.0.1:51234",
            "127.0.0.77",
            "127.0.0.77:40010",
            "192.0.2.7",
            "2001:db8::7",
            "::1",
            "[2001:db8::8]:443",
        ]
    );
}

#[test]
fn keys_and_signatures_of_ballots_are_read_from_a_record() {
    let dir = std::env::temp_dir().join(format!("irefuda-ballots-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let mut ballot = vec![2, BALLOT];
    ballot.extend([1; 64]);
    ballot.extend(3..35);
    ballot.extend([9; 100]);
    ballot.extend(100..164);
    let mut bytes = Vec::new();
    for entry in [&ballot[..], &[2, 13, 0, 0]] {
        bytes.extend(u32::try_from(entry.len()).unwrap().to_le_bytes());
        bytes.extend(entry);
    }
    let file = dir.join("entries.bin");
    fs::write(&file, &bytes).unwrap();
    let found = ballots(&file).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].secret, (3..35).collect::<Vec<u8>>());
    assert_eq!(found[1].secret, (100..164).collect::<Vec<u8>>());
    fs::write(&file, &bytes[..50]).unwrap();
    assert!(ballots(&file).is_err());
    fs::remove_dir_all(&dir).unwrap();
}
