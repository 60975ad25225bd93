//! A bucket under a clock that is made up.

use proptest::prelude::*;

use super::*;

/// Some time in 2026.
const START_MS: u64 = 1_790_000_000_123;

const RULE: Rule = Rule {
    calls_per_minute: 20,
    backoff: Backoff::REFUSED,
};

/// Calls as often as `bucket` allows, until `until_ms`; when they were let go.
fn calls(bucket: &mut Bucket, now_ms: &mut u64, until_ms: u64) -> Vec<u64> {
    let mut let_go = Vec::new();
    while *now_ms < until_ms {
        match bucket.take(&RULE, *now_ms) {
            Ok(()) => let_go.push(*now_ms),
            Err(wait) => *now_ms += wait.as_millis() as u64,
        }
    }
    let_go
}

/// The most of `times` that lie in any 60 s.
fn busiest(times: &[u64]) -> usize {
    let within = |i: usize| {
        times[i..]
            .iter()
            .filter(|&&t| t - times[i] < MINUTE_MS)
            .count()
    };
    (0..times.len()).map(within).max().unwrap_or(0)
}

/// Calls in a hundred minutes, as things are.
fn hundredths(bucket: &Bucket, now_ms: u64) -> u64 {
    let rate = bucket.state(&RULE, now_ms).calls_per_minute;
    (rate * 100.0).round() as u64
}

#[test]
fn a_small_burst_is_followed_by_a_steady_rate() {
    let mut now_ms = START_MS;
    let mut bucket = Bucket::fresh(&RULE, now_ms);
    let hour = calls(&mut bucket, &mut now_ms, START_MS + 60 * MINUTE_MS);
    let at_once = hour.iter().filter(|&&t| t == START_MS).count();
    assert_eq!(at_once, 5, "a quarter of a minute's calls");
    assert!(busiest(&hour) <= 20, "{} in a minute", busiest(&hour));
    assert!(
        hour.len() >= 1_140,
        "the limit is used: {} of 1,200",
        hour.len()
    );
}

#[test]
fn a_refusal_halves_the_rate_and_answers_give_it_back() {
    let mut now_ms = START_MS;
    let mut bucket = Bucket::fresh(&RULE, now_ms);
    bucket.take(&RULE, now_ms).expect("a first call");
    bucket.refused(&RULE, now_ms, None, 0.0);
    let state = bucket.state(&RULE, now_ms);
    assert_eq!(state.wait, Duration::from_mins(1));
    assert!(state.is_blocked);
    assert_eq!(hundredths(&bucket, now_ms), 1_000);
    bucket.refused(&RULE, now_ms + 1, None, 0.0);
    assert_eq!(
        hundredths(&bucket, now_ms + 1),
        1_000,
        "calls in flight are refused together"
    );
    bucket.answered(&RULE, now_ms + 2);
    assert_eq!(
        hundredths(&bucket, now_ms + 2),
        1_000,
        "an answer that was on its way says nothing"
    );
    let mut longest = Duration::ZERO;
    for _ in 0..12 {
        now_ms += bucket.state(&RULE, now_ms).wait.as_millis() as u64;
        bucket.refused(&RULE, now_ms, None, 0.0);
        longest = longest.max(bucket.state(&RULE, now_ms).wait);
    }
    assert_eq!(longest, Duration::from_mins(30));
    assert_eq!(hundredths(&bucket, now_ms), 100, "the slowest");
    now_ms += bucket.state(&RULE, now_ms).wait.as_millis() as u64;
    for _ in 0..50 {
        bucket.answered(&RULE, now_ms);
    }
    let rate = bucket.state(&RULE, now_ms).calls_per_minute;
    assert!(
        (10.9..11.1).contains(&rate),
        "fifty answers give a half back: {rate}"
    );
    for _ in 0..100 {
        bucket.answered(&RULE, now_ms);
    }
    assert_eq!(hundredths(&bucket, now_ms), 2_000);
    bucket.refused(&RULE, now_ms, None, 0.0);
    assert!(
        bucket.state(&RULE, now_ms).wait <= Duration::from_mins(1),
        "answers end the row of refusals"
    );
}

