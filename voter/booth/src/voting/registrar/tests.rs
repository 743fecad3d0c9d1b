use api::registrar::Exists;
use ballot::own_card::OwnCardError;
use ballot::own_card::key_proof::Owner;
use ballot::own_card::registrar::{Nonce as CardNonce, PersonKey};
use ballot::own_card::statement::AuthStatement;
use crypto::Scalar;
use host::problem::{Problem, Refused};
use refusal::Refusal as _;
use ui::{Lang, wareki};

use super::*;
use crate::tests::fixture::Fixture;
use crate::text::message;

fn refused(status: u16, body: impl Into<Vec<u8>>) -> Fault {
    fault_of(&HttpError::Refused(Refused::new(status, body.into())))
}

fn said(refusal: Refusal) -> Fault {
    let body = serde_json::to_vec(&Problem::from(refusal)).unwrap();
    refused(refusal.status(), body)
}

/// As a registrar writes it. The times used to arrive under names that nobody read.
#[test]
fn the_registrars_times_are_in_the_sentence() {
    let time = 1_566_734_400_000_u64;
    let date = wareki::month_day(Lang::Ja, time);
    for (status, code, reason, member) in [
        (403, "E-01", "not_open", "next_opening_ms"),
        (403, "E-02", "closed", "closed_ms"),
        (403, "E-08", "certificate_expired", "not_after_ms"),
        (429, "E-27", "again_too_often", "retry_ms"),
    ] {
        let body = serde_json::json!({
            "status": status, "code": code, "title": "x", "vote": "not_sent",
            "reason": reason, member: time,
        });
        let fault = refused(status, body.to_string());
        assert_eq!(fault.code().as_str(), code);
        let text = message(&fault, Lang::Ja);
        assert!(text.contains(&date), "{reason}: {text}");
    }
}

#[test]
fn the_voter_is_not_told_which_check_could_not_be_made() {
    for refusal in [
        Refusal::TicketUnchecked,
        Refusal::RevocationUnknown,
        Refusal::AgainPending,
        Refusal::DayOver,
    ] {
        assert_eq!(said(refusal), Fault::RevocationUnknown);
    }
    assert_eq!(
        said(Refusal::CertificateProfile),
        said(Refusal::CardSignature)
    );
    assert_eq!(said(Refusal::StationProof), said(Refusal::StationUnknown));
}

#[test]
fn an_answer_that_is_no_refusal_says_nothing_about_the_voter() {
    assert_eq!(refused(502, "<html>"), Fault::RegistrarFailed);
    assert_eq!(refused(403, "<html>"), Fault::Internal("registrar"));
    assert_eq!(refused(409, "{}"), Fault::Internal("registrar"));
    // A code that does not belong to the reason.
    let body = r#"{"status":403,"code":"E-09","title":"x","vote":"not_sent","reason":"closed","closed_ms":1}"#;
    assert_eq!(refused(403, body), Fault::Internal("registrar"));
}

/// Asking again in a session that is over would get the same refusal without end.
#[test]
fn a_session_that_is_over_leads_back_to_the_card() {
    for refusal in [
        Refusal::SessionUnknown,
        Refusal::SessionUsed,
        Refusal::TextExpired,
        Refusal::AgainUsed,
        Refusal::ChallengeUsed,
        Refusal::NonceGone,
        Refusal::SessionReplaced,
        Refusal::WindowOver,
    ] {
        assert!(said(refusal).needs_the_card_again(), "{refusal:?}");
    }
    assert_eq!(said(Refusal::Internal), Fault::RegistrarFailed);
}

/// A registrar that lies about a salt is named, and nothing is sent to anybody.
#[test]
fn a_53_rejects_r4_03_a_salt_that_is_not_the_certificates_leaf() {
    let election = Hash([7; 64]);
    let seed = zeroize::Zeroizing::new([1; 64]);
    let table = salt::SaltTable::generate(&seed, 8);
    let (certificate, index) = (b"certificate".as_slice(), 1);
    let mut listed = Fixture::new().sealed.manifest.registrars.remove(0);
    (listed.salt_depth, listed.salt_root) = (8, table.root());
    let registrar = Registrar::new(index, &listed).unwrap();
    let of = |registrar| salt::index(&election, registrar, certificate, 8);
    let check = |x| {
        let salt = table.salt(x).unwrap();
        registrar.check_salt(&election, certificate, &salt.leaf, &salt.path)
    };
    assert_eq!(check(of(index)), Ok(()));
    let fault = check(of(index) ^ 1).unwrap_err();
    assert_eq!(fault, Fault::FalseAnswer { registrar: 1 });
    assert!(
        message(&fault, Lang::Ja).contains("（2番）"),
        "the second one in the manifest"
    );
    assert_ne!(of(0), of(index));
    assert_eq!(
        check(of(0)),
        Err(fault),
        "the leaf of another registrar's index"
    );
}

