//! What a browser says about the PC, for the check page. Looked at once, never stored.

/// What was recognised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Name of the system.
    pub system: Option<&'static str>,
    /// Name of the browser.
    pub browser: Option<&'static str>,
    /// A phone or tablet, with which one cannot vote.
    pub mobile: bool,
}

impl Seen {
    /// From the `User-Agent` header.
    #[must_use]
    pub fn from_agent(agent: &str) -> Self {
        let has = |word: &str| agent.contains(word);
        let mobile = ["Android", "iPhone", "iPad", "Mobile"].into_iter().any(has);
        let system = [
            ("Windows", "Windows"),
            ("Macintosh", "macOS"),
            ("X11; Linux", "Linux"),
            ("X11; CrOS", "ChromeOS"),
        ];
        // Order matters: Edge calls itself Chrome too, and Chrome calls itself Safari.
        let browser = [
            ("Edg/", "Microsoft Edge"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Google Chrome"),
            ("Safari/", "Safari"),
        ];
        let find = |table: &[(&str, &'static str)]| {
            table
                .iter()
                .find(|(word, _)| has(word))
                .map(|(_, name)| *name)
        };
        Self {
            system: if mobile { None } else { find(&system) },
            browser: find(&browser),
            mobile,
        }
    }

    /// Whether one can vote from this PC.
    #[must_use]
    pub fn fits(&self) -> bool {
        let system = matches!(self.system, Some("Windows" | "Linux"));
        let browser = matches!(
            self.browser,
            Some("Google Chrome" | "Firefox" | "Microsoft Edge")
        );
        !self.mobile && system && browser
    }
}

#[cfg(test)]
mod tests;
