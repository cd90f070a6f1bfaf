//! Where `wasm_partition` is, of the devicetree of a build (`zephyr.dts`).

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;

/// The partition of the store.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// How far it is from the beginning of its flash.
    pub offset: u64,
    pub size: u64,
    /// Whether its flash is the one that the firmware is in (`zephyr,flash`).
    pub is_in_main_flash: bool,
}

/// A node, with its parent's place in the list.
#[derive(Default)]
struct Node {
    parent: Option<usize>,
    labels: Vec<String>,
    name: String,
    properties: BTreeMap<String, String>,
}

/// The nodes of a devicetree as Zephyr writes it: one node or property begins in a line.
fn nodes(dts: &str) -> Result<Vec<Node>> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for line in without_comments(dts).lines().map(str::trim) {
        if let Some(head) = line.strip_suffix('{') {
            let mut words: Vec<String> = head.split(": ").map(|word| word.trim().to_owned()).collect();
            let name = words.pop().unwrap_or_default();
            let parent = open.last().copied();
            open.push(nodes.len());
            nodes.push(Node { parent, labels: words, name, properties: BTreeMap::new() });
        } else if line == "};" {
            open.pop().context("a node ends that has not begun")?;
        } else if let (Some((name, value)), Some(node)) = (line.split_once(" = "), open.last()) {
            let value = value.trim_end_matches(';').trim().to_owned();
            nodes[*node].properties.insert(name.to_owned(), value);
        }
    }
    Ok(nodes)
}

fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        kept += before;
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The numbers of a property: `< 0x0 0x400 >`.
fn cells(value: &str) -> Option<Vec<u64>> {
    let inside = value.strip_prefix('<')?.strip_suffix('>')?;
    let number = |word: &str| match word.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    };
    inside.split_whitespace().map(number).collect()
}

/// The address and the size that a node says, in as many cells as its parent says.
fn region(nodes: &[Node], node: &Node) -> Option<(u64, u64)> {
    let parent = &nodes[node.parent?];
    // Of 32 bits; what the devicetree's specification has where nothing is said.
    let count = |name: &str, otherwise: usize| match parent.properties.get(name) {
        Some(value) => cells(value)?.first().map(|count| *count as usize),
        None => Some(otherwise),
    };
    let (of_address, of_size) = (count("#address-cells", 2)?, count("#size-cells", 1)?);
    let cells = cells(node.properties.get("reg")?)?;
    let number = |cells: &[u64]| match cells {
        [low] => Some(*low),
        [high, low] => Some((high << 32) | low),
        _ => None,
    };
    Some((number(cells.get(..of_address)?)?, number(cells.get(of_address..of_address + of_size)?)?))
}

/// Finds the partition.
///
/// # Errors
/// If there is none, or it cannot be read.
pub fn find(dts: &str) -> Result<Partition> {
    let nodes = nodes(dts)?;
    let label = "wasm_partition";
    let Some(node) = nodes.iter().find(|node| node.labels.iter().any(|one| one == label)) else {
        bail!("it has no node with the label {label}");
    };
    let unreadable = || format!("the `reg` of {label} or of a node around it cannot be read");
    let (mut offset, size) = region(&nodes, node).with_context(unreadable)?;
    // Partitions may be in another. The flash is what the outermost `partitions` are in.
    let mut outer = node.parent;
    while let Some(parent) = outer.map(|place| &nodes[place]) {
        let is_of_partitions = parent.name == "partitions" || parent.name.starts_with("partition@");
        if !is_of_partitions {
            break;
        }
        if parent.name != "partitions" {
            offset += region(&nodes, parent).with_context(unreadable)?.0;
        }
        outer = parent.parent;
    }
    let flash = outer.map(|place| &nodes[place]).with_context(unreadable)?;
    let chosen = nodes.iter().find(|node| node.name == "chosen");
    let main = chosen.and_then(|chosen| chosen.properties.get("zephyr,flash"));
    let main = main.and_then(|main| main.strip_prefix('&')).unwrap_or_default();
    Ok(Partition { offset, size, is_in_main_flash: flash.labels.iter().any(|label| label == main) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DTS: &str = "/dts-v1/;\n/ {\n\t#address-cells = < 0x1 >; /* in a.dts:1 */\n\tchosen {\n\t\tzephyr,flash = &flash0; /* in { */\n\t};\n\
        \tflash-controller@40022000 {\n\t\t#address-cells = < 0x1 >;\n\t\t#size-cells = < 0x1 >;\n\
        \t\tflash0: first: flash@8000000 {\n\t\t\treg = < 0x8000000 0x80000 >;\n\
        \t\t\tpartitions {\n\t\t\t\t#address-cells = < 0x1 >;\n\t\t\t\t#size-cells = < 0x1 >;\n\
        \t\t\t\twasm_partition: partition@40000 {\n\t\t\t\t\treg = < 0x40000 0x20000 >;  /* in b.overlay:4 */\n\
        \t\t\t\t};\n\t\t\t};\n\t\t};\n\t};\n};\n";

    #[test]
    fn a_partition_is_found_in_its_flash() {
        let found = Partition { offset: 0x40000, size: 0x20000, is_in_main_flash: true };
        assert_eq!(find(DTS).unwrap(), found);
        let other = DTS.replace("&flash0", "&flash1");
        assert!(!find(&other).unwrap().is_in_main_flash);
    }

    #[test]
    fn numbers_of_64_bits_have_two_cells() {
        let wide = DTS.replace("reg = < 0x40000 0x20000 >", "reg = < 0x1 0x40000 0x20000 >");
        let wide = wide.replace(
            "partitions {\n\t\t\t\t#address-cells = < 0x1 >",
            "partitions {\n\t\t\t\t#address-cells = < 0x2 >",
        );
        assert_eq!(find(&wide).unwrap().offset, 0x1_0004_0000);
    }

    #[test]
    fn what_is_not_there_is_told() {
        let none = DTS.replace("wasm_partition", "other_partition");
        assert!(find(&none).unwrap_err().to_string().contains("no node with the label"));
        let odd = DTS.replace("< 0x40000 0x20000 >", "< 0x40000 >");
        assert!(find(&odd).unwrap_err().to_string().contains("cannot be read"));
    }
}
