// SPDX-License-Identifier: Apache-2.0

const std = @import("std");

var composite: [1000]bool = @splat(false);

pub fn main() u8 {
    std.debug.print("counted\n", .{});
    var count: u8 = 0;
    for (2..composite.len) |number| {
        if (composite[number]) continue;
        count += 1;
        var multiple = number * 2;
        while (multiple < composite.len) : (multiple += number) composite[multiple] = true;
    }
    return count;
}
