//! Who holds which conversation, and what that does to an agent's capacity (R19). Capacity records come from what
//! really happened: a conversation takes an agent over, another one brings them back.

use crate::demo::{draft::Draft, life::Stage, world::queue_router};
use daybook_domain::{
    event::{Action, Change, NamedRef},
    log::LogKind,
};

/// The agent whom the queue router chooses: the one with the fewest conversations, or the one who knows the customer.
pub fn choose(stage: &mut Stage, customer: usize, not: Option<usize>) -> usize {
    let available = || {
        stage
            .world
            .available(stage.now)
            .filter(|agent| Some(*agent) != not)
    };
    let count = available().count();
    if count == 0 {
        return stage.world.agent(stage.now, &mut stage.dice);
    }
    let known = stage.dice.percent(45);
    let mut candidates = available();
    let chosen = if known {
        candidates.nth(customer % count.min(4))
    } else {
        candidates.min_by_key(|agent| stage.world.agents[*agent].load)
    };
    chosen.unwrap_or(0)
}

/// How many they hold now and may hold.
pub fn load(stage: &Stage, agent: usize) -> (i64, i64) {
    let who = &stage.world.agents[agent];
    let before = who.session.as_ref().map_or(0, |session| session.held_before);
    (who.load + before, stage.world.capacity(agent))
}

/// One conversation more; a record where it takes the agent over capacity.
pub fn take(stage: &mut Stage, agent: usize, conversation: &NamedRef, link: &str) {
    let who = &mut stage.world.agents[agent];
    who.load += 1;
    if let Some(session) = &mut who.session {
        session.assigned += 1;
        let (load, capacity) = load(stage, agent);
        if load == capacity + 1 {
            record(stage, agent, conversation, link, true);
        }
    }
}

/// One conversation less; a record where it brings the agent back under.
pub fn release(stage: &mut Stage, agent: usize, conversation: &NamedRef, link: &str) {
    let who = &mut stage.world.agents[agent];
    who.load = (who.load - 1).max(0);
    if who.session.is_some() {
        let (load, capacity) = load(stage, agent);
        if load == capacity {
            record(stage, agent, conversation, link, false);
        }
    }
}

fn record(stage: &mut Stage, agent: usize, conversation: &NamedRef, link: &str, over: bool) {
    stage.tick();
    let (load, capacity) = load(stage, agent);
    let who = &stage.world.agents[agent];
    let name = &who.user.name;
    let number = conversation.id.as_deref().unwrap_or_default();
    let (event_type, before, sentence) = if over {
        (
            "capacity-exceeded",
            load - 1,
            format!("#{number} took {name} over capacity ({load} of {capacity})"),
        )
    } else {
        (
            "capacity-restored",
            load + 1,
            format!("{name} is back within capacity after #{number} ({load} of {capacity})"),
        )
    };
    let session = who.session.as_ref().map(|session| session.id.clone());
    let draft = Draft::new(stage.now, LogKind::WorkSession, event_type, queue_router())
        .action(Action::Update)
        .area("Work sessions", "Capacity")
        .says(sentence)
        .on(who.target())
        .conversation(conversation.clone())
        .change(Change::new("Conversations held", before, load))
        .with("capacity", capacity)
        .with("work_session", session)
        .linked(link);
    stage.emit(draft);
}
