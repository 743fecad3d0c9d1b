//! What a program with secrets in its memory gives up before it reads any of them.

/// No core file, no debugger of the same user and no reading of the memory through `/proc`, and new
/// files for this user alone. Programs started from here get the limits, and may be debugged again.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn harden() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    rustix::process::setrlimit(Resource::Core, none)?;
    let _before = rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::DumpableBehavior;
        rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

/// Not offered by this system without unsafe code.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn harden() -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
