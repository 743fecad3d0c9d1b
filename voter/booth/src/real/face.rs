//! The face edge: one worker process, one comparison session per voter.

use face::{
    EngineInfo, FaceEngine as _, MatchSession, NoLiveness, Outcome, Picture, Policy, Reason,
    StartError, WorkerEngine,
};
use zeroize::Zeroizing;

use crate::fault::{FaceHint, Fault};
use crate::ports::{FacePort, FaceVerdict, Photo};

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

    fn compare(&mut self, mut frame: Zeroizing<Vec<u8>>) -> FaceVerdict {
        let Some(session) = self.session.as_mut() else {
            return FaceVerdict::Unavailable;
        };
        let outcome = match Picture::frame(core::mem::take(&mut *frame)) {
            Ok(picture) => session.judge(&mut self.engine, &NoLiveness, &[picture]),
            Err(_) => session.unreadable(),
        };
        match outcome {
            Outcome::Accepted { .. } => FaceVerdict::Match,
            Outcome::TryAgain { reason, .. } => again(reason),
            Outcome::Refused { .. } => FaceVerdict::Refused,
            Outcome::Unavailable(_) => {
                // Rule: a picture under which the worker died has no verdict. The next one is
                // judged by a new worker or by nobody; attempts that were used stay used.
                if !self.renew() {
                    self.session = None;
                }
                FaceVerdict::Unavailable
            }
        }
    }

    fn forget(&mut self) {
        self.session = None;
    }
}

fn again(reason: Reason) -> FaceVerdict {
    match reason {
        Reason::NoFace => FaceVerdict::Unclear(FaceHint::NoFace),
        Reason::SeveralFaces => FaceVerdict::Unclear(FaceHint::ManyFaces),
        Reason::TooSmall => FaceVerdict::Unclear(FaceHint::TooSmall),
        Reason::TooDark | Reason::TooBright => FaceVerdict::Unclear(FaceHint::Light),
        Reason::Blurred => FaceVerdict::Unclear(FaceHint::Blurred),
        Reason::Unreadable => FaceVerdict::Unclear(FaceHint::Unreadable),
        Reason::NoMatch | Reason::Unsure | Reason::SamePicture | Reason::NotAlive => {
            FaceVerdict::Mismatch
        }
        Reason::AttemptsUsed | Reason::TooManyPictures => FaceVerdict::Refused,
    }
}

/// No engine on this machine: people look, at the counter and at the venue.
#[derive(Debug)]
pub struct StaffOnly;

impl FacePort for StaffOnly {
    fn begin(&mut self, _photo: &Photo) -> Result<(), Fault> {
        Err(Fault::FaceEngine)
    }

    fn compare(&mut self, _frame: Zeroizing<Vec<u8>>) -> FaceVerdict {
        FaceVerdict::Unavailable
    }

    fn forget(&mut self) {}
}
