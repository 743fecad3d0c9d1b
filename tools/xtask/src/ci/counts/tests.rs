use super::*;

fn said(ok: bool, text: &str) -> Said {
    Said {
        ok,
        text: text.to_owned(),
    }
}

fn report(root: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"nextest-run\" {root}/>")
}

#[test]
fn the_report_is_counted() {
    let text = report("tests=\"12\" failures=\"0\" errors=\"0\"");
    let wanted = Counts {
        passed: 12,
        failed: 0,
    };
    assert_eq!(junit(Some(&text), true), wanted);
}

#[test]
fn failures_and_errors_add_up() {
    let text = report("tests=\"9\" failures=\"3\" errors=\"1\"");
    let wanted = Counts {
        passed: 5,
        failed: 4,
    };
    assert_eq!(junit(Some(&text), false), wanted);
}

#[test]
fn a_run_without_report_or_without_tests_is_a_failure() {
    let empty = report("tests=\"0\" failures=\"0\" errors=\"0\"");
    for text in [None, Some(""), Some("<testsuites/>"), Some(&empty)] {
        assert_eq!(junit(text, true), Counts::one(false), "{text:?}");
    }
    let good = report("tests=\"2\" failures=\"0\" errors=\"0\"");
    assert_eq!(junit(Some(&good), false).failed, 1, "the runner said no");
    assert_eq!(
        libtest(&said(false, "")),
        Counts {
            passed: 0,
            failed: 1
        }
    );
}

#[test]
fn ignored_doc_tests_are_failures() {
    let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\
                test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured\n";
    assert_eq!(
        libtest(&said(true, text)),
        Counts {
            passed: 5,
            failed: 1
        }
    );
}
