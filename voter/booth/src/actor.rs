//! One thread owns the session; pages send it commands and read the last snapshot. Card and
//! network calls may take seconds: the snapshot stays readable meanwhile.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::fault::Fault;
use crate::session::{Command, Session};
use crate::snapshot::Snapshot;

type Answer = (Snapshot, Option<Fault>);

struct Job {
    command: Command,
    answer: oneshot::Sender<Answer>,
}

/// Speaks to the session's thread.
#[derive(Clone)]
pub struct Actor {
    jobs: Sender<Job>,
    last: Arc<RwLock<Snapshot>>,
}

impl core::fmt::Debug for Actor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Actor")
    }
}

impl Actor {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(session: Session) -> std::io::Result<Self> {
        let (jobs, inbox) = channel();
        let last = Arc::new(RwLock::new(session.snapshot(Instant::now())));
        let shared = Arc::clone(&last);
        thread::Builder::new()
            .name("session".to_owned())
            .spawn(move || run(session, &inbox, &shared))?;
        Ok(Self { jobs, last })
    }

    /// The last snapshot, without waiting for a call under way.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.last
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Carries out `command` and returns the state after it, with the fault if it was refused.
    pub async fn call(&self, command: Command) -> Answer {
        let (answer, wait) = oneshot::channel();
        if self.jobs.send(Job { command, answer }).is_err() {
            return (
                self.snapshot(),
                Some(Fault::Internal("session thread ended")),
            );
        }
        match wait.await {
            Ok(answer) => answer,
            Err(_) => (
                self.snapshot(),
                Some(Fault::Internal("session thread ended")),
            ),
        }
    }
}

fn run(mut session: Session, inbox: &Receiver<Job>, shared: &RwLock<Snapshot>) {
    let publish = |session: &Session, busy: bool| {
        let fresh = Snapshot {
            busy,
            ..session.snapshot(Instant::now())
        };
        let mut slot = shared
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let revision = slot.revision + u64::from(!fresh.shows_the_same_as(&slot));
        *slot = Snapshot { revision, ..fresh };
        slot.clone()
    };
    loop {
        match inbox.recv_timeout(Duration::from_secs(1)) {
            Ok(job) => {
                publish(&session, true);
                let fault = session.handle(job.command, Instant::now()).err();
                let snapshot = publish(&session, false);
                // The page that asked may be gone.
                let _gone = job.answer.send((snapshot, fault));
            }
            Err(RecvTimeoutError::Timeout) => {
                session.tick(Instant::now());
                publish(&session, false);
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
