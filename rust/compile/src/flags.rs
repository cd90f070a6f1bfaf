//! What a compiler has to be told of the C.

/// The list that CMake reads, too (`cmake/compiled.cmake`, which says why each is there).
const FLAGS: &str = include_str!("../../../cmake/compiled.flags");

/// The options of a compiler for what is written here, with at most `frame` bytes for the frame of a function. They are GCC's:
/// other compilers warn of those that they do not know.
pub fn flags(frame: usize) -> impl Iterator<Item = String> {
    let frame = frame.to_string();
    FLAGS.lines().map(move |line| line.strip_prefix("GNU ").unwrap_or(line).replace("@frame@", &frame))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_one_option() {
        let all: Vec<_> = flags(4096).collect();
        assert!(all.iter().all(|flag| flag.starts_with("-") && !flag.contains([' ', '@'])), "{all:?}");
        assert!(all.contains(&"-Werror=stack-usage=4096".to_owned()), "{all:?}");
    }
}
