//! Ceremonies of real programs with somebody among them who does not keep the rules.

use crate::refusals::Heard;
use crate::world::{World, program, refusal};
use ceremony::{Message, Round, trustee as rounds};
use crypto::Scalar;
use std::time::Duration;
use trustee::{Refusal, Silent};

/// A trustee who takes part with code of its own: the person behind `world.trustees[i]`, spoiling
/// the share for `victim`, and answering the complaint with `answer`.
async fn traitor(world: &World, i: usize, victim: u16, lie_again: bool) {
    let id = u16::try_from(i + 1).unwrap();
    let rng = &mut rand::rng();
    let post = |m: Message| {
        let mut lab = world.lab();
        let entry = lab.ceremony_entry(id, m);
        lab.post_one(&entry);
    };
    let ceremony = || world.lab().on_board().ceremony().clone();
    let (committed, m) = rounds::commit(&ceremony(), id, rng).unwrap();
    post(m);
    wait(world, |w| {
        w.lab().on_board().ceremony().round() == Round::Reveal
    })
    .await;
    let (revealed, m) = committed.reveal();
    post(m);
    wait(world, |w| {
        w.lab().on_board().ceremony().round() == Round::Shares
    })
    .await;
    let (shared, mut m) = revealed.deal(&ceremony(), rng).unwrap();
    if let Message::Shares(all) = &mut m {
        all.iter_mut().find(|s| s.to == victim).unwrap().sealed[0] ^= 1;
    }
    post(m);
    wait(world, |w| {
        !w.lab()
            .on_board()
            .ceremony()
            .complaints_against(id)
            .is_empty()
    })
    .await;
    let mut answers = shared.answers(&ceremony());
    if let (true, Some(Message::Answer { share, .. })) = (lie_again, answers.first_mut()) {
        *share += Scalar::ONE;
    }
    for answer in answers {
        post(answer);
    }
    if !lie_again {
        let keys = world.trustees[i].folder().keys().unwrap();
        let rounds::Verdict::Good(confirmed) = shared.check(&ceremony(), &keys.hpke).unwrap()
        else {
            panic!("the others are honest")
        };
        post(Message::Confirm);
        wait(world, |w| {
            w.lab().on_board().ceremony().round() == Round::Sign
        })
        .await;
        let (_, m) = confirmed.sign(&ceremony(), &keys.signing, rng).unwrap();
        post(m);
    }
}

