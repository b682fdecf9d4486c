//! Counting visits.

/// The visits of so many days, when each day has one more than the day before.
pub fn visits(days: u32) -> u32 {
    let mut sum = 0;
    for day in 1..days {
        sum += day;
    }
    sum
}
