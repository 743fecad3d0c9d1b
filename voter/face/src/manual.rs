//! No engine: staff look at card and person.

use crate::engine::{
    Analysis, EngineError, EngineInfo, Face, FaceEngine, ModelOrigin, Unavailable,
};
use crate::picture::Picture;
use crate::template::Template;

/// An engine that always says that people must look.
#[derive(Debug)]
pub struct ManualOnly(EngineInfo);

impl ManualOnly {
    /// The one and only.
    #[must_use]
    pub fn new() -> Self {
        Self(EngineInfo {
            name: "manual".to_owned(),
            origin: ModelOrigin::None,
            landmarks_sha256: [0; 32],
            recognition_sha256: [0; 32],
        })
    }
}

impl Default for ManualOnly {
    fn default() -> Self {
        Self::new()
    }
}

impl FaceEngine for ManualOnly {
    fn info(&self) -> &EngineInfo {
        &self.0
    }

    fn analyse(&mut self, _: &Picture) -> Result<Analysis, EngineError> {
        Err(EngineError::Unavailable(Unavailable::Manual))
    }

    fn template(&mut self, _: &Picture, _: &Face) -> Result<Template, EngineError> {
        Err(EngineError::Unavailable(Unavailable::Manual))
    }
}
