//! Keys, signatures, and who takes what is signed.

use crate::{directory, fail, succeed, tool};
use std::fs;

#[test]
fn an_app_is_signed_verified_and_taken() {
    let here = directory("signatures");
    let file = |name: &str| here.join(name);
    fs::write(file("app.wat"), "(module (func (export \"run\") (result i32) i32.const 0))").unwrap();
    fs::write(file("app.toml"), "name = \"app\"\nversion = \"1.0.0\"\n").unwrap();
    succeed(tool().arg("pack").arg(file("app.wat")).arg("--output").arg(file("app.wasm")));

    for name in ["ours.pem", "theirs.pem"] {
        succeed(tool().arg("keygen").arg("--output").arg(file(name)));
    }
    // A key that is there is not lost.
    assert!(
        fail(tool().arg("keygen").arg("--output").arg(file("ours.pem"))).contains("cannot create"),
        "it should say why"
    );
    let sign = |key: &str| succeed(tool().arg("sign").arg(file("app.wasm")).arg("--key").arg(file(key)));
    let run = |key: &str| {
        let mut command = tool();
        command.arg("run").arg(file("app.wasm")).arg("--key").arg(file(key));
        command
    };
    assert!(fail(&mut run("ours.pub.pem")).contains("not signed"));
    sign("theirs.pem");
    assert!(fail(&mut run("ours.pub.pem")).contains("signed by another key"));
    sign("ours.pem");
    succeed(&mut run("ours.pub.pem"));
    let verify = succeed(tool().arg("verify").arg(file("app.wasm")).arg("--key").arg(file("ours.pub.pem")));
    assert!(verify.contains("signed by "), "{verify}");
    assert!(fail(&mut run("ours.pem")).contains("a private key, and the public one is wanted"));

    let mut changed = fs::read(file("app.wasm")).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(file("app.wasm"), changed).unwrap();
    assert!(fail(&mut run("ours.pub.pem")).contains("not what was signed"));
}

#[test]
fn what_no_board_would_take_is_not_signed() {
    let here = directory("unsignable");
    fs::write(here.join("app.wasm"), b"\0asm\x01\0\0\0").unwrap();
    succeed(tool().arg("keygen").arg("--output").arg(here.join("key.pem")));
    let sign =
        |file: &str| fail(tool().arg("sign").arg(here.join(file)).arg("--key").arg(here.join("key.pem")));
    assert!(sign("app.wasm").contains("has no manifest"));
    fs::write(here.join("app.wasm"), b"\0asm\x01\0\0\0\x0a\x05").unwrap();
    assert!(sign("app.wasm").contains("truncated"));
    assert!(sign("nothing.wasm").contains("cannot read"));
}

#[test]
fn a_request_to_revoke_a_key_is_for_the_shell_or_a_board() {
    let here = directory("revocation");
    let file = |name: &str| here.join(name);
    for name in ["old.pem", "new.pem"] {
        succeed(tool().arg("keygen").arg("--output").arg(file(name)));
    }
    let revoke = |public: &str, key: &str| {
        let mut command = tool();
        command.arg("revoke").arg(file(public)).arg("--key").arg(file(key));
        command
    };
    let request = succeed(&mut revoke("old.pub.pem", "new.pem"));
    assert_eq!(request.trim().len(), 2 * 104, "{request}");
    assert!(request.trim().bytes().all(|byte| byte.is_ascii_hexdigit()), "{request}");
    assert!(fail(&mut revoke("old.pub.pem", "old.pem")).contains("by another"));
    assert!(fail(&mut revoke("old.pem", "new.pem")).contains("the public one is wanted"));
    let mut there = revoke("old.pub.pem", "new.pem");
    there.args(["--udp", "127.0.0.1:9", "--timeout", "50", "--retries", "0"]);
    assert!(fail(&mut there).contains("does not answer"));
}

#[test]
fn a_board_that_is_not_there_is_told() {
    let ps = fail(tool().args(["ps", "--udp", "127.0.0.1:9", "--timeout", "50", "--retries", "0"]));
    assert!(ps.contains("does not answer"), "{ps}");
    assert!(fail(tool().arg("ps")).contains("which board?"));
}
