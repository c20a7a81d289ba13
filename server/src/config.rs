//! Settings: flags before `DAYBOOK_…` variables before `daybook.toml` before defaults. One struct lists them, so
//! that every setting can be given in each of the three ways.

use crate::Problem;
use daybook_backend::db::Address;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
};

/// The file looked for where none is named.
const FILE: &str = "daybook.toml";

/// What was given in one of the ways; the rest is `None`.
#[derive(Debug, Clone, Default, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Address and port to listen on; port 0 takes any free one [default: 127.0.0.1:3000]
    #[arg(long, env = "DAYBOOK_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Address under which browsers reach Daybook; with https, cookies are sent over https only
    #[arg(long, env = "DAYBOOK_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// Folder of the database [default: ./data]
    #[arg(long, env = "DAYBOOK_DATA_DIR", global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// postgres://… or sqlite:PATH [default: SQLite in the data folder]. Other users of the machine can see flags:
    /// a password is better given as `DAYBOOK_DATABASE_URL`
    #[arg(
        long,
        env = "DAYBOOK_DATABASE_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: Option<SecretString>,
    /// Proxies whose X-Forwarded-For is believed, as addresses or networks, separated by commas [default: none]
    #[arg(
        long,
        env = "DAYBOOK_TRUSTED_PROXIES",
        global = true,
        value_name = "NETWORK,…",
        value_delimiter = ','
    )]
    pub trusted_proxies: Option<Vec<Network>>,
    /// Networks that webhooks and integrations may send to although they aren't public, at any port, separated by commas [default: none]
    #[arg(
        long,
        env = "DAYBOOK_DELIVERY_NETWORKS",
        global = true,
        value_name = "NETWORK,…",
        value_delimiter = ','
    )]
    pub delivery_networks: Option<Vec<Network>>,
    /// Folder in which integrations that write into a folder have theirs [default: archive in the data folder]
    #[arg(long, env = "DAYBOOK_ARCHIVE_DIR", global = true, value_name = "FOLDER")]
    pub archive_dir: Option<PathBuf>,
    /// MaxMind database by which the monitoring knows where addresses are, such as `GeoLite2-City.mmdb` [default: none]
    #[arg(long, env = "DAYBOOK_GEO_DATABASE", global = true, value_name = "FILE")]
    pub geo_database: Option<PathBuf>,
    /// Keys that secrets in the database are sealed with, 32 bytes in base64 each, separated by commas: the first seals,
    /// all open [default: one in the data folder]. Other users of the machine can see flags: keys are better given as
    /// `DAYBOOK_SECRET_KEYS`
    #[arg(
        long,
        env = "DAYBOOK_SECRET_KEYS",
        global = true,
        value_name = "KEY,…",
        value_delimiter = ',',
        hide_env_values = true
    )]
    pub secret_keys: Option<Vec<SecretString>>,
    /// What is logged: error, warn, info, debug, or a filter such as `info,daybook_backend=debug` [default: info]
    #[arg(long, env = "DAYBOOK_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// text or json [default: text]
    #[arg(long, env = "DAYBOOK_LOG_FORMAT", global = true, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// The settings in force.
#[derive(Debug, Clone, Serialize)]
pub struct Config {
    pub listen: SocketAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<PublicUrl>,
    pub data_dir: PathBuf,
    #[serde(skip)]
    pub database_url: Option<SecretString>,
    pub trusted_proxies: Vec<Network>,
    pub delivery_networks: Vec<Network>,
    pub archive_dir: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo_database: Option<PathBuf>,
    #[serde(skip)]
    pub secret_keys: Vec<SecretString>,
    pub log: String,
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// The settings in force: `given` (flags and variables) before the file before defaults.
    ///
    /// # Errors
    /// Where the file named isn't there or can't be understood.
    pub fn load(given: Settings, file: Option<&Path>) -> Result<Self, Problem> {
        let from_file = match file {
            Some(path) => read(path)?,
            None if Path::new(FILE).is_file() => read(Path::new(FILE))?,
            None => Settings::default(),
        };
        Ok(Self::layered(given, from_file))
    }

    fn layered(first: Settings, second: Settings) -> Self {
        let data_dir = first
            .data_dir
            .or(second.data_dir)
            .unwrap_or_else(|| PathBuf::from("data"));
        Self {
            listen: first
                .listen
                .or(second.listen)
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3000))),
            public_url: first.public_url.or(second.public_url),
            archive_dir: first
                .archive_dir
                .or(second.archive_dir)
                .unwrap_or_else(|| data_dir.join("archive")),
            data_dir,
            geo_database: first.geo_database.or(second.geo_database),
            database_url: first.database_url.or(second.database_url),
            trusted_proxies: first
                .trusted_proxies
                .or(second.trusted_proxies)
                .unwrap_or_default(),
            delivery_networks: first
                .delivery_networks
                .or(second.delivery_networks)
                .unwrap_or_default(),
            secret_keys: first.secret_keys.or(second.secret_keys).unwrap_or_default(),
            log: first.log.or(second.log).unwrap_or_else(|| "info".to_owned()),
            log_format: first.log_format.or(second.log_format).unwrap_or(LogFormat::Text),
        }
    }

    /// Where the data is.
    ///
    /// # Errors
    /// Where `database_url` is no address of a database.
    pub fn database(&self) -> Result<Address, Problem> {
        match &self.database_url {
            Some(url) => Ok(Address::parse(url)?),
            None => Ok(Address::Sqlite(self.data_dir.join("daybook.db"))),
        }
    }

    /// As TOML that could be a `daybook.toml`, without secrets.
    ///
    /// # Errors
    /// Where a path isn't UTF-8.
    pub fn to_toml(&self) -> Result<String, Problem> {
        let text = toml::to_string(self)
            .map_err(|error| Problem::new(format!("The settings can't be written as TOML: {error}.")))?;
        let database = match &self.database_url {
            Some(url) => format!(
                "# database_url is set ({}…) and not shown\n",
                url.expose_secret().split(':').next().unwrap_or_default()
            ),
            None => "# database_url is not set: SQLite in data_dir\n".to_owned(),
        };
        let keys = match self.secret_keys.len() {
            0 => "# secret_keys is not set: the key in data_dir\n".to_owned(),
            _ => "# secret_keys is set and not shown\n".to_owned(),
        };
        Ok(format!("{text}{database}{keys}"))
    }
}

