//! What the program refuses, one test a reason (spec 07).

use crate::nodes::Shows;
use crate::world::{World, refusal};
use board::Phase;
use board::entry::{Act, Entry, ShareCommit, ShareEntry};
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use tally::PartialDecryption;
use testkit::election::rechain;
use trustee::{Refusal, Silent};

type Chain = Vec<(u64, Vec<Vec<u8>>)>;

fn blocks(world: &World) -> Chain {
    let lab = world.lab();
    let all = lab.chain.iter().skip(1);
    all.map(|s| (s.block.header.time_ms, s.block.entries.clone()))
        .collect()
}

#[tokio::test]
async fn a_24_the_whole_path_opens_exactly_what_was_cast() {
    let world = World::closed(3, 2, &[0, 2, 2, 1, 2]).await;
    for i in 0..3 {
        world.commit(i).await.unwrap();
        // Again is no second commitment.
        world.commit(i).await.unwrap();
    }
    world.announce();
    for i in 0..3 {
        world.release(i).await.unwrap();
        world.release(i).await.unwrap();
    }
    let result = world.lab().on_board().expected_result().unwrap();
    assert_eq!(result.votes, [[1, 1, 3, 0]]);
}

#[tokio::test]
async fn a_24_refuses_before_the_close_by_the_board_and_by_its_own_clock() {
    let world = World::sealed(3, 2, 1).await;
    world.vote(&[0, 1]);
    let close_at = world.lab().close_at();
    // The own clock is before the close: whatever the board says.
    world.clock.set_ms(close_at - 1);
    assert!(matches!(
        refusal(world.commit(0).await),
        Refusal::BeforeClose
    ));
    // The own clock is after it, the board's box still open.
    world.clock.set_ms(close_at);
    let Refusal::Phase(phase) = refusal(world.commit(0).await) else {
        panic!("another reason")
    };
    assert_eq!(phase, "open");
    world.close();
    // The board is closed and the own clock slow.
    world.clock.set_ms(close_at - 1);
    assert!(matches!(
        refusal(world.commit(0).await),
        Refusal::BeforeClose
    ));
    assert_eq!(world.lab().phase(), Phase::Closed);
    assert_eq!(world.lab().on_board().commitments().count(), 0);
}

#[tokio::test]
async fn a_42_refuses_to_release_before_the_announcement_by_the_board_and_by_its_own_clock() {
    let world = World::closed(3, 2, &[0, 1]).await;
    for i in 0..2 {
        world.commit(i).await.unwrap();
    }
    assert!(matches!(refusal(world.release(0).await), Refusal::Phase(p) if p == "committed"));
    world.announce();
    let at = world.lab().on_board().manifest().unwrap().announce_at;
    world.clock.set_ms(at - 1);
    assert!(matches!(
        refusal(world.release(0).await),
        Refusal::BeforeAnnouncement
    ));
    // Who never committed has nothing to release.
    world.clock.set_ms(at);
    assert!(matches!(
        refusal(world.release(2).await),
        Refusal::OtherTarget
    ));
    assert_eq!(world.lab().on_board().shares().count(), 0);
}

/// The programs of these trustees are set to practice, as the test kit's elections are.
#[tokio::test]
async fn a_50_rejects_r1_10_a_real_election_where_practice_is_meant() {
    let world = World::new(3, 2, 1).await;
    world.set_up();
    world.ceremony().await;
    let mut real = world.lab().draft_manifest();
    let mut board = world.nodes();
    let (id, _) = world.trustees[0]
        .sign_manifest(&mut board, &mut Silent, &real)
        .await
        .unwrap();
    assert_eq!(id, 1);
    real.practice = false;
    let signed = world.trustees[0]
        .sign_manifest(&mut board, &mut Silent, &real)
        .await;
    let Refusal::Kind(rule) = refusal(signed.map(drop)) else {
        panic!("another reason")
    };
    assert_eq!(rule.to_string(), "R1.10");
    // Sealed by others, it is left alone.
    world.lab().seal_as(real);
    assert!(matches!(refusal(world.commit(0).await), Refusal::Kind(_)));
}

