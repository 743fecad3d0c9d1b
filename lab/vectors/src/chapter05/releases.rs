//! Booth programs that two officers release, and the words of their acts.

use super::{Story, group};
use crate::file::Group;
use ballot::manifest::Release;
use ballot::text::Text;
use board::entry::Act;

fn release(version: &str, platform: &str) -> Act {
    Act::Release(Release {
        version: version.to_owned(),
        platform: platform.to_owned(),
        size: 5_000_000,
        sha256: [3; 32],
    })
}

fn notice(key: &str, words: &Text) -> Act {
    Act::Notice {
        key: key.to_owned(),
        text: words.clone(),
    }
}

pub fn releases(s: &mut Story) -> Group {
    let h = s.at;
    let one = s.act(release("1.0.0", "linux-x86_64"));
    let other = s.act(release("1.0.0", "windows-x86_64"));
    let again = s.act(release("1.0.0", "linux-x86_64"));
    let folded = s.act(release("1.0.0", "Linux_X86-64"));
    let many: Vec<_> = (0..64)
        .map(|i| s.act(release(&format!("2.0.{i}"), "linux-x86_64")))
        .collect();
    let too_many = [many.clone(), vec![one.clone()]].concat();
    let words = Text::new("停電\n復旧", "power is back", "なおりました");
    let mut hidden = words.clone();
    hidden.plain.push('\u{202e}');
    let said = s.act(notice("incidents", &words));
    let mut g = group("block-release", "releases, and the words of acts")
        .good("before voting opens", s.next(h.seal, vec![one.clone()]))
        .good(
            "two platforms while it is open",
            s.next(h.voted, vec![one.clone(), other]),
        )
        .good("a notice of two lines", s.next(h.result, vec![said]))
        .with(
            "after the close",
            s.next(h.closed, vec![one.clone()]),
            "R5.05",
        )
        .with(
            "one platform twice in a block",
            s.next(h.voted, vec![one.clone(), again]),
            "R5.56",
        )
        .with(
            "the same name in other letters and dashes",
            s.next(h.voted, vec![one, folded]),
            "R5.56",
        )
        .good("64 releases", s.next(h.voted, many))
        .with("65 releases", s.next(h.voted, too_many), "R5.77");
    for (name, act) in [
        ("a version that is empty", release("", "linux-x86_64")),
        ("a platform with a blank", release("1.0.0", "linux x86")),
        ("a notice without a key", notice("", &words)),
        (
            "a notice with a hidden character",
            notice("incidents", &hidden),
        ),
        (
            "a notice without words",
            notice("incidents", &Text::default()),
        ),
    ] {
        let entry = s.act(act);
        g = g.with(name, s.next(h.voted, vec![entry]), "R5.57");
    }
    g
}
