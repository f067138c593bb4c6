//! Ten thousand expiries against a simulated clock, with everything that may go wrong on the way.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::time::Duration;

use looker::Timestamp;
use sightline::session::{Asker, Deadlines, Ending, Hindrance, Outcome, Phase, Renewal, Step, Turn};

const EXPIRIES: u32 = 10_000;
const LIFETIME: u64 = 3_600;
const MONTH: u64 = 30 * 86_400;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn one_in(&mut self, number: u64) -> bool {
        self.roll().is_multiple_of(number)
    }
}

/// A page with its renewal, and the machine that it runs on.
struct World {
    /// The time as it is.
    now: Timestamp,
    /// How far the machine's clock is off, in seconds.
    off: i64,
    dice: Dice,
    renewal: Renewal,
    requests: u32,
    /// Renewals that succeeded.
    renewed: u32,
}

fn plus(time: Timestamp, duration: Duration) -> Timestamp {
    Timestamp::from_millis(time.as_millis() + duration.as_millis() as u64)
}

impl World {
    fn new(seed: u64) -> Self {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let renewal = Renewal::new(deadlines(now), now, seed);
        Self { now, off: 0, dice: Dice(seed), renewal, requests: 0, renewed: 0 }
    }

    /// What the machine's clock shows.
    fn clock(&self) -> Timestamp {
        Timestamp::from_millis(self.now.as_millis().saturating_add_signed(self.off * 1_000))
    }

    /// Sends a request, and has an answer or none.
    fn asks_looker(&mut self) {
        assert_eq!(self.renewal.ask(Asker::Page, self.clock()), Turn::Begin);
        assert_eq!(self.renewal.ask(Asker::Page, self.clock()), Turn::Join, "one request at a time");
        assert_eq!(self.renewal.step(self.clock()), Step::Rest);
        self.requests += 1;
        let seconds = self.dice.roll() % 30;
        self.now = self.now.plus_seconds(seconds);
        let hindered = |by, retry_after| Outcome::Hindered { by, retry_after };
        let outcome = match self.dice.roll() % 20 {
            0 => hindered(Hindrance::NoAnswer, None),
            1 => hindered(Hindrance::Trouble, None),
            2 => hindered(Hindrance::TooManyRequests, Some(self.dice.roll() % 600)),
            3 => hindered(Hindrance::TooManyRequests, None),
            _ => {
                self.renewed += 1;
                Outcome::Renewed(deadlines(self.clock()))
            }
        };
        let (clock, random) = (self.clock(), self.dice.roll());
        self.renewal.conclude(outcome, clock, random);
    }

    /// What the machine does to a page that sleeps for so long: timers come late, the lid is closed,
    /// somebody sets the clock.
    fn sleeps(&mut self, duration: Duration) {
        let late = if self.dice.one_in(10) { self.dice.roll() % 7_200 } else { 0 };
        self.now = plus(self.now, duration).plus_seconds(late);
        if self.dice.one_in(50) {
            self.off += (self.dice.roll() % 14_400) as i64 - 7_200;
            let clock = self.clock();
            self.renewal.distrust_clock(clock);
        }
        if self.dice.one_in(5) {
            let clock = self.clock();
            self.renewal.wake(clock);
        }
    }
}

fn deadlines(clock: Timestamp) -> Deadlines {
    Deadlines { access: clock.plus_seconds(LIFETIME), refresh: Some(clock.plus_seconds(MONTH)) }
}

#[test]
fn a_session_outlives_ten_thousand_expiries() {
    for seed in [1, 42, 0xdead_beef] {
        let mut world = World::new(seed);
        let mut steps = 0_u64;
        while world.renewed < EXPIRIES {
            steps += 1;
            assert!(steps < u64::from(EXPIRIES) * 100, "no progress: {:?}", world.renewal);
            match world.renewal.step(world.clock()) {
                Step::Renew => world.asks_looker(),
                Step::Sleep(duration) => {
                    assert!(!duration.is_zero());
                    world.sleeps(duration);
                }
                Step::Rest => panic!("asleep for ever: {:?}", world.renewal),
            }
            assert!(!matches!(world.renewal.phase(), Phase::Over(_)));
        }
        // One in five meets trouble, and none comes in bursts.
        let requests = world.requests;
        assert!(requests < EXPIRIES * 3 / 2, "{requests} requests for {EXPIRIES} renewals");
    }
}

#[test]
fn without_trouble_no_access_token_ever_ends_and_each_costs_one_request() {
    let mut now = Timestamp::from_millis(1_700_000_000_000);
    let mut dice = Dice(7);
    let mut renewal = Renewal::new(deadlines(now), now, dice.roll());
    let mut ends = now.plus_seconds(LIFETIME);
    for _ in 0..EXPIRIES {
        let Step::Sleep(duration) = renewal.step(now) else { panic!("no rest after a renewal: {renewal:?}") };
        now = plus(now, duration);
        assert!(now < ends, "the token ended before it was renewed");
        assert!(ends.as_millis() - now.as_millis() <= 90_000, "it was renewed too early");
        assert_eq!(renewal.step(now), Step::Renew);
        assert_eq!(renewal.ask(Asker::Page, now), Turn::Begin);
        renewal.conclude(Outcome::Renewed(deadlines(now)), now, dice.roll());
        ends = now.plus_seconds(LIFETIME);
    }
}

#[test]
fn what_looker_ends_stays_ended() {
    let mut world = World::new(3);
    world.now = world.now.plus_seconds(LIFETIME);
    assert_eq!(world.renewal.ask(Asker::Page, world.clock()), Turn::Begin);
    world.renewal.conclude(Outcome::Over(Ending::Refused), world.now, 0);
    for _ in 0..EXPIRIES {
        world.sleeps(Duration::from_secs(LIFETIME));
        assert_eq!(world.renewal.step(world.clock()), Step::Rest);
        assert_eq!(world.renewal.ask(Asker::Person, world.clock()), Turn::Over(Ending::Refused));
    }
}
