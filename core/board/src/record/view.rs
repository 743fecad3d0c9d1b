//! Views for people and programs that do not read canonical bytes. Generated from the state alone,
//! so that a verifier can make them again and compare byte for byte.

use crate::state::{Election, Released, Reported, Voter};
use crate::store::Store;
use ballot::code::confirmation_code;
use ballot::manifest::{Contest, Eligibility, Help, Place, Registrar, TieRule};
use ballot::text::Text;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The view files of an election, by name; none before it is sealed.
#[must_use]
pub fn views<S: Store>(election: &Election<S>) -> Option<BTreeMap<&'static str, String>> {
    let mut out: BTreeMap<&'static str, String> = BTreeMap::new();
    each_view(election, &mut |name, text| {
        out.entry(name).or_default().push_str(text);
    })?;
    Some(out)
}

/// The view files piece by piece, one file after the other: `out` gets a file's name and the next
/// piece of its text. None before the election is sealed.
pub fn each_view<S: Store>(
    election: &Election<S>,
    out: &mut dyn FnMut(&'static str, &str),
) -> Option<()> {
    let (about, result) = (about(election)?, result(election)?);
    counted(election, &mut |text| out("view/counted.json", text));
    out("view/election.json", &about);
    out("view/result.json", &result);
    Some(())
}

/// A JSON string.
fn quote(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 2);
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn text(t: &Text) -> String {
    format!(
        "{{\"ja\":{},\"en\":{},\"plain\":{}}}",
        quote(&t.ja),
        quote(&t.en),
        quote(&t.plain)
    )
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn contest(c: &Contest) -> String {
    let options = c.options.iter().map(|o| {
        let (id, title, proposer) = (quote(&o.id), text(&o.title), text(&o.proposer));
        format!(
            "{{\"id\":{id},\"number\":{},\"title\":{title},\"proposer\":{proposer}}}",
            o.number
        )
    });
    format!(
        "{{\"id\":{},\"title\":{},\"options\":{}}}",
        quote(&c.id),
        text(&c.title),
        list(options)
    )
}

fn help(h: &Help) -> String {
    let (telephone, hours) = (quote(&h.telephone), text(&h.hours));
    format!("{{\"telephone\":{telephone},\"hours\":{hours}}}")
}

fn eligibility(e: &Eligibility) -> String {
    let (entitled, words) = (quote(e.entitled.as_str()), text(&e.words));
    format!(
        "{{\"entitled\":{entitled},\"words\":{words},\"expected\":{}}}",
        e.expected
    )
}

fn tie_rule(t: &TieRule) -> String {
    let (kind, words) = (quote(t.kind.as_str()), text(&t.words));
    format!("{{\"kind\":{kind},\"words\":{words}}}")
}

fn place(p: &Place) -> String {
    let windows = p.windows.iter();
    let windows = windows.map(|w| format!("[{},{}]", w.opens, w.closes));
    format!(
        "{{\"id\":{},\"channel\":{},\"name\":{},\"address\":{},\"windows\":{}}}",
        quote(&p.id),
        quote(p.channel.as_str()),
        text(&p.name),
        text(&p.address),
        list(windows)
    )
}

fn release(released: &Released) -> String {
    let r = &released.release;
    format!(
        "{{\"version\":{},\"platform\":{},\"size\":{},\"sha256\":{},\"origin\":{}}}",
        quote(&r.version),
        quote(&r.platform),
        r.size,
        quote(&crypto::hash::to_hex(&r.sha256)),
        quote(released.origin())
    )
}

fn about<S: Store>(e: &Election<S>) -> Option<String> {
    let m = e.manifest()?;
    let mut out = String::from("{\n");
    let mut field = |name: &str, value: String| {
        let _ = writeln!(out, "{}: {value},", quote(name));
    };
    field("election_hash", quote(&e.hash()?.to_hex()));
    field("id", quote(&m.id));
    field("practice", m.practice.to_string());
    field("network", quote(&crypto::hash::to_hex(&m.network)));
    field("title", text(&m.title));
    field("municipality", text(&m.municipality));
    field("help", help(&m.help));
    field("eligibility", eligibility(&m.eligibility));
    field("opens_at", m.opens_at().to_string());
    field("close_at", e.close_at().to_string());
    field("announce_at", m.announce_at.to_string());
    field("threshold", m.trustees.t.to_string());
    field(
        "trustees",
        list(m.trustees.members.iter().map(|t| text(&t.name))),
    );
    field(
        "registrars",
        list(m.registrars.iter().map(|r| text(&r.name))),
    );
    field(
        "validators",
        list(m.validators.iter().map(|v| text(&v.name))),
    );
    field("contests", list(m.contests.iter().map(contest)));
    field("tie_rule", tie_rule(&m.tie_rule));
    field("places", list(m.places.iter().map(place)));
    field("releases", list(e.releases().into_iter().map(release)));
    field("portal", quote(e.portal()?));
    let hints = e.hints().map(|h| h.hints.as_slice()).unwrap_or_default();
    field("hints", list(hints.iter().map(|h| quote(h))));
    field(
        "withdrawn",
        e.withdrawn().map_or_else(|| "null".to_owned(), text),
    );
    let _ = write!(out, "\"phase\": {}\n}}\n", quote(e.phase().as_str()));
    Some(out)
}

fn counted<S: Store>(e: &Election<S>, out: &mut dyn FnMut(&str)) {
    out("[");
    let mut between = "";
    e.each_voter(&mut |vk, v| {
        out(between);
        out(&row(vk, v));
        between = ",";
    });
    out("]\n");
}

fn row(vk: &[u8; 32], v: &Voter) -> String {
    format!(
        "\n{{\"vk\":\"{}\",\"seq\":{},\"entry\":\"{}\",\"code\":\"{}\",\"height\":{},\"index\":{}}}",
        crypto::hash::to_hex(vk),
        v.seq,
        v.hash.to_hex(),
        confirmation_code(&v.hash),
        v.place.height,
        v.place.index
    )
}

fn reported((r, registrar): (&Reported, &Registrar)) -> String {
    let days = |days: &[u32]| list(days.iter().map(u32::to_string));
    format!(
        "{{\"name\":{},\"first\":{},\"again\":{},\"missing\":{},\"late\":{},\
         \"after_shares\":{},\"difference\":{}}}",
        text(&registrar.name),
        r.first,
        r.again,
        r.missing,
        days(&r.late),
        days(&r.after_shares),
        r.difference()
    )
}

fn result<S: Store>(e: &Election<S>) -> Option<String> {
    let Some(r) = e.result() else {
        return Some("null\n".to_owned());
    };
    let m = e.manifest()?;
    let votes = m.contests.iter().zip(&r.votes).map(|(c, votes)| {
        let options = c
            .options
            .iter()
            .zip(votes)
            .map(|(o, v)| format!("{{\"id\":{},\"votes\":{v}}}", quote(&o.id)));
        format!("{{\"id\":{},\"options\":{}}}", quote(&c.id), list(options))
    });
    Some(format!(
        "{{\n\"votes\": {},\n\"received\": {},\n\"overwritten\": {},\n\"counted\": {},\n\
         \"spoiled\": {},\n\"issued\": {},\n\"margins\": {},\n\"evidence\": {}\n}}\n",
        list(votes),
        r.received,
        r.overwritten,
        r.counted,
        r.check_ballots,
        list(r.issued.iter().map(u64::to_string)),
        list(e.margins().iter().map(u64::to_string)),
        list(e.reported().iter().zip(&m.registrars).map(reported))
    ))
}
