use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::credentials::{Address, Credentials};
use super::error::StoreError;
use super::options::PoolOptions;
use super::session::with_settings;
use super::store::{Login, Store};

/// The pause after Postgres has refused the credentials.
const AFTER_REFUSAL: Duration = Duration::from_secs(1);
/// How long the same trouble is not logged again.
const SILENCE: Duration = Duration::from_mins(1);

impl Store {
    /// Like [`Store::connect`], with an address that [`Store::keep_credentials`] reads again.
    ///
    /// # Errors
    /// [`StoreError::Credentials`] if they cannot be read, [`StoreError::Url`] if the address is not one.
    pub async fn connect_with(
        credentials: Credentials,
        options: PoolOptions,
    ) -> Result<Self, StoreError> {
        let address = credentials.read().await?;
        let login = Login {
            credentials,
            first: address.clone(),
        };
        Ok(Self {
            login: Some(Arc::new(login)),
            ..Self::connect(address.parse()?, options)
        })
    }

    /// Reads the credentials again as they change and when Postgres refuses them, for as long as it is polled, and
    /// logs refusals. New connections use what was read last.
    pub async fn keep_credentials(self) -> Infallible {
        let mut current = self.login.as_ref().map(|login| login.first.clone());
        let mut told: Option<(String, Instant)> = None;
        loop {
            let refused = self.wait_for_refusal().await;
            let news = match (&self.login, &mut current) {
                (Some(login), Some(current)) => self.read_again(&login.credentials, current).await,
                _ => Ok(()),
            };
            let trouble = match (news, refused) {
                (Err(error), _) => Some(cause(&error)),
                (Ok(()), Some(refusal)) => Some(refusal),
                (Ok(()), None) => None,
            };
            let known = |trouble: &String| {
                let told = told.as_ref();
                told.is_some_and(|(last, when)| last == trouble && when.elapsed() < SILENCE)
            };
            if let Some(trouble) = trouble.filter(|trouble| !known(trouble)) {
                tracing::warn!("no log-in to the database: {trouble}");
                told = Some((trouble, Instant::now()));
            }
            tokio::time::sleep(AFTER_REFUSAL).await;
        }
    }

    /// Waits until the credentials are to be read; returns what Postgres says if it has refused them.
    async fn wait_for_refusal(&self) -> Option<String> {
        let period = self
            .login
            .as_ref()
            .and_then(|login| login.credentials.period());
        match period {
            Some(period) => {
                let noticed = tokio::time::timeout(period, self.refusal.noticed());
                noticed.await.ok()
            }
            None => Some(self.refusal.noticed().await),
        }
    }

    async fn read_again(
        &self,
        credentials: &Credentials,
        current: &mut Address,
    ) -> Result<(), StoreError> {
        let address = credentials.read().await?;
        if address == *current {
            return Ok(());
        }
        let connect = with_settings(address.parse()?, &self.options);
        for pool in self.pools() {
            pool.set_connect_options(connect.clone());
        }
        self.refusal.forget();
        tracing::info!("the database's credentials have changed");
        if address.leads_elsewhere(current) {
            self.renew();
        }
        *current = address;
        Ok(())
    }
}

fn cause(error: &StoreError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
