use super::*;

#[test]
fn common_agents() {
    let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
    let edge = format!("{windows} Edg/130.0");
    let mac =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0";
    let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15";
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1";
    let table = [
        (windows, Some("Windows"), Some("Google Chrome"), true),
        (&edge, Some("Windows"), Some("Microsoft Edge"), true),
        (mac, Some("macOS"), Some("Firefox"), false),
        (safari, Some("macOS"), Some("Safari"), false),
        (phone, None, Some("Safari"), false),
        ("", None, None, false),
    ];
    for (agent, system, browser, fits) in table {
        let seen = Seen::from_agent(agent);
        assert_eq!(
            (seen.system, seen.browser, seen.fits()),
            (system, browser, fits),
            "{agent}"
        );
    }
}
