use super::*;

#[test]
fn a_generated_script_loses_comments_and_indentation_and_nothing_else() {
    let script = "/**\n * Checks.\n */\nexport function check(a) {\n    /** @type {number} */\n    \
                  const b = a; // kept\n\n    return b;\n}\n";
    let left = "export function check(a) {\nconst b = a; // kept\nreturn b;\n}\n";
    assert_eq!(lean(script).unwrap(), left);
    assert!(lean("const text = `one\n  two`;\n").is_err());
}
