use scores::best;

#[test]
fn the_best_of_three() {
    assert_eq!(best(&[1, 7, 3]), 7);
}
