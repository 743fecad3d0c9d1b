use super::all_listed;
use crate::Tree;

#[test]
fn a_page_left_out_and_a_page_that_is_gone_are_both_found() {
    let summary = "- [A](a.md)\n  - [B](spec/b.md)\n";
    let whole = [
        ("docs/SUMMARY.md", summary),
        ("docs/a.md", "# A"),
        ("docs/spec/b.md", "# B"),
        ("README.md", "# no page of the book"),
    ];
    assert!(all_listed(&Tree::of(&whole)).unwrap().is_empty());
    let other = [
        ("docs/SUMMARY.md", summary),
        ("docs/a.md", "# A"),
        ("docs/c.md", "# C"),
    ];
    assert_eq!(
        all_listed(&Tree::of(&other)).unwrap(),
        [
            "docs/c.md is not in docs/SUMMARY.md",
            "docs/SUMMARY.md names docs/spec/b.md, which is not there"
        ]
    );
}