/// A registrar whose answers the tests make.
struct Said {
    registrar: Registrar,
    board: SigningKey,
    table: salt::SaltTable,
    session_key: SigningKey,
}

const CARD: &[u8] = b"certificate";
const NONCE: Nonce = [5; 32];

impl Said {
    fn new() -> Self {
        let seed = zeroize::Zeroizing::new([1; 64]);
        let table = salt::SaltTable::generate(&seed, 8);
        let board = SigningKey::generate(&mut UnwrapErr(SysRng));
        let mut listed = Fixture::new().sealed.manifest.registrars.remove(0);
        (listed.salt_depth, listed.salt_root) = (8, table.root());
        listed.key = board.public();
        Self {
            registrar: Registrar::new(1, &listed).unwrap(),
            board,
            table,
            session_key: SigningKey::generate(&mut UnwrapErr(SysRng)),
        }
    }

    fn statement(&self, election: &Hash) -> (AuthStatement, salt::Salt) {
        let mut rng = UnwrapErr(SysRng);
        let certificate = certificate_hash(CARD);
        let key = PersonKey::derive(&[1; 64], election, &certificate).unwrap();
        let salt = self.table.salt(salt::index(election, 1, CARD, 8)).unwrap();
        let owner = Owner {
            election,
            registrar: 1,
            certificate: &certificate,
        };
        let statement = AuthStatement {
            election: *election,
            registrar: 1,
            nonce: NONCE,
            session_key: self.session_key.public(),
            certificate,
            salt: crypto::merkle::leaf(salt.leaf.as_ref()),
            person_key: key.public(),
            proof: key.prove(&owner, &mut rng).unwrap(),
            exists: true,
            card_nonce: Some(CardNonce::draw(&mut rng).1),
        };
        (statement, salt)
    }

    fn answer(&self, statement: &AuthStatement, salt: salt::Salt) -> AuthAnswer {
        AuthAnswer {
            salt_share: Hex(SaltShare(salt.leaf)),
            salt_path: salt.path.into_iter().map(Hex).collect(),
            person_key: Hex(statement.person_key),
            proof: Hex(statement.proof),
            exists: Exists {
                first: statement.exists,
                survey: false,
            },
            card_nonce: statement.card_nonce.map(Hex),
            expires_ms: 0,
            signature: Hex(statement.sign(&self.board, &mut UnwrapErr(SysRng))),
        }
    }

    fn check(&self, election: &Hash, answer: AuthAnswer) -> Result<Accepted, Fault> {
        let request = RegistrarRequest {
            election,
            channel: Channel::Home,
            ticket: None,
            station: None,
            session_key: &self.session_key,
            face: FaceVerdict::Match,
        };
        self.registrar.check_answer(&request, &NONCE, CARD, answer)
    }
}

/// Every word of an answer that the registrar did not sign, or could not prove, names it, and
/// nothing is sent to anybody.
#[test]
fn a_65_rejects_r4_04_an_answer_that_the_registrar_did_not_sign_for_this_sitting() {
    let election = Hash([7; 64]);
    let said = Said::new();
    let lie = Fault::FalseAnswer { registrar: 1 };
    let (good, salt) = said.statement(&election);
    let accepted = said.check(&election, said.answer(&good, salt)).unwrap();
    assert_eq!(accepted.person_key, good.person_key);
    assert_eq!(accepted.card_nonce, good.card_nonce);

    // Changed on the way.
    type Change = fn(&mut AuthAnswer);
    let other = SigningKey::generate(&mut UnwrapErr(SysRng)).public();
    let changes: [(&str, Change); 7] = [
        ("W", |a| a.person_key = Hex(Point::base())),
        ("K", |a| a.card_nonce = Some(Hex(Point::base()))),
        ("no K", |a| a.card_nonce = None),
        ("what exists", |a| a.exists.first = false),
        ("V", |a| a.proof.0.image = a.person_key.0),
        ("proof", |a| a.proof.0.proof.z += Scalar::ONE),
        ("signature", |a| a.signature.0.z += Scalar::ONE),
    ];
    for (name, change) in changes {
        let (good, salt) = said.statement(&election);
        let mut answer = said.answer(&good, salt);
        change(&mut answer);
        let answer = said.check(&election, answer);
        assert_eq!(answer.err(), Some(lie.clone()), "{name}");
    }
    // Signed by the registrar, and still no answer of this sitting or of this person.
    type Lie = fn(&mut AuthStatement, Point);
    let lies: [(&str, Lie); 5] = [
        ("another nonce", |s, _| s.nonce = [6; 32]),
        ("another session key", |s, other| s.session_key = other),
        ("another card", |s, _| s.certificate = Hash([1; 64])),
        ("a key it does not know", |s, other| s.person_key = other),
        ("K at a first visit", |s, _| s.exists = false),
    ];
    for (name, change) in lies {
        let (mut statement, salt) = said.statement(&election);
        change(&mut statement, other);
        let answer = said.check(&election, said.answer(&statement, salt));
        assert_eq!(answer.err(), Some(lie.clone()), "{name}");
    }
    // A leaf of the table that is not this card's, signed as such.
    let (mut statement, _) = said.statement(&election);
    let index = salt::index(&election, 1, CARD, 8);
    let wrong = said.table.salt(index ^ 1).unwrap();
    statement.salt = crypto::merkle::leaf(wrong.leaf.as_ref());
    let answer = said.check(&election, said.answer(&statement, wrong));
    assert_eq!(answer.err(), Some(lie));
}

