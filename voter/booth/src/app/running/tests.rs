use super::*;

fn at(port: u16) -> (String, String) {
    (format!("http://127.0.0.1:{port}/api/yield"), "s".repeat(64))
}

#[test]
fn what_one_program_wrote_another_does_not_remove() {
    let folder = tempfile::tempdir().unwrap();
    announce(folder.path(), at(1)).unwrap();
    announce(folder.path(), at(2)).unwrap();
    withdraw(folder.path(), &at(1).0);
    assert_eq!(read(folder.path()).unwrap().address, at(2).0);
    withdraw(folder.path(), &at(2).0);
    assert!(read(folder.path()).is_none());
}

/// The file could be changed by whoever writes into the folder; only this machine is asked.
#[test]
fn no_other_machine_is_asked_to_end() {
    assert_eq!(own_port(&at(4711).0), Some(4711));
    for other in [
        "http://192.0.2.1:80/",
        "https://127.0.0.1:1/",
        "http://127.0.0.1:x/",
        "http://127.0.0.1:1@192.0.2.1/",
    ] {
        assert_eq!(own_port(other), None, "{other}");
    }
}

/// After a kill the file is there and nobody answers: the next program starts all the same.
#[tokio::test]
async fn a_program_that_was_killed_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    drop(taken);
    announce(folder.path(), at(port)).unwrap();
    take_over(folder.path()).await;
}
