use super::*;

fn holds(expression: &str) -> bool {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
    satisfied(
        expression,
        &allowed.iter().map(|name| (*name).to_owned()).collect(),
    )
}

#[test]
fn expressions() {
    assert!(holds("MIT"));
    assert!(holds("MIT+"));
    assert!(holds("GPL-3.0 OR MIT"));
    assert!(holds("MIT/GPL-3.0"));
    assert!(holds("(GPL-3.0 OR MIT) AND Apache-2.0"));
    assert!(holds("Apache-2.0 WITH LLVM-exception"));
}

#[test]
fn refused_expressions() {
    assert!(!holds("GPL-3.0"));
    assert!(!holds("MIT AND GPL-3.0"));
    assert!(!holds("GPL-3.0 WITH LLVM-exception"));
    assert!(!holds("(MIT"));
    assert!(!holds("MIT MIT"));
    assert!(!holds(""));
}
