//! Chapter 06: network and headers; chapter 01 §4: every field of the manifest.

use crate::statement::{Tried, changed, field, framed};
use ballot::Manifest;
use board::{Header, NetworkConfig};
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, Options};

pub fn all() -> Vec<Tried> {
    let lab = Lab::sealed(Options::default());
    vec![
        network(lab.network()),
        header(&lab.state.tip().clone()),
        manifest(&lab.manifest.as_ref().unwrap().manifest),
    ]
}

fn network(n: &NetworkConfig) -> Tried {
    let whole = framed("network", &[field("network", n.to_bytes())]);
    assert_eq!(n.id(), whole[..32]);
    changed(
        "network",
        n,
        NetworkConfig::id,
        &[
            ("name", |n| n.name.push('!')),
            ("validators", |n| n.validators[0].origin.push('!')),
            ("authorities", |n| n.authorities.clear()),
            ("genesis time", |n| n.genesis_time_ms += 1),
        ],
    )
}

fn header(h: &Header) -> Tried {
    changed(
        "block header",
        h,
        Header::digest,
        &[
            ("network", |h| h.network[0] ^= 1),
            ("parent", |h| h.parent[0] ^= 1),
            ("height", |h| h.height += 1),
            ("time", |h| h.time_ms += 1),
            ("entries root", |h| h.entries_root[0] ^= 1),
            ("count", |h| h.count += 1),
        ],
    )
}

#[expect(clippy::too_many_lines, reason = "one change for every field")]
fn manifest(m: &Manifest) -> Tried {
    changed(
        "manifest (fields)",
        m,
        Manifest::election_hash,
        &[
            ("network", |m| m.network[0] ^= 1),
            ("setup", |m| m.setup.0[0] ^= 1),
            ("id", |m| m.id.push('!')),
            ("practice", |m| m.practice = !m.practice),
            ("title", |m| m.title = m.municipality.clone()),
            ("municipality", |m| m.municipality = m.title.clone()),
            ("help", |m| m.help.telephone.push('!')),
            ("eligibility", |m| m.eligibility.expected += 1),
            ("bucket_bits", |m| m.bucket_bits += 1),
            ("contests", |m| m.contests[0].options.swap(0, 1)),
            ("tie_rule", |m| {
                m.tie_rule.kind = ballot::manifest::TieKind::Runoff;
            }),
            ("channels", |m| m.channels[0].windows[0].opens += 1),
            ("places", |m| {
                m.places.push(ballot::manifest::Place {
                    id: "p".to_owned(),
                    channel: ballot::manifest::Channel::Venue,
                    name: m.title.clone(),
                    address: m.title.clone(),
                    windows: Vec::new(),
                });
            }),
            ("again_windows", |m| m.again_windows[0] += 1),
            ("close_at", |m| m.close_at += 1),
            ("drain_ms", |m| m.drain_ms += 1),
            ("extend_limit", |m| m.extend_limit += 1),
            ("announce_at", |m| m.announce_at += 1),
            ("min_counted", |m| m.min_counted += 1),
            ("trustees", |m| m.trustees.ceremony_root.0[0] ^= 1),
            ("registrars", |m| m.registrars[0].survey[9] ^= 1),
            ("officers", |m| m.officers.swap(0, 1)),
            ("authority", |m| m.authority = m.officers[0].key),
            ("auditors", |m| m.auditors.push([1; 32])),
            ("validators", |m| m.validators.swap(0, 1)),
            ("epoch", |m| m.epoch += 1),
            ("portal", |m| m.portal.push('!')),
            ("relays", |m| {
                m.relays.push(ballot::manifest::Relay {
                    name: m.title.clone(),
                    origin: "r".to_owned(),
                    spki: [1; 32],
                });
            }),
            ("face_required", |m| {
                m.face_required.push(ballot::manifest::Channel::Venue);
            }),
            ("survey", |m| {
                m.survey.push(ballot::manifest::Question {
                    id: "q".to_owned(),
                    text: m.title.clone(),
                    kind: ballot::manifest::QuestionKind::Text,
                    required: false,
                    options: Vec::new(),
                    max_chars: 10,
                });
            }),
            ("notices", |m| {
                m.notices.push(ballot::manifest::Notice {
                    key: "k".to_owned(),
                    text: m.title.clone(),
                });
            }),
            ("releases", |m| {
                m.releases.push(ballot::manifest::Release {
                    version: "1".to_owned(),
                    platform: "p".to_owned(),
                    size: 1,
                    sha256: [1; 32],
                });
            }),
        ],
    )
}
