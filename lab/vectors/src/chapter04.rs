//! Chapter 04: card texts, voting secret, tokens.

use crate::file::{Answer, File, Group};
use crate::input::{In, array_of, hex};
use ballot::blind::{BlindError, Blinding, PublicKey, blind, finalize};
use ballot::card_text::{AuthText, CardText, CredentialText, origin_hash};
use ballot::credential::Secret;
use ballot::salt::{self, SaltTable};
use ballot::token::{Kind, TokenMessage};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Scalar};
use serde_json::{Value, json};
use testkit::election::{IssuerKey, issuer_keys};
use zeroize::Zeroizing;

fn compute_text(i: In<'_>, _: In<'_>) -> Answer {
    let election = i.hash("election");
    let text = match i.text("text") {
        "auth" => CardText::Auth(AuthText {
            election,
            origin: origin_hash(i.text("origin")),
            nonce: i.array("nonce"),
            session_key: i.point("session_key"),
            expiry_day: i.u32("expiry_day"),
        }),
        _ => CardText::Credential(CredentialText { election }),
    };
    let info = hex(text.digest_info());
    Answer::accept(json!({"bytes": hex(text.to_bytes()), "digest_info": info}))
}

fn depth(i: In<'_>) -> u8 {
    u8::try_from(i.number("depth")).expect("a small depth")
}

fn compute_salt(i: In<'_>, _: In<'_>) -> Answer {
    let table = SaltTable::generate(&Zeroizing::new(i.array("salt_key")), depth(i));
    let certificate = i.bytes("certificate");
    let x = salt::index(
        &i.hash("election"),
        i.u16("registrar"),
        &certificate,
        depth(i),
    );
    let found = table.salt(x).expect("the index has the table's bits");
    let path: Vec<Value> = found.path.iter().map(hex).collect();
    Answer::accept(json!({"index": x, "u": hex(*found.leaf), "path": path,
                          "root": hex(table.root())}))
}

fn compute_salt_path(i: In<'_>, _: In<'_>) -> Answer {
    let path: Vec<[u8; 32]> = i.list("path").iter().map(array_of).collect();
    let (root, leaf) = (i.array("root"), i.array("u"));
    let checked = salt::check(&root, depth(i), i.u32("index"), &leaf, &path);
    Answer::verdict(checked.map_err(salt::WrongSalt::rule))
}

fn compute_secret(i: In<'_>, _: In<'_>) -> Answer {
    let shares: Vec<[u8; 64]> = i.list("salt_shares").iter().map(array_of).collect();
    let s = Secret::derive(&i.array("card_signature"), &shares, &i.hash("election"));
    let key = s.voting_key();
    Answer::accept(
        json!({"s": hex(s.expose()), "voting_key": hex(*key.to_secret_bytes()),
                          "vk": hex(key.public().as_bytes())}),
    )
}

fn kind_of(i: In<'_>) -> Kind {
    match i.text("kind") {
        "first" => Kind::First,
        "again" => Kind::Again,
        _ => Kind::Survey,
    }
}

fn compute_message(i: In<'_>, _: In<'_>) -> Answer {
    let election = i.hash("election");
    let message = match kind_of(i) {
        Kind::First => TokenMessage::First {
            election,
            vk: i.point("vk"),
        },
        Kind::Again => TokenMessage::Again {
            election,
            vk: i.point("vk"),
            seq: i.u32("seq"),
            prev: i.hash("prev"),
        },
        Kind::Survey => TokenMessage::Survey {
            election,
            serial: i.array("serial"),
        },
    };
    Answer::accept(json!({"message": hex(message.to_bytes())}))
}

fn blinding_of(i: In<'_>) -> (PublicKey, Blinding) {
    let key = PublicKey::from_modulus(&i.array("modulus")).expect("2048 odd bits");
    let (secret, issuer, kind) = (i.array("secret"), i.text("issuer"), kind_of(i));
    let blinding = match i.text("blinding") {
        "derived" => Blinding::derive(&key, &secret, issuer, kind),
        _ => Blinding::fresh(&key, &secret, issuer, kind),
    };
    (key, blinding.expect("a blinding factor"))
}

