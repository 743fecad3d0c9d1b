//! The demo's own namespaces: a smart-card service apart from the machine's, and for a
//! run without anybody at the keyboard a loopback network that no other program uses.

use std::ops::RangeInclusive;
use std::process::Command;

use anyhow::{Result, bail};

use toolbox::root;
use toolbox::shell::Shell;

/// What the demo wants of the system.
pub struct Namespaces {
    /// A network of its own as well.
    pub network: bool,
    /// Ports of the parties: no connection may take one of them as its own end.
    pub ports: RangeInclusive<u16>,
}

impl Namespaces {
    /// Runs this program again with the same arguments inside. Says how it ended.
    ///
    /// # Errors
    /// The system allows no namespaces, or the run broke off.
    pub fn run_again(&self) -> Result<bool> {
        let script = self.script();
        let Some(flags) = self.flags().into_iter().find(|flags| works(flags, &script)) else {
            bail!(
                "the demo needs a {} of its own. Run it as root, or allow namespaces to users \
                 (kernel.unprivileged_userns_clone=1; where AppArmor restricts them, \
                 kernel.apparmor_restrict_unprivileged_userns=0)",
                if self.network {
                    "mount and network namespace"
                } else {
                    "mount namespace"
                }
            );
        };
        let status = Command::new("unshare")
            .args(flags)
            .args([
                "sh",
                "-c",
                &format!("{script} && exec \"$0\" \"$@\" --inside"),
            ])
            .arg(root::program("irefuda-demo"))
            .args(std::env::args_os().skip(1))
            .status()?;
        match status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            code => bail!("the demo ended with {code:?}"),
        }
    }

    /// As root, and as a user who is root inside only.
    fn flags(&self) -> [Vec<&'static str>; 2] {
        let mut spaces = vec!["--mount"];
        if self.network {
            spaces.push("--net");
        }
        let mapped = [&["--map-root-user"], spaces.as_slice()].concat();
        [spaces, mapped]
    }

    /// What is prepared inside. A user may make no folder in the system's `/run`, but may hide it.
    fn script(&self) -> String {
        let mut script = "{ mkdir -p /run/pcscd 2>/dev/null || \
                          { mount -t tmpfs tmpfs /run && mkdir /run/pcscd; }; } && \
                          mount -t tmpfs tmpfs /run/pcscd"
            .to_owned();
        if self.network {
            script.push_str(&format!(
                " && ip link set lo up && echo {}-{} >/proc/sys/net/ipv4/ip_local_reserved_ports",
                self.ports.start(),
                self.ports.end()
            ));
        }
        script
    }
}

fn works(flags: &[&str], script: &str) -> bool {
    let shell = flags.iter().fold(Shell::new("unshare"), Shell::arg);
    let said = shell.arg("sh").arg("-c").arg(script).quiet();
    said.is_ok_and(|said| said.ok)
}

#[cfg(test)]
mod tests;
