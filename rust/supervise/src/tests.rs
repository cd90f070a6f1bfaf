//! What holds of the policy, whatever apps do.

use super::*;
use crate::promised::WORDS;
use proptest::prelude::*;
use zephyr_wasm_manifest::Manifest;

const BACKOFF: Backoff = Backoff { first: 1000, most: 60_000 };

fn app(manifest: &str) -> Supervised {
    Supervised::new(Manifest::new(Some(manifest)), false, BACKOFF.first)
}

#[test]
fn the_words_are_those_of_the_table() {
    assert_eq!(WORDS, ["never", "on-failure", "always"]);
    let restart = |text| app(text).restart;
    assert_eq!([restart("restart never"), restart("heap 1"), restart("restart daily")], [NEVER; 3]);
    assert_eq!([restart("restart on-failure"), restart("restart always")], [ON_FAILURE, ALWAYS]);
    let all = app("name a\nheartbeat 150\ncpu 20\nrestart always");
    assert_eq!((all.heartbeat, all.share, all.backoff), (150, 20, 1000));
    let once = Supervised::new(Manifest::new(Some("restart always\nheartbeat 9")), true, 1);
    assert_eq!((once.restart, once.heartbeat), (NEVER, 9));
}

#[test]
fn it_is_started_again_as_it_says() {
    let again = |text, end| app(text).ended(end, 0, BACKOFF);
    for end in [Ended::Well, Ended::Badly, Ended::Refused] {
        assert_eq!(again("restart never", end), None);
        assert_eq!(again("restart on-failure", end).is_some(), end == Ended::Badly);
        assert_eq!(again("restart always", end).is_some(), end != Ended::Refused);
    }
    let mut left = app("restart always");
    left.leave();
    assert_eq!(left.ended(Ended::Badly, 0, BACKOFF), None);
}

fn any_app() -> impl Strategy<Value = Supervised> {
    let numbers = (any::<[u32; 7]>(), any::<[i64; 4]>(), any::<u64>());
    numbers.prop_map(|([restart, restarts, backoff, heartbeat, share, charged, owed], times, cycles)| {
        let [launched, beaten, looked, saved] = times;
        Supervised {
            restart,
            restarts,
            backoff,
            heartbeat,
            share,
            charged,
            owed,
            launched,
            beaten,
            looked,
            saved,
            cycles,
        }
    })
}

proptest! {
    /// Waits begin with the first, double, and stay at the longest.
    #[test]
    fn waits_double_up_to_the_longest(first in 1u32..3_600_000, more in 0u32..82_800_000, ends in 1usize..40) {
        let backoff = Backoff { first, most: first + more };
        let mut app = Supervised { restart: ALWAYS, backoff: first, ..Supervised::default() };
        let mut expected = u64::from(first);
        for _ in 0..ends {
            let wait = app.ended(Ended::Badly, app.launched, backoff).map(u64::from);
            prop_assert_eq!(wait, Some(expected.min(backoff.most.into())));
            expected *= 2;
        }
        app.launched(5, 0);
        // It ran nearly long enough, and long enough.
        let ran = app.launched + i64::from(backoff.most);
        prop_assert_eq!(app.clone().ended(Ended::Well, ran - 1, backoff), Some(app.backoff));
        prop_assert_eq!(app.ended(Ended::Well, ran, backoff), Some(first));
    }

    /// An app that beats in time is never silent, and one that does not is as soon as it is late.
    #[test]
    fn silence_is_longer_than_the_promise(heartbeat in 1u32.., start in 0i64..1 << 40, beats in prop::collection::vec(any::<u32>(), 0..20)) {
        let mut app = Supervised { heartbeat, ..Supervised::default() };
        app.launched(start, 0);
        let mut now = start;
        for pause in beats {
            now += i64::from(pause % heartbeat) + 1;
            prop_assert!(!app.is_silent(now));
            app.beat(now);
        }
        prop_assert!(!app.is_silent(now + i64::from(heartbeat)));
        prop_assert!(app.is_silent(now + i64::from(heartbeat) + 1));
        app.heartbeat = 0;
        prop_assert!(!app.is_silent(i64::MAX));
    }

    /// An app that always computes when it may has its share in the long run, and what one look is late.
    #[test]
    fn nobody_has_more_than_the_share(share in 1u32..100, rounds in prop::collection::vec(1000u32..100_000, 50..200)) {
        let mut app = Supervised { share, ..Supervised::default() };
        app.launched(0, 7);
        let (mut cycles, mut run, mut waits, mut longest) = (7u32, 0u64, false, 0u64);
        for round in rounds {
            cycles = cycles.wrapping_add(round);
            longest = longest.max(round.into());
            run += if waits { 0 } else { u64::from(round) };
            waits = app.charge(run, 0, cycles, waits);
        }
        let earned = u64::from(cycles - 7) * u64::from(share) / 100;
        prop_assert!(run <= earned + longest, "{run} of {earned}");
    }

    /// An app that uses no more than it earns never waits.
    #[test]
    fn a_modest_app_does_not_wait(share in 1u32..=100, rounds in prop::collection::vec((0u32..100_000, 0u32..=100), 1..100)) {
        let mut app = Supervised { share, ..Supervised::default() };
        app.launched(0, u32::MAX - 5);
        let (mut cycles, mut run) = (u32::MAX - 5, 0u64);
        for (round, part) in rounds {
            cycles = cycles.wrapping_add(round);
            run += u64::from(round) * u64::from(share) / 100 * u64::from(part) / 100;
            prop_assert!(!app.charge(run, 0, cycles, false));
            prop_assert!(app.saved >= 0);
        }
    }

    /// To wait is no silence, and no sign of life.
    #[test]
    fn a_wait_is_no_silence(heartbeat in 1u32..100_000, silent in 0i64..100_000, waited in 0i64..1 << 40) {
        let mut app = Supervised { heartbeat, share: 50, ..Supervised::default() };
        app.launched(0, 0);
        app.charge(0, silent, 0, false);
        let before = app.is_silent(silent);
        app.charge(0, silent + waited, 0, true);
        prop_assert_eq!(app.is_silent(silent + waited), before);
    }

    /// The kernel calls it with any state.
    #[test]
    fn nothing_panics(mut app in any_app(), now: i64, run: u64, cycles: u32, waits: bool, first: u32, most: u32) {
        let _ = (app.is_silent(now), app.is_over_share());
        app.charge(run, now, cycles, waits);
        for end in [Ended::Well, Ended::Badly, Ended::Refused] {
            let _ = app.ended(end, now, Backoff { first, most });
        }
        app.launched(now, cycles);
        prop_assert!(!app.is_silent(now));
    }
}
