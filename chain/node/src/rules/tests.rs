use super::*;
use board::entry::Entry;
use testkit::election::{Lab, Options, engine_keys};

#[test]
fn a_hand_over_that_the_board_would_take_breaks_no_rule_and_is_not_supported() {
    let mut lab = Lab::open(Options::small());
    let bytes = Entry::HandOver(Box::new(lab.hand_over(&engine_keys(2..=5)))).encode();
    let by_the_board = board::check_stateless(lab.state.context(), &bytes, &mut rand::rng());
    assert_eq!(
        lab.state.admit(&by_the_board.unwrap(), lab.now + 1000),
        Ok(())
    );
    let unsupported = Some(Untaken::NotSupported);
    assert_eq!(check(&lab.state, &bytes).err(), unsupported);
    let all = check_batch(&lab.state, &[&bytes]);
    assert_eq!(all[0].as_ref().err().copied(), unsupported);
    // What the board refuses is refused by its rule, here too.
    let mut unordered = lab.hand_over(&engine_keys(2..=5));
    unordered.officers[1].0 = 0;
    let bytes = Entry::HandOver(Box::new(unordered)).encode();
    let rule = Untaken::Rule(board::rules::OFFICERS);
    assert_eq!(check(&lab.state, &bytes).err(), Some(rule));
}
