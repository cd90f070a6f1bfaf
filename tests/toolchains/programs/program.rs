// SPDX-License-Identifier: Apache-2.0

//! A program with Rust's standard library.

fn main() {
    println!("counted");
    let count = (2..1000).filter(|number| (2..*number).all(|divisor| number % divisor != 0)).count();
    std::process::exit(count as i32);
}