fn read(path: &Path) -> Result<Settings, Problem> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!(
            "The configuration {} can't be read: {error}. Check --config and the file's permissions.",
            path.display()
        ))
    })?;
    toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map(|span| text[..span.start].matches('\n').count() + 1);
        let place = line.map_or_else(String::new, |line| format!(" in line {line}"));
        Problem::new(format!(
            "The configuration {} can't be understood{place}: {}.",
            path.display(),
            error.message().trim_end_matches('.').replace('\n', " ")
        ))
    })
}

/// `https://daybook.example.org`: scheme, host and port, nothing after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicUrl(String);

impl PublicUrl {
    /// As browsers write it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Host and port.
    pub fn authority(&self) -> &str {
        self.0
            .split_once("://")
            .map_or(&self.0, |(_, authority)| authority)
    }

    pub fn host(&self) -> &str {
        let authority = self.authority();
        match authority.rsplit_once(':') {
            // An address of IPv6 has colons of its own.
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("“{text}” is not an address such as https://daybook.example.org");
        let uri: http::Uri = text.parse().map_err(|_| expected())?;
        let scheme = uri
            .scheme_str()
            .filter(|scheme| matches!(*scheme, "http" | "https"))
            .ok_or_else(expected)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(expected)?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(format!(
                "“{text}” goes on after the host: Daybook lives at the root of an address of its own"
            ));
        }
        let default = if scheme == "https" { 443 } else { 80 };
        let port = uri
            .port_u16()
            .filter(|port| *port != default)
            .map_or_else(String::new, |port| format!(":{port}"));
        Ok(Self(format!("{scheme}://{}{port}", host.to_ascii_lowercase())))
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<PublicUrl> for String {
    fn from(url: PublicUrl) -> Self {
        url.0
    }
}

/// A network such as `10.0.0.0/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network(IpNet);

impl Network {
    pub fn net(&self) -> IpNet {
        self.0
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(Self)
            .map_err(|_| format!("“{text}” is not a network such as 10.0.0.0/8 or an address"))
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_layer_wins() {
        let flags = Settings {
            listen: Some("0.0.0.0:80".parse().unwrap()),
            ..Settings::default()
        };
        let file: Settings =
            toml::from_str("listen = \"127.0.0.1:1\"\ndata_dir = \"/srv/daybook\"\nlog_format = \"json\"")
                .unwrap();
        let config = Config::layered(flags, file);
        assert_eq!(config.listen.to_string(), "0.0.0.0:80");
        assert_eq!(config.data_dir, Path::new("/srv/daybook"));
        assert_eq!(
            (config.log.as_str(), config.log_format),
            ("info", LogFormat::Json)
        );
    }

    #[test]
    fn no_secret_is_shown_and_the_rest_reads_back() {
        let config = Config::layered(
            Settings {
                database_url: Some("postgres://daybook:hunter2@db/daybook".into()),
                public_url: Some("https://Daybook.example.org:443/".parse().unwrap()),
                secret_keys: Some(vec!["hunter2".into()]),
                trusted_proxies: Some(vec!["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()]),
                ..Settings::default()
            },
            Settings::default(),
        );
        let shown = config.to_toml().unwrap();
        assert!(
            !shown.contains("hunter2") && shown.contains("postgres"),
            "{shown}"
        );
        let read: Settings = toml::from_str(&shown).unwrap();
        assert_eq!(read.public_url.unwrap().origin(), "https://daybook.example.org");
        for (url, host) in [
            ("https://daybook.example.org", "daybook.example.org"),
            ("http://[::1]:3000", "[::1]"),
            ("http://[2001:db8::1]", "[2001:db8::1]"),
        ] {
            assert_eq!(url.parse::<PublicUrl>().unwrap().host(), host);
        }
        assert_eq!(read.trusted_proxies.unwrap().len(), 2);
    }

    #[test]
    fn a_mistake_in_the_file_is_placed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("daybook.toml");
        std::fs::write(&path, "log = \"info\"\nlisten = \"here\"\n").unwrap();
        let problem = Config::load(Settings::default(), Some(&path)).unwrap_err();
        assert!(problem.to_string().contains("line 2"), "{problem}");
        std::fs::write(&path, "lisen = \"127.0.0.1:1\"\n").unwrap();
        let problem = Config::load(Settings::default(), Some(&path)).unwrap_err();
        assert!(problem.to_string().contains("lisen"), "{problem}");
    }

    #[test]
    fn public_addresses_are_origins() {
        assert!("https://a.example/daybook".parse::<PublicUrl>().is_err());
        assert!("daybook.example".parse::<PublicUrl>().is_err());
        assert!("ftp://a.example".parse::<PublicUrl>().is_err());
        let url: PublicUrl = "http://localhost:3000".parse().unwrap();
        assert_eq!((url.authority(), url.is_https()), ("localhost:3000", false));
    }
}
