//! The computer is lost, the paper is there.

use crate::refusals::Heard;
use crate::world::{World, program, refusal};
use trustee::backup::{Backup, BackupError};
use trustee::{Refusal, Silent, Trustee};

/// A person who types lines.
struct Typist(std::collections::VecDeque<String>, Heard);

impl trustee::Talk for Typist {
    fn say(&mut self, ja: &str, en: &str) -> anyhow::Result<()> {
        self.1.say(ja, en)
    }
    fn agree(&mut self, ja: &str, en: &str) -> anyhow::Result<()> {
        self.1.agree(ja, en)
    }
    fn line(&mut self, _: &str, _: &str) -> anyhow::Result<Option<zeroize::Zeroizing<String>>> {
        Ok(self.0.pop_front().map(zeroize::Zeroizing::new))
    }
}

/// The lines of the printed page.
fn printed(html: &str) -> Vec<String> {
    let rows = html.lines().filter(|l| l.starts_with("<tr>"));
    rows.map(|row| {
        let cells = row.split("<td>").skip(1);
        let words = cells.map(|c| c.split('<').next().unwrap());
        words.collect::<Vec<_>>().join(" ")
    })
    .collect()
}

#[tokio::test]
async fn what_was_printed_decrypts_on_another_computer() {
    let world = World::closed(3, 2, &[1, 1, 0]).await;
    let page = world.dir.path().join("paper.html");
    let mut heard = Heard::default();
    world.trustees[0]
        .backup(&mut world.nodes(), &mut heard, &page, true)
        .await
        .unwrap();
    let mut lines = printed(&std::fs::read_to_string(&page).unwrap());
    assert_eq!(lines.len(), 12);
    // A slip in the fourth line is named and the line is asked for again.
    let slip = {
        let mut words: Vec<&str> = lines[3].split(' ').collect();
        words.swap(0, 1);
        words.join(" ")
    };
    lines.insert(3, slip);
    let mut typist = Typist(lines.into(), Heard::default());
    let paper = Trustee::read_paper(&mut typist).unwrap();
    assert!(
        typist.1.0.iter().any(|l| l.starts_with("4行目：")),
        "{:?}",
        typist.1.0
    );
    world.trustees[0]
        .check_paper(&mut world.nodes(), &mut Silent, &paper)
        .await
        .unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = program(elsewhere.path(), 1, &world.clock);
    other
        .restore(&mut world.nodes(), &mut Silent, &paper)
        .await
        .unwrap();
    let again = other.restore(&mut world.nodes(), &mut Silent, &paper).await;
    assert!(matches!(refusal(again), Refusal::KeysExist));
    other
        .check_share(&mut world.nodes(), &mut Silent)
        .await
        .unwrap();
    other.commit(&mut world.nodes(), &mut Silent).await.unwrap();
    world.commit(1).await.unwrap();
    // The first computer was found again: it does not commit to anything else.
    assert!(matches!(
        refusal(world.commit(0).await),
        Refusal::OtherTarget
    ));
    world.announce();
    other
        .release(&mut world.nodes(), &mut Silent)
        .await
        .unwrap();
    world.release(1).await.unwrap();
    let result = world.lab().on_board().expected_result().unwrap();
    assert_eq!(result.votes, [[1, 2, 0, 0]]);
}

#[tokio::test]
async fn the_page_is_removed_once_it_is_printed() {
    let world = World::sealed(3, 2, 1).await;
    let page = world.dir.path().join("paper.html");
    let nodes = &mut world.nodes();
    world.trustees[2]
        .backup(nodes, &mut Silent, &page, false)
        .await
        .unwrap();
    assert!(!page.exists());
}

#[tokio::test]
async fn paper_of_another_trustee_or_election_is_refused() {
    let world = World::sealed(3, 2, 1).await;
    let paper = |i: usize| {
        let mut nodes = world.nodes();
        let trustee = &world.trustees[i];
        async move { trustee.paper(&mut nodes).await.unwrap() }
    };
    let (one, two) = (paper(0).await, paper(1).await);
    let differs = world.trustees[0]
        .check_paper(&mut world.nodes(), &mut Silent, &two)
        .await;
    assert!(matches!(refusal(differs), Refusal::Share));
    let other = World::sealed(2, 2, 1).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = program(elsewhere.path(), 1, &other.clock);
    let restored = stranger
        .restore(&mut other.nodes(), &mut Silent, &one)
        .await;
    assert!(matches!(
        refusal(restored),
        Refusal::Backup(BackupError::Election)
    ));
    // The first eight lines of one and the last four of the other are no backup of either.
    let (one, two) = (one.lines(), two.lines());
    let mixed = one.iter().take(8).chain(two.iter().skip(8));
    let mixed: String = mixed.map(|l| l.join(" ") + "\n").collect();
    let parsed = Backup::parse(&mixed);
    assert_eq!(parsed.err(), Some(BackupError::Whole));
}
