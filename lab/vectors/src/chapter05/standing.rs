//! Elections that are not held, and addresses that officers give anew.

use super::{Story, group};
use crate::file::Group;
use ballot::text::Text;
use board::entry::{Act, Hints};
use crypto::wire::TopLevel as _;

fn withdraw(reason: Text) -> Act {
    Act::Withdraw { reason }
}

fn hints(number: u32, portal: &str, hints: &[&str]) -> Act {
    Act::Hints(Hints {
        number,
        portal: portal.to_owned(),
        hints: hints.iter().map(|h| (*h).to_owned()).collect(),
    })
}

const PORTAL: &str = "https://vote.example";

pub fn withdrawals(s: &mut Story) -> Group {
    let h = s.at;
    let reason = Text::new("選択肢の誤り", "a wrong option", "まちがい");
    let mut hidden = reason.clone();
    hidden.en.push('\u{200b}');
    let gone = s.act(withdraw(reason.clone()));
    let again = s.act(withdraw(reason));
    let unseen = s.act(withdraw(hidden));
    let empty = s.act(withdraw(Text::default()));
    let said = s.act(Act::Notice {
        key: "next".into(),
        text: Text::new("やり直します", "another one follows", "もういちど"),
    });
    let open = s.lab.chain[h.open].block.entries.clone();
    let (ballot, other) = (
        s.ballot(5, 1, crypto::Hash::ZERO),
        s.ballot(6, 1, crypto::Hash::ZERO),
    );
    let check = s.opened(6, &other);
    let addresses = s.act(hints(1, PORTAL, &[PORTAL]));
    let evidence = s.lab.evidence_of(0, 20_840).encode();
    let moved = s.lab.network().validators[1..].to_vec();
    let hand_over = s.lab.hand_over_to(1, moved);
    let hand_over = board::entry::Entry::HandOver(Box::new(hand_over)).encode();
    let time = s.header(h.seal).time_ms;
    let mut g = group(
        "block-withdraw",
        "a sealed election is withdrawn before its opening",
    )
    .good("withdrawn", s.next(h.seal, vec![gone.clone()]))
    .good(
        "a notice after it, in the same block",
        s.next(h.seal, vec![gone.clone(), said.clone()]),
    )
    .good(
        "a notice after it, past the close",
        s.blocks(
            h.seal,
            &[
                (time + 1000, vec![gone.clone()]),
                (s.lab.close_at() + 3_600_000, vec![said]),
            ],
        ),
    )
    .with(
        "once it is open",
        s.next(h.open, vec![gone.clone()]),
        "R5.70",
    )
    .with(
        "after the result",
        s.next(h.result, vec![gone.clone()]),
        "R5.70",
    )
    .with(
        "before the seal",
        s.next(h.ceremony, vec![gone.clone()]),
        "R5.03",
    )
    .with("a hidden character", s.next(h.seal, vec![unseen]), "R5.57")
    .with("no reason", s.next(h.seal, vec![empty]), "R5.57");
    for (name, entry) in [
        ("a second withdrawal", again),
        ("the opening", open.first().cloned().expect("an act")),
        ("a ballot", ballot.to_bytes()),
        ("a check ballot", check),
        ("new addresses", addresses),
        ("evidence", evidence),
        ("a hand-over", hand_over),
    ] {
        let blocks = [
            (time + 1000, vec![gone.clone()]),
            (time + 2000, vec![entry]),
        ];
        g = g.with(
            &format!("{name} after it"),
            s.blocks(h.seal, &blocks),
            "R5.71",
        );
    }
    g
}

pub fn addresses(s: &mut Story) -> Group {
    let h = s.at;
    let one = s.act(hints(1, PORTAL, &["https://a.example"]));
    let two = s.act(hints(
        2,
        "http://10.0.0.1:8080/x",
        &["https://b.example", "https://c.example"],
    ));
    let first_again = s.act(hints(1, PORTAL, &["https://a.example"]));
    let many: Vec<String> = (0..17).map(|i| format!("https://{i}.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut g = group("block-hints", "new addresses by two officers")
        .good("before voting opens", s.next(h.seal, vec![one.clone()]))
        .good(
            "two in one block, in turn",
            s.next(h.voted, vec![one.clone(), two.clone()]),
        )
        .good("after the result", s.next(h.result, vec![one.clone()]))
        .with(
            "before the seal",
            s.next(h.ceremony, vec![one.clone()]),
            "R5.03",
        )
        .with("the second first", s.next(h.seal, vec![two]), "R5.73")
        .with(
            "the first by other signatures once more",
            s.next(h.seal, vec![one, first_again]),
            "R5.73",
        );
    for (name, act, rule) in [
        ("number 0", hints(0, PORTAL, &[PORTAL]), "R5.73"),
        ("no hint", hints(1, PORTAL, &[]), "R5.72"),
        ("seventeen hints", hints(1, PORTAL, &many), "R5.01"),
        ("a hint twice", hints(1, PORTAL, &[PORTAL, PORTAL]), "R5.72"),
        ("an empty hint", hints(1, PORTAL, &[""]), "R5.72"),
        (
            "a blank in a hint",
            hints(1, PORTAL, &["https://a example"]),
            "R5.72",
        ),
        ("no portal", hints(1, "", &[PORTAL]), "R5.72"),
        (
            "a portal with a character outside ASCII",
            hints(1, "https://投票.example", &[PORTAL]),
            "R5.72",
        ),
    ] {
        let entry = s.act(act);
        g = g.with(name, s.next(h.seal, vec![entry]), rule);
    }
    g
}