#[test]
fn the_servers_own_wait_is_obeyed_within_reason() {
    let wait = |asked| {
        let mut bucket = Bucket::fresh(&RULE, START_MS);
        bucket.refused(&RULE, START_MS, Some(asked), 0.0);
        bucket.state(&RULE, START_MS).wait
    };
    assert_eq!(wait(Duration::from_secs(90)), Duration::from_secs(90));
    assert_eq!(
        wait(Duration::ZERO),
        Duration::from_secs(6),
        "the slower rate stays"
    );
    assert_eq!(wait(Duration::from_secs(u64::MAX)), Duration::from_hours(1));
}

#[test]
fn a_clock_that_jumps_does_no_harm() {
    let mut bucket = Bucket::fresh(&RULE, START_MS);
    bucket.refused(&RULE, START_MS, None, 0.0);
    for _ in 0..5 {
        let _ = bucket.take(&RULE, START_MS + 10 * MINUTE_MS);
    }
    let back_ms = START_MS - 365 * 24 * 60 * MINUTE_MS;
    let state = bucket.state(&RULE, back_ms);
    assert!(
        state.wait <= Duration::from_hours(1),
        "{:?} after a year back",
        state.wait
    );
    let ahead_ms = START_MS + 365 * 24 * 60 * MINUTE_MS;
    let mut now_ms = ahead_ms;
    let after = calls(&mut bucket, &mut now_ms, ahead_ms + MINUTE_MS);
    assert!(after.len() <= 20, "no more than in any minute");
    for end in [0, u64::MAX - 1, u64::MAX] {
        let _ = bucket.take(&RULE, end);
        bucket.refused(&RULE, end, None, 1.0);
        bucket.answered(&RULE, end);
    }
}

#[test]
fn after_damage_the_worst_is_assumed() {
    let mut now_ms = START_MS;
    let mut bucket = Bucket::spent(&RULE, now_ms);
    let next = calls(&mut bucket, &mut now_ms, START_MS + MINUTE_MS);
    assert_eq!(
        next, [0_u64; 0],
        "all of a minute's calls may just have been made"
    );
    let sound = serde_json::to_value(&bucket).expect("plain numbers");
    for (field, value) in [
        ("tokens", serde_json::json!(-1.0)),
        ("share", serde_json::json!(7)),
        (
            "recent",
            serde_json::json!([{"second": 2, "calls": 1}, {"second": 1, "calls": 1}]),
        ),
    ] {
        let mut odd = sound.clone();
        odd[field] = value;
        let odd: Bucket = serde_json::from_value(odd).expect("the same fields");
        assert!(!odd.is_sound(), "{field}");
    }
    assert!(bucket.is_sound());
}

proptest! {
    /// Whatever happens between the calls, restarts and refusals included.
    #[test]
    fn no_minute_ever_holds_more_calls_than_the_limit(
        limit in 1_u32..40,
        steps in prop::collection::vec((0_u8..12, 0_u64..30_000), 1..400),
    ) {
        let rule = Rule { calls_per_minute: limit, ..RULE };
        let mut now_ms = START_MS;
        let mut bucket = Bucket::fresh(&rule, now_ms);
        let mut let_go = Vec::new();
        for (step, ms) in steps {
            match step {
                0 => bucket.refused(&rule, now_ms, Some(Duration::from_millis(ms)), 0.5),
                1 => bucket.refused(&rule, now_ms, None, ms as f64 / 30_000.0),
                2..=4 => bucket.answered(&rule, now_ms),
                5 => {
                    let text = serde_json::to_string(&bucket).expect("plain numbers");
                    bucket = serde_json::from_str(&text).expect("what was written");
                    prop_assert!(bucket.is_sound());
                }
                6 => bucket = Bucket::spent(&rule, now_ms),
                7 => now_ms += ms,
                8 => now_ms += bucket.state(&rule, now_ms).wait.as_millis() as u64,
                _ => for _ in 0..=limit {
                    match bucket.take(&rule, now_ms) {
                        Ok(()) => let_go.push(now_ms),
                        Err(wait) => {
                            prop_assert!(wait > Duration::ZERO);
                            break;
                        }
                    }
                },
            }
        }
        prop_assert!(busiest(&let_go) <= limit as usize, "{} of {limit}", busiest(&let_go));
    }
}
