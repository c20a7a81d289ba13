//! What every handler may use.

use super::{api::InFlight, assets::Site};
use crate::{
    Services,
    config::{Config, Network, PublicUrl},
};
use axum::extract::FromRef;
use daybook_domain::ports::Ports;
use std::{fmt, sync::Arc};
use tokio::sync::watch;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    services: Services,
    ports: Ports,
    site: Site,
    public_url: Option<PublicUrl>,
    trusted_proxies: Vec<Network>,
    in_flight: InFlight,
    stop: watch::Sender<bool>,
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppState")
    }
}

impl AppState {
    pub fn new(services: Services, config: &Config) -> Self {
        Self(Arc::new(Inner {
            ports: services.ports(),
            services,
            site: Site::new(),
            public_url: config.public_url.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            in_flight: InFlight::default(),
            stop: watch::Sender::new(false),
        }))
    }

    /// Asks everything that goes on for long to end.
    pub(super) fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// True once the server is asked to stop.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stop.subscribe()
    }

    pub fn services(&self) -> &Services {
        &self.0.services
    }

    pub fn ports(&self) -> &Ports {
        &self.0.ports
    }

    pub(super) fn site(&self) -> &Site {
        &self.0.site
    }

    pub(super) fn public_url(&self) -> Option<&PublicUrl> {
        self.0.public_url.as_ref()
    }

    pub(super) fn trusted_proxies(&self) -> &[Network] {
        &self.0.trusted_proxies
    }

    pub(super) fn in_flight(&self) -> &InFlight {
        &self.0.in_flight
    }

    /// Whether browsers come over https: then cookies are theirs alone and never sent without it.
    pub(super) fn is_https(&self) -> bool {
        self.public_url().is_some_and(PublicUrl::is_https)
    }

    /// A server without its site has pages that look wrong; say why.
    pub fn warn_about_missing_site(&self) {
        if self.0.site.is_missing() {
            tracing::warn!("the browser half isn't built, pages come without style: run cargo xtask build");
        }
    }
}

impl FromRef<AppState> for Services {
    fn from_ref(state: &AppState) -> Self {
        state.services().clone()
    }
}
