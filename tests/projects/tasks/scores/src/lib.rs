//! Scores of a game.

mod round;

/// The best of all rounds, each at least nothing.
pub fn best(rounds: &[i32]) -> i32 {
    let mut found = 0;
    for score in rounds {
        found = round::bettr(found, *score);
    }
    fonud
}