#[tokio::test]
async fn a_34_refuses_a_box_with_fewer_ballots_than_the_minimum() {
    let world = World::sealed(3, 2, 3).await;
    world.vote(&[0, 1]);
    world.close();
    let Refusal::TooFew { counted, minimum } = refusal(world.commit(0).await) else {
        panic!("another reason")
    };
    assert_eq!((counted, minimum), (2, 3));
}

/// Validators that work together certify a chain in which a ciphertext of their own was put in the
/// place of a voter's: the sums would be others. The rules are applied here, so it is not followed.
#[tokio::test]
async fn a_24_refuses_a_foreign_ciphertext_in_a_certified_chain() {
    let world = World::closed(3, 2, &[0, 1]).await;
    let mut chain = blocks(&world);
    let ballot = chain
        .iter_mut()
        .flat_map(|(_, entries)| entries)
        .find(|e| e[1] == board::entry::kind::BALLOT)
        .unwrap();
    let at = ballot.len() - 600;
    ballot[at] ^= 1;
    let forged = rechain(&world.lab().parties, &chain);
    for node in 0..4 {
        world.show(node, Shows::Other(forged.clone()));
    }
    let Refusal::Heads { agreeing, needed } = refusal(world.commit(0).await) else {
        panic!("another reason")
    };
    assert_eq!((agreeing, needed), (0, 2));
}

#[tokio::test]
async fn a_24_refuses_a_chain_without_valid_certificates() {
    let world = World::closed(3, 2, &[0, 1]).await;
    let mut bare = world.lab().chain.clone();
    for stored in &mut bare {
        if let Some(c) = &mut stored.certificate {
            let last = c.len() - 1;
            c[last] ^= 1;
        }
    }
    for node in 0..4 {
        world.show(node, Shows::Other(bare.clone()));
    }
    assert!(matches!(
        refusal(world.commit(0).await),
        Refusal::Heads {
            agreeing: 0,
            needed: 2
        }
    ));
}

#[tokio::test]
async fn a_22_one_node_alone_is_not_believed_and_one_bad_node_stops_nothing() {
    let world = World::closed(3, 2, &[0, 1]).await;
    for node in 1..4 {
        world.show(node, Shows::Nothing);
    }
    assert!(matches!(
        refusal(world.commit(0).await),
        Refusal::Heads {
            agreeing: 1,
            needed: 2
        }
    ));
    for node in 1..4 {
        world.show(node, Shows::Honest);
    }
    world.show(0, Shows::Nothing);
    world.commit(0).await.unwrap();
}

/// The trustee has committed to one close block; the validators rewrite history and show another.
#[tokio::test]
async fn a_24_a_42_refuses_a_second_target() {
    let world = World::closed(3, 2, &[0, 1, 2]).await;
    let before = blocks(&world);
    world.commit(0).await.unwrap();
    world.commit(1).await.unwrap();
    // The same election without the last ballot: certified by everybody, every rule kept.
    let mut chain = before;
    let last = chain
        .iter()
        .rposition(|(_, e)| {
            e.first()
                .is_some_and(|e| e[1] == board::entry::kind::BALLOT)
        })
        .unwrap();
    chain[last].1.clear();
    let forged = rechain(&world.lab().parties, &chain);
    for node in 0..4 {
        world.show(node, Shows::Other(forged.clone()));
    }
    assert!(matches!(
        refusal(world.commit(0).await),
        Refusal::OtherTarget
    ));
    // Trustee 3 has not committed yet and cannot know; it would show six other words.
}

/// Somebody with the trustee's signing key committed elsewhere; this computer does not add to it.
#[tokio::test]
async fn a_42_refuses_when_the_board_holds_another_commitment_of_its_own() {
    let world = World::closed(3, 2, &[0, 1]).await;
    {
        let mut lab = world.lab();
        let target = lab.on_board().target().unwrap().clone();
        let other = crypto::hash::hash("another", &[]);
        let commit = ShareCommit {
            election: lab.election,
            trustee: 1,
            target: target.digest(),
            commitment: other,
        };
        let key = lab.parties.trustees[0].clone();
        let entry = commit.signed(&key, &mut rand::rng());
        lab.post_one(&Entry::ShareCommit(Box::new(entry)));
    }
    assert!(matches!(
        refusal(world.commit(0).await),
        Refusal::OtherTarget
    ));
}

