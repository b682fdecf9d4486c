//! Everything about books.
use crate::money::{self, Amount, rate::{Pace, Rate as Speed}};
use std::fmt::Display as Show;
use shop::prelude::*;

/// The most entries.
pub const LIMIT: usize = 100;
static COUNT: usize = 0;

/// A line of the ledger.
#[derive(Debug, Clone)]
// Kept small.
pub struct Entry<T> {
    amount: T,
}

pub enum Side {
    Debit,
    Credit(i64),
}

pub trait Ledger: Closeable + io::Flush {
    type Item;
    fn post(&mut self, entry: Self::Item);
    fn total(&self) -> i64 {
        0
    }
}

impl<T: Copy> Ledger for Entry<T> {
    type Item = T;
    fn post(&mut self, entry: T) {
        self.store.save(entry);
        Amount::of::<T>(1);
        crate::money::check(entry)
    }
}

impl<T> Entry<T> {
    /// The sign decides.
    #[inline]
    pub fn side(&self) -> Side {
        let local = |n: i64| n * 2;
        println!("{}", local(1));
        Side::Credit(1)
    }
}

type Name = String;

#[macro_export]
macro_rules! audit {
    ($book:expr) => {
        $book.check()
    };
}

bitflags! {
    pub struct Flags: u32 {
        const A = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_amount() {
        assert_eq!(audit!(1), 1);
    }
}
