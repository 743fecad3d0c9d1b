use super::*;

#[test]
fn a_port_that_is_taken_is_named() {
    let dir = std::env::temp_dir().join(format!("irefuda-ports-{}", std::process::id()));
    let (taken, base) = std::iter::repeat_with(|| {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        (taken, port - METRICS_PORT)
    })
    .find(|(_, base)| {
        let run_folder = RunFolder::make(&dir, *base).unwrap();
        ports_are_free(&run_folder, 0, 2).is_ok()
    })
    .unwrap();
    let run_folder = RunFolder::make(&dir, base).unwrap();
    let error = ports_are_free(&run_folder, 1, 2).unwrap_err();
    let address = taken.local_addr().unwrap().to_string();
    assert!(format!("{error:#}").contains(&address), "{error:#}");
    assert!(format!("{error:#}").contains("--port-base"), "{error:#}");
    std::fs::remove_dir_all(&dir).unwrap();
}
