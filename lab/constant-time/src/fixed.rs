//! A manifest with one contest and as little else as a ballot needs.

use ballot::manifest::{
    Contest, Eligibility, Entitled, Help, OptionItem, Registrar, TieKind, TieRule, Trustees,
};
use ballot::text::Text;
use ballot::{Manifest, Shape};
use crypto::{Hash, Point, Scalar};

#[expect(
    clippy::too_many_lines,
    reason = "one literal with every field of a manifest"
)]
/// Never sealed and never checked: only shape, key and registrars matter here.
pub(crate) fn manifest(shape: Shape) -> Option<Manifest> {
    let item = |i: u16| OptionItem {
        id: format!("P{i}"),
        number: i,
        title: Text::default(),
        proposer: Text::default(),
        summary: Text::default(),
    };
    let options = u16::try_from(shape.options()).ok()?;
    let key = Point::mul_base(&Scalar::from(987_654u32))?;
    Some(Manifest {
        network: [1; 32],
        setup: Hash([2; 64]),
        id: "steady".to_owned(),
        practice: true,
        title: Text::default(),
        municipality: Text::default(),
        help: Help {
            telephone: "000-000-0000".into(),
            hours: Text::default(),
        },
        eligibility: Eligibility {
            entitled: Entitled::AnyCard,
            words: Text::default(),
            expected: 1_000,
        },
        bucket_bits: 0,
        contests: vec![Contest {
            id: "c".to_owned(),
            title: Text::default(),
            shape,
            options: (0..options).map(item).collect(),
            blank: None,
        }],
        tie_rule: TieRule {
            kind: TieKind::Shared,
            words: Text::default(),
        },
        channels: Vec::new(),
        places: Vec::new(),
        again_windows: vec![0],
        close_at: 1,
        drain_ms: 1,
        extend_limit: 1,
        announce_at: 1,
        min_counted: 1,
        trustees: Trustees {
            t: 1,
            members: Vec::new(),
            joint: key,
            ceremony_root: Hash::ZERO,
        },
        registrars: vec![Registrar {
            name: Text::default(),
            origin: String::new(),
            spki: [0; 32],
            key,
            first: [3; 256],
            again: vec![[4; 256]],
            survey: [5; 256],
            salt_depth: 16,
            salt_root: [6; 32],
        }],
        officers: Vec::new(),
        authority: key,
        auditors: Vec::new(),
        validators: Vec::new(),
        epoch: 0,
        portal: String::new(),
        relays: Vec::new(),
        face_required: Vec::new(),
        survey: Vec::new(),
        notices: Vec::new(),
        releases: Vec::new(),
    })
}
