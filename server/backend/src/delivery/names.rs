//! What names mean: only what may be sent to.

use super::guard::{Guard, PORTS, Refusal};
use daybook_domain::delivery::{Failure, FailureKind};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    error::Error as StdError,
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    sync::Arc,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Names that are looked up at once. Each takes a thread that others wait for too, for as long as the system's resolver
/// takes, also where nobody waits for it any more.
const AT_ONCE: usize = 32;
/// Addresses of a name that are tried.
const TRIED: usize = 8;

type Boxed = Box<dyn StdError + Send + Sync>;

/// Looks names up. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Names {
    guard: Guard,
    permits: Arc<Semaphore>,
}

/// Why a name can't be connected to.
#[derive(Debug)]
pub(super) enum NotFound {
    /// None of its addresses may be sent to.
    Refused(Refusal),
    Unknown(Unknown),
    /// It couldn't be asked for.
    Unasked(Boxed),
}

impl Names {
    pub fn new(guard: Guard) -> Self {
        Self {
            guard,
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// For those who send to [`PORTS`] by HTTP.
    pub fn of_usual_ports(self) -> WebNames {
        WebNames {
            names: self,
            port: PORTS[0],
        }
    }

    /// For those who send to others by HTTP.
    pub fn of_other_ports(self) -> WebNames {
        WebNames { names: self, port: 0 }
    }

    /// The addresses of a name that may be sent to at a port, by what is carried to `ports`. There is one at least.
    pub async fn look_up(self, name: String, port: u16, ports: &[u16]) -> Result<Vec<SocketAddr>, NotFound> {
        let unasked = |why: Boxed| NotFound::Unasked(why);
        let permit = self.permits.acquire_owned().await;
        let permit = permit.map_err(|closed| unasked(closed.into()))?;
        let asked = (name.clone(), port);
        // The permit goes along: who goes away must not make room for more.
        let found = spawn_blocking(move || {
            let _permit = permit;
            asked.to_socket_addrs().map(Vec::from_iter)
        });
        let found = found.await.map_err(|failed| unasked(failed.into()))?;
        let found = found.map_err(|why| {
            NotFound::Unknown(Unknown {
                name: name.clone(),
                why: Some(why),
            })
        })?;
        if found.is_empty() {
            return Err(NotFound::Unknown(Unknown { name, why: None }));
        }
        let (mut good, mut refusal) = (Vec::new(), None);
        for address in found {
            if let Err(refused) = self.guard.admit_to(address, ports) {
                refusal = Some(refused);
            } else if good.len() < TRIED {
                good.push(address);
            }
        }
        match refusal {
            Some(refusal) if good.is_empty() => Err(NotFound::Refused(refusal)),
            _ => Ok(good),
        }
    }
}

/// Looks names up for the client that sends by HTTP.
#[derive(Debug, Clone)]
pub(super) struct WebNames {
    names: Names,
    /// The client doesn't tell which port it is about; this one stands for it.
    port: u16,
}

impl Resolve for WebNames {
    fn resolve(&self, name: Name) -> Resolving {
        let look_up = self
            .names
            .clone()
            .look_up(name.as_str().to_owned(), self.port, &PORTS);
        Box::pin(async move {
            let mut found = look_up.await.map_err(NotFound::into_cause)?;
            for address in &mut found {
                // That of the message's address.
                address.set_port(0);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl NotFound {
    fn into_cause(self) -> Boxed {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::Unknown(unknown) => unknown.into(),
            Self::Unasked(why) => why,
        }
    }
}

impl From<NotFound> for Failure {
    fn from(why: NotFound) -> Self {
        match why {
            NotFound::Refused(refusal) => refusal.into(),
            NotFound::Unknown(unknown) => (&unknown).into(),
            NotFound::Unasked(why) => {
                Self::new(FailureKind::NotSent, format!("No name is looked up: {why}."))
            }
        }
    }
}

/// A name that means nothing.
#[derive(Debug)]
pub(super) struct Unknown {
    name: String,
    why: Option<io::Error>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Some(why) => write!(f, "{} can't be looked up: {why}", self.name),
            None => write!(f, "{} has no address", self.name),
        }
    }
}

impl StdError for Unknown {}

impl From<&Unknown> for Failure {
    fn from(unknown: &Unknown) -> Self {
        Self::new(FailureKind::Dns, format!("{unknown}."))
    }
}
