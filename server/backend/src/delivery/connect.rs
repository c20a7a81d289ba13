//! Connections for what isn't carried by HTTP: only to where the [`Guard`] lets them.
//!
//! As with HTTP the address counts and not the name: what a name means is looked up here, what may not be sent to is taken
//! out, and one of those that are left is connected to.

use super::{guard::Guard, names::Names};
use daybook_domain::delivery::{Failure, FailureKind};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};
use tokio::{
    net::{TcpStream, UdpSocket},
    time::{Instant, timeout_at},
};

/// Makes connections. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Dialer {
    guard: Guard,
    names: Names,
}

/// Whom a connection is made to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct To<'t> {
    /// A name, or an address: of IPv6 with brackets or without.
    pub host: &'t str,
    pub port: u16,
    /// The ports of what is carried. Networks that are named take any.
    pub ports: &'t [u16],
}

impl Dialer {
    pub fn new(guard: Guard) -> Self {
        Self {
            names: Names::new(guard.clone()),
            guard,
        }
    }

    /// # Errors
    /// Why there is no connection by then.
    pub async fn tcp(&self, to: To<'_>, until: Instant) -> Result<TcpStream, Failure> {
        let addresses = self.addresses(to, until).await?;
        in_turn(&addresses, until, async |address| {
            let stream = TcpStream::connect(address).await?;
            // What is written is written in large pieces, and the last of them mustn't wait for the one before it.
            stream.set_nodelay(true)?;
            Ok(stream)
        })
        .await
    }

    /// A socket that sends to one address and hears it only. That there is one doesn't tell that anybody listens.
    ///
    /// # Errors
    /// Why there is none by then.
    pub async fn udp(&self, to: To<'_>, until: Instant) -> Result<UdpSocket, Failure> {
        let addresses = self.addresses(to, until).await?;
        in_turn(&addresses, until, async |address| {
            let any: IpAddr = if address.is_ipv4() {
                Ipv4Addr::UNSPECIFIED.into()
            } else {
                Ipv6Addr::UNSPECIFIED.into()
            };
            let socket = UdpSocket::bind((any, 0)).await?;
            socket.connect(address).await?;
            Ok(socket)
        })
        .await
    }

    /// The addresses that may be sent to. There is one at least.
    async fn addresses(&self, to: To<'_>, until: Instant) -> Result<Vec<SocketAddr>, Failure> {
        let bare = bare(to.host);
        if bare.is_empty() || to.port == 0 {
            let detail = "There is no host or no port to send to.";
            return Err(Failure::new(FailureKind::Blocked, detail));
        }
        if let Ok(address) = bare.parse::<IpAddr>() {
            let address = SocketAddr::new(address, to.port);
            self.guard.admit_to(address, to.ports)?;
            return Ok(vec![address]);
        }
        let look_up = self.names.clone().look_up(bare.to_owned(), to.port, to.ports);
        match timeout_at(until, look_up).await {
            Ok(found) => Ok(found?),
            Err(_) => Err(Failure::new(
                FailureKind::Timeout,
                format!("{bare} wasn't looked up in time."),
            )),
        }
    }
}

/// A host without the brackets that an address of IPv6 has beside a port.
pub(crate) fn bare(host: &str) -> &str {
    let within = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    within.unwrap_or(host)
}