/// What a registrar sends as a success.
fn sent(answer: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(answer).unwrap()
}

/// How the booth reads such an answer.
async fn read<A: DeserializeOwned>(body: impl ToString) -> Result<A, Fault> {
    let response = axum::http::Response::new(body.to_string());
    Said::new().registrar.read(Response::from(response)).await
}

/// An answer that has not the form is a false one, as one that was signed wrongly: it came over the
/// registrar's own key.
#[tokio::test]
async fn a_65_rejects_r4_04_r4_05_r4_01_an_answer_that_does_not_decode() {
    const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let zeros = |bytes: usize| "00".repeat(bytes);
    let lie = Fault::FalseAnswer { registrar: 1 };
    let said = Said::new();
    let (statement, salt) = said.statement(&Hash([7; 64]));
    let good = sent(&said.answer(&statement, salt));
    assert!(read::<AuthAnswer>(&good).await.is_ok());
    let proof = good["proof"].as_str().unwrap();
    let changes = [
        ("W is the identity", "person_key", zeros(32)),
        ("K is the identity", "card_nonce", zeros(32)),
        ("V is the identity", "proof", zeros(32) + &proof[64..]),
        ("z is ℓ", "proof", proof[..192].to_owned() + ORDER),
        ("a short signature", "signature", zeros(63)),
        ("a short salt", "salt_share", zeros(63)),
    ];
    for (name, field, value) in changes {
        let mut answer = good.clone();
        answer[field] = value.into();
        let answer = read::<AuthAnswer>(answer).await;
        assert_eq!(answer.err(), Some(lie.clone()), "{name}");
    }
    for body in ["", "{}", "<html>"] {
        let answer = read::<AuthAnswer>(body).await;
        assert_eq!(answer.err(), Some(lie.clone()), "{body}");
    }
    let long = " ".repeat(host::http::MAX_ANSWER + 1);
    assert_eq!(read::<AuthAnswer>(long).await.err(), Some(lie.clone()));

    let mut challenge = sent(&ChallengeAnswer {
        response: Hex(Scalar::ONE),
    });
    assert!(read::<ChallengeAnswer>(&challenge).await.is_ok());
    challenge["response"] = ORDER.into();
    let answer = read::<ChallengeAnswer>(challenge).await;
    assert_eq!(answer.err(), Some(lie.clone()));

    let mut token = sent(&TokenAnswer {
        blind_signature: Hex([1; RSA_BYTES]),
    });
    assert!(read::<TokenAnswer>(&token).await.is_ok());
    token["blind_signature"] = zeros(RSA_BYTES - 1).into();
    assert_eq!(read::<TokenAnswer>(token).await.err(), Some(lie.clone()));
    assert!(lie.is_dispute(), "papers are kept");
}

/// A token that does not verify under the registrar's own key names it (R4.01).
#[test]
fn a_65_rejects_r4_01_a_token_that_is_no_signature() {
    let said = Said::new();
    let message = TokenMessage::First {
        election: Hash([7; 64]),
        vk: Point::base(),
    };
    let key = said.registrar.key(Kind::First, 0).unwrap();
    let blinding = Blinding::fresh(&key, &[1; 64], "x", Kind::First).unwrap();
    let finished = said
        .registrar
        .finish(&key, &message, &[1; RSA_BYTES], &blinding);
    assert_eq!(finished, Err(Fault::FalseAnswer { registrar: 1 }));
}

/// The registrar whose key or answer does not fit is named by its number.
#[test]
fn a_65_rejects_r4_05_r4_06_and_says_which_registrar() {
    let named = [
        (OwnCardError::Response(1), "E-10b"),
        (OwnCardError::Answer(1), "E-10b"),
        (OwnCardError::OtherKey(1), "E-10c"),
    ];
    for (error, code) in named {
        let fault = crate::voting::further::fault_of(error);
        assert_eq!(fault.code().as_str(), code);
        assert!(message(&fault, Lang::Ja).contains("（2番）"));
        assert!(fault.is_final());
    }
}
