//! Standard input and output as plain files: unbuffered, so that no copy of a picture or a
//! template stays behind in a buffer nobody wipes.

use std::fs::File;
use std::io;

/// Input and output.
#[cfg(unix)]
pub(crate) fn take() -> io::Result<(File, File)> {
    use std::os::fd::AsFd as _;
    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    Ok((File::from(input), File::from(output)))
}

/// Input and output.
#[cfg(windows)]
pub(crate) fn take() -> io::Result<(File, File)> {
    use std::os::windows::io::AsHandle as _;
    let input = io::stdin().as_handle().try_clone_to_owned()?;
    let output = io::stdout().as_handle().try_clone_to_owned()?;
    Ok((File::from(input), File::from(output)))
}
