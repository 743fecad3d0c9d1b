//! The engine's signing scheme under the board's own rule for signatures (spec 06 §3).
//!
//! The engine verifies Ed25519 with the cofactor (ZIP-215), the board without (R6.24): one
//! validator could sign votes that the engine counts and every verifier refuses. Here a vote or a
//! certificate counts only if the board's rule takes every signature in it, so nothing else is
//! stored, passed on or handed out. The engine disconnects from whoever sent the refused bytes; the
//! validator whose key made a refused vote is named in the log and in the metrics.

use crate::rules::{framed, signature_holds};
use commonware_consensus::simplex::{
    scheme::{Namespace, ed25519},
    types::Subject,
};
use commonware_cryptography::{
    Digest, Signer as _,
    certificate::{
        self, AssemblyError, Attestation, Membership, Namespace as _, Scheme, Subject as _,
        Verification, Verifier,
    },
    ed25519::{PrivateKey, PublicKey, Signature, certificate::Certificate},
};
use commonware_parallel::Strategy;
use commonware_utils::{
    Faults as _, N3f1, Participant,
    iter::NonEmpty,
    ordered::{Quorum as _, Set},
};
use rand::CryptoRng;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Signs this validator's votes. The node signs with its key file; a device that holds the key, or
/// a test that signs wrongly, does it in another way.
pub trait SignVotes: Send + Sync + 'static {
    /// The key the signatures verify under.
    fn engine_key(&self) -> PublicKey;
    /// The signature over a vote; `namespace` says what kind of vote it is.
    fn sign_vote(&self, namespace: &[u8], vote: &[u8]) -> Signature;
}

impl SignVotes for PrivateKey {
    fn engine_key(&self) -> PublicKey {
        self.public_key()
    }
    fn sign_vote(&self, namespace: &[u8], vote: &[u8]) -> Signature {
        self.sign(namespace, vote)
    }
}

/// How many votes of each validator the board's rule refused since the start.
#[derive(Debug)]
pub struct RefusedVotes(Vec<(String, AtomicU64)>);

impl RefusedVotes {
    /// Nothing refused yet; names in the order of the engine keys.
    #[must_use]
    pub fn new(names: Vec<String>) -> Self {
        Self(names.into_iter().map(|n| (n, AtomicU64::new(0))).collect())
    }
    /// Name and number of refused votes, in the order of the engine keys.
    pub fn each(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0
            .iter()
            .map(|(name, n)| (name.as_str(), n.load(Ordering::Relaxed)))
    }
    fn name(&self, signer: Participant) -> &str {
        self.0
            .get(usize::from(signer))
            .map_or("nobody", |(name, _)| name)
    }
    fn add(&self, signer: Participant, kind: &str) {
        if let Some((name, n)) = self.0.get(usize::from(signer)) {
            n.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(
                validator = name,
                kind,
                rule = "R6.24",
                "vote with a signature the board refuses: it does not count"
            );
        }
    }
}

/// The scheme of one validator.
#[derive(Clone)]
pub struct StrictScheme {
    /// Committee and form of certificates, without a key.
    committee: ed25519::Scheme,
    namespaces: Namespace,
    me: Participant,
    signer: Arc<dyn SignVotes>,
    refused: Arc<RefusedVotes>,
}

impl core::fmt::Debug for StrictScheme {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "StrictScheme({})", self.me)
    }
}

