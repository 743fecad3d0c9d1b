//! What validators and trustees read: blocks from the engine, their own log, paper and statements.

use crate::seeds::WORLD;
use ballot::check::{Revealed, from_code, to_code};
use bytes::Bytes;
use commonware_codec::{DecodeExt as _, Encode as _};
use crypto::Hash;
use crypto::schnorr::{Signature, SigningKey};
use crypto::wire::TopLevel as _;
use node::block::EngineBlock;
use node::pool_log::{self, Stored};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::sync::LazyLock;
use trustee::Statement;
use trustee::backup::{Backup, QR_PREFIX};
use zeroize::Zeroizing;

pub(super) fn engine_block(bytes: &[u8]) -> bool {
    let Ok(block) = EngineBlock::decode(Bytes::copy_from_slice(bytes)) else {
        return false;
    };
    assert_eq!(block.encode().as_ref(), bytes);
    true
}

pub(super) fn engine_block_seeds() -> Vec<Vec<u8>> {
    let chain = WORLD.lab.chain.iter();
    chain
        .map(|s| EngineBlock::new(s.block.clone()).encode().to_vec())
        .collect()
}

/// The whole records at the head are written back as they were read; the rest is cut off.
pub(super) fn seen_log(bytes: &[u8]) -> bool {
    let (stored, good) = pool_log::parse(bytes);
    let mut again = Vec::new();
    for one in &stored {
        pool_log::record(one, &mut again);
    }
    assert_eq!(Some(again.as_slice()), bytes.get(..good));
    good > 0 && good == bytes.len()
}

pub(super) fn seen_log_seeds() -> Vec<Vec<u8>> {
    let stored = |n: u8, length: usize| Stored {
        entry: Bytes::from(vec![n; length]),
        answer: Bytes::from(vec![n; 40]),
    };
    let mut log = Vec::new();
    for (n, length) in [(1, 300), (2, 0), (3, 77)] {
        pool_log::record(&stored(n, length), &mut log);
    }
    vec![log]
}

/// Words that are understood are those of the paper that is printed from them.
pub(super) fn backup(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return false;
    };
    for line in 0..14 {
        let _ = Backup::check_line(line, text);
    }
    let Ok(backup) = Backup::parse(text) else {
        return false;
    };
    let again = Backup::parse(&backup.qr_text());
    assert_eq!(again.map(|b| b.lines()), Ok(backup.lines()));
    true
}

pub(super) fn backup_seeds() -> Vec<Vec<u8>> {
    // Version, trustee, eight bytes of the setup's hash, seed, share; then the byte that checks them.
    let mut bytes = vec![1, 3];
    bytes.extend_from_slice(&[4; 8]);
    bytes.extend_from_slice(&[5; 64]);
    let check = crypto::hash::hash("trustee-backup", &[&bytes]).0;
    bytes.extend_from_slice(&check[..1]);
    let code = format!("{QR_PREFIX}{}", crypto::hash::to_hex(&bytes));
    let backup = Backup::parse(&code).expect("a good code");
    let lines: Vec<String> = backup.lines().iter().map(|line| line.join(" ")).collect();
    vec![lines.join("\n").into_bytes(), code.into_bytes()]
}

/// A statement that is signed is the one that was.
pub(super) fn statement(bytes: &[u8]) -> bool {
    let text = core::str::from_utf8(bytes).ok();
    let Some(found) = text.and_then(Statement::parse) else {
        return false;
    };
    assert_eq!(Statement::parse(&found.to_text()).as_ref(), Some(&found));
    let (key, signed) = &*SIGNED;
    assert!(!found.verify(&key.public()) || found == *signed);
    true
}

static SIGNED: LazyLock<(SigningKey, Statement)> = LazyLock::new(|| {
    let key = SigningKey::generate(&mut ChaCha20Rng::from_seed([8; 32]));
    let signed = Statement::sign("destroyed\nby trustee 3", &key);
    (key, signed)
});

pub(super) fn statement_seeds() -> Vec<Vec<u8>> {
    vec![SIGNED.1.to_text().into_bytes()]
}

/// A code that is understood as an opening is the one that is printed for it.
pub(super) fn check_code(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return false;
    };
    let Ok(opening) = from_code::<Revealed>(text) else {
        return false;
    };
    let again = from_code::<Revealed>(&to_code(&opening));
    assert!(again.is_ok_and(|again| again.to_bytes() == opening.to_bytes()));
    true
}

pub(super) fn check_code_seeds() -> Vec<Vec<u8>> {
    let opening = Revealed {
        entry_hash: Hash([1; 64]),
        seed: Zeroizing::new([2; 32]),
        withheld: *SIGNATURE,
    };
    let code = to_code(&opening);
    let address = format!("https://vote.example/check/#{code}");
    vec![code.into_bytes(), address.into_bytes()]
}

static SIGNATURE: LazyLock<Signature> = LazyLock::new(|| {
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    SigningKey::generate(&mut rng).sign("ballot", b"seed", &mut rng)
});
