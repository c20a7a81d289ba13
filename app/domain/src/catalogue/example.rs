//! The people and moments of the examples: one made-up workspace, so that they read as one story.

use super::OwnType;
use crate::{
    event::{Actor, ActorKind, Auth, Event, EventBody, Portal, Step, Target},
    id::EventId,
    time::Timestamp,
};
use chrono::DateTime;
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

/// 2026-11-22T14:12:51Z.
const SECONDS: i64 = 1_795_356_771;
/// The last record before the first example.
const BEFORE: i64 = 1_204;
pub(super) const MARA: &str = "019aad3a-6c10-7c3e-9a41-5d0f2e7b8c01";
pub(super) const TOMAS: &str = "019aad3a-6c11-7d52-8b7c-1f4e6a9d3c02";
/// Whatever else an example is about.
pub(super) const THING: &str = "019aad3a-6c12-7e66-a1d8-3b5c7f9e2d03";

/// A second one of the same kind.
pub(super) const OTHER_THING: &str = "019aad3a-6c13-7a41-b6e0-4c6d8a0f3e04";

/// When the example happened.
pub(super) fn at() -> Timestamp {
    Timestamp::from_datetime(DateTime::UNIX_EPOCH).plus_seconds(SECONDS)
}

/// What every record carries.
pub(super) fn common(of: OwnType) -> Event {
    let position = of as i64;
    let mut body = of.begin(mara(), at().plus_micros(481_207));
    body.ip = Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 24)));
    body.user_agent =
        Some("Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0".to_owned());
    body.portal = Some(Portal::Admin);
    body.correlation_id = Some("019aad3b-1e4c-7a10-8f6e-2c9d5b7a4e01".to_owned());
    Event {
        id: EventId(Uuid::from_u128(
            0x019a_ad3b_1e4d_7b20_9c3f_0000_0000_0000 + u128::from(position.unsigned_abs()),
        )),
        sequence: BEFORE + 1 + position,
        recorded_at: at().plus_micros(483_951),
        body,
    }
}

/// The administrator.
fn mara() -> Actor {
    Actor::named(ActorKind::User, "Mara Okafor")
        .with_id(MARA)
        .with_email("mara.okafor@northdesk.example")
}

/// Somebody who works there.
pub(super) fn tomas() -> Actor {
    Actor::named(ActorKind::User, "Tomás Rey")
        .with_id(TOMAS)
        .with_email("tomas.rey@northdesk.example")
}

/// Gives the example its sentence and the thing it is about.
pub(super) fn tell(body: &mut EventBody, summary: &str, kind: &str, id: &str, name: &str) {
    body.summary = Some(summary.to_owned());
    body.targets = vec![Target::new(kind, id, name)];
}

pub(super) fn auth(method: &str) -> Auth {
    Auth {
        method: Some(method.to_owned()),
        id: None,
    }
}

/// A step so many microseconds after the first.
pub(super) fn step(after: i64, message: &str) -> Step {
    Step::new(at().plus_micros(after), message)
}
