//! The demo by hand: everything runs, a person votes with a virtual card and moves the clock.

use std::io::BufRead;

use anyhow::Result;

use super::booth::Seat;
use super::calendar::show;
use super::run::Run;
use crate::say;

/// What can be typed.
const HELP: &str = "\
  booth [home|counter|venue]  start a booth with the next card and show its address
  next                        move the clock to the next opening, close or announcement
  now                         show the clock
  count                       after the close: decrypt, announce, verify
  quit                        stop everything";

/// Serves until the person has had enough.
///
/// # Errors
/// A program fails.
pub fn serve(run: &mut Run<'_>) -> Result<bool> {
    let portal = format!("http://{}/", run.place.address(0));
    say::heading("everything runs");
    say::line(&format!("portal  {portal}"));
    say::line(HELP);
    let _ = std::process::Command::new("xdg-open")
        .arg(&portal)
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    let mut hand = Hand {
        booths: Vec::new(),
        next: 1,
    };
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let done = match words.as_slice() {
            ["booth"] => hand.booth(run, "home"),
            ["booth", channel @ ("home" | "counter" | "venue")] => hand.booth(run, channel),
            ["next"] => next(run),
            ["now"] => {
                say::line(&show(run.clock.now_ms()));
                Ok(())
            }
            ["count"] => run.count(&mut super::progress::Progress::default()),
            ["quit" | "exit"] => break,
            [] => Ok(()),
            _ => {
                say::line(HELP);
                Ok(())
            }
        };
        if let Err(error) = done {
            say::line(&format!("{error:#}"));
        }
    }
    run.election.stop();
    Ok(true)
}

struct Hand {
    booths: Vec<super::process::Process>,
    next: usize,
}

impl Hand {
    fn booth(&mut self, run: &mut Run<'_>, channel: &str) -> Result<()> {
        let persona = format!("p{:03}", self.next);
        let person = run.cards.person(&persona)?;
        self.booths.clear();
        run.cards.insert(&persona)?;
        let (address, process) = run.booths.start(
            run.place,
            channel,
            &format!("hand{}", self.next),
            &Seat::Released,
        )?;
        self.booths.push(process);
        self.next = self.next % run.cards.count() + 1;
        say::line(&format!(
            "card {persona}: PIN {}, 照合番号B {}",
            person.pin, person.number_b
        ));
        if let Some(picture) = person.camera.first() {
            say::line(&format!("camera picture {}", picture.display()));
        }
        say::line(&address.printed);
        Ok(())
    }
}

fn next(run: &mut Run<'_>) -> Result<()> {
    let now = run.clock.now_ms();
    let Some(target) = run.calendar.next_boundary(now) else {
        say::line("nothing comes after the announcement");
        return Ok(());
    };
    if target == run.calendar.closes() {
        run.pass_the_close()?;
    } else {
        run.clock.step_to(target)?;
        run.election.follow(target)?;
    }
    say::line(&show(run.clock.now_ms()));
    Ok(())
}
