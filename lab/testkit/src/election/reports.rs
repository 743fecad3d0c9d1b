//! What registrars report after the close.

use super::Lab;
use board::entry::{ChannelCount, Entry, Evidence, Leaf};
use crypto::signed::Statement as _;

impl Lab {
    /// After the close every registrar reports each day of the vote: nothing but on the last day,
    /// and on it as many credentials as there are voters, as many *again* tokens as ballots were
    /// replaced.
    pub fn evidence(&mut self) {
        for r in 0..self.options.registrars {
            for e in self.reports_of(r, self.due()) {
                self.post_one(&e);
            }
        }
    }
    /// The tokens the box needs: of voters and of replaced ballots.
    #[must_use]
    pub fn due(&self) -> (u32, u32) {
        let board = self.on_board();
        let overwritten = board.received() - board.counted();
        let voters = u32::try_from(self.voters.len()).expect("few voters");
        (voters, u32::try_from(overwritten).expect("few ballots"))
    }
    /// The last day of the vote.
    #[must_use]
    pub fn close_day(&self) -> u32 {
        u32::try_from(self.on_board().close_day()).expect("this age")
    }
    /// One registrar's reports of all days, with all tokens on the last one.
    pub fn reports_of(&mut self, registrar: usize, tokens: (u32, u32)) -> Vec<Entry> {
        let last = self.close_day();
        let first = u32::try_from(ballot::day::japan_day(self.options.opens)).expect("this age");
        let mut reports = Vec::new();
        for day in first..last {
            reports.extend(self.report(registrar, day, (0, 0)));
        }
        reports.extend(self.report(registrar, last, tokens));
        reports
    }
    /// One registrar's report of one day with so many *first* and *again* tokens, all at home.
    pub fn report(&mut self, registrar: usize, day: u32, (first, again): (u32, u32)) -> Vec<Entry> {
        let home = ballot::manifest::Channel::Home;
        let count = ChannelCount::unattended(home, first, again);
        let index = u16::try_from(registrar).expect("few registrars");
        let leaf = |i: u32| -> Leaf {
            let mut leaf = [7; 32];
            leaf[..2].copy_from_slice(&index.to_le_bytes());
            leaf[2..6].copy_from_slice(&day.to_le_bytes());
            leaf[6..10].copy_from_slice(&i.to_be_bytes());
            leaf
        };
        let e = Evidence {
            election: self.election,
            registrar: index,
            day,
            counts: vec![count],
            incidents: 0,
            part: 0,
            leaves: (0..first + again).map(leaf).collect(),
        };
        let key = &self.parties.registrars[registrar];
        let parts = e.divided().into_iter();
        let signed = parts.map(|e| Entry::Evidence(Box::new(e.signed(key, &mut self.rng))));
        signed.collect()
    }
    /// One registrar's report of one day with the tokens that the box needs.
    pub fn evidence_of(&mut self, registrar: usize, day: u32) -> Entry {
        let mut parts = self.report(registrar, day, self.due());
        assert_eq!(parts.len(), 1, "few tokens");
        parts.remove(0)
    }
}
