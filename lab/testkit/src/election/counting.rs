//! Trustees' shares, the announcement and the result.

use super::Lab;
use board::entry::{Act, Entry, ShareCommit, ShareEntry};
use crypto::signed::Statement as _;
use tally::PartialDecryption;

impl Lab {
    /// From the closed box to the result.
    pub fn tally(&mut self) {
        self.commit_shares(self.options.t);
        self.announce();
        self.post_shares(self.options.t);
        self.post_result();
    }
    /// A trustee's share and the commitment to it.
    pub fn share(&mut self, id: u16) -> (PartialDecryption, Entry) {
        let target = self.on_board().target().expect("closed").clone();
        let key = &self.parties.shares[usize::from(id) - 1];
        let share =
            PartialDecryption::make(&target, id, key.expose(), &key.verification, &mut self.rng);
        let c = ShareCommit {
            election: self.election,
            trustee: id,
            target: target.digest(),
            commitment: share.commitment(&target),
        };
        let signer = &self.parties.trustees[usize::from(id) - 1];
        let entry = Entry::ShareCommit(Box::new(c.signed(signer, &mut self.rng)));
        (share, entry)
    }
    /// Trustees 1…n commit.
    pub fn commit_shares(&mut self, n: u16) {
        for id in 1..=n {
            let (share, entry) = self.share(id);
            self.shares.push(share);
            self.post_one(&entry);
        }
    }
    /// Two officers announce at the announced time.
    pub fn announce(&mut self) {
        let at = self.manifest.as_ref().expect("sealed").manifest.announce_at;
        self.advance_to(at);
        let act = self.act(Act::Announce);
        self.post_one(&act);
    }
    /// The signed entry of a share.
    pub fn share_entry(&mut self, share: &PartialDecryption) -> Entry {
        let signer = &self.parties.trustees[usize::from(share.trustee) - 1];
        let entry = ShareEntry {
            election: self.election,
            share: share.clone(),
        };
        Entry::Share(Box::new(entry.signed(signer, &mut self.rng)))
    }
    /// The first n committed shares are shown.
    pub fn post_shares(&mut self, n: u16) {
        for share in self.shares.clone().iter().take(usize::from(n)) {
            let entry = self.share_entry(share);
            self.post_one(&entry);
        }
    }
    /// Posts the one valid result.
    pub fn post_result(&mut self) {
        let result = self.on_board().expected_result().expect("enough shares");
        self.post_one(&Entry::Result(Box::new(result)));
    }
}
