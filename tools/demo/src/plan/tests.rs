use super::*;
use crate::calendar::Content;

fn options() -> Vec<String> {
    (1..=11).map(|n| format!("P{n:02}")).collect()
}

fn calendar() -> Calendar {
    let text = std::fs::read_to_string(toolbox::root::join("data/demo/election.json")).unwrap();
    Content::parse(&text).unwrap().calendar().unwrap()
}

fn plan(seed: u64, count: usize) -> Plan {
    Plan::make(seed, count, &options(), &calendar())
}

#[test]
fn the_same_seed_gives_the_same_plan() {
    assert_eq!(plan(1, 30), plan(1, 30));
    assert_ne!(plan(1, 30), plan(2, 30));
}

#[test]
fn every_visit_lies_in_its_channels_hours_unless_planted() {
    let calendar = calendar();
    for seed in 0..50 {
        for voter in &plan(seed, 60).people {
            if matches!(
                voter.fault,
                Some(PlantedFault::CounterOnSaturday | PlantedFault::AtClose)
            ) {
                continue;
            }
            for visit in &voter.visits {
                let inside = calendar
                    .windows(&visit.channel)
                    .iter()
                    .any(|window| (window.opens..window.closes).contains(&visit.at_ms));
                assert!(inside, "seed {seed}: {voter:?}");
            }
        }
    }
}

#[test]
fn visits_of_a_voter_are_in_order() {
    for seed in 0..50 {
        for voter in plan(seed, 60).people {
            assert!(voter.visits.is_sorted_by(|a, b| a.at_ms + MINUTE < b.at_ms));
        }
    }
}

#[test]
fn a_tenth_votes_again_and_one_across_channels() {
    for seed in 0..50 {
        for count in [20, 30, 100] {
            let plan = plan(seed, count);
            let again: Vec<_> = plan
                .people
                .iter()
                .filter(|voter| voter.visits.len() > 1)
                .collect();
            assert!(
                again.len() * 10 >= count,
                "seed {seed}, {count} voters: {}",
                again.len()
            );
            let across = |voter: &&&Voter| voter.visits[0].channel != voter.visits[1].channel;
            assert!(again.iter().any(|voter| across(&voter)));
        }
    }
}

#[test]
fn each_fault_is_planted_once_in_addition_to_the_voters() {
    let plan = plan(1, 30);
    let mut faults: Vec<_> = plan.people.iter().filter_map(|voter| voter.fault).collect();
    faults.sort();
    assert_eq!(faults, PlantedFault::ALL);
    assert_eq!(plan.people.len(), 30 + PlantedFault::ALL.len());
    assert_eq!(plan.expected_refused().values().sum::<u64>(), 8);
}

#[test]
fn few_voters_have_no_faults() {
    assert!(plan(1, 5).people.iter().all(|voter| voter.fault.is_none()));
}

#[test]
fn expected_votes_take_the_last_visit_only() {
    let mut plan = plan(1, 30);
    // 30 voters, the one just before the close, the one whose face check was interrupted, the one
    // whose vote at the counter stands and the one who was cheated.
    assert_eq!(plan.expected_votes().values().sum::<u64>(), 34);
    let again = plan
        .people
        .iter_mut()
        .find(|voter| voter.visits.len() > 1)
        .unwrap();
    "P11".clone_into(&mut again.visits[1].choice);
    let before = plan.expected_votes();
    let again = plan
        .people
        .iter_mut()
        .find(|voter| voter.visits.len() > 1)
        .unwrap();
    again.visits[0].choice = "P01".to_owned();
    assert_eq!(plan.expected_votes(), before);
    let again = plan
        .people
        .iter_mut()
        .find(|voter| voter.visits.len() > 1)
        .unwrap();
    again.visits[1].choice = "P01".to_owned();
    assert_eq!(plan.expected_votes()["P11"] + 1, before["P11"]);
}

/// What the counter took stands: only the try from home is refused.
#[test]
fn a_vote_at_the_counter_counts_and_the_one_from_home_is_planted() {
    for seed in 0..50 {
        let plan = plan(seed, 30);
        let fault = Some(PlantedFault::HomeAfterStation);
        let voter = plan.people.iter().find(|one| one.fault == fault).unwrap();
        let [counter, home] = voter.visits.as_slice() else {
            panic!("two visits")
        };
        assert_eq!((&*counter.channel, &*home.channel), ("counter", "home"));
        assert!(counter.at_ms + 15 * MINUTE < home.at_ms);
        assert_eq!(voter.accepted(), std::slice::from_ref(counter));
        assert_eq!(voter.expected_in(counter), None);
        assert_eq!(voter.expected_in(home), Some("E-27c"));
    }
}

/// The counter takes the vote that the booth at home changed.
#[test]
fn who_was_cheated_votes_the_same_at_the_counter() {
    for seed in 0..50 {
        let plan = plan(seed, 30);
        let fault = Some(PlantedFault::CheatingBooth);
        let voter = plan.people.iter().find(|one| one.fault == fault).unwrap();
        let [home, counter] = voter.visits.as_slice() else {
            panic!("two visits")
        };
        assert_eq!((&*home.channel, &*counter.channel), ("home", "counter"));
        assert!(home.browser && !counter.browser);
        assert!(home.at_ms + 15 * MINUTE < counter.at_ms);
        assert_eq!(home.choice, counter.choice);
        assert_eq!(voter.accepted(), voter.visits);
    }
}

#[test]
fn saturday_is_a_day_without_counter() {
    let calendar = calendar();
    let plan = plan(1, 30);
    let saturday = plan
        .people
        .iter()
        .find(|voter| voter.fault == Some(PlantedFault::CounterOnSaturday));
    assert_eq!(saturday.unwrap().visits[0].at, "2027-01-23 12:00:00");
    assert!(calendar.next_boundary(calendar.closes()).is_some());
}

#[test]
fn one_browser_per_channel() {
    let plan = plan(1, 30);
    let mut channels: Vec<_> = plan
        .visits()
        .into_iter()
        .filter(|(_, visit)| visit.browser)
        .map(|(_, visit)| visit.channel.clone())
        .collect();
    channels.sort();
    // At home three more: another face, a comparing program that is killed, a booth that cheats.
    assert_eq!(
        channels,
        ["counter", "home", "home", "home", "home", "venue"]
    );
}

#[test]
fn every_person_has_a_card_of_their_own() {
    let plan = plan(1, 30);
    let mut personas: Vec<_> = plan
        .people
        .iter()
        .map(|voter| voter.persona.clone())
        .collect();
    personas.sort();
    personas.dedup();
    assert_eq!(personas.len(), plan.people.len());
    assert_eq!(plan.good_cards(), 38);
    assert!(personas.contains(&"p038".to_owned()) && personas.contains(&"expired-1".to_owned()));
}

/// The face worker's tests look at this persona's card and at the stranger's camera.
#[test]
fn among_thirty_voters_persona_32_is_held_by_a_stranger() {
    let plan = plan(1, 30);
    let fault = Some(PlantedFault::WrongFace);
    let stranger = plan.people.iter().find(|voter| voter.fault == fault);
    assert_eq!(stranger.unwrap().persona, "p032");
}
