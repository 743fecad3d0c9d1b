//! Who runs the board: the validator network, fixed in the first entry of the genesis block.

use ballot::manifest::Validator;
use ballot::text::{Form, check as check_text, is_id};
use crypto::Point;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::x25519::is_sealable;
use std::collections::BTreeSet;

/// Most validators of one network.
pub const MAX_VALIDATORS: usize = 32;

/// Most authorities that may hold elections on one network.
pub const MAX_AUTHORITIES: usize = 64;

/// The network's configuration; every node of a board has the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkConfig {
    /// Free name.
    pub name: String,
    /// The validators, strictly increasing by engine key.
    pub validators: Vec<Validator>,
    /// Who may hold elections here, strictly increasing by key (rule R5.10).
    pub authorities: Vec<Point>,
    /// Time of the genesis header (ms).
    pub genesis_time_ms: u64,
}

impl NetworkConfig {
    /// Sorts validators by engine key and authorities by key.
    ///
    /// # Errors
    /// [`WireError::Order`] for two validators or authorities with one key,
    /// [`WireError::TooLong`] for an empty list or too many of either, [`WireError::Range`] for what
    /// no manifest may list ([`are_described`]) and for a name that is no line.
    pub fn new(
        name: &str,
        mut validators: Vec<Validator>,
        mut authorities: Vec<Point>,
        genesis_time_ms: u64,
    ) -> Result<Self, WireError> {
        validators.sort_by_key(|v| v.engine_key);
        authorities.sort_by_key(|a| *a.as_bytes());
        let config = Self {
            name: name.to_owned(),
            validators,
            authorities,
            genesis_time_ms,
        };
        config.check()?;
        Ok(config)
    }
    fn check(&self) -> Result<(), WireError> {
        check_validators(&self.validators)?;
        let named = check_text(&self.name, Form::Line).is_ok();
        if !named || !are_described(&self.validators) {
            return Err(WireError::Range);
        }
        if !(1..=MAX_AUTHORITIES).contains(&self.authorities.len()) {
            return Err(WireError::TooLong);
        }
        let keys = self.authorities.iter().map(Point::as_bytes);
        if keys.clone().zip(keys.skip(1)).all(|(a, b)| a < b) {
            Ok(())
        } else {
            Err(WireError::Order)
        }
    }
    /// H(`network`, canonical bytes), first 32 bytes.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        let h = crypto::hash::hash("network", &[&self.to_bytes()]);
        let mut id = [0; 32];
        id.copy_from_slice(h.0.first_chunk::<32>().unwrap_or(&[0; 32]));
        id
    }
    /// Ed25519 keys of the validators, in the order certificates number them.
    #[must_use]
    pub fn committee(&self) -> Vec<[u8; 32]> {
        self.validators.iter().map(|v| v.engine_key).collect()
    }
    /// The engine's namespace: no signature of one network is one of another.
    #[must_use]
    pub fn namespace(&self) -> Vec<u8> {
        namespace(&self.id())
    }
}

/// The engine's namespace of the network with this id.
#[must_use]
pub fn namespace(id: &[u8; 32]) -> Vec<u8> {
    [b"irefuda/v2/board/".as_slice(), id].concat()
}

/// Whether this is a set of validators: 1…32, strictly increasing by engine key.
///
/// # Errors
/// [`WireError::TooLong`], [`WireError::Order`].
pub fn check_validators(validators: &[Validator]) -> Result<(), WireError> {
    if !(1..=MAX_VALIDATORS).contains(&validators.len()) {
        return Err(WireError::TooLong);
    }
    let engines = validators.iter().map(|v| v.engine_key);
    if engines.clone().zip(engines.skip(1)).all(|(a, b)| a < b) {
        Ok(())
    } else {
        Err(WireError::Order)
    }
}

/// Whether a manifest may list these validators: node keys differ, and gateways' keys, to which
/// something can be sealed (rule R1.05), names are lines (R1.12), origins are ids (R1.13).
#[must_use]
pub fn are_described(validators: &[Validator]) -> bool {
    let nodes: BTreeSet<_> = validators.iter().map(|v| v.node_key).collect();
    let boxes: BTreeSet<_> = validators.iter().map(|v| v.hpke).collect();
    let described = |v: &Validator| {
        v.name.check(Form::Line).is_ok() && is_id(&v.origin) && is_sealable(&v.hpke)
    };
    let apart = nodes.len() == validators.len() && boxes.len() == validators.len();
    apart && validators.iter().all(described)
}

/// The namespace in which a set of validators certifies the next one.
#[must_use]
pub fn hand_over_namespace(id: &[u8; 32]) -> Vec<u8> {
    [b"irefuda/v2/hand-over/".as_slice(), id].concat()
}

/// The namespace in which each validator of a set accepts its term.
#[must_use]
pub fn take_over_namespace(id: &[u8; 32]) -> Vec<u8> {
    [b"irefuda/v2/take-over/".as_slice(), id].concat()
}

/// f: validators that may be dishonest among `n`.
#[must_use]
pub fn tolerated(n: usize) -> usize {
    n.saturating_sub(1) / 3
}

impl Wire for NetworkConfig {
    fn write(&self, w: &mut Writer) {
        w.text(&self.name);
        w.list(&self.validators);
        w.list(&self.authorities);
        w.u64(self.genesis_time_ms);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let config = Self {
            name: r.text(128)?,
            validators: r.list(MAX_VALIDATORS)?,
            authorities: r.list(MAX_AUTHORITIES)?,
            genesis_time_ms: r.u64()?,
        };
        config.check()?;
        Ok(config)
    }
}

impl TopLevel for NetworkConfig {
    const TYPE: u8 = 9;
}
