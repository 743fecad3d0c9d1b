//! A look at everything that a vote needs. It begins no vote and asks for nothing secret.

use std::time::Instant;

use super::Session;
use crate::checkup::{Camera, Checkup};
use crate::election_context::clock_error;
use crate::fault::Fault;
use crate::screen::Screen;

/// Cameras of one machine; more are not listed.
const MOST_CAMERAS: usize = 8;
/// Longest name of a camera that is shown, letters.
const LONGEST_NAME: usize = 60;

impl Session {
    pub(super) fn look(&mut self, cameras: Option<Vec<Camera>>, now: Instant) -> Result<(), Fault> {
        self.expect(&[Screen::Start, Screen::Ready])?;
        let reach = self.voting.reach();
        self.voter.checkup = Some(Checkup {
            clock_error: reach.now.and_then(|nodes| clock_error(reach.here, nodes)),
            reach: Some(reach),
            storage: self.voting.can_store(),
            reader: self.card.look(),
            face: self.rules.face_required.then(|| self.face.runs()).flatten(),
            cameras: cameras.map(shortened),
            now: reach.now.unwrap_or(reach.here),
        });
        self.card.close();
        self.last_sign = now;
        self.go(Screen::Ready);
        Ok(())
    }

    pub(super) fn begin(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Ready])?;
        self.voter.checkup = None;
        self.go(Screen::Start);
        Ok(())
    }
}

fn shortened(cameras: Vec<Camera>) -> Vec<Camera> {
    let short = |camera: Camera| Camera {
        name: camera.name.chars().take(LONGEST_NAME).collect(),
        ..camera
    };
    cameras.into_iter().take(MOST_CAMERAS).map(short).collect()
}
