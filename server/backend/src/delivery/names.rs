//! What names mean: only what may be sent to.

use super::guard::{Guard, PORTS};
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

/// Looks names up. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Names {
    guard: Guard,
    permits: Arc<Semaphore>,
    /// The client doesn't tell which port it is about; this one stands for it.
    port: u16,
}

impl Names {
    /// For those who send to [`PORTS`] only.
    pub fn new(guard: Guard) -> Self {
        Self {
            guard,
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            port: PORTS[0],
        }
    }

    /// For those who send to others.
    pub fn of_other_ports(&self) -> Self {
        Self {
            port: 0,
            ..self.clone()
        }
    }

    async fn look_up(self, name: String) -> Result<Vec<SocketAddr>, Box<dyn StdError + Send + Sync>> {
        let permit = self.permits.acquire_owned().await?;
        let asked = (name.clone(), self.port);
        // The permit goes along: who goes away must not make room for more.
        let found = spawn_blocking(move || {
            let _permit = permit;
            asked.to_socket_addrs().map(Vec::from_iter)
        });
        let found = found.await?.map_err(|why| Unknown {
            name: name.clone(),
            why: Some(why),
        })?;
        if found.is_empty() {
            return Err(Unknown { name, why: None }.into());
        }
        let (mut good, mut refusal) = (Vec::new(), None);
        for mut address in found {
            if let Err(refused) = self.guard.admit(address) {
                refusal = Some(refused);
            } else if good.len() < TRIED {
                // That of the message's address.
                address.set_port(0);
                good.push(address);
            }
        }
        match refusal {
            Some(refusal) if good.is_empty() => Err(refusal.into()),
            _ => Ok(good),
        }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let look_up = self.clone().look_up(name.as_str().to_owned());
        Box::pin(async move { Ok(Box::new(look_up.await?.into_iter()) as Addrs) })
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