/// Tries addresses until one takes the connection. Each has its share of the time that is left, so that one that doesn't
/// answer leaves some to the next. What is told is told of the last.
async fn in_turn<T>(
    addresses: &[SocketAddr],
    until: Instant,
    connect: impl AsyncFn(SocketAddr) -> io::Result<T>,
) -> Result<T, Failure> {
    let mut failure = Failure::new(FailureKind::Dns, "The name has no address.");
    for (tried, address) in addresses.iter().enumerate() {
        let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let now = Instant::now();
        let share = until.saturating_duration_since(now) / left;
        match timeout_at(now + share, connect(*address)).await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => {
                failure = Failure::new(FailureKind::Connect, format!("There is no connection: {error}."));
            }
            Err(_) => {
                failure = Failure::new(FailureKind::Timeout, "There was no connection in time.");
            }
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpListener};

    fn here() -> Dialer {
        let here = ["127.0.0.0/8", "::1/128"].map(|network| network.parse().unwrap());
        Dialer::new(Guard::new(here))
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    fn to(host: &str, port: u16) -> To<'_> {
        To {
            host,
            port,
            ports: &[6514],
        }
    }

    #[tokio::test]
    async fn a_connection_is_made_by_name_and_by_address() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        // A name that means `::1` too, where nobody listens, means the other.
        for host in ["localhost", "127.0.0.1", "127.1", "[::ffff:127.0.0.1]"] {
            let mut stream = here().tcp(to(host, port), soon()).await.unwrap();
            stream.write_all(b"hello").await.unwrap();
            let (mut taken, _) = listener.accept().await.unwrap();
            let mut got = [0; 5];
            taken.read_exact(&mut got).await.unwrap();
            assert_eq!(&got, b"hello", "{host}");
        }
    }

    #[tokio::test]
    async fn a_socket_hears_whom_it_sends_to() {
        let other = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = other.local_addr().unwrap().port();
        let socket = here().udp(to("127.0.0.1", port), soon()).await.unwrap();
        socket.send(b"hello").await.unwrap();
        let mut got = [0; 16];
        let (length, from) = other.recv_from(&mut got).await.unwrap();
        assert_eq!(&got[..length], b"hello");
        other.send_to(b"yes", from).await.unwrap();
        assert_eq!(socket.recv(&mut got).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn nothing_is_connected_to_in_the_own_network() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let guarded = Dialer::new(Guard::default());
        for (host, port) in [
            ("127.0.0.1", port),
            ("localhost", port),
            ("2130706433", port),
            ("0x7f.1", port),
            ("[::1]", 6514),
            ("::ffff:127.0.0.1", 6514),
            ("169.254.169.254", 6514),
            ("10.0.0.1", 6514),
            // Of another service, though it is public.
            ("1.1.1.1", 25),
            ("1.1.1.1", 443),
            ("1.1.1.1", 0),
            ("", 6514),
            ("[]", 6514),
        ] {
            for failure in [
                guarded.tcp(to(host, port), soon()).await.map(drop).unwrap_err(),
                guarded.udp(to(host, port), soon()).await.map(drop).unwrap_err(),
            ] {
                assert_eq!(failure.kind, FailureKind::Blocked, "{host}:{port} {failure:?}");
            }
        }
        let nobody = tokio::time::timeout(Duration::ZERO, listener.accept()).await;
        assert!(nobody.is_err());
    }

    #[tokio::test]
    async fn where_there_is_nobody_is_told_apart() {
        let failure = here().tcp(to("127.0.0.1", 1), soon()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Connect, "{failure:?}");
        let failure = here().tcp(to("nobody.invalid", 6514), soon()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Dns, "{failure:?}");
        let failure = here().tcp(to("no name\0", 6514), soon()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Dns, "{failure:?}");
    }

    /// One that doesn't answer leaves time to the next.
    #[tokio::test]
    async fn addresses_are_tried_in_turn_within_the_time() {
        let addresses = [1, 2, 3].map(|last| SocketAddr::from(([127, 0, 0, last], 514)));
        let silent = async |address: SocketAddr| match address.ip().to_string().as_str() {
            "127.0.0.1" => std::future::pending().await,
            "127.0.0.2" => Err(io::ErrorKind::ConnectionRefused.into()),
            _ => Ok(address),
        };
        let begun = Instant::now();
        let until = begun + Duration::from_secs(1);
        let made = in_turn(&addresses, until, silent).await.unwrap();
        assert_eq!(made, addresses[2]);
        assert!(begun.elapsed() >= Duration::from_millis(300) && Instant::now() < until);
        let failure = in_turn(&addresses[..2], until, silent).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Connect, "{failure:?}");
        let failure = in_turn(&addresses[..1], until, silent).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Timeout, "{failure:?}");
        assert!(Instant::now() >= until);
    }
}
