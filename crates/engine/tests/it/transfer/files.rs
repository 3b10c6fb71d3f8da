//! Files that are cut, altered, put together anew or from another key: named by line, and nothing of them is kept.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cognate_jose::MasterKey;
use cognate_testkit::app::people_file;
use cognate_testkit::{On as _, TestApp, TestDb};

use super::{assert_nothing_of_it, check, flaw, import, place};

/// Header, pool, two keys, client, three users, footer.
const LINES: usize = 9;

async fn app() -> TestApp {
    TestApp::on(TestDb::sqlite()).await
}

fn lines(path: &Path) -> Vec<Vec<u8>> {
    let lines: Vec<_> = fs::read(path).unwrap().split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    assert_eq!(lines.len(), LINES);
    lines
}

#[tokio::test]
async fn a_file_that_was_cut_off_names_the_line_where_it_ends() {
    let app = app().await;
    let (_folder, path) = place();
    people_file::write(&path, [42; 32], 3);
    let lines = lines(&path);
    let cut = path.with_extension("cut");
    for whole in 0..LINES {
        for more in [0, 1, lines[whole].len() / 2, lines[whole].len() - 1] {
            let mut bytes = lines[..whole].concat();
            bytes.extend(&lines[whole][..more]);
            fs::write(&cut, bytes).unwrap();
            let (line, reason) = flaw(import(&app, &cut).await);
            assert_eq!(line, whole as u64 + 1, "{whole} lines and {more} bytes: {reason}");
            assert!(reason.contains("cut off"), "{reason}");
        }
    }
    assert_nothing_of_it(&app).await;
}

#[tokio::test]
async fn one_changed_byte_anywhere_is_found_in_its_line() {
    let app = app().await;
    let (_folder, path) = place();
    people_file::write(&path, [42; 32], 3);
    let lines = lines(&path);
    for (at, line) in lines.iter().enumerate() {
        for place in (0..line.len() - 1).step_by(line.len() / 12) {
            let mut changed = lines.clone();
            changed[at][place] ^= 1;
            fs::write(&path, changed.concat()).unwrap();
            let (named, reason) = flaw(check(&app, &path).await);
            assert_eq!(named, at as u64 + 1, "byte {place}: {reason}");
        }
    }
    fs::write(&path, lines.concat()).unwrap();
    import(&app, &path).await.unwrap();
}

#[tokio::test]
async fn lines_that_change_places_go_missing_or_come_twice_are_found() {
    let app = app().await;
    let (_folder, path) = place();
    people_file::write(&path, [42; 32], 3);
    let lines = lines(&path);
    for at in 1..LINES - 1 {
        let mut swapped = lines.clone();
        swapped.swap(at, at + 1);
        let mut missing = lines.clone();
        missing.remove(at);
        let mut twice = lines.clone();
        twice.insert(at, lines[at].clone());
        for (changed, expected) in [(swapped, at + 1), (missing, at + 1), (twice, at + 2)] {
            fs::write(&path, changed.concat()).unwrap();
            assert_eq!(flaw(import(&app, &path).await).0, expected as u64);
        }
    }
    for more in [&b"\n"[..], b"x", b"{}\n", &lines[LINES - 1]] {
        fs::write(&path, [lines.concat(), more.to_vec()].concat()).unwrap();
        let (line, reason) = flaw(import(&app, &path).await);
        assert_eq!((line, reason.as_str()), (LINES as u64 + 1, "something stands behind the last line"));
    }
    assert_nothing_of_it(&app).await;
}

#[tokio::test]
async fn a_line_of_another_file_under_the_same_key_is_found() {
    let app = app().await;
    let (_folder, path) = place();
    let other = path.with_extension("other");
    people_file::write(&path, [42; 32], 3);
    people_file::write(&other, [42; 32], 3);
    let (own, foreign) = (lines(&path), lines(&other));
    for at in 1..LINES {
        let mut spliced = own.clone();
        spliced[at].clone_from(&foreign[at]);
        fs::write(&path, spliced.concat()).unwrap();
        let (line, reason) = flaw(import(&app, &path).await);
        assert_eq!(line, at as u64 + 1);
        assert!(reason.contains("belongs to another file"), "{reason}");
    }
    assert_nothing_of_it(&app).await;
}

#[tokio::test]
async fn another_key_is_said_to_be_another() {
    let app = app().await;
    let (_folder, path) = place();
    people_file::write(&path, [1; 32], 3);
    let (line, reason) = flaw(check(&app, &path).await);
    let (made, given) = (MasterKey::from_bytes([1; 32]).id(), super::key().id());
    assert_eq!((line, reason), (1, format!("the file was made with export key {made}, and this is {given}")));
    let right = Arc::new(MasterKey::from_bytes([1; 32]));
    app.app.check_import(&path, &right, |_| {}).await.unwrap();
}

#[tokio::test]
async fn what_is_no_export_is_told_from_a_newer_one() {
    let app = app().await;
    let (_folder, path) = place();
    people_file::write(&path, [42; 32], 3);
    let good = String::from_utf8(lines(&path)[0].clone()).unwrap();
    let long = format!("{}\n", "x".repeat(5 << 20));
    for (first, why) in [
        ("hello\n", "this is no export of Cognate's"),
        ("{}\n", "this is no export of Cognate's"),
        ("\u{0}\u{1}\n", "this is no export of Cognate's"),
        (&good.replace("cognate-export", "other-export"), "this is no export of Cognate's"),
        (&good.replace("\"version\":1", "\"version\":2,\"more\":1"), "the file is of version 2, this program knows 1"),
        (&long, "more than 4194304 bytes"),
    ] {
        fs::write(&path, first).unwrap();
        assert_eq!(flaw(check(&app, &path).await), (1, why.to_owned()));
    }
}