#[tokio::test]
async fn a_09_refuses_an_announcement_and_keys_of_another_election() {
    let world = World::closed(3, 2, &[0, 1]).await;
    for i in 0..2 {
        world.commit(i).await.unwrap();
    }
    let other = world.other_setup(|s| s.id = "another-election".to_owned());
    {
        // Officers sign an announcement that names the other election: the board does not know it
        // as one that could be announced, and this one stays as it is.
        let mut lab = world.lab();
        let own = std::mem::replace(&mut lab.election, other);
        let announce = lab.act(Act::Announce);
        assert_eq!(lab.refused(&announce.encode()), "R5.03");
        lab.election = own;
    }
    // The second election names the same keys; the share says which one is meant.
    assert!(matches!(refusal(world.release(0).await), Refusal::Phase(p) if p == "committed"));
    world.announce();
    world.release(0).await.unwrap();
}

#[tokio::test]
async fn a_09_refuses_to_choose_between_two_elections_before_there_is_a_share() {
    let world = World::new(3, 2, 1).await;
    world.set_up();
    world.other_setup(|s| s.id = "another-election".to_owned());
    assert!(matches!(
        refusal(world.join(&[0]).await),
        Refusal::Ambiguous
    ));
}

/// The server puts a key of its own in the place of a trustee's: the trustee signs only what it saw
/// come out of the ceremony.
#[tokio::test]
async fn a_09_refuses_a_manifest_with_another_key() {
    let world = World::new(3, 2, 1).await;
    world.set_up();
    world.ceremony().await;
    let draft = world.lab().draft_manifest();
    let other = crypto::schnorr::SigningKey::generate(&mut rand::rng()).public();
    let changes: [fn(&mut ballot::Manifest, crypto::Point); 5] = [
        |m, key| m.trustees.joint = key,
        |m, key| m.trustees.members[0].verification = key,
        |m, key| m.trustees.members[1].key = key,
        |m, key| m.authority = key,
        |m, _| m.trustees.t = 3,
    ];
    for change in changes {
        let mut wrong = draft.clone();
        change(&mut wrong, other);
        let signed = world.trustees[0]
            .sign_manifest(&mut world.nodes(), &mut Silent, &wrong)
            .await;
        assert!(matches!(refusal(signed.map(drop)), Refusal::Manifest));
    }
    let signed = world.trustees[0]
        .sign_manifest(&mut world.nodes(), &mut Silent, &draft)
        .await;
    assert_eq!(signed.unwrap().0, 1);
}

/// Trustee 1 shows a share of another key, trustee 2 one that was altered after the commitment,
/// trustee 3 bytes that are no share. All are refused by rule and name; 4 and 5 with 3's second
/// attempt open the box.
#[tokio::test]
async fn a_10_a_42_wrong_shares_are_blamed_by_name_and_stop_nothing() {
    let world = World::closed(5, 3, &[3, 0, 3]).await;
    let (wrong, altered) = {
        let mut lab = world.lab();
        let target = lab.on_board().target().unwrap().clone();
        let secret = crypto::schnorr::SigningKey::generate(&mut rand::rng());
        let scalar = crypto::group::random_scalar(&mut rand::rng());
        let wrong =
            PartialDecryption::make(&target, 1, &scalar, &secret.public(), &mut rand::rng());
        let commit = ShareCommit {
            election: lab.election,
            trustee: 1,
            target: target.digest(),
            commitment: wrong.commitment(&target),
        };
        let key = lab.parties.trustees[0].clone();
        let entry = commit.signed(&key, &mut rand::rng());
        lab.post_one(&Entry::ShareCommit(Box::new(entry)));
        let mut altered = wrong.clone();
        altered.trustee = 2;
        (wrong, altered)
    };
    for i in 1..5 {
        world.commit(i).await.unwrap();
    }
    world.announce();
    {
        let mut lab = world.lab();
        for (share, rule) in [(&wrong, "R7.02"), (&altered, "R7.03")] {
            let signed = lab.share_entry(share).encode();
            assert_eq!(lab.refused(&signed), rule, "trustee {}", share.trustee);
        }
        let mut short = altered.clone();
        short.trustee = 3;
        short.shares.pop();
        let entry = ShareEntry {
            election: lab.election,
            share: short,
        };
        let key = lab.parties.trustees[2].clone();
        let malformed = entry.signed(&key, &mut rand::rng()).to_bytes();
        assert_eq!(lab.refused(&malformed), "R7.01");
        let cut = &malformed[..malformed.len() - 1];
        assert_eq!(lab.refused(cut), "R5.01");
    }
    for i in 2..5 {
        world.release(i).await.unwrap();
    }
    let result = world.lab().on_board().expected_result().unwrap();
    assert_eq!(result.votes, [[1, 0, 0, 2]]);
    // The programs of the others name who is missing.
    let mut heard = Heard::default();
    world.trustees[4]
        .status(&mut world.nodes(), &mut heard)
        .await
        .unwrap();
    for (id, words) in [
        (1, "断られた"),
        (2, "断られた"),
        (3, "正しい"),
        (5, "正しい"),
    ] {
        let line = heard
            .0
            .iter()
            .find(|l| l.contains(&format!("{id}番 開票管理者{id}：")));
        assert!(line.is_some_and(|l| l.contains(words)), "{id}: {line:?}");
    }
}

