use std::io;

use super::error::StoreError;
use super::store::Store;

impl Store {
    /// Resolves once the connections that the store has now were found to be cut off (see [`Store::probe`]): no answer
    /// comes on them any more. For work that has no deadline of its own. Waits from the call on, not from the first poll.
    pub fn cut_off(&self) -> impl Future<Output = StoreError> + Send + use<> {
        let mut cut_offs = self.cut_offs.subscribe();
        async move {
            // An error means that the store is gone, and whoever waited for it with it.
            let _ = cut_offs.changed().await;
            StoreError::Unavailable(io::Error::from(io::ErrorKind::TimedOut).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use sqlx::postgres::PgConnectOptions;

    use crate::store::db::{PoolOptions, Store, StoreError};

    #[tokio::test]
    async fn who_waits_on_connections_that_were_cut_off_is_told() {
        let connect = PgConnectOptions::new_without_pgpass();
        let store = Store::connect(connect, PoolOptions::default());
        let waiting = store.for_background().cut_off();
        store.renew();
        assert!(matches!(
            waiting.now_or_never(),
            Some(StoreError::Unavailable(_))
        ));
        assert!(store.cut_off().now_or_never().is_none());
    }
}
