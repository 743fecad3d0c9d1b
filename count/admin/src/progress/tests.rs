use super::*;
use ceremony::{Message, trustee};
use testkit::election::{Lab, Options};

fn lab() -> Lab {
    let mut lab = Lab::new(Options {
        n: 3,
        t: 2,
        ..Options::default()
    });
    lab.set_up();
    lab
}

fn row(table: &str, id: u16) -> String {
    let start = format!("{id} ");
    table
        .lines()
        .find(|l| l.starts_with(&start))
        .unwrap()
        .to_owned()
}

#[test]
fn says_by_name_who_is_missing_in_which_round() {
    let mut lab = lab();
    let c = lab.on_board().ceremony().clone();
    for id in [1, 3] {
        let (_, m) = trustee::commit(&c, id, &mut lab.rng).unwrap();
        let entry = lab.ceremony_entry(id, m);
        lab.post_one(&entry);
    }
    let table = table(lab.on_board());
    assert!(table.contains("まだの人：2番 開票管理者2"), "{table}");
    assert!(!table.contains("まだの人：1番"));
    assert_eq!(row(&table, 1).matches('○').count(), 1);
    assert!(row(&table, 2).contains("待ち"));
    let wide = row(&table, 2).replace(|c: char| !c.is_ascii(), "##");
    let one = row(&table, 1).replace(|c: char| !c.is_ascii(), "##");
    assert_eq!(wide.len(), one.len(), "columns stand under each other");
}

#[test]
fn a_08_names_the_culprit_and_the_complaint() {
    let mut lab = lab();
    let say = |lab: &mut Lab, id, m| {
        let entry = lab.ceremony_entry(id, m);
        lab.post_one(&entry);
    };
    let c = lab.on_board().ceremony().clone();
    let mut states = Vec::new();
    for id in 1..=3 {
        let (state, m) = trustee::commit(&c, id, &mut lab.rng).unwrap();
        say(&mut lab, id, m);
        states.push(state);
    }
    let mut revealed = Vec::new();
    for (id, state) in (1..).zip(states) {
        let (state, m) = state.reveal();
        say(&mut lab, id, m);
        revealed.push(state);
    }
    for (id, state) in (1..).zip(revealed) {
        let (_, m) = state.deal(&c, &mut lab.rng).unwrap();
        say(&mut lab, id, m);
    }
    say(&mut lab, 1, Message::Complain { accused: 2 });
    let before = table(lab.on_board());
    assert!(before.contains("まだ答えていない"), "{before}");
    let share = crypto::Scalar::ONE;
    let complainer = 1;
    say(&mut lab, 2, Message::Answer { complainer, share });
    let after = table(lab.on_board());
    assert!(after.contains("規則に反した人：2番 開票管理者2"), "{after}");
    assert!(after.contains("答えは正しくなかった"));
    assert!(row(&after, 2).contains('×'));
    assert!(after.contains("restart --without 2"));
}

#[test]
fn a_finished_ceremony_shows_its_words() {
    let mut lab = lab();
    lab.run_ceremony();
    let table = table(lab.on_board());
    let root = lab.on_board().ceremony().root();
    assert!(table.contains(&words::six(root.as_bytes()).join("　")));
    assert_eq!(table.matches('○').count(), 15);
}
