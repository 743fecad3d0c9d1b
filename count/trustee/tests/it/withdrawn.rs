//! An election that two officers withdrew, and the next one with the same trustees.

use crate::world::{World, refusal};
use ballot::text::Text;
use board::entry::Act;
use trustee::Refusal;

fn withdraw(world: &World) {
    let mut lab = world.lab();
    let reason = Text::new("選択肢の誤り", "a wrong option", "まちがい");
    let act = lab.act(Act::Withdraw { reason });
    lab.post_one(&act);
}

#[tokio::test]
async fn a_63_trustees_go_on_with_the_next_election() {
    let world = World::sealed(3, 2, 1).await;
    let first = world.lab().setup;
    withdraw(&world);
    // Nothing to open there, whatever this computer's clock says.
    let close = world.lab().close_at();
    world.clock.set_ms(close);
    let refused = refusal(world.commit(0).await);
    assert!(matches!(refused, Refusal::Phase(phase) if phase == "withdrawn"));
    assert_ne!(world.set_up(), first);
    world.ceremony().await;
    world.lab().seal();
    world.vote(&[0, 1, 0]);
    world.close();
    for trustee in 0..2 {
        world.commit(trustee).await.unwrap();
    }
    world.announce();
    for trustee in 0..2 {
        world.release(trustee).await.unwrap();
    }
    let votes = world.lab().on_board().votes().cloned();
    assert_eq!(votes.unwrap()[0][..2], [2, 1]);
}
