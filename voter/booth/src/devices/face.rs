//! The face edge: one worker process, one comparison session per voter.

use face::{
    EngineInfo, FaceEngine as _, MatchSession, Outcome, Picture, Policy, StartError, Unavailable,
    WorkerEngine,
};
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::ports::{FacePort, Photo};

/// The worker and the voter before the camera.
pub struct FaceWorker {
    engine: WorkerEngine,
    known: EngineInfo,
    policy: Policy,
    session: Option<MatchSession>,
}

impl FaceWorker {
    /// Takes a started engine.
    #[must_use]
    pub fn new(engine: WorkerEngine, policy: Policy) -> Self {
        Self {
            known: engine.info().clone(),
            engine,
            policy,
            session: None,
        }
    }
}

impl FaceWorker {
    /// Starts a new worker; a worker that loads different models counts as failed.
    fn renew(&mut self) -> bool {
        let renewed = self.engine.restart().is_ok() && *self.engine.info() == self.known;
        if !renewed {
            tracing::warn!("no face engine: the face step leads to the counter");
        }
        renewed
    }
}

impl core::fmt::Debug for FaceWorker {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "FaceWorker({})", self.engine.info().name)
    }
}

impl FacePort for FaceWorker {
    fn runs(&mut self) -> Option<bool> {
        Some(self.engine.is_running() || self.renew())
    }
    fn begin(&mut self, photo: &Photo) -> Result<(), Fault> {
        self.session = None;
        let ready = self.engine.is_running() && *self.engine.info() == self.known;
        if !ready && !self.renew() {
            return Err(Fault::FaceEngine);
        }
        let picture = Picture::card(photo.0.to_vec()).map_err(|_| Fault::FacePhoto)?;
        match MatchSession::start(&mut self.engine, &picture, &self.policy) {
            Ok(session) => {
                self.session = Some(session);
                Ok(())
            }
            Err(StartError::Unavailable(_)) => Err(Fault::FaceEngine),
            Err(StartError::CardPicture(_) | StartError::CardFace(_)) => Err(Fault::FacePhoto),
        }
    }

    fn compare(&mut self, mut frame: Zeroizing<Vec<u8>>) -> Outcome {
        let Some(session) = self.session.as_mut() else {
            return Outcome::Unavailable(Unavailable::Died);
        };
        let outcome = match Picture::frame(core::mem::take(&mut *frame)) {
            Ok(picture) => session.judge(&mut self.engine, &[picture]),
            Err(_) => session.unreadable(),
        };
        // Rule: a picture under which the worker died has no verdict. The next one is judged by a
        // new worker or by nobody; attempts that were used stay used.
        if matches!(outcome, Outcome::Unavailable(_)) && !self.renew() {
            self.session = None;
        }
        outcome
    }

    fn forget(&mut self) {
        self.session = None;
    }
}

/// No engine on this machine: people look, at the counter and at the venue.
#[derive(Debug)]
pub struct StaffOnly;

impl FacePort for StaffOnly {
    fn runs(&mut self) -> Option<bool> {
        Some(false)
    }
    fn begin(&mut self, _photo: &Photo) -> Result<(), Fault> {
        Err(Fault::FaceEngine)
    }

    fn compare(&mut self, _frame: Zeroizing<Vec<u8>>) -> Outcome {
        Outcome::Unavailable(Unavailable::Manual)
    }

    fn forget(&mut self) {}
}
