use super::*;

fn said(ok: bool, text: &str) -> Said {
    Said {
        ok,
        text: text.to_owned(),
    }
}

#[test]
fn nextest_summary() {
    let text = "     Summary [   1.204s] 12 tests run: 12 passed (1 slow), 0 skipped\n";
    assert_eq!(
        nextest(&said(true, text)),
        Counts {
            passed: 12,
            failed: 0
        }
    );
}

#[test]
fn a_skipped_test_is_a_failure() {
    let text = "     Summary [   1.2s] 12 tests run: 12 passed, 3 skipped\n";
    assert_eq!(
        nextest(&said(true, text)),
        Counts {
            passed: 12,
            failed: 3
        }
    );
}

#[test]
fn failed_and_timed_out_tests_add_up() {
    let text = "Summary [ 9s] 9 tests run: 5 passed, 3 failed, 1 timed out, 0 skipped\n";
    assert_eq!(
        nextest(&said(false, text)),
        Counts {
            passed: 5,
            failed: 4
        }
    );
}

#[test]
fn a_crash_without_summary_is_a_failure() {
    assert_eq!(
        nextest(&said(true, "")),
        Counts {
            passed: 0,
            failed: 1
        }
    );
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
