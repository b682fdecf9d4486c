use visits::visits;

#[test]
fn no_day_has_no_visits() {
    assert_eq!(visits(0), 0);
}
