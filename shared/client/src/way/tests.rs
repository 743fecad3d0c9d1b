use super::*;
use api::hex::Hex;
use api::portal::{SurveyAnswer, SurveyRequest};
use ballot::manifest::{AnswerOption, Question, QuestionKind};
use ballot::text::Text;
use oblivious::DoorKey;
use testkit::election::{Lab, Options};

fn manifest(relays: u8) -> Manifest {
    let mut manifest = Lab::sealed(Options::small()).manifest.unwrap().manifest;
    let relay = |n| Relay {
        name: Text::new("中継", "Relay", "中継"),
        origin: format!("https://relay-{n}.example"),
        spki: [n; 32],
    };
    manifest.relays = (0..relays).map(relay).collect();
    manifest
}

/// No relay gets every voter: each of four is the first of somebody.
#[test]
fn the_first_relay_is_drawn_among_all() {
    let manifest = manifest(4);
    let mut firsts = [0; 4];
    // Forty draws leave one of four out once in a hundred thousand times.
    for _ in 0..40 {
        let relays = Relays::of(&manifest).unwrap().unwrap();
        firsts[relays.first.load(Ordering::SeqCst)] += 1;
    }
    assert!(firsts.iter().all(|n| *n > 0), "{firsts:?}");
    assert!(Relays::of(&self::manifest(0)).unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn every_relay_gets_its_share_of_the_time() {
    let patience = Duration::from_secs(12);
    let mut shares = Shares::new(3, patience, Duration::ZERO);
    // The first uses all of its time: the others have theirs.
    for _ in 0..3 {
        let share = shares.next();
        assert_eq!(share, Duration::from_secs(4));
        tokio::time::advance(share).await;
    }
    // One that says no at once leaves its time to the next.
    let mut shares = Shares::new(2, patience, Duration::ZERO);
    assert_eq!(shares.next(), Duration::from_secs(6));
    assert_eq!(shares.next(), patience);
    // Who is asked to wait is given that time as well, each.
    let mut shares = Shares::new(2, patience, Duration::from_secs(5));
    let first = shares.next();
    assert_eq!(first, Duration::from_secs(11));
    tokio::time::advance(first).await;
    assert_eq!(shares.next(), Duration::from_secs(11));
}

/// What a voter may write takes the most bytes as JSON: control characters, and quotation marks in
/// ids. It fits the one length, which it alone decides here, and a smaller step would not hold it.
#[test]
fn every_survey_answer_fits_the_one_length() {
    let mut manifest = manifest(1);
    let id = |n: usize| "\"".repeat(n);
    let option = |n| AnswerOption {
        value: id(n),
        text: Text::default(),
    };
    let question = |n, kind, options, max_chars| Question {
        id: id(n),
        text: Text::default(),
        kind,
        required: false,
        options,
        max_chars,
    };
    let many = (40..64).map(option).collect();
    for (chars, length) in [(2_000, 1 << 14), (40_000, 1 << 18)] {
        manifest.survey = vec![
            question(50, QuestionKind::Text, Vec::new(), chars),
            question(60, QuestionKind::Multi, Vec::clone(&many), 0),
        ];
        let answer = |question: &Question| SurveyAnswer {
            question: question.id.clone(),
            values: question.options.iter().map(|o| o.value.clone()).collect(),
            text: (question.max_chars > 0).then(|| "\u{1}".repeat(question.max_chars.into())),
        };
        let request = SurveyRequest {
            election: Hex(crypto::Hash([0xff; 64])),
            serial: Hex([0xff; 32]),
            tokens: vec![Hex([0xff; 256]); manifest.registrars.len()],
            answers: manifest.survey.iter().map(answer).collect(),
        };
        let body = serde_json::to_vec(&request).unwrap();
        assert!(body.len() * 4 > length, "not the longest: {}", body.len());
        let relays = Relays::of(&manifest).unwrap().unwrap();
        assert_eq!(relays.length, length);
        let (_, door) = DoorKey::generate(&mut rand::rng());
        let question = Request::post("/v1/survey", body);
        assert!(
            question
                .seal(&door, relays.length, &mut rand::rng())
                .is_ok()
        );
    }
}

#[test]
fn an_election_that_no_relay_can_carry_is_a_fault_of_its_own() {
    let mut manifest = manifest(1);
    let long = Question {
        id: "Q".to_owned(),
        text: Text::default(),
        kind: QuestionKind::Text,
        required: false,
        options: Vec::new(),
        max_chars: u16::MAX,
    };
    manifest.survey = vec![long; 3];
    let refused = Relays::of(&manifest).err();
    assert!(matches!(refused, Some(NodeError::TooLong)), "{refused:?}");
}
