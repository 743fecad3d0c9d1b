use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
enum Gate {
    #[error("closed")]
    Closed { next_opening_ms: Option<u64> },
    #[error("broken")]
    Broken,
}

impl Refusal for Gate {
    fn status(&self) -> u16 {
        match self {
            Self::Closed { .. } => 403,
            Self::Broken => 500,
        }
    }
    fn code(&self) -> ErrorCode {
        match self {
            Self::Closed { .. } => ErrorCode::ChannelClosed,
            Self::Broken => ErrorCode::Internal,
        }
    }
}

fn closed() -> Gate {
    Gate::Closed {
        next_opening_ms: Some(5),
    }
}

#[test]
fn a_refusal_survives_the_wire_with_its_data() {
    for gate in [closed(), Gate::Broken] {
        let body = serde_json::to_vec(&Problem::from(gate.clone())).unwrap();
        let refused = Refused::new(gate.status(), body);
        assert_eq!(refused.reason(), Some(gate));
    }
    let text = serde_json::to_string(&Problem::from(closed())).unwrap();
    assert_eq!(
        text,
        r#"{"status":403,"code":"E-03","title":"closed","vote":"not_sent","reason":"closed","next_opening_ms":5}"#
    );
    let refused = Refused::new(403, text.into_bytes());
    assert_eq!(refused.to_string(), "403 E-03 closed");
}

#[test]
fn what_is_not_such_a_document_is_no_reason() {
    let good = serde_json::to_string(&Problem::from(closed())).unwrap();
    let others = [
        "<html>".to_owned(),
        String::new(),
        "{}".to_owned(),
        good.replace("E-03", "E-02"),
        good.replace("E-03", "E-777"),
        good.replace("not_sent", "accepted"),
        good.replace("403", "404"),
        good.replace("\"reason\":\"closed\"", "\"reason\":\"open\""),
    ];
    for body in others {
        let refused = Refused::new(403, body.clone().into_bytes());
        assert_eq!(refused.reason::<Gate>(), None, "{body}");
    }
    assert_eq!(Refused::new(502, good.into_bytes()).reason::<Gate>(), None);
    let proxy = Refused::new(502, b"<html>".to_vec());
    assert_eq!(proxy.to_string(), "502 without a reason");
}
