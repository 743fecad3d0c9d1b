use super::*;
use board::entry::Entry;
use testkit::election::{Lab, Options, engine_keys};

#[test]
fn a_hand_over_that_the_board_would_take_is_refused_by_this_program() {
    let mut lab = Lab::open(Options::small());
    let bytes = Entry::HandOver(Box::new(lab.hand_over(&engine_keys(2..=5)))).encode();
    let by_the_board = board::check_stateless(lab.state.context(), &bytes, &mut rand::rng());
    assert_eq!(
        lab.state.admit(&by_the_board.unwrap(), lab.now + 1000),
        Ok(())
    );
    let refused = Some(board::rules::HAND_OVER);
    assert_eq!(check(&lab.state, &bytes).err(), refused);
    let all = check_batch(&lab.state, &[&bytes]);
    assert_eq!(all[0].as_ref().err().copied(), refused);
}
