//! Which known word somebody may have meant who has written another.

/// The known word that is nearest to another, if it is near enough to have been meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|known| (distance(word, known), known));
    let (distance, known) = near.min_by_key(|(distance, _)| *distance)?;
    // Of short words, any is near any.
    (distance <= 2 && 2 * distance < known.chars().count()).then_some(known)
}

/// How many characters have to be added, removed or replaced to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (place, d) in other.chars().enumerate() {
            let replaced = diagonal + usize::from(c != d);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[row.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_meant() {
        let known = ["adc", "sensor", "sockets", "storage"];
        assert_eq!(nearest("sensr", known), Some("sensor"));
        assert_eq!(nearest("socket", known), Some("sockets"));
        assert_eq!(nearest("abc", known), Some("adc"));
        assert_eq!(nearest("spi", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("x", []), None);
        assert_eq!([distance("", "abc"), distance("abc", ""), distance("kitten", "sitting")], [3, 3, 3]);
    }
}
