//! The clock of the story. Scenes play beat by beat, each at its time; between them new ones begin, as many as the
//! hour is busy, until the number of events that was asked for is reached exactly at the end.
//!
//! Memory holds the scenes that are under way and nothing of what was told.

use super::{
    DemoOptions,
    calendar::Calendar,
    dice::{Dice, Purpose},
    scenes, story,
    world::World,
};
use daybook_domain::{event::EventBody, log::LogKind, time::Timestamp};
use std::{
    cmp::Ordering,
    collections::{BinaryHeap, VecDeque},
    fmt,
};

/// `source` of every event of the demo.
pub const SOURCE: &str = "demo";

/// A small story of one or more beats.
pub trait Scene: Send + fmt::Debug {
    /// What happens now, and when it goes on.
    fn play(&mut self, stage: &mut Stage) -> Next;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    End,
    /// The next beat comes after so many microseconds; about so many events are still to come.
    After {
        micros: i64,
        more: u64,
    },
}

/// What a scene can touch.
#[derive(Debug)]
pub struct Stage {
    pub world: World,
    pub dice: Dice,
    /// The time of what is emitted next.
    pub now: Timestamp,
    out: VecDeque<Box<EventBody>>,
}

impl Stage {
    pub fn emit(&mut self, event: super::draft::Draft) {
        self.out.push_back(event.done());
    }

    /// A few milliseconds go by within a beat, and now and then none.
    pub fn tick(&mut self) {
        let micros = self.dice.range(-2_000, 14_000).max(0);
        self.now = self.now.plus_micros(micros).min(self.world.calendar.until());
    }
}

/// How many of a thousand events belong to each log, in the order of `LogKind::ALL`.
pub const SHARES: [u64; LogKind::ALL.len()] = [250, 150, 15, 12, 25, 12, 120, 2, 100, 290, 24];

/// Of a thousand beginnings at an hour when all offices are closed, these logs keep so many.
fn night_share(log: LogKind) -> u64 {
    match log {
        LogKind::Activity => 90,
        LogKind::WorkSession | LogKind::Billing => 30,
        LogKind::Conversation | LogKind::Customer => 250,
        _ => 1000,
    }
}

#[derive(Debug)]
struct Beat {
    at: Timestamp,
    /// Order of beats at one instant.
    tie: u64,
    part: Part,
    more: u64,
    scene: Box<dyn Scene>,
}

/// What a scene counts towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Everyday(LogKind),
    /// Planned from the start, on top of the everyday.
    Story,
}

impl PartialEq for Beat {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Beat {}

impl PartialOrd for Beat {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Beat {
    /// The earliest is the greatest: the heap gives it first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.tie).cmp(&(self.at, self.tie))
    }
}

/// Events told so far and expected of scenes under way.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    told: u64,
    expected: u64,
}

impl Count {
    fn sum(self) -> u64 {
        self.told + self.expected
    }
}

#[derive(Debug)]
pub struct Life {
    seed: u64,
    events: u64,
    told: u64,
    stage: Stage,
    beats: BinaryHeap<Beat>,
    ties: u64,
    everyday: [Count; LogKind::ALL.len()],
    story: Count,
    /// When the next scene begins, once that is decided.
    begins: Option<Timestamp>,
}

impl Life {
    pub fn new(options: &DemoOptions) -> Self {
        let mut dice = Dice::new(options.seed, Purpose::Life);
        let calendar = Calendar::new(options.until, options.days);
        let now = calendar.start();
        let world = World::new(options.seed, calendar, options.events, &mut dice);
        let mut life = Self {
            seed: options.seed,
            events: options.events,
            told: 0,
            stage: Stage {
                world,
                dice,
                now,
                out: VecDeque::new(),
            },
            beats: BinaryHeap::new(),
            ties: 0,
            everyday: [Count::default(); LogKind::ALL.len()],
            story: Count::default(),
            begins: None,
        };
        for chapter in story::plan(&mut life.stage, options.events) {
            life.schedule(chapter.at, Part::Story, chapter.more, chapter.scene);
        }
        life
    }

