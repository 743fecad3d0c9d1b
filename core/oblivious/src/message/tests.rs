use super::*;
use crypto::hash::from_hex;
use proptest::prelude::*;

/// RFC 9458, appendix A: both messages, which leave out what is empty at their end.
#[test]
fn the_messages_of_rfc_9458() {
    let question = from_hex("00034745540568747470730b6578616d706c652e636f6d012f").unwrap();
    assert_eq!(Request::decode(&question), Ok(Request::get("/")));
    let answer = Response {
        status: 200,
        body: Vec::new(),
    };
    assert_eq!(
        Response::decode(&from_hex("0140c8").unwrap()),
        Ok(answer.clone())
    );
    assert_eq!(
        answer.encode(&[8]).unwrap(),
        from_hex("0140c80000000000").unwrap()
    );
}

#[test]
fn different_questions_have_one_length() {
    let length = 4096;
    let one = Request::get("/v1/status").encode(length).unwrap();
    let other = Request::post("/v1/entries", vec![7; 3000])
        .encode(length)
        .unwrap();
    assert_eq!((one.len(), other.len()), (length, length));
    let most = Request::post(format!("/{}", "a".repeat(319)), vec![1; length - HEAD]);
    assert!(most.encode(length).is_ok());
    let more = Request::post("/v1/entries", vec![1; length]);
    assert_eq!(more.encode(length), Err(MessageError::TooLong));
}

#[test]
fn an_answer_takes_the_first_length_that_holds_it() {
    let answer = |n| Response {
        status: 404,
        body: vec![3; n],
    };
    let length = |n| answer(n).encode(&[64, 1024, 65_536]).map(|m| m.len());
    assert_eq!(length(0), Ok(64));
    assert_eq!(length(58), Ok(64));
    assert_eq!(length(59), Ok(1024));
    assert_eq!(length(1_017), Ok(1024));
    assert_eq!(length(1_018), Ok(65_536));
    assert_eq!(length(65_536), Err(MessageError::TooLong));
}

fn refused(hex: &str) -> MessageError {
    Request::decode(&from_hex(hex).unwrap()).unwrap_err()
}

#[test]
fn what_is_not_such_a_question_is_refused() {
    let good = "0003474554056874747073 00 012f 00 00 00".replace(' ', "");
    assert!(Request::decode(&from_hex(&good).unwrap()).is_ok());
    assert_eq!(refused(""), MessageError::Truncated);
    assert_eq!(refused("01034745"), MessageError::Framing);
    assert_eq!(refused("000347"), MessageError::Truncated);
    assert_eq!(refused("00400347455405"), MessageError::Length);
    assert_eq!(refused("0003505554056874747073"), MessageError::Method);
    assert_eq!(refused("00034745540468747470"), MessageError::Scheme);
    assert_eq!(
        refused(
            "000347455405687474707300 0161 000000"
                .replace(' ', "")
                .as_str()
        ),
        MessageError::Path
    );
    assert_eq!(
        refused(
            "000347455405687474707300 022f20 000000"
                .replace(' ', "")
                .as_str()
        ),
        MessageError::Path
    );
    assert_eq!(
        refused(
            "000347455405687474707300 012f 0261610000"
                .replace(' ', "")
                .as_str()
        ),
        MessageError::Fields
    );
    assert_eq!(
        refused(
            "000347455405687474707300 012f 0000026161"
                .replace(' ', "")
                .as_str()
        ),
        MessageError::Fields
    );
    assert_eq!(
        refused(
            "000347455405687474707300 012f 0005"
                .replace(' ', "")
                .as_str()
        ),
        MessageError::Truncated
    );
    assert_eq!(
        refused(
            "000347455405687474707300 012f 000000000001"
                .replace(' ', "")
                .as_str()
        ),
        MessageError::Padding
    );
    let huge = "000347455405687474707300 012f 00 ffffffffffffffff".replace(' ', "");
    assert_eq!(refused(&huge), MessageError::Truncated);
    // 199, 666 and 5.
    for status in ["0140c7", "01429a", "0105"] {
        let found = Response::decode(&from_hex(status).unwrap());
        assert_eq!(found, Err(MessageError::Status), "{status}");
    }
}

#[test]
fn nothing_that_was_asked_is_printed() {
    let asked = Request::post("/v1/voters/secret", b"secret".to_vec());
    assert!(!format!("{asked:?}").contains("secret"));
    let said = Response {
        status: 200,
        body: b"secret".to_vec(),
    };
    assert!(!format!("{said:?}").contains("secret"));
}

proptest! {
    #[test]
    fn what_was_written_is_read(path in "/[a-z0-9/?=]{0,200}", body in proptest::collection::vec(any::<u8>(), 0..3000), post: bool) {
        let method = if post { Method::Post } else { Method::Get };
        let asked = Request { method, path, body: body.clone() };
        let message = asked.encode(4096).unwrap();
        prop_assert_eq!(message.len(), 4096);
        prop_assert_eq!(Request::decode(&message), Ok(asked));
        let said = Response { status: 200, body };
        prop_assert_eq!(Response::decode(&said.encode(&[4096]).unwrap()), Ok(said));
    }
}
