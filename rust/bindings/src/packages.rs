//! WIT packages of several files and directories.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use wit_bindgen_core::wit_parser::{PackageId, PackageName, Resolve, SourceMap, UnresolvedPackageGroup};

/// A package that is to be added.
struct Package<'a> {
    /// That of the file or directory, and those within it; none if it is WIT in WebAssembly, which merges by itself.
    names: Vec<PackageName>,
    /// What has to be there first.
    needs: Vec<PackageName>,
    is_dir: bool,
    paths: Vec<&'a Path>,
}

/// Adds the packages in these files and directories, and returns that of each path. Files of one package are put together;
/// each package comes behind those it uses, if they are here.
///
/// # Errors
/// What is wrong with a file, or two that cannot both be: a directory is a whole package.
pub fn push_paths(resolve: &mut Resolve, paths: &[PathBuf]) -> Result<Vec<PackageId>> {
    let mut packages: Vec<Package> = Vec::new();
    let mut of_paths = Vec::new();
    for path in paths {
        let same = packages.iter().position(|package| package.paths.iter().any(|other| is_same(other, path)));
        of_paths.push(match same {
            Some(index) => index,
            None => place(&mut packages, path).with_context(|| path.display().to_string())?,
        });
    }
    let mut ids: Vec<Option<PackageId>> = vec![None; packages.len()];
    while let Some(first) = ids.iter().position(Option::is_none) {
        let is_ready = |index: &usize| {
            ids[*index].is_none()
                && packages[*index].needs.iter().all(|name| resolve.package_names.contains_key(name))
        };
        // If none is, the first one says what it lacks.
        let next = (first..packages.len()).find(is_ready).unwrap_or(first);
        ids[next] = Some(push(resolve, &packages[next])?);
    }
    Ok(of_paths.into_iter().filter_map(|index| ids[index]).collect())
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || fs::canonicalize(one).is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
}

/// Puts a path to the others of its package, and returns which that is.
fn place<'a>(packages: &mut Vec<Package<'a>>, path: &'a Path) -> Result<usize> {
    let package = read(path)?;
    let shares = |other: &Package| package.names.iter().any(|name| other.names.contains(name));
    let Some(index) = packages.iter().position(shares) else {
        packages.push(package);
        return Ok(packages.len() - 1);
    };
    let other = &mut packages[index];
    if other.is_dir || package.is_dir || other.names.first() != package.names.first() {
        let name = package.names.iter().find(|name| other.names.contains(name)).expect("they share one");
        bail!("package `{name}` is in {}, too: a directory is all of a package", other.paths[0].display());
    }
    other.paths.extend(package.paths);
    other.names.extend(package.names);
    other.needs.extend(package.needs);
    Ok(index)
}

fn read(path: &Path) -> Result<Package<'_>> {
    let is_dir = path.is_dir();
    let mut package = Package { names: Vec::new(), needs: Vec::new(), is_dir, paths: vec![path] };
    let group = if is_dir {
        UnresolvedPackageGroup::parse_dir(path)?
    } else {
        let mut map = SourceMap::default();
        // What is no text is WebAssembly, or told when it is added.
        let Ok(text) = fs::read_to_string(path) else {
            return Ok(package);
        };
        if text.trim_start().starts_with('(') {
            return Ok(package);
        }
        map.push(path, text);
        parse(map)?
    };
    for one in std::iter::once(&group.main).chain(&group.nested) {
        package.names.push(one.name.clone());
        // Those of a directory may be in its `deps`.
        if !is_dir {
            package.needs.extend(one.foreign_deps.keys().cloned());
        }
    }
    package.needs.retain(|name| !package.names.contains(name));
    Ok(package)
}

fn parse(map: SourceMap) -> Result<UnresolvedPackageGroup> {
    map.parse().map_err(|(map, error)| {
        let rendered = error.render(&map);
        anyhow::Error::from(error).context(rendered)
    })
}

