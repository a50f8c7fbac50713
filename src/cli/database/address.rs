//! The database that a command works on.

use std::path::PathBuf;

use anyhow::Context;

use crate::config::{DatabaseAddress, SecretUrl};
use crate::store::{Credentials, PasswordSource, PoolOptions, Store, UrlSource};

/// Connects to the database that a command needs.
pub(crate) async fn connect(address: &DatabaseAddress) -> anyhow::Result<Store> {
    let store = given(address, PoolOptions::default()).await?;
    store.context("no database: --database-url (or ONRECORD_DATABASE_URL) names one")
}

/// The database that the flags name, if any. It is not connected to yet.
pub(crate) async fn given(
    address: &DatabaseAddress,
    options: PoolOptions,
) -> anyhow::Result<Option<Store>> {
    let url = url(
        address.url.as_ref(),
        address.url_file.as_ref(),
        "--database-url",
    )?;
    let password = password(address)?;
    let Some(url) = url else {
        anyhow::ensure!(
            password.is_none(),
            "--database-password-file and --database-password-command need --database-url"
        );
        return Ok(None);
    };
    let store = Store::connect_with(Credentials { url, password }, options).await;
    let store = store.context("--database-url (or ONRECORD_DATABASE_URL)")?;
    Ok(Some(store))
}

/// The replica that the flags name, if any. It takes the password of the database.
pub(crate) async fn replica(
    address: &DatabaseAddress,
    replica_url: Option<&SecretUrl>,
    replica_url_file: Option<&PathBuf>,
    options: PoolOptions,
) -> anyhow::Result<Option<Store>> {
    let flag = "--database-replica-url";
    let Some(url) = url(replica_url, replica_url_file, flag)? else {
        return Ok(None);
    };
    let password = password(address)?;
    let store = Store::connect_with(Credentials { url, password }, options).await;
    let store = store.context("--database-replica-url (or ONRECORD_DATABASE_REPLICA_URL)")?;
    Ok(Some(store))
}

/// An empty variable, as left by compose files, means none.
fn url(
    url: Option<&SecretUrl>,
    file: Option<&PathBuf>,
    flag: &str,
) -> anyhow::Result<Option<UrlSource>> {
    let url = url.filter(|url| !url.0.is_empty());
    let file = file.filter(|file| !file.as_os_str().is_empty());
    match (url, file) {
        (Some(_), Some(_)) => anyhow::bail!("{flag} and {flag}-file exclude each other"),
        (Some(url), None) => Ok(Some(UrlSource::Given(url.0.clone()))),
        (None, Some(file)) => Ok(Some(UrlSource::File(file.clone()))),
        (None, None) => Ok(None),
    }
}

fn password(address: &DatabaseAddress) -> anyhow::Result<Option<PasswordSource>> {
    let file = address.password_file.as_ref();
    let file = file.filter(|file| !file.as_os_str().is_empty());
    let command = address.password_command.as_ref();
    let command = command.filter(|command| !command.is_empty());
    match (file, command) {
        (Some(_), Some(_)) => anyhow::bail!(
            "--database-password-file and --database-password-command exclude each other"
        ),
        (Some(file), None) => Ok(Some(PasswordSource::File(file.clone()))),
        (None, Some(command)) => Ok(Some(PasswordSource::Command(command.clone()))),
        (None, None) => Ok(None),
    }
}