fn compute_request(i: In<'_>, _: In<'_>) -> Answer {
    let (key, blinding) = blinding_of(i);
    let request = blind(&key, &i.bytes("message"), &blinding).expect("a request");
    Answer::accept(json!({"salt": hex(blinding.salt()), "request": hex(request)}))
}

fn compute_finish(i: In<'_>, _: In<'_>) -> Answer {
    let (key, blinding) = blinding_of(i);
    match finalize(&key, &i.bytes("message"), &i.bytes("answer"), &blinding) {
        Ok(token) => Answer::accept(json!({"token": hex(token)})),
        Err(BlindError::Signature | BlindError::Range) => Answer::refuse("R4.01"),
        Err(other) => panic!("{other}"),
    }
}

fn compute_token(i: In<'_>, _: In<'_>) -> Answer {
    let done = PublicKey::from_modulus(&i.array("modulus"))
        .and_then(|key| key.verify(&i.bytes("message"), &i.bytes("token")));
    Answer::verdict(done.map_err(|_| "R4.01"))
}

fn requests(keys: &[IssuerKey], message: &[u8]) -> (Group, Group) {
    let secret: [u8; 64] = core::array::from_fn(|i| u8::try_from(i).expect("small"));
    let case = |key: usize, blinding: &str, issuer: &str, kind: &str, message: &[u8]| {
        json!({"modulus": hex(keys[key].modulus), "secret": hex(secret), "blinding": blinding,
               "issuer": issuer, "kind": kind, "message": hex(message)})
    };
    let origin = "https://registrar1.example";
    let list = [
        (
            "derived first",
            case(0, "derived", origin, "first", message),
        ),
        (
            "derived first, another issuer",
            case(0, "derived", "https://r.example", "first", message),
        ),
        (
            "derived first, another modulus",
            case(3, "derived", origin, "first", message),
        ),
        ("fresh again", case(1, "fresh", origin, "again", message)),
        ("fresh survey", case(2, "fresh", origin, "survey", b"")),
    ];
    let mut request = Group::new(
        "blind-request",
        "PSS salt and blinding factor by HKDF; the \
                                 request is EMSA-PSS(message)·r^e mod N",
        compute_request,
    );
    let mut finish = Group::new(
        "blind-finish",
        "the registrar's answer without the blinding",
        compute_finish,
    );
    for (n, (name, inputs)) in list.into_iter().enumerate() {
        let answer = {
            let i = In(inputs.as_object().expect("an object"));
            let (key, blinding) = blinding_of(i);
            let request = blind(&key, &i.bytes("message"), &blinding).expect("a request");
            let issuer = keys.iter().find(|k| k.modulus == i.array::<256>("modulus"));
            issuer.expect("a test issuer").raw(&request)
        };
        let mut signed = inputs.clone();
        signed["answer"] = hex(answer);
        request = request.good(name, inputs);
        finish = finish.good(name, signed.clone());
        if n == 0 {
            let mut wrong = answer;
            wrong[255] ^= 1;
            signed["answer"] = hex(wrong);
            finish = finish.with("a wrong answer", signed.clone(), "R4.01");
            signed["answer"] = hex([0xff; 256]);
            finish = finish.with("an answer above the modulus", signed, "R4.01");
        }
    }
    (request, finish)
}

fn tokens(keys: &[IssuerKey], message: &[u8]) -> Group {
    let token = keys[0].sign(message);
    let case = |key: usize, message: &[u8], token: &[u8]| json!({"modulus": hex(keys[key].modulus), "message": hex(message), "token": hex(token)});
    let mut damaged = token;
    damaged[17] ^= 1;
    let other = [message, &[0]].concat();
    Group::new(
        "token",
        "RSASSA-PSS, SHA-384, salt of 48 bytes",
        compute_token,
    )
    .good("good", case(0, message, &token))
    .with("another issuer key", case(1, message, &token), "R4.01")
    .with("another message", case(0, &other, &token), "R4.01")
    .with("a flipped bit", case(0, message, &damaged), "R4.01")
    .with(
        "the modulus itself",
        case(0, message, &keys[0].modulus),
        "R4.01",
    )
    .with("zeros", case(0, message, &[0; 256]), "R4.01")
}