    fn count(&mut self, part: Part) -> &mut Count {
        match part {
            Part::Everyday(log) => &mut self.everyday[log as usize],
            Part::Story => &mut self.story,
        }
    }

    /// What comes after the end is never told.
    fn schedule(&mut self, at: Timestamp, part: Part, more: u64, scene: Box<dyn Scene>) {
        if at > self.stage.world.calendar.until() {
            return;
        }
        self.count(part).expected += more;
        self.ties += 1;
        self.beats.push(Beat {
            at,
            tie: self.ties,
            part,
            more,
            scene,
        });
    }

    fn everyday_sum(&self) -> u64 {
        self.everyday.iter().map(|count| count.sum()).sum()
    }

    /// When the next scene begins; `None` when those under way are enough.
    fn next_beginning(&mut self) -> Option<Timestamp> {
        let wanted = self.events.saturating_sub(self.story.sum());
        let have = self.everyday_sum();
        if have >= wanted {
            self.begins = None;
            return None;
        }
        let now = self.stage.now;
        if let Some(begins) = self.begins {
            return Some(begins.max(now));
        }
        let calendar = &self.stage.world.calendar;
        let due = calendar.time_of(have, wanted);
        let apart = calendar.time_of(have + 1, wanted).micros() - due.micros();
        // People don't knock at the door in step.
        let late = self.stage.dice.range(0, 2 * apart);
        let begins = due
            .max(now)
            .plus_micros(late)
            .min(self.stage.world.calendar.until());
        self.begins = Some(begins);
        Some(begins)
    }

    fn step(&mut self) {
        let due = self.beats.peek().map(|beat| beat.at);
        match (self.next_beginning(), due) {
            (Some(begins), Some(due)) if due <= begins => self.play_next(),
            (Some(begins), _) => self.begin(begins),
            (None, Some(_)) => self.play_next(),
            // Neither: there is less story than was planned for, and no everyday was asked for.
            (None, None) => self.begin(self.stage.now),
        }
    }

    fn play_next(&mut self) {
        if let Some(beat) = self.beats.pop() {
            self.count(beat.part).expected -= beat.more;
            self.play(beat.at, beat.part, beat.scene);
        }
    }

    fn begin(&mut self, at: Timestamp) {
        self.stage.now = at;
        self.begins = None;
        let log = self.theme(at);
        let scene = scenes::open(log, &mut self.stage);
        self.play(at, Part::Everyday(log), scene);
    }

    fn play(&mut self, at: Timestamp, part: Part, mut scene: Box<dyn Scene>) {
        self.stage.now = self.stage.now.max(at);
        let before = self.stage.out.len();
        let next = scene.play(&mut self.stage);
        for event in self.stage.out.range(before..) {
            match part {
                Part::Everyday(_) => self.everyday[event.log as usize].told += 1,
                Part::Story => self.story.told += 1,
            }
        }
        if let Next::After { micros, more } = next {
            let at = self.stage.now.plus_micros(micros.max(1));
            self.schedule(at, part, more, scene);
        }
    }

    /// The log that the next scene is about: one that has less than its share.
    fn theme(&mut self, at: Timestamp) -> LogKind {
        let all = self.everyday_sum() + 60;
        let open = self.stage.world.calendar.anyone_at_work(at);
        let weights: [u64; LogKind::ALL.len()] = std::array::from_fn(|position| {
            let missing = (SHARES[position] * all).saturating_sub(self.everyday[position].sum() * 1000);
            let share = if open {
                1000
            } else {
                night_share(LogKind::ALL[position])
            };
            missing * share / 1000 + SHARES[position]
        });
        LogKind::ALL[self.stage.dice.weighted(weights.into_iter())]
    }
}

impl Iterator for Life {
    type Item = EventBody;

    fn next(&mut self) -> Option<EventBody> {
        if self.told == self.events {
            return None;
        }
        while self.stage.out.is_empty() {
            self.step();
        }
        let mut event = self.stage.out.pop_front()?;
        event.source.push_str(SOURCE);
        event.source_event_id = Some(format!("demo-{}-{}", self.seed, self.told));
        self.told += 1;
        Some(*event)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.events - self.told);
        (left.unwrap_or(usize::MAX), left.ok())
    }
}
