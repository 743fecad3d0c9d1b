//! `irefuda-linking`: prints how many voters times alone give away, for crowds of several sizes.
#![expect(clippy::print_stdout, reason = "the table is the result")]

/// Hours of voting.
const HOURS: f64 = 60.0;

fn main() {
    println!(
        "share of visits that a registrar names by times, {HOURS} hours of voting; questions need a node, too"
    );
    println!("voters   first: question  first: time  again: question  again: bucket  again: time");
    for voters in [600, 5_000, 20_000, 100_000] {
        let s = linking::scores(voters, HOURS, linking::bucket_bits(voters), 1);
        println!(
            "{voters:>7}  {:>14.1}%  {:>10.1}%  {:>14.1}%  {:>12.1}%  {:>10.1}%",
            100.0 * s.first_by_question,
            100.0 * s.first_by_time,
            100.0 * s.again_by_question,
            100.0 * s.again_by_bucket,
            100.0 * s.again_by_time
        );
    }
}
