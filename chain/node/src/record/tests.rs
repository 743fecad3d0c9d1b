use super::*;
use testkit::election::{Lab, Options};

#[test]
fn of_several_elections_the_one_that_was_asked_for_is_given() {
    let mut lab = Lab::sealed(Options::small());
    let first = lab.election;
    let asked =
        |lab: &Lab, hash: Option<&Hash>| chosen(&lab.state, hash).map(|e| *e.hash().unwrap());
    assert_eq!(asked(&lab, None).unwrap(), first);
    // Set up and not sealed yet: there is still one record.
    lab.set_up();
    assert_eq!(asked(&lab, None).unwrap(), first);
    lab.run_ceremony();
    lab.seal();
    assert_ne!(lab.election, first);
    assert_eq!(asked(&lab, Some(&first)).unwrap(), first);
    assert_eq!(asked(&lab, Some(&lab.election)).unwrap(), lab.election);
    assert!(matches!(asked(&lab, None), Err(NoRecord::Several)));
    // Neither a setup's hash nor a made-up one is an election hash.
    for other in [&lab.setup, &Hash([1; 64])] {
        assert!(matches!(asked(&lab, Some(other)), Err(NoRecord::Election)));
    }
}