fn push(resolve: &mut Resolve, package: &Package) -> Result<PackageId> {
    let names: Vec<String> = package.paths.iter().map(|path| path.display().to_string()).collect();
    let names = names.join(" and ");
    if let Some(name) = package.names.iter().find(|name| resolve.package_names.contains_key(*name)) {
        bail!("{names}: package `{name}` is there already");
    }
    if let [path] = package.paths[..] {
        return Ok(resolve.push_path(path).with_context(|| names)?.0);
    }
    let mut map = SourceMap::default();
    for path in &package.paths {
        map.push_file(path)?;
    }
    let group = parse(map).with_context(|| names.clone())?;
    resolve.push_group(group).map_err(anyhow::Error::from).with_context(|| names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files in a directory of this test's own, by their names and contents.
    fn files(test: &str, files: &[(&str, &str)]) -> PathBuf {
        let place = std::env::temp_dir().join(format!("zephyr-wasm-packages-{test}-{}", std::process::id()));
        for (name, contents) in files {
            let path = place.join(name);
            fs::create_dir_all(path.parent().expect("it is in a directory")).expect("a directory");
            fs::write(path, contents).expect("a file");
        }
        place
    }

    const ONE: &str = "package acme:leds@1.0.0;\ninterface one { f: func(); }\n";
    const OTHER: &str = "package acme:leds@1.0.0;\ninterface other { g: func(); }\n";
    const USER: &str =
        "package acme:user;\ninterface all { use acme:keys/keys@1.0.0.{key}; h: func(k: key); }\n";
    const KEYS: &str = "package acme:keys@1.0.0;\ninterface keys { type key = u32; }\n";

    fn pushed(place: &Path, names: &[&str]) -> Result<(Resolve, Vec<PackageId>)> {
        let mut resolve = Resolve::default();
        let paths: Vec<PathBuf> = names.iter().map(|name| place.join(name)).collect();
        let ids = push_paths(&mut resolve, &paths)?;
        Ok((resolve, ids))
    }

    #[test]
    fn files_of_one_package_are_put_together() {
        let place = files("merge", &[("one.wit", ONE), ("other.wit", OTHER)]);
        let (resolve, ids) = pushed(&place, &["one.wit", "other.wit", "one.wit"]).expect("they merge");
        assert!(ids.iter().all(|id| *id == ids[0]) && ids.len() == 3);
        let interfaces: Vec<_> = resolve.packages[ids[0]].interfaces.keys().collect();
        assert_eq!(interfaces, ["one", "other"]);
    }

    #[test]
    fn the_order_is_that_of_use() {
        let place = files("order", &[("user.wit", USER), ("keys.wit", KEYS)]);
        let (resolve, ids) = pushed(&place, &["user.wit", "keys.wit"]).expect("they are sorted");
        assert_eq!(resolve.packages[ids[0]].name.name, "user");
    }

    #[test]
    fn what_cannot_both_be_is_told() {
        let twice = "package acme:leds@1.0.0;\ninterface one { g: func(); }\n";
        let place = files(
            "clash",
            &[("one.wit", ONE), ("twice.wit", twice), ("leds/other.wit", OTHER), ("user.wit", USER)],
        );
        let told = |names: &[&str]| match pushed(&place, names) {
            Ok(_) => panic!("{names:?} are taken"),
            Err(error) => format!("{error:#}"),
        };
        let text = told(&["one.wit", "twice.wit"]);
        assert!(text.contains("one.wit") && text.contains("twice.wit"), "{text}");
        let text = told(&["one.wit", "leds"]);
        assert!(
            text.contains("one.wit") && text.contains("leds") && text.contains("a directory is all"),
            "{text}"
        );
        let text = told(&["user.wit"]);
        assert!(text.contains("user.wit") && text.contains("acme:keys"), "{text}");
        let mut resolve = Resolve::default();
        resolve.push_str("ours", ONE).expect("it is added");
        let error = push_paths(&mut resolve, &[place.join("one.wit")]).expect_err("it is there");
        assert!(format!("{error:#}").contains("is there already"), "{error:#}");
    }
}
