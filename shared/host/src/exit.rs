//! Exit codes shared by all programs.

use std::process::ExitCode;

/// How a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, or every check passed.
    Ok,
    /// 1: a check failed.
    CheckFailed,
    /// 2: wrong command line or configuration.
    Usage,
    /// 3: something this program needs could not be reached.
    Unreachable,
    /// 4: every check passed, but there is something for people to judge.
    Findings,
}

impl Exit {
    /// The number the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::CheckFailed => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Findings => 4,
        }
    }

    /// Ends `main`: says `why` on standard error, after the program's name, unless all is well.
    #[expect(clippy::print_stderr, reason = "the last words of a program")]
    #[must_use]
    pub fn with_message(self, program: &str, why: &str) -> ExitCode {
        if self != Self::Ok {
            eprintln!("{program}: {}", why.trim_end());
        }
        self.into()
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
