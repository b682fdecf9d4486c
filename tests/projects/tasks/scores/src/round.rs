pub fn better(one: i32, other: i32) -> i32 {
    if one > other {
        one
    } else {
        other
    }
}
