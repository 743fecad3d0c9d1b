//! Numbers of the spec's rules: chapter and number, shown as `R5.07`, sent as `chapter·100 + number`.

/// A rule of `docs/spec/`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(pub u16);

impl Rule {
    /// Rule `number` of `chapter`.
    #[must_use]
    pub const fn new(chapter: u16, number: u16) -> Self {
        Self(chapter * 100 + number)
    }
    /// Chapter of the spec.
    #[must_use]
    pub const fn chapter(self) -> u16 {
        self.0 / 100
    }
    /// Number inside the chapter.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0 % 100
    }
}

impl core::fmt::Display for Rule {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "R{}.{:02}", self.chapter(), self.number())
    }
}

impl core::fmt::Debug for Rule {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}
