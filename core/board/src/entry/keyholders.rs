//! The manifest's trustees, as the setup names them and the ceremony leaves them.

use super::Setup;
use ballot::manifest::{Trustee, Trustees};
use ceremony::Outcome;

impl Setup {
    /// What a manifest of this election says about its trustees.
    #[must_use]
    pub fn trustees(&self, outcome: &Outcome) -> Trustees {
        let members = self.roster.members().iter().zip(&self.trustee_names);
        let members = members.zip(&outcome.verification);
        Trustees {
            t: self.roster.t(),
            members: members
                .map(|((member, name), verification)| Trustee {
                    id: member.id,
                    name: name.clone(),
                    key: member.key,
                    verification: *verification,
                })
                .collect(),
            joint: outcome.joint,
            ceremony_root: outcome.root,
        }
    }
}
