//! Everything about books.
const std = @import("std");
const Money = @import("money.zig").Money;

/// The most entries.
pub const limit: u32 = 100;
var count: usize = 0;

/// A line of the ledger.
pub const Entry = struct {
    amount: i64,
    name: []const u8 = "",

    pub const zero = Entry{ .amount = 0 };
    const Self = @This();

    // The sign decides.
    pub fn side(self: Self) Side {
        return if (self.amount > 0) .debit else .credit;
    }

    pub const Page = packed struct { number: u8 };
};

pub const Side = enum {
    debit,
    credit,

    pub fn flip(self: Side) Side {
        return switch (self) {
            .debit => .credit,
            .credit => .debit,
        };
    }
};

const Value = union(enum) { int: i64, text: []const u8 };

pub const Error = error{ Closed, Full };

pub fn Book(comptime T: type) type {
    return struct {
        pages: []T,

        pub fn post(self: *@This(), entry: T) !void {
            try std.io.save(self.pages, entry);
            check(entry.amount);
        }
    };
}

fn check(n: i64) bool {
    const local = n > 0;
    return local;
}

export fn audit() void {}

extern "c" fn puts(text: [*:0]const u8) c_int;

test "an entry keeps its amount" {
    try std.testing.expect(check(1));
}

test Entry {}
