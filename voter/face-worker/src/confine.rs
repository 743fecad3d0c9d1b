//! What the process gives up. After it, even code taken over by a picture finds no file to open,
//! no socket to make and no process to start with more rights.

use std::io;

use crate::config::Config;

/// Before anything is read: bounded memory, no core dump, no debugger, no new rights.
#[cfg(unix)]
pub(crate) fn before_models(config: &Config) -> io::Result<()> {
    use rustix::process::Resource;
    limit(Resource::Core, 0)?;
    limit(Resource::As, config.memory_mib.saturating_mul(1024 * 1024))?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::DumpableBehavior;
        rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        rustix::thread::set_no_new_privs(true)?;
    }
    Ok(())
}

/// When the models are in memory: nothing can be opened or written any more. Tried out at once.
#[cfg(unix)]
pub(crate) fn after_models() -> io::Result<()> {
    use rustix::process::Resource;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nofile, 0)?;
    let opens = std::fs::File::open("/").is_ok();
    let listens = std::net::TcpListener::bind(("127.0.0.1", 0)).is_ok();
    if opens || listens {
        return Err(io::Error::other("still able to open something"));
    }
    Ok(())
}

/// Lowers a limit for good; a lower one that is already set stays.
#[cfg(unix)]
fn limit(what: rustix::process::Resource, most: u64) -> io::Result<()> {
    let now = rustix::process::getrlimit(what);
    let most = Some(now.maximum.map_or(most, |m| m.min(most)));
    let wanted = rustix::process::Rlimit {
        current: most,
        maximum: most,
    };
    Ok(rustix::process::setrlimit(what, wanted)?)
}

/// Not offered by this system without unsafe code; the parent's deadline still holds.
#[cfg(not(unix))]
pub(crate) fn before_models(_: &Config) -> io::Result<()> {
    Ok(())
}

/// Not offered by this system without unsafe code; the parent's deadline still holds.
#[cfg(not(unix))]
pub(crate) fn after_models() -> io::Result<()> {
    Ok(())
}
