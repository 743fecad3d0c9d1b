//! Canonical bytes of the manifest's parts, in the order of the spec.

use super::{
    AnswerOption, ChannelHours, Contest, Notice, Officer, OptionItem, Question, QuestionKind,
    Registrar, Release, Trustee, Trustees, Validator, Window,
};
use crate::contest::Shape;
use crate::manifest::MAX_AGAIN_WINDOWS;
use crate::text::Text;
use crypto::wire::{Reader, Wire, WireError, Writer};
use crypto::{Hash, Point};

impl Wire for Window {
    fn write(&self, w: &mut Writer) {
        w.u64(self.opens);
        w.u64(self.closes);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            opens: r.u64()?,
            closes: r.u64()?,
        })
    }
}

impl Wire for ChannelHours {
    fn write(&self, w: &mut Writer) {
        self.kind.write(w);
        self.name.write(w);
        self.place.write(w);
        w.list(&self.windows);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            kind: Wire::read(r)?,
            name: Text::read(r)?,
            place: Text::read(r)?,
            windows: r.list(366)?,
        })
    }
}

impl Wire for OptionItem {
    fn write(&self, w: &mut Writer) {
        w.text(&self.id);
        w.u16(self.number);
        self.title.write(w);
        self.proposer.write(w);
        self.summary.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            id: r.text(32)?,
            number: r.u16()?,
            title: Text::read(r)?,
            proposer: Text::read(r)?,
            summary: Text::read(r)?,
        })
    }
}

impl Wire for Contest {
    fn write(&self, w: &mut Writer) {
        w.text(&self.id);
        self.title.write(w);
        self.shape.write(w);
        for o in &self.options {
            o.write(w);
        }
        w.option(self.blank.as_ref());
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let id = r.text(32)?;
        let title = Text::read(r)?;
        let shape = Shape::read(r)?;
        let options = (0..shape.options())
            .map(|_| OptionItem::read(r))
            .collect::<Result<Vec<_>, _>>()?;
        let blank: Option<u16> = r.option()?;
        if blank.is_some_and(|b| usize::from(b) >= shape.options()) {
            return Err(WireError::Range);
        }
        Ok(Self {
            id,
            title,
            shape,
            options,
            blank,
        })
    }
}

impl Wire for Trustee {
    fn write(&self, w: &mut Writer) {
        w.u16(self.id);
        self.name.write(w);
        self.key.write(w);
        self.verification.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            id: r.u16()?,
            name: Text::read(r)?,
            key: Point::read(r)?,
            verification: Point::read(r)?,
        })
    }
}

impl Wire for Trustees {
    fn write(&self, w: &mut Writer) {
        w.u16(self.t);
        w.list(&self.members);
        self.joint.write(w);
        self.ceremony_root.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            t: r.u16()?,
            members: r.list(15)?,
            joint: Point::read(r)?,
            ceremony_root: Hash::read(r)?,
        })
    }
}

impl Wire for Registrar {
    fn write(&self, w: &mut Writer) {
        self.name.write(w);
        w.text(&self.origin);
        w.raw(&self.spki);
        self.key.write(w);
        w.raw(&self.first);
        w.list(&self.again);
        w.raw(&self.survey);
        w.u8(self.salt_depth);
        w.raw(&self.salt_root);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            name: Text::read(r)?,
            origin: r.text(256)?,
            spki: r.array()?,
            key: Point::read(r)?,
            first: r.array()?,
            again: r.list(MAX_AGAIN_WINDOWS)?,
            survey: r.array()?,
            salt_depth: r.u8()?,
            salt_root: r.array()?,
        })
    }
}

impl Wire for Officer {
    fn write(&self, w: &mut Writer) {
        self.name.write(w);
        self.key.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            name: Text::read(r)?,
            key: Point::read(r)?,
        })
    }
}

impl Wire for Validator {
    fn write(&self, w: &mut Writer) {
        self.name.write(w);
        w.raw(&self.engine_key);
        self.node_key.write(w);
        w.text(&self.origin);
        w.raw(&self.spki);
        w.raw(&self.hpke);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            name: Text::read(r)?,
            engine_key: r.array()?,
            node_key: Point::read(r)?,
            origin: r.text(256)?,
            spki: r.array()?,
            hpke: r.array()?,
        })
    }
}

impl Wire for AnswerOption {
    fn write(&self, w: &mut Writer) {
        w.text(&self.value);
        self.text.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            value: r.text(32)?,
            text: Text::read(r)?,
        })
    }
}

impl Wire for Question {
    fn write(&self, w: &mut Writer) {
        w.text(&self.id);
        self.text.write(w);
        self.kind.write(w);
        w.u8(u8::from(self.required));
        w.list(&self.options);
        w.u16(self.max_chars);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            id: r.text(32)?,
            text: Text::read(r)?,
            kind: QuestionKind::read(r)?,
            required: r.bool()?,
            options: r.list(32)?,
            max_chars: r.u16()?,
        })
    }
}

impl Wire for Notice {
    fn write(&self, w: &mut Writer) {
        w.text(&self.key);
        self.text.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            key: r.text(32)?,
            text: Text::read(r)?,
        })
    }
}

impl Wire for Release {
    fn write(&self, w: &mut Writer) {
        w.text(&self.version);
        w.text(&self.platform);
        w.u64(self.size);
        w.raw(&self.sha256);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            version: r.text(32)?,
            platform: r.text(32)?,
            size: r.u64()?,
            sha256: r.array()?,
        })
    }
}
