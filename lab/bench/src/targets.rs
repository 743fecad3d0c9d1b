//! The targets, and whether they were met.

use serde::Serialize;

/// A bound.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Not more.
    AtMost(f64),
    /// Not less.
    AtLeast(f64),
    /// This and nothing else.
    Exactly(f64),
}

/// One measured value.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured, with its unit unless it is a ratio.
    pub name: String,
    /// CPU microseconds of one unit of work (median); 0 where nothing was timed.
    pub micros: f64,
    /// What is compared.
    pub value: f64,
    /// With what.
    pub limit: Limit,
}

impl Row {
    /// Whether the target is met.
    #[must_use]
    pub fn met(&self) -> bool {
        self.share() <= 1.0
    }
    /// 1 on the target, less where it is met with room to spare.
    #[must_use]
    pub fn share(&self) -> f64 {
        match self.limit {
            Limit::AtMost(limit) => self.value / limit,
            Limit::AtLeast(limit) => limit / self.value,
            Limit::Exactly(limit) if (self.value - limit).abs() < 0.5 => 1.0,
            Limit::Exactly(_) => 2.0,
        }
    }
    /// "1.08 (≤ 1.15)".
    #[must_use]
    pub fn against(&self) -> String {
        let (sign, limit) = match self.limit {
            Limit::AtMost(limit) => ("≤", limit),
            Limit::AtLeast(limit) => ("≥", limit),
            Limit::Exactly(limit) => ("=", limit),
        };
        let digits = if self.value >= 100.0 { 0 } else { 3 };
        format!("{:.digits$} ({sign} {limit})", self.value)
    }
    /// One line of the report.
    #[must_use]
    pub fn line(&self) -> String {
        let verdict = if self.met() { "PASS" } else { "over" };
        format!(
            "{:<52} {:>10.1} µs  {:>18}  {verdict}",
            self.name,
            self.micros,
            self.against()
        )
    }
}

#[cfg(test)]
mod tests;
