use super::*;

#[test]
fn an_address_of_a_client_in_a_log_is_noticed() {
    let ports = 40_000..=40_099;
    let log = "api=127.0.0.1:40010 p2p 127.0.0.1:40030\nrelay starts nodes=4\n";
    assert!(strangers(log, &ports).is_empty());
    let planted = format!("{log}question from 127.0.0.1:51234 and 127.0.0.1:x\n");
    assert_eq!(
        strangers(&planted, &ports),
        ["127.0.0.1:51234", "127.0.0.1:"]
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
