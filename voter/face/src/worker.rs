//! The client of the worker process: starts it, asks it, and stops it when it does not answer.

use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::engine::{Analysis, EngineError, EngineInfo, Face, FaceEngine, Unavailable};
use crate::picture::Picture;
use crate::template::Template;
use crate::wire::{LoadFault, Response, read_message, write_message};

/// How to start a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerConfig {
    /// The program, `irefuda-face-worker`.
    pub program: PathBuf,
    /// Its configuration file, if it is to have one.
    pub config: Option<PathBuf>,
    /// The folder of the models; not needed if the configuration file names it.
    pub models: Option<PathBuf>,
    /// How long it may take to load its models.
    pub start_deadline: Duration,
    /// How long it may take to answer.
    pub deadline: Duration,
}

impl WorkerConfig {
    /// A worker with the reference models of a folder and the usual deadlines.
    #[must_use]
    pub fn new(program: PathBuf, models: PathBuf) -> Self {
        Self {
            program,
            config: None,
            models: Some(models),
            start_deadline: Duration::from_secs(30),
            deadline: Duration::from_secs(5),
        }
    }
}

/// A worker that did not come up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartFailure {
    /// The program could not be started.
    #[error("the face worker could not be started")]
    NotStarted,
    /// The program said why it cannot work.
    #[error("the face worker cannot work: {0}")]
    Load(LoadFault),
    /// The program ended, stayed silent or said something else.
    #[error("the face worker gave no sign of being ready")]
    NoWord,
}

/// An engine in a child process, spoken to over its standard input and output. A worker that
/// died or was stopped comes back only with [`WorkerEngine::restart`]: every answer comes from the
/// process that began with this voter's card.
#[derive(Debug)]
pub struct WorkerEngine {
    config: WorkerConfig,
    info: EngineInfo,
    link: Result<Link, Unavailable>,
}

/// A running worker.
#[derive(Debug)]
struct Link {
    child: Child,
    ask: Sender<Zeroizing<Vec<u8>>>,
    answers: Receiver<Option<Zeroizing<Vec<u8>>>>,
}

impl WorkerEngine {
    /// Starts the worker and waits until its models are loaded.
    ///
    /// # Errors
    /// [`StartFailure`].
    pub fn start(config: WorkerConfig) -> Result<Self, StartFailure> {
        let (link, info) = Link::open(&config)?;
        Ok(Self {
            config,
            info,
            link: Ok(link),
        })
    }

    /// Starts a new worker in the place of the old one, which is stopped.
    ///
    /// # Errors
    /// [`StartFailure`]; the engine stays unavailable then.
    pub fn restart(&mut self) -> Result<(), StartFailure> {
        self.stop(Unavailable::Died);
        let (link, info) = Link::open(&self.config)?;
        self.info = info;
        self.link = Ok(link);
        Ok(())
    }

    /// Whether the worker process is there.
    pub fn is_running(&mut self) -> bool {
        self.link
            .as_mut()
            .is_ok_and(|l| matches!(l.child.try_wait(), Ok(None)))
    }

    /// The worker's process id, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.link.as_ref().ok().map(|l| l.child.id())
    }

    fn stop(&mut self, why: Unavailable) {
        self.link = Err(why);
    }

    fn call(&mut self, request: Zeroizing<Vec<u8>>) -> Result<Response, EngineError> {
        let link = self
            .link
            .as_ref()
            .map_err(|&why| EngineError::Unavailable(why))?;
        let failed = match link.exchange(request, self.config.deadline) {
            Ok(Response::Refused(error)) => return Err(EngineError::Picture(error)),
            Ok(Response::Fault) => return Err(EngineError::Unavailable(Unavailable::Fault)),
            Ok(response) => return Ok(response),
            Err(why) => why,
        };
        self.stop(failed);
        Err(EngineError::Unavailable(failed))
    }

    fn broken<T>(&mut self) -> Result<T, EngineError> {
        self.stop(Unavailable::BrokeProtocol);
        Err(EngineError::Unavailable(Unavailable::BrokeProtocol))
    }
}

impl FaceEngine for WorkerEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn analyse(&mut self, picture: &Picture) -> Result<Analysis, EngineError> {
        match self.call(crate::wire::encode_analyse(picture))? {
            Response::Seen(seen) => Ok(seen),
            _ => self.broken(),
        }
    }

    fn template(&mut self, picture: &Picture, face: &Face) -> Result<Template, EngineError> {
        match self.call(crate::wire::encode_template(picture, face))? {
            Response::Template(template) => Ok(template),
            _ => self.broken(),
        }
    }
}

impl Link {
    fn open(config: &WorkerConfig) -> Result<(Self, EngineInfo), StartFailure> {
        let mut child = command(config)
            .spawn()
            .map_err(|_| StartFailure::NotStarted)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (ask, questions) = channel();
        let (say, answers) = channel();
        let link = Self {
            child,
            ask,
            answers,
        };
        let (stdin, stdout) = pipes.ok_or(StartFailure::NotStarted)?;
        thread::Builder::new()
            .name("face-worker-link".to_owned())
            .spawn(move || carry(stdin, stdout, &questions, &say))
            .map_err(|_| StartFailure::NotStarted)?;
        match link.wait(config.start_deadline) {
            Ok(Response::Ready(info)) => Ok((link, info)),
            Ok(Response::NotReady(fault)) => Err(StartFailure::Load(fault)),
            _ => Err(StartFailure::NoWord),
        }
    }

    fn exchange(
        &self,
        request: Zeroizing<Vec<u8>>,
        deadline: Duration,
    ) -> Result<Response, Unavailable> {
        self.ask.send(request).map_err(|_| Unavailable::Died)?;
        self.wait(deadline)
    }

    fn wait(&self, deadline: Duration) -> Result<Response, Unavailable> {
        match self.answers.recv_timeout(deadline) {
            Ok(Some(bytes)) => Response::decode(&bytes).ok_or(Unavailable::BrokeProtocol),
            Ok(None) | Err(RecvTimeoutError::Disconnected) => Err(Unavailable::Died),
            Err(RecvTimeoutError::Timeout) => Err(Unavailable::TimedOut),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Its pipes may be full and the carrying thread stuck: killing is what always works, and
        // the worker has nothing to tidy up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(config: &WorkerConfig) -> Command {
    let mut command = Command::new(&config.program);
    if let Some(file) = &config.config {
        command.arg("--config").arg(file);
    }
    if let Some(folder) = &config.models {
        command.arg("--models").arg(folder);
    }
    command.env_clear();
    // One arena and one thread: the address space limit is for pictures, not for stacks.
    command
        .env("MALLOC_ARENA_MAX", "1")
        .env("DLIB_NUM_THREADS", "1");
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Carries questions in and answers out, one at a time, until either side ends. `None` says that
/// the worker is gone.
fn carry(
    mut to: ChildStdin,
    mut from: ChildStdout,
    questions: &Receiver<Zeroizing<Vec<u8>>>,
    say: &Sender<Option<Zeroizing<Vec<u8>>>>,
) {
    loop {
        let answer = read_message(&mut from).ok().flatten();
        let gone = answer.is_none();
        if say.send(answer).is_err() || gone {
            return;
        }
        let Ok(question) = questions.recv() else {
            return;
        };
        if write_message(&mut to, &question).is_err() {
            let _ = say.send(None);
            return;
        }
    }
}