/// Who failed on stage is replaced by a trustee who had not committed.
#[tokio::test]
async fn a_10_a_trustee_steps_in_after_the_announcement() {
    let world = World::closed(3, 2, &[1, 1]).await;
    world.commit(0).await.unwrap();
    world.commit(1).await.unwrap();
    world.announce();
    world.release(1).await.unwrap();
    world.commit(2).await.unwrap();
    world.release(2).await.unwrap();
    let result = world.lab().on_board().expected_result().unwrap();
    assert_eq!(result.votes, [[0, 2, 0, 0]]);
}

/// A day after the announced time the board takes shares although no officer announced. No other
/// command than `release` shows one, whoever answers its questions; `release` says why it may.
#[tokio::test]
async fn a_71_shares_are_released_by_a_persons_command_alone() {
    let world = World::closed(3, 2, &[1, 0]).await;
    for i in 0..2 {
        world.commit(i).await.unwrap();
    }
    let by_time = {
        let mut lab = world.lab();
        let by_time = lab.on_board().announced_at();
        lab.advance_to(by_time - 1000);
        by_time
    };
    world.clock.set_ms(by_time);
    assert!(matches!(refusal(world.release(0).await), Refusal::Phase(p) if p == "committed"));
    world.lab().advance_to(by_time);
    assert_eq!(world.lab().phase(), Phase::Announced);
    // Everything else that the program does after the close, with every question answered.
    for i in 0..2 {
        let (trustee, mut nodes) = (&world.trustees[i], world.nodes());
        trustee.commit(&mut nodes, &mut Silent).await.unwrap();
        trustee.status(&mut nodes, &mut Silent).await.unwrap();
        trustee.check_share(&mut nodes, &mut Silent).await.unwrap();
        let join = trustee.join(&mut nodes, &mut Silent).await;
        assert!(join.is_ok() || join.unwrap_err().is::<Refusal>());
    }
    assert_eq!(world.lab().on_board().shares().count(), 0);
    let mut heard = Heard::default();
    let mut nodes = world.nodes();
    let released = world.trustees[0].release(&mut nodes, &mut heard).await;
    released.unwrap();
    assert!(
        heard
            .0
            .iter()
            .any(|l| l.contains("担当者2人の発表はありません"))
    );
    world.release(1).await.unwrap();
    world.lab().post_result();
    assert!(!world.lab().on_board().officers_announced());
}

/// Keeps what was said.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Vec<String>);

impl trustee::Talk for Heard {
    fn say(&mut self, ja: &str, _: &str) -> anyhow::Result<()> {
        self.0.push(ja.to_owned());
        Ok(())
    }
    fn agree(&mut self, ja: &str, _: &str) -> anyhow::Result<()> {
        self.0.push(ja.to_owned());
        Ok(())
    }
    fn line(&mut self, _: &str, _: &str) -> anyhow::Result<Option<zeroize::Zeroizing<String>>> {
        Ok(None)
    }
}