async fn wait(world: &World, done: impl Fn(&World) -> bool) {
    let limit = tokio::time::Instant::now() + Duration::from_secs(60);
    while !done(world) {
        assert!(tokio::time::Instant::now() < limit, "it does not happen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_wrong_share_is_answered_openly_and_the_ceremony_ends_well() {
    let world = World::new(3, 2, 1).await;
    world.set_up();
    let (joined, ()) = futures::join!(world.join(&[0, 2]), traitor(&world, 1, 3, false));
    joined.unwrap();
    let outcome = world.lab().on_board().ceremony().outcome().unwrap();
    for i in [0, 2] {
        let setup = world.lab().setup;
        let id = u16::try_from(i + 1).unwrap();
        let share = world.trustees[i].folder().read_share(id, &setup).unwrap();
        assert_eq!(share.verification, outcome.verification[i]);
    }
}

/// Trustee 2 of 5 lies twice and is found; the authority begins anew without it; the programs that
/// stayed open finish the new ceremony under new numbers, and the election goes all the way.
#[tokio::test]
async fn a_08_a_ceremony_begins_anew_without_the_culprit_and_the_election_goes_all_the_way() {
    let world = World::new(5, 3, 1).await;
    let first = world.set_up();
    let stay = [0, 2, 3, 4];
    let anew = async {
        traitor(&world, 1, 4, true).await;
        assert_eq!(world.lab().on_board().ceremony().culprit(), Some(2));
        world.name(&stay, 3);
        world.set_up();
    };
    let (joined, ()) = futures::join!(world.join(&stay), anew);
    joined.unwrap();
    assert_ne!(world.lab().setup, first);
    // The culprit's own program says so and does nothing more.
    assert!(matches!(refusal(world.join(&[1]).await), Refusal::Culprit));
    {
        let mut lab = world.lab();
        lab.options.n = 4;
        lab.seal();
    }
    world.vote(&[2, 2, 0]);
    world.close();
    for i in [4, 2, 0] {
        world.commit(i).await.unwrap();
    }
    world.announce();
    for i in [0, 4, 2] {
        world.release(i).await.unwrap();
    }
    let result = world.lab().on_board().expected_result().unwrap();
    assert_eq!(result.votes, [[1, 0, 2, 0]]);
}

#[test]
fn rejects_r2_01_a_smaller_roster_without_a_majority() {
    // 3 of 5 without one is 3 of 4; 2 of 3 without one is 2 of 2; 3 of 5 may not go on as 2 of 4.
    let roster = |t, n: u16| {
        let member = |id| {
            let (_, hpke) = ceremony::HpkeSecret::generate(&mut rand::rng());
            let key = crypto::schnorr::SigningKey::generate(&mut rand::rng()).public();
            ceremony::Member { id, key, hpke }
        };
        ceremony::Roster::new(t, (1..=n).map(member).collect()).map(drop)
    };
    assert_eq!(roster(3, 4), Ok(()));
    assert_eq!(roster(2, 2), Ok(()));
    assert_eq!(roster(2, 4), Err(ceremony::CeremonyError::Roster));
}

/// Trustee 3 never speaks. Nobody can be blamed on the board; the authority begins anew without it,
/// and the programs that wait go over to the new ceremony by themselves.
#[tokio::test]
async fn a_08_silence_holds_a_ceremony_up_until_it_begins_anew() {
    let world = World::new(4, 3, 1).await;
    world.set_up();
    let anew = async {
        wait(&world, |w| {
            let lab = w.lab();
            let c = lab.on_board().ceremony();
            [1, 2, 4].iter().all(|i| c.has_spoken(Round::Commit, *i))
        })
        .await;
        world.name(&[0, 1, 3], 2);
        world.set_up();
    };
    let (joined, ()) = futures::join!(world.join(&[0, 1, 3]), anew);
    joined.unwrap();
    assert_eq!(world.lab().on_board().ceremony().round(), Round::Done);
}

/// The program is killed in every round and started again: it goes on with the same secret.
#[tokio::test]
async fn a_program_that_was_stopped_goes_on_where_it_was() {
    let world = World::new(3, 2, 1).await;
    world.set_up();
    let stopped = async {
        for round in [Round::Commit, Round::Reveal, Round::Shares, Round::Confirm] {
            let again = program(world.dir.path(), 1, &world.clock);
            let (mut nodes, mut talk) = (world.nodes(), Silent);
            let join = again.join(&mut nodes, &mut talk);
            let spoken = wait(&world, |w| {
                w.lab().on_board().ceremony().has_spoken(round, 1)
            });
            tokio::select! {
                joined = join => joined.unwrap(),
                () = spoken => {}
            }
        }
        let again = program(world.dir.path(), 1, &world.clock);
        again.join(&mut world.nodes(), &mut Silent).await.unwrap();
    };
    let (joined, ()) = futures::join!(world.join(&[1, 2]), stopped);
    joined.unwrap();
    // Afterwards too: it says the six words again.
    let mut heard = Heard::default();
    world.trustees[0]
        .join(&mut world.nodes(), &mut heard)
        .await
        .unwrap();
    let root = world.lab().on_board().ceremony().root();
    let six = crypto::words::six(root.as_bytes()).join("　");
    assert!(heard.0.iter().any(|l| l.ends_with(&six)), "{:?}", heard.0);
}

#[tokio::test]
async fn a_lost_secret_is_said_and_nothing_is_posted() {
    let world = World::new(3, 2, 1).await;
    let setup = world.set_up();
    // It has committed on another computer.
    let m = rounds::commit(
        &world.lab().on_board().ceremony().clone(),
        1,
        &mut rand::rng(),
    );
    {
        let mut lab = world.lab();
        let entry = lab.ceremony_entry(1, m.unwrap().1);
        lab.post_one(&entry);
    }
    assert!(matches!(
        refusal(world.join(&[0]).await),
        Refusal::SecretLost
    ));
    assert!(!world.trustees[0].folder().has_share(&setup));
}
