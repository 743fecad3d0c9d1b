//! What people read in a manifest: its places, texts, ids and numbers (rules R1.11–R1.13).

use super::parts::{Contest, OptionItem, Place, Release, Window};
use super::{Channel, Manifest, ManifestError};
use crate::text::{Form, Text, TextFault, check as check_text, folded, is_id};
use std::collections::BTreeSet;

/// Largest printed number of an option.
const MAX_NUMBER: u16 = 999;
/// Largest printed number where one mark is made: two digits, so that it can be checked with a mask.
const MAX_NUMBER_OF_ONE_MARK: u16 = 99;

/// Whether no item stands twice.
pub(super) fn differ<T: Ord>(mut items: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    items.all(|item| seen.insert(item))
}

/// Whether windows are half-open, in order and do not overlap; one may touch the next.
pub(super) fn in_order(windows: &[Window]) -> bool {
    let mut last = 0;
    windows.iter().all(|w| {
        let fits = w.opens >= last && w.opens < w.closes;
        last = w.closes;
        fits
    })
}

/// Rule R1.11.
pub(super) fn check_places(m: &Manifest) -> Result<(), ManifestError> {
    let in_person = |c: Channel| c != Channel::Home;
    let fits = |p: &Place| {
        let Some(hours) = m.channel(p.channel) else {
            return false;
        };
        let within = |w: &Window| {
            let mut outer = hours.windows.iter();
            outer.any(|o| o.opens <= w.opens && w.closes <= o.closes)
        };
        in_person(p.channel) && in_order(&p.windows) && p.windows.iter().all(within)
    };
    let has_place = |c: Channel| m.places.iter().any(|p| p.channel == c);
    let mut open = m.channels.iter().filter(|c| !c.windows.is_empty());
    let reachable = open.all(|c| !in_person(c.kind) || has_place(c.kind));
    if reachable && m.places.iter().all(fits) {
        Ok(())
    } else {
        Err(ManifestError::Places)
    }
}

/// Rule R1.12.
pub(super) fn check_texts(m: &Manifest) -> Result<(), ManifestError> {
    read_texts(m).map_err(ManifestError::Text)?;
    let titles_differ = |c: &Contest| {
        (0..3).all(|language| {
            let title = |o: &OptionItem| o.title.languages().get(language).map(|t| folded(t));
            differ(c.options.iter().map(title))
        })
    };
    if m.contests.iter().all(titles_differ) {
        Ok(())
    } else {
        Err(ManifestError::Titles)
    }
}

/// A text of a manifest and what it may consist of.
struct Field<'a> {
    text: &'a Text,
    form: Form,
    /// Whether it may be left out.
    optional: bool,
}

impl Field<'_> {
    fn check(&self) -> Result<(), TextFault> {
        if self.optional {
            self.text.check_optional(self.form)
        } else {
            self.text.check(self.form)
        }
    }
}

fn field<'a>(form: Form, optional: bool) -> impl Fn(&'a Text) -> Field<'a> {
    move |text| Field {
        text,
        form,
        optional,
    }
}

/// All texts but the telephone.
fn texts(m: &Manifest) -> Vec<Field<'_>> {
    let names = [&m.title, &m.municipality].into_iter();
    let names = names.chain(m.contests.iter().map(|c| &c.title));
    let names = names.chain(m.channels.iter().map(|c| &c.name));
    let names = names.chain(m.places.iter().map(|p| &p.name));
    let names = names.chain(m.trustees.members.iter().map(|t| &t.name));
    let names = names.chain(m.registrars.iter().map(|r| &r.name));
    let names = names.chain(m.officers.iter().map(|o| &o.name));
    let names = names.chain(m.validators.iter().map(|v| &v.name));
    let names = names.chain(m.relays.iter().map(|r| &r.name));
    let options = || m.contests.iter().flat_map(|c| &c.options);
    let names = names.chain(options().map(|o| &o.title));
    let words = [&m.help.hours, &m.eligibility.words, &m.tie_rule.words].into_iter();
    let words = words.chain(m.places.iter().map(|p| &p.address));
    let words = words.chain(m.survey.iter().map(|q| &q.text));
    let words = words.chain(m.survey.iter().flat_map(|q| &q.options).map(|a| &a.text));
    let words = words.chain(m.notices.iter().map(|n| &n.text));
    let proposers = options().map(|o| &o.proposer);
    let lines = proposers.chain(m.channels.iter().map(|c| &c.place));
    names
        .map(field(Form::Line, false))
        .chain(words.map(field(Form::Paragraph, false)))
        .chain(lines.map(field(Form::Line, true)))
        .chain(
            options()
                .map(|o| &o.summary)
                .map(field(Form::Paragraph, true)),
        )
        .collect()
}

fn read_texts(m: &Manifest) -> Result<(), TextFault> {
    texts(m).iter().try_for_each(Field::check)?;
    check_text(&m.help.telephone, Form::Line)
}

/// Every text of the manifest in every language, empty ones left out.
pub(super) fn words(m: &Manifest) -> Vec<&str> {
    let languages = texts(m).into_iter().flat_map(|f| f.text.languages());
    let all = languages.chain([m.help.telephone.as_str()]);
    all.filter(|text| !text.is_empty()).collect()
}

/// Rule R1.13.
pub(super) fn check_ids(m: &Manifest) -> Result<(), ManifestError> {
    let ids = std::iter::once(&m.id)
        .chain(m.contests.iter().map(|c| &c.id))
        .chain(m.contests.iter().flat_map(|c| &c.options).map(|o| &o.id))
        .chain(m.places.iter().map(|p| &p.id))
        .chain(m.survey.iter().map(|q| &q.id))
        .chain(m.survey.iter().flat_map(|q| &q.options).map(|a| &a.value))
        .chain(m.notices.iter().map(|n| &n.key))
        .chain(m.releases.iter().flat_map(|r| [&r.version, &r.platform]));
    let addresses = std::iter::once(&m.portal)
        .chain(m.registrars.iter().map(|r| &r.origin))
        .chain(m.validators.iter().map(|v| &v.origin))
        .chain(m.relays.iter().map(|r| &r.origin));
    let distinct = differ(m.contests.iter().map(|c| &c.id))
        && differ(m.channels.iter().map(|c| c.kind))
        && differ(m.places.iter().map(|p| &p.id))
        && differ(m.survey.iter().map(|q| &q.id))
        && differ(m.notices.iter().map(|n| &n.key))
        && differ(m.face_required.iter())
        && differ(m.releases.iter().map(Release::name));
    let inner = m.contests.iter().all(options_differ)
        && m.survey
            .iter()
            .all(|q| differ(q.options.iter().map(|a| &a.value)));
    let named = ids.chain(addresses).all(|id| is_id(id));
    if named && distinct && inner && m.eligibility.expected > 0 {
        Ok(())
    } else {
        Err(ManifestError::Ids)
    }
}

/// Ids and printed numbers of one contest. With one mark and no need to make it, 0 means no mark.
fn options_differ(c: &Contest) -> bool {
    let one_mark = c.shape.k_max() == 1;
    let least = u16::from(one_mark && c.shape.k_min() == 0);
    let most = if one_mark {
        MAX_NUMBER_OF_ONE_MARK
    } else {
        MAX_NUMBER
    };
    differ(c.options.iter().map(|o| &o.id))
        && differ(c.options.iter().map(|o| o.number))
        && c.options.iter().all(|o| (least..=most).contains(&o.number))
}
