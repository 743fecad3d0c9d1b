use super::*;

#[test]
fn a_code_is_the_same_text_everywhere() {
    for code in ErrorCode::ALL {
        let json = serde_json::to_string(code).unwrap();
        assert_eq!(json, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<ErrorCode>(&json).unwrap(), *code);
        assert_eq!(code.as_str().parse(), Ok(*code));
    }
}

#[test]
fn what_is_no_code_is_refused() {
    for text in ["", "E-1", "E-777", "e-01", "E-01 ", "E-04B"] {
        assert_eq!(text.parse::<ErrorCode>(), Err(UnknownCode), "{text:?}");
        let json = serde_json::to_string(text).unwrap();
        assert!(
            serde_json::from_str::<ErrorCode>(&json).is_err(),
            "{text:?}"
        );
    }
}

#[test]
fn the_table_is_in_order_and_holds_no_code_twice() {
    let codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
}
