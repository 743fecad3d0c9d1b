use std::collections::VecDeque;

use super::*;
use crate::transport::TransportError;

/// Answers from a list, and remembers what was sent.
#[derive(Default)]
struct Script {
    answers: VecDeque<Vec<u8>>,
    sent: Vec<Vec<u8>>,
}

impl Transport for &mut Script {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.sent.push(command.to_vec());
        self.answers
            .pop_front()
            .map(Zeroizing::new)
            .ok_or(TransportError::Removed)
    }
    fn power_off(&mut self) {}
}

#[test]
fn the_my_number_cannot_be_named() {
    let surface = Some(Application::Surface);
    assert!(denied(
        None,
        &[&[0, 0xA4, 4, 0x0C, 0x0A][..], &TEXT_AID].concat()
    ));
    assert!(denied(surface, &apdu::select_file(0x0005)));
    assert!(denied(surface, &apdu::select_file(0x0013)));
    for current in [None, Some(Application::Common)] {
        for id in [0x0001, 0x0005, 0x0013, 0x0014] {
            assert!(denied(current, &apdu::select_file(id)));
        }
    }
    assert!(!denied(surface, &apdu::select_file(0x0012)));
    // The same files through short identifiers, other classes, other ways to select.
    for command in [
        &[0x00, 0xB0, 0x85, 0x00, 0x00][..],
        &[0x00, 0x20, 0x00, 0x93, 0x01, 0x31],
        &[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x00, 0x05],
        &[0x00, 0xA4, 0x02, 0x00, 0x02, 0x00, 0x05],
        &[0x00, 0xA4, 0x08, 0x0C, 0x04, 0x00, 0x05, 0x00, 0x05],
        &[0x00, 0xA4, 0x02, 0x0C, 0x00, 0x00, 0x02, 0x00, 0x05],
        &[0x04, 0xB0, 0x00, 0x00, 0x00],
        &[0x00, 0xB2, 0x01, 0x04, 0x00],
        &[0x80, 0x2A, 0x00, 0x9A, 51],
        &[],
    ] {
        assert!(denied(surface, command), "{command:02x?}");
    }
}

/// Every command of up to six bytes of header and file: what is let through in the 券面
/// application never names a denied file.
#[test]
fn all_file_selections() {
    for id in 0..=u16::MAX {
        let command = apdu::select_file(id);
        let wanted = matches!(id, 0x0005 | 0x0013);
        assert_eq!(
            denied(Some(Application::Surface), &command),
            wanted,
            "{id:04x}"
        );
    }
}

#[test]
fn a_denied_command_is_not_sent() {
    let mut script = Script::default();
    script.answers.push_back(vec![0x90, 0x00]);
    let mut channel = Channel::new(&mut script);
    assert_eq!(channel.select(Application::Surface), Ok(true));
    assert_eq!(channel.file(0x0005), Err(CardError::Denied));
    assert_eq!(channel.file(0x0013), Err(CardError::Denied));
    assert_eq!(script.sent.len(), 1);
}

#[test]
fn a_failed_selection_leaves_nothing_selected() {
    let mut script = Script::default();
    script.answers.extend([vec![0x90, 0], vec![0x6A, 0x82]]);
    let mut channel = Channel::new(&mut script);
    assert_eq!(channel.select(Application::Surface), Ok(true));
    assert_eq!(channel.select(Application::Jpki), Ok(false));
    assert_eq!(channel.current(), None);
    assert_eq!(channel.file(0x0005), Err(CardError::Denied));
}

#[test]
fn status_words_of_secrets() {
    assert_eq!(presented(0x9000), Ok(Presented::Right));
    assert_eq!(presented(0x63C2), Ok(Presented::Left(2)));
    assert_eq!(presented(0x63C0), Ok(Presented::Left(0)));
    assert_eq!(presented(0x6983), Ok(Presented::Left(0)));
    assert_eq!(presented(0x6984), Ok(Presented::Left(0)));
    assert_eq!(presented(0x6400), Err(CardError::Status(0x6400)));
}

#[test]
fn answers_without_status_are_malformed() {
    for answer in [vec![], vec![0x90]] {
        let mut script = Script::default();
        script.answers.push_back(answer);
        let mut channel = Channel::new(&mut script);
        let got = channel.select(Application::Jpki);
        assert_eq!(got, Err(CardError::Reader(TransportError::Malformed)));
    }
}

#[test]
fn elements_stop_at_their_own_length() {
    let mut file = vec![0x30, 0x82, 0x02, 0x58];
    file.extend(vec![7; 600]);
    let mut answers = VecDeque::new();
    answers.push_back([&file[..256], &[0x90, 0]].concat());
    answers.push_back(vec![0x67, 0x00]);
    answers.push_back([&file[256..512], &[0x90, 0]].concat());
    answers.push_back([&file[512..], &[0x90, 0]].concat());
    let mut script = Script {
        answers,
        sent: Vec::new(),
    };
    let mut channel = Channel::new(&mut script);
    channel.current = Some(Application::Jpki);
    let read = channel.element(&[0x30]).expect("read").expect("element");
    assert_eq!(*read, file);
    // A file that runs dry, and one that gives more than it said.
    for answer in [vec![0x62, 0x82], [vec![7; 400], vec![0x90, 0]].concat()] {
        let mut script = Script::default();
        script
            .answers
            .push_back([&file[..256], &[0x90, 0]].concat());
        script.answers.push_back(answer);
        let mut channel = Channel::new(&mut script);
        channel.current = Some(Application::Jpki);
        channel.extended = false;
        assert_eq!(
            channel.element(&[0x30]).map(|_| ()),
            Err(CardError::Damaged)
        );
    }
}
