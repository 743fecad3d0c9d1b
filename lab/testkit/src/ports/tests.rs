use super::*;

#[test]
fn ports_are_free_different_and_never_given_by_the_system() {
    let ports = free(20);
    assert_eq!(ports.iter().collect::<BTreeSet<_>>().len(), 20);
    let system = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
    let lowest: u16 = system.split_whitespace().next().unwrap().parse().unwrap();
    for port in ports {
        assert!(port < lowest, "{port} could be given to anybody");
        TcpListener::bind(("127.0.0.1", port)).unwrap();
    }
}