/// The kind of a vote, for the log.
fn kind<D: Digest>(subject: &Subject<'_, D>) -> &'static str {
    match subject {
        Subject::Notarize { .. } => "notarize",
        Subject::Nullify { .. } => "nullify",
        Subject::Finalize { .. } => "finalize",
    }
}

impl StrictScheme {
    /// The scheme of the validator that owns `signer`'s key; none when it is not in the committee.
    #[must_use]
    pub fn new(
        namespace: &[u8],
        committee: Set<PublicKey>,
        signer: Arc<dyn SignVotes>,
        refused: Arc<RefusedVotes>,
    ) -> Option<Self> {
        let me = committee.index(&signer.engine_key())?;
        Some(Self {
            committee: ed25519::Scheme::verifier(namespace, committee),
            namespaces: Namespace::derive(namespace),
            me,
            signer,
            refused,
        })
    }
    /// Rule R6.24 for one signature over `message`, which is framed already.
    fn holds(&self, signer: Participant, message: &[u8], signature: Option<&Signature>) -> bool {
        let key = self.participants().key(signer);
        let (Some(key), Some(signature)) = (key, signature) else {
            return false;
        };
        match (key.as_ref().try_into(), signature.as_ref().try_into()) {
            (Ok(key), Ok(signature)) => signature_holds(key, message, signature),
            _ => false,
        }
    }
    fn message<D: Digest>(&self, subject: &Subject<'_, D>) -> Vec<u8> {
        framed(subject.namespace(&self.namespaces), &subject.message())
    }
    /// Takes a vote or refuses it and names its signer.
    fn takes<D: Digest>(
        &self,
        subject: &Subject<'_, D>,
        message: &[u8],
        vote: &Attestation<Self>,
    ) -> bool {
        let holds = self.holds(vote.signer, message, vote.signature.get());
        if !holds {
            self.refused.add(vote.signer, kind(subject));
        }
        holds
    }
}

impl Verifier for StrictScheme {
    type Subject<'a, D: Digest> = Subject<'a, D>;
    type Faults = N3f1;
    type PublicKey = PublicKey;
    type Certificate = Certificate;

    fn verify_certificate<R: CryptoRng, D: Digest>(
        &self,
        _rng: &mut R,
        subject: Subject<'_, D>,
        certificate: &Certificate,
        _strategy: &impl Strategy,
    ) -> bool {
        let n = self.participants().len();
        let (signers, count) = (&certificate.signers, certificate.signers.count());
        let enough = u32::try_from(count)
            .is_ok_and(|count| count >= N3f1::quorum(u32::try_from(n).unwrap_or(u32::MAX)));
        if signers.len() != n || count != certificate.signatures.len() || !enough {
            return false;
        }
        let message = self.message(&subject);
        let bad = signers
            .iter()
            .zip(&certificate.signatures)
            .find(|(i, s)| !self.holds(*i, &message, s.get()));
        if let Some((signer, _)) = bad {
            // Whoever sent it may have put this signature there: the engine names the sender.
            tracing::warn!(
                signature_of = self.refused.name(signer),
                kind = kind(&subject),
                rule = "R6.24",
                "certificate with a signature the board refuses"
            );
        }
        bad.is_none()
    }

    /// Each vote is looked at as it comes, so that a bad one is named even when it is not needed.
    fn is_batchable() -> bool {
        false
    }
    fn max_certificate_size(participants: u32) -> usize {
        ed25519::Scheme::max_certificate_size(participants)
    }
    fn certificate_codec_config(&self) -> usize {
        self.committee.certificate_codec_config()
    }
    fn certificate_codec_config_unbounded() -> usize {
        ed25519::Scheme::certificate_codec_config_unbounded()
    }
}

impl Scheme for StrictScheme {
    type Signature = Signature;

    fn me(&self) -> Option<Membership> {
        Some(Membership::Signer(self.me))
    }
    fn participants(&self) -> &Set<PublicKey> {
        self.committee.participants()
    }
    fn sign<D: Digest>(&self, subject: Subject<'_, D>) -> Option<Attestation<Self>> {
        let namespace = subject.namespace(&self.namespaces);
        Some(Attestation {
            signer: self.me,
            signature: self.signer.sign_vote(namespace, &subject.message()).into(),
        })
    }
    fn verify_attestation<R: CryptoRng, D: Digest>(
        &self,
        _rng: &mut R,
        subject: Subject<'_, D>,
        vote: &Attestation<Self>,
        _strategy: &impl Strategy,
    ) -> bool {
        self.takes(&subject, &self.message(&subject), vote)
    }
    fn optimistic_assemble<'a, R, D, I, J>(
        &self,
        rng: &mut R,
        subject: Subject<'_, D>,
        pending: I,
        verified: J,
        strategy: &impl Strategy,
    ) -> Result<Certificate, Verification<Self>>
    where
        R: CryptoRng,
        D: Digest,
        I: IntoIterator<Item = Attestation<Self>>,
        I::IntoIter: ExactSizeIterator + Send,
        J: IntoIterator<Item = &'a Attestation<Self>>,
        J::IntoIter: Send,
    {
        certificate::verify_then_assemble::<Self, _, D, _, _>(
            self, rng, subject, pending, verified, strategy,
        )
    }
    fn assemble<I>(
        &self,
        votes: NonEmpty<I>,
        strategy: &impl Strategy,
    ) -> Result<Certificate, AssemblyError>
    where
        I: Iterator<Item = Attestation<Self>> + Send,
    {
        let mut votes = votes.into_iter().map(|vote| Attestation {
            signer: vote.signer,
            signature: vote.signature,
        });
        let first = votes.next().ok_or(AssemblyError::RecoveryFailed)?;
        self.committee
            .assemble(NonEmpty::new(first, votes), strategy)
    }
    fn is_attributable() -> bool {
        true
    }
}
