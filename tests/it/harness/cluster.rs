use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use onrecord::embedded::{EmbeddedPostgres, Lifetime, Options};
use onrecord::store::{PoolOptions, Store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Decode, PgConnection, Postgres, Type};
use tokio::sync::OnceCell;

/// The process's cluster: what `DATABASE_URL` leads to, else a throw-away one that goes with the process.
struct Cluster {
    connect: PgConnectOptions,
    next: AtomicU32,
    // Never stopped by hand: when the process ends in whatever way, so does the cluster.
    private: Option<EmbeddedPostgres>,
}

const TEMPLATE: &str = "onrecord_test_template";

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();

/// A database of a test's own, migrated and empty.
pub struct Database {
    pub connect: PgConnectOptions,
    name: String,
}

impl Database {
    /// A migrated one: a copy of a template where the cluster is ours, which is quicker; in a cluster that was there
    /// before, a template would be left behind.
    pub async fn create() -> Self {
        let cluster = CLUSTER.get_or_init(Cluster::start).await;
        if cluster.private.is_some() {
            return cluster.database(TEMPLATE).await;
        }
        let database = cluster.database("template0").await;
        database.store().migrate().await.expect("migrate");
        database
    }

    /// One without any table.
    pub async fn create_empty() -> Self {
        let cluster = CLUSTER.get_or_init(Cluster::start).await;
        cluster.database("template0").await
    }

    /// A store on it.
    pub fn store(&self) -> Store {
        let pool = PoolOptions {
            max_connections: 8,
            ..PoolOptions::default()
        };
        Store::connect(self.connect.clone(), pool)
    }

    /// A plain connection, for looking behind the service's back.
    pub async fn connection(&self) -> PgConnection {
        self.connect
            .connect()
            .await
            .expect("connect to the test's database")
    }

    /// How many rows each table holds, but for those that always hold the same.
    pub async fn rows(&self) -> BTreeMap<String, i64> {
        self.of_tables("SELECT count(*) FROM").await
    }

    /// Every row of every table, as text.
    pub async fn contents(&self) -> BTreeMap<String, String> {
        self.of_tables("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM")
            .await
    }

    /// What a query that lacks the name of a table, `t`, says of each.
    async fn of_tables<T>(&self, query: &str) -> BTreeMap<String, T>
    where
        T: for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin,
    {
        let mut connection = self.connection().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT tablename::text FROM pg_tables \
             WHERE schemaname = 'public' AND tablename NOT IN ('_sqlx_migrations', 'claim_events_pruned')",
        )
        .fetch_all(&mut connection)
        .await
        .expect("list the tables");
        let mut values = BTreeMap::new();
        for table in tables {
            let query = AssertSqlSafe(format!("{query} {table} t"));
            let value = sqlx::query_scalar(query).fetch_one(&mut connection).await;
            values.insert(table, value.expect("look at the table"));
        }
        values
    }
}

impl Drop for Database {
    /// A cluster that was there before the tests is left as it was found.
    fn drop(&mut self) {
        let Some(cluster) = CLUSTER.get().filter(|cluster| cluster.private.is_none()) else {
            return;
        };
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Runtime::new().expect("a runtime for the clean-up");
                runtime.block_on(cluster.run(&statement));
            });
        });
    }
}

impl Cluster {
    async fn start() -> Self {
        let (connect, private) = if let Ok(url) = std::env::var("DATABASE_URL") {
            let connect = PgConnectOptions::from_str(&url).expect("DATABASE_URL");
            (connect, None)
        } else {
            let private = private_cluster().await;
            (private.connect_options(), Some(private))
        };
        let cluster = Self {
            connect,
            next: AtomicU32::new(0),
            private,
        };
        if cluster.private.is_some() {
            cluster.make_template().await;
        }
        cluster
    }

    async fn make_template(&self) {
        self.run(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"))
            .await;
        let connect = self.connect.clone().database(TEMPLATE);
        let store = Store::connect(connect, PoolOptions::default());
        store.migrate().await.expect("migrate the template");
        store.close().await;
    }

    /// A new database, a copy of `template`.
    async fn database(&self, template: &str) -> Database {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("onrecord_test_{}_{number}", std::process::id());
        self.run(&format!(
            "CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"
        ))
        .await;
        Database {
            connect: self.connect.clone().database(&name),
            name,
        }
    }

    async fn run(&self, statement: &str) {
        let mut connection = self
            .connect
            .connect()
            .await
            .expect("connect to the cluster");
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect(statement);
        connection.close().await.expect("close the connection");
    }
}

/// Its directory goes with the process, also after kill -9, because it stands directly in the temporary directory.
async fn private_cluster() -> EmbeddedPostgres {
    let data_dir = std::env::temp_dir().join(format!("onrecord-test-{}", std::process::id()));
    let options = Options {
        data_dir,
        bin_dir: None,
        lifetime: Lifetime::Throwaway,
    };
    EmbeddedPostgres::start(options)
        .await
        .expect("start a throw-away PostgreSQL for the tests")
}
