//! Every dependency says why it is there, is used, and comes from where everybody can get it.

use super::{complains, hold, tracked};

/// Names in `[workspace.dependencies]` with whether a reason stands beside each.
fn dependencies(manifest: &str) -> Vec<(&str, bool)> {
    let after = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let lines = after.lines().take_while(|line| !line.starts_with('['));
    let entries = lines.filter(|line| !line.trim_start().starts_with('#') && line.contains('='));
    entries
        .filter(|line| !line.contains("path ="))
        .map(|line| (line.split('=').next().unwrap_or_default().trim(), line.contains("# ")))
        .collect()
}

fn without_reason(manifest: &str) -> Vec<String> {
    let silent = dependencies(manifest).into_iter().filter(|(_, has_reason)| !has_reason);
    silent
        .map(|(name, _)| {
            format!("Cargo.toml: `{name}` does not say why it is here; end its line with `# why`")
        })
        .collect()
}

fn unused(manifest: &str, members: &[&str]) -> Vec<String> {
    let is_used = |name: &str| {
        members.iter().any(|member| member.contains(&format!("\n{name}.workspace = true")))
    };
    let idle = dependencies(manifest).into_iter().filter(|(name, _)| !is_used(name));
    idle.map(|(name, _)| format!("Cargo.toml: no crate uses `{name}`; take its line out")).collect()
}

/// Lines of lock files that name another source than the public registries.
fn foreign_sources(path: &str, lock: &str) -> Vec<String> {
    const PUBLIC: [&str; 2] =
        ["registry+https://github.com/rust-lang/crates.io-index", "https://registry.npmjs.org/"];
    let names_source = |line: &&str| {
        line.trim_start().starts_with("source = ") || line.trim_start().starts_with("\"resolved\":")
    };
    let foreign = lock.lines().enumerate().filter(|(_, line)| names_source(line));
    let foreign = foreign.filter(|(_, line)| !PUBLIC.iter().any(|public| line.contains(public)));
    foreign
        .map(|(number, line)| {
            format!(
                "{path}:{}: `{}` is no public registry; lock against the public one",
                number + 1,
                line.trim()
            )
        })
        .collect()
}

#[test]
fn every_dependency_has_a_reason_and_a_user() {
    let files = tracked();
    let manifest = files
        .iter()
        .find(|file| file.path == "Cargo.toml")
        .and_then(|file| file.text.as_deref())
        .unwrap();
    let members: Vec<&str> = files
        .iter()
        .filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml"))
        .filter_map(|file| file.text.as_deref())
        .collect();
    assert!(dependencies(manifest).len() > 20, "the list of dependencies was not found");
    let mut complaints = without_reason(manifest);
    complaints.extend(unused(manifest, &members));
    hold(&complaints);
}

#[test]
fn locked_sources_are_public() {
    let files = tracked();
    let locks = files.iter().filter(|file| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        name == "Cargo.lock" || name == "package-lock.json"
    });
    let complaints: Vec<String> = locks
        .flat_map(|file| foreign_sources(&file.path, file.text.as_deref().unwrap_or_default()))
        .collect();
    hold(&complaints);
}

#[test]
fn a_silent_idle_or_foreign_dependency_is_told() {
    let manifest = "[workspace.dependencies]\nmodel = { path = \"x\" }\ntold = \"1\" # why\nsilent = \"1\"\n\n[x]\ny = 1\n";
    complains(&without_reason(manifest), &["`silent` does not say why"]);
    complains(
        &unused(manifest, &["[dependencies]\nsilent.workspace = true\n"]),
        &["no crate uses `told`"],
    );
    let lock = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"git+https://example.org/x\"\n";
    complains(
        &foreign_sources("Cargo.lock", lock),
        &["Cargo.lock:2: `source = \"git+https://example.org/x\"`"],
    );
    let lock = "\"resolved\": \"https://registry.npmjs.org/a\",\n\"resolved\": \"http://mirror.example/a\",";
    complains(&foreign_sources("package-lock.json", lock), &["package-lock.json:2"]);
}
