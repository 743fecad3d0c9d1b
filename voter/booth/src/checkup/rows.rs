//! A look at everything, row by row, each with its own words.

use refusal::ErrorCode;

use super::{CameraState, Checkup, Content, SOON_MS, TRIES};

/// How bad a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// As it should be.
    Good,
    /// Voting is possible; worth knowing.
    Care,
    /// Voting is not possible like this.
    Bad,
}

impl Mark {
    /// Key of its word, and its class on the page.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Care => "care",
            Self::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Key of what it is, below `ready.`.
    pub subject: &'static str,
    /// Its name, where there may be several.
    pub name: Option<String>,
    /// How it is.
    pub mark: Mark,
    /// Key of what is said about it, below `ready.`.
    pub says: &'static str,
    /// A number in the words.
    pub n: Option<u64>,
    /// An instant in the words (ms).
    pub at: Option<u64>,
    /// Where the list of errors says what to do.
    pub code: Option<ErrorCode>,
}

impl Row {
    fn new(subject: &'static str, mark: Mark, says: &'static str) -> Self {
        Self {
            subject,
            name: None,
            mark,
            says,
            n: None,
            at: None,
            code: None,
        }
    }

    fn with(self, code: ErrorCode) -> Self {
        let code = Some(code);
        Self { code, ..self }
    }

    fn n(self, n: u64) -> Self {
        Self { n: Some(n), ..self }
    }

    fn called(self, name: &str) -> Self {
        let name = Some(name.to_owned());
        Self { name, ..self }
    }
}

impl Checkup {
    /// All rows, in the order in which a voter needs the things.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = vec![self.network(), self.clock(), self.storage_row()];
        rows.extend(self.readers());
        rows.extend(self.card());
        rows.extend(self.face.map(|runs| match runs {
            true => Row::new("face", Mark::Good, "face_runs"),
            false => Row::new("face", Mark::Bad, "face_not").with(ErrorCode::FaceEngine),
        }));
        rows.extend(self.cameras());
        rows
    }

    fn network(&self) -> Row {
        match self.reach {
            None => Row::new("network", Mark::Care, "network_unasked"),
            Some(reach) if reach.answered == 0 => {
                Row::new("network", Mark::Bad, "network_none").with(ErrorCode::ElectionUnreachable)
            }
            Some(reach) if reach.answered < reach.of => {
                Row::new("network", Mark::Care, "network_some")
            }
            Some(_) => Row::new("network", Mark::Good, "network_all"),
        }
    }

    fn clock(&self) -> Row {
        match (self.reach.and_then(|reach| reach.now), self.clock_error) {
            (None, _) => Row::new("clock", Mark::Care, "clock_unknown"),
            (_, Some(_)) => Row::new("clock", Mark::Care, "clock_off").with(ErrorCode::ClockWrong),
            (_, None) => Row::new("clock", Mark::Good, "clock_right"),
        }
    }

    fn storage_row(&self) -> Row {
        if self.storage {
            Row::new("storage", Mark::Good, "storage_good")
        } else {
            Row::new("storage", Mark::Bad, "storage_not").with(ErrorCode::Disk)
        }
    }

    fn readers(&self) -> Vec<Row> {
        let readers = match &self.reader.readers {
            Ok(readers) => readers,
            Err(fault) => return vec![Row::new("reader", Mark::Bad, "no").with(fault.code())],
        };
        let rows = readers.iter().map(|reader| {
            let row = match reader.content {
                Content::Empty => Row::new("reader", Mark::Good, "reader_empty"),
                Content::Card => Row::new("reader", Mark::Good, "reader_card"),
                Content::InUse => {
                    Row::new("reader", Mark::Bad, "reader_used").with(ErrorCode::ReaderShared)
                }
                Content::Mute => {
                    Row::new("reader", Mark::Care, "reader_mute").with(ErrorCode::WrongCard)
                }
            };
            row.called(&reader.name)
        });
        rows.collect()
    }

    fn card(&self) -> Vec<Row> {
        let card = match &self.reader.card {
            Ok(card) => card,
            // Where there is no reader, that is said already.
            Err(_) if self.reader.readers.is_err() => return Vec::new(),
            Err(fault) => return vec![Row::new("card", Mark::Bad, "no").with(fault.code())],
        };
        let kind = match card.test_card {
            true => Row::new("card", Mark::Care, "card_test"),
            false => Row::new("card", Mark::Good, "card_good"),
        };
        vec![
            kind,
            self.certificate(card.until),
            pin(card.pin_tries),
            number(card.number_tries),
        ]
    }

    fn certificate(&self, until: Option<u64>) -> Row {
        let row = match until {
            None => Row::new("certificate", Mark::Bad, "no").with(ErrorCode::CertificateRefused),
            Some(until) if until <= self.now => {
                Row::new("certificate", Mark::Bad, "certificate_over")
                    .with(ErrorCode::CertificateExpired)
            }
            Some(until) if until - self.now < SOON_MS => {
                Row::new("certificate", Mark::Care, "certificate_until")
            }
            Some(_) => Row::new("certificate", Mark::Good, "certificate_until"),
        };
        Row { at: until, ..row }
    }

    fn cameras(&self) -> Vec<Row> {
        let Some(cameras) = &self.cameras else {
            return Vec::new();
        };
        if cameras.is_empty() {
            return vec![Row::new("camera", Mark::Bad, "camera_none").with(ErrorCode::NoCamera)];
        }
        let works = cameras.iter().any(|one| one.state == CameraState::Good);
        // One that works is enough: the others are only told.
        let bad = if works { Mark::Care } else { Mark::Bad };
        let rows = cameras.iter().map(|camera| {
            let row = match camera.state {
                CameraState::Good => Row::new("camera", Mark::Good, "camera_good"),
                CameraState::Dark => Row::new("camera", bad, "camera_dark"),
                CameraState::Busy => Row::new("camera", bad, "camera_busy"),
                CameraState::Forbidden => Row::new("camera", bad, "camera_forbidden"),
                CameraState::Broken => Row::new("camera", bad, "camera_broken"),
            };
            row.called(&camera.name)
        });
        rows.collect()
    }
}

fn pin(tries: u8) -> Row {
    let row = match tries {
        0 => Row::new("pin", Mark::Bad, "pin_locked").with(ErrorCode::PinLocked),
        n if n < TRIES => Row::new("pin", Mark::Care, "tries"),
        _ => Row::new("pin", Mark::Good, "tries"),
    };
    row.n(tries.into())
}

fn number(tries: u8) -> Row {
    let row = match tries {
        0 => Row::new("number", Mark::Bad, "number_locked").with(ErrorCode::SurfaceLocked),
        n if n < TRIES => Row::new("number", Mark::Care, "tries"),
        _ => Row::new("number", Mark::Good, "tries"),
    };
    row.n(tries.into())
}
