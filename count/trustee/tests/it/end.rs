//! After the result: the share is destroyed, on record.

use crate::refusals::Heard;
use crate::world::{World, refusal};
use trustee::{Refusal, Silent, Statement};

const DAY: u64 = 86_400_000;

#[tokio::test]
async fn keys_are_destroyed_after_the_term_of_appeal_and_the_trustee_signs() {
    let world = World::closed(3, 2, &[1, 0]).await;
    let destroy = |i: usize| {
        let trustee = &world.trustees[i];
        let mut nodes = world.nodes();
        async move { trustee.destroy(&mut nodes, &mut Silent).await }
    };
    for i in 0..2 {
        world.commit(i).await.unwrap();
    }
    world.announce();
    for i in 0..2 {
        world.release(i).await.unwrap();
    }
    assert!(matches!(refusal(destroy(0).await), Refusal::Phase(p) if p == "announced"));
    world.lab().post_result();
    let at = world.lab().on_board().manifest().unwrap().announce_at;
    world.clock.set_ms(at + 30 * DAY - 1);
    assert!(matches!(
        refusal(destroy(0).await),
        Refusal::Appeal { days: 1 }
    ));
    let setup = world.lab().setup;
    let key = world.trustees[0].folder().keys().unwrap().signing.public();
    world.clock.set_ms(at + 30 * DAY);
    destroy(0).await.unwrap();
    assert!(!world.trustees[0].folder().has_share(&setup));
    let keys = world.dir.path().join("trustee-1/keys");
    assert_eq!(std::fs::read_dir(keys).unwrap().count(), 0);
    let path = world.dir.path().join("trustee-1/destroyed.txt");
    let file = std::fs::read_to_string(path).unwrap();
    assert!(Statement::parse(&file).unwrap().verify(&key));
    let mut heard = Heard::default();
    let check = |file: String| {
        let (trustee, mut nodes) = (&world.trustees[1], world.nodes());
        async move {
            let mut heard = Heard::default();
            let checked = trustee.check_statement(&mut nodes, &mut heard, &file).await;
            checked.map(|()| heard.0.concat())
        }
    };
    heard.0.push(check(file.clone()).await.unwrap());
    assert!(heard.0[0].contains("1番 開票管理者1"), "{:?}", heard.0);
    let altered = file.replacen("1番", "2番", 1);
    assert_ne!(altered, file);
    assert!(check(altered).await.is_err());
}
