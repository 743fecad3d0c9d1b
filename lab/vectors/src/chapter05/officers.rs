//! Acts of two officers, and what time does.

use super::{Story, group};
use crate::file::Group;
use board::entry::{Act, Entry, OfficerAct};
use crypto::Hash;
use testkit::election::MINUTE;

pub fn officers(s: &mut Story) -> Group {
    let (h, close) = (s.at, s.lab.on_board().close_at());
    let limit = close + 60 * MINUTE;
    let open = |s: &mut Story, count, at: usize, spoil: u8| {
        let mut head = s.header(at).digest();
        head[0] ^= spoil;
        s.act(Act::Open {
            count,
            height: at as u64,
            head,
        })
    };
    let k = h.open - 1;
    let good = open(s, 0, k, 0);
    let mut unknown = OfficerAct {
        election: Hash([3; 64]),
        act: Act::Drain,
        signatures: [0u16, 1].map(|i| {
            let key = &s.lab.parties.officers[usize::from(i)];
            (
                i,
                OfficerAct::sign(&Hash([3; 64]), &Act::Drain, key, &mut s.lab.rng),
            )
        }),
    };
    let lost = Entry::Act(Box::new(unknown.clone())).encode();
    unknown.election = s.lab.setup;
    let setup_named = Entry::Act(Box::new(unknown)).encode();
    let cases = [
        (
            "R5.17",
            "opening with a ballot in the box",
            open(s, 1, k, 0),
        ),
        ("R5.17", "opening with another head", open(s, 0, k, 1)),
        (
            "R5.17",
            "opening with a head before the seal",
            open(s, 0, h.ceremony, 0),
        ),
        ("R5.03", "an act on another election", lost),
        ("R5.03", "an act that names the setup", setup_named),
        ("R5.15", "one officer twice", s.act_by([1, 1], [1, 1])),
        ("R5.15", "officers out of order", s.act_by([1, 0], [1, 0])),
        (
            "R5.15",
            "an officer who does not exist",
            s.act_by([0, 3], [0, 2]),
        ),
        (
            "R5.16",
            "another officer's signature",
            s.act_by([0, 1], [0, 2]),
        ),
        (
            "R5.34",
            "draining an election that is sealed",
            s.act(Act::Drain),
        ),
        (
            "R5.05",
            "announcing an election that is sealed",
            s.act(Act::Announce),
        ),
        (
            "R5.05",
            "resuming an election that is sealed",
            s.act(Act::Resume { until: close }),
        ),
        (
            "R5.31",
            "extending an election that is sealed",
            s.act(Act::Extend { until: limit }),
        ),
        (
            "R5.49",
            "a salt key destroyed before the close",
            s.act(Act::SaltDestroyed { registrar: 0 }),
        ),
    ];
    let mut g = group("block-officers", "acts of two officers")
        .good("opening", s.next(k, vec![good.clone()]))
        .with(
            "opening at the close",
            s.blocks(k, &[(close, vec![good])]),
            "R5.18",
        );
    for (rule, name, entry) in cases {
        g = g.with(name, s.next(k, vec![entry]), rule);
    }
    let until = close + 30 * MINUTE;
    let extend = |s: &mut Story, until| {
        let entry = s.act(Act::Extend { until });
        s.next(h.voted, vec![entry])
    };
    let drained = s.act(Act::Extend { until });
    let drain = s.blocks(h.voted, &[(close - 59_000, vec![]), (close, vec![drained])]);
    g.good("an extension", extend(s, until))
        .with("an extension to the same close", extend(s, close), "R5.32")
        .with(
            "an extension above the limit",
            extend(s, limit + 1),
            "R5.32",
        )
        .with("an extension at the close", drain, "R5.31")
        .with(
            "opened twice",
            {
                let entry = open(s, 0, h.open, 0);
                s.next(h.opening, vec![entry])
            },
            "R5.05",
        )
}
