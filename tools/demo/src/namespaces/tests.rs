use super::*;

fn spaces(network: bool) -> Namespaces {
    Namespaces {
        network,
        ports: 47_100..=47_199,
    }
}

/// What a command says inside, with the second set of flags: as a user without any rights.
fn inside(network: bool, command: &str) -> String {
    let spaces = spaces(network);
    let [_, mapped] = spaces.flags();
    let script = format!("{} && {command}", spaces.script());
    let shell = mapped.iter().fold(Shell::new("unshare"), Shell::arg);
    let said = shell.arg("sh").arg("-c").arg(script).quiet().unwrap();
    assert!(said.ok, "{}", said.text);
    said.text
}

#[test]
fn a_user_gets_an_empty_place_for_the_smart_card_service() {
    assert_eq!(inside(false, "ls /run/pcscd"), "");
}

#[test]
fn the_parties_ports_are_given_to_no_connection() {
    let file = "/proc/sys/net/ipv4/ip_local_reserved_ports";
    assert_eq!(inside(true, &format!("cat {file}")), "47100-47199\n");
}

#[test]
fn flags_that_the_system_does_not_know_do_not_work() {
    assert!(!works(&["--no-such-space"], "true"));
    assert!(!works(&["--mount"], "false"));
}