fn salts() -> Group {
    let salt = |key: u8, depth: u8, registrar: u16, certificate: &str| {
        json!({"salt_key": hex([key; 64]), "depth": depth, "election": hex([7; 64]),
               "registrar": registrar, "certificate": certificate})
    };
    Group::new(
        "salt",
        "index, leaf u and path of a certificate in a registrar's table",
        compute_salt,
    )
    .good("a certificate", salt(1, 8, 0, "3082010a"))
    .good("another certificate", salt(1, 8, 0, "3082010b"))
    .good("another registrar", salt(2, 8, 1, "3082010a"))
    .good("a deeper table", salt(1, 12, 0, "3082010a"))
    .good("an index of three bytes", salt(1, 17, 0, "3082010a"))
}

fn salt_paths() -> Group {
    let table = SaltTable::generate(&Zeroizing::new([1; 64]), 8);
    let case = |root: [u8; 32], depth: u8, index: u32, of: u32, cut: usize| {
        let found = table.salt(of).expect("a leaf");
        let path: Vec<Value> = found.path[cut..].iter().map(hex).collect();
        json!({"root": hex(root), "depth": depth, "index": index, "u": hex(*found.leaf),
               "path": path})
    };
    let root = table.root();
    let mut changed = case(root, 8, 5, 5, 0);
    changed["u"] = hex([9; 64]);
    Group::new(
        "salt-path",
        "what a booth checks before it uses a salt",
        compute_salt_path,
    )
    .good("good", case(root, 8, 5, 5, 0))
    .good("the last leaf", case(root, 8, 255, 255, 0))
    .with("the leaf of another index", case(root, 8, 5, 6, 0), "R4.03")
    .with("another root", case([9; 32], 8, 5, 5, 0), "R4.03")
    .with("another leaf", changed, "R4.03")
    .with("a path that is too short", case(root, 8, 5, 5, 1), "R4.03")
    .with("another depth", case(root, 9, 5, 5, 0), "R4.03")
    .with(
        "an index outside the table",
        case(root, 8, 256, 0, 0),
        "R4.03",
    )
}

fn texts() -> Group {
    let auth = json!({"text": "auth", "election": hex([7; 64]), "nonce": hex([5; 32]),
                      "origin": "https://registrar1.example", "expiry_day": 20_840,
                      "session_key": hex(Point::base().as_bytes())});
    Group::new(
        "card-text",
        "what the card signs; digest_info goes into PKCS#1 v1.5",
        compute_text,
    )
    .good("auth", auth)
    .good(
        "credential",
        json!({"text": "credential", "election": hex([7; 64])}),
    )
}

fn messages() -> (Group, Vec<u8>) {
    let vk = Point::mul_base(&Scalar::from(5u8)).expect("not zero");
    let message = |kind: &str, seq: u32| json!({"kind": kind, "election": hex([7; 64]), "vk": hex(vk.as_bytes()), "seq": seq, "prev": hex([6; 64])});
    let survey = json!({"kind": "survey", "election": hex([7; 64]), "serial": hex([9; 32])});
    let group = Group::new("token-message", "what a token is over", compute_message)
        .good(
            "first, of which seq and prev are no part",
            message("first", 1),
        )
        .good("again", message("again", 2))
        .good("again, the largest number", message("again", u32::MAX))
        .good("survey", survey);
    let first = TokenMessage::First {
        election: Hash([7; 64]),
        vk,
    };
    (group, first.to_bytes())
}

pub fn file() -> File {
    let keys = issuer_keys();
    let secret = |signature: u8, shares: &[u8]| {
        let shares: Vec<Value> = shares.iter().map(|u| hex([*u; 64])).collect();
        json!({"card_signature": hex([signature; 256]), "salt_shares": shares,
               "election": hex([7; 64])})
    };
    let secrets = Group::new("secret", "s and the voting key", compute_secret)
        .good("one registrar", secret(1, &[2]))
        .good("two registrars", secret(1, &[2, 3]))
        .good("two registrars in another order", secret(1, &[3, 2]));
    let (messages, first) = messages();
    let (request, finish) = requests(&keys, &first);
    let mut groups = vec![
        texts(),
        salts(),
        salt_paths(),
        secrets,
        messages,
        request,
        finish,
        tokens(&keys, &first),
    ];
    groups.extend(crate::own_card::groups());
    File::new(
        "04-credential.json",
        "Chapter 04: card texts, salts, voting secret and key, blind tokens, the voter's own card.",
        &json!({}),
        groups,
    )
}
