//! Where addresses are: by a MaxMind database that whoever runs Daybook provides (`GeoLite2-City`, `GeoLite2-Country` and what
//! is made like them). Without one nothing is known, and nothing leaves the machine to find out.

use crate::{Error, Result};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use maxminddb::{Reader, geoip2};
use std::{fmt, net::IpAddr, path::Path, sync::Arc};

/// Where an address is, as far as the database says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Place {
    /// Its name in English, else its code.
    pub country: Option<String>,
    pub city: Option<String>,
    /// Latitude and longitude.
    pub at: Option<(f64, f64)>,
}

impl Place {
    /// `Hamburg, Germany`
    pub fn called(&self) -> String {
        let parts = [&self.city, &self.country].into_iter().flatten();
        let parts: Vec<_> = parts.map(String::as_str).collect();
        if parts.is_empty() {
            "an unnamed place".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

/// What knows places. Cheap to clone.
#[derive(Clone)]
pub struct Places(Arc<dyn Knows>);

trait Knows: Send + Sync {
    fn place(&self, ip: IpAddr) -> Option<Place>;
    fn has_coordinates(&self) -> bool;
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Places")
    }
}

struct MaxMind(Reader<Vec<u8>>);

impl Knows for MaxMind {
    fn place(&self, ip: IpAddr) -> Option<Place> {
        let found = self.0.lookup(ip).ok()?.decode::<geoip2::City>().ok()??;
        let name = found.country.names.english.or(found.country.iso_code);
        Some(Place {
            country: name.map(str::to_owned),
            city: found.city.names.english.map(str::to_owned),
            at: found.location.latitude.zip(found.location.longitude),
        })
    }

    fn has_coordinates(&self) -> bool {
        self.0.metadata().database_type.contains("City")
            || self.0.metadata().database_type.contains("Enterprise")
    }
}

impl Places {
    /// Reads a database into memory.
    ///
    /// # Errors
    /// `Setup` with the remedy, where the file isn't there or isn't one.
    pub fn open(path: &Path) -> Result<Self> {
        let reader = Reader::open_readfile(path).map_err(|error| {
            Error::Setup(format!(
                "The MaxMind database {} can't be read: {error}. Give the path of a file such as GeoLite2-City.mmdb, or \
                 leave geo_database out.",
                path.display()
            ))
        })?;
        Ok(Self(Arc::new(MaxMind(reader))))
    }

    pub(super) fn place(&self, ip: IpAddr) -> Option<Place> {
        self.0.place(ip)
    }

    /// Whether it knows more than countries.
    pub(super) fn has_coordinates(&self) -> bool {
        self.0.has_coordinates()
    }

    /// Places that are made up.
    #[cfg(test)]
    pub(super) fn made_up(places: Vec<(IpAddr, Place)>) -> Self {
        struct MadeUp(Vec<(IpAddr, Place)>);
        impl Knows for MadeUp {
            fn place(&self, ip: IpAddr) -> Option<Place> {
                let found = self.0.iter().find(|(of, _)| *of == ip);
                found.map(|(_, place)| place.clone())
            }

            fn has_coordinates(&self) -> bool {
                true
            }
        }
        Self(Arc::new(MadeUp(places)))
    }
}

/// The network that an address is in, as networks are usually given out: what a provider moves its customers within.
pub(super) fn network(ip: IpAddr) -> String {
    let network = match ip {
        IpAddr::V4(ip) => Ipv4Net::new(ip, 24).map(IpNet::V4),
        IpAddr::V6(ip) => Ipv6Net::new(ip, 48).map(IpNet::V6),
    };
    network.map_or_else(|_| ip.to_string(), |network| network.trunc().to_string())
}
