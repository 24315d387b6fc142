//! Passwords become argon2id hashes: off the threads that answer, and few at a time, because each takes 19 MiB.

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::Error;

/// Where passwords are hashed.
#[derive(Debug)]
pub(crate) struct Hashing {
    places: Semaphore,
    count: AtomicU64,
}

/// Hashes at the same time; who comes later waits.
const PLACES: usize = 2;

/// The hash of a password that nobody has: whoever is not there is as much work as whoever is.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Zm9vdHBhdGgtbm9ib2R5$\
                      5Jp4Y1fpFPSgiNVjTM0OtcTyCpYIhExI7AVvwWuvVS8";

impl Default for Hashing {
    fn default() -> Self {
        Self { places: Semaphore::new(PLACES), count: AtomicU64::new(0) }
    }
}

impl Hashing {
    /// The hash to keep, in PHC form, with the parameters that OWASP asks for (19 MiB, 2 rounds).
    pub(crate) async fn hash(&self, password: String) -> Result<String, Error> {
        self.run(move || {
            let hash = Argon2::default().hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|cause| failed(&cause))
        })
        .await
    }

    /// Whether a password is the one that was kept. It takes as long if nothing was kept.
    pub(crate) async fn is_right(
        &self,
        password: String,
        kept: Option<String>,
    ) -> Result<bool, Error> {
        self.run(move || {
            let hash = PasswordHash::new(kept.as_deref().unwrap_or(NOBODY))
                .map_err(|cause| failed(&cause))?;
            let is_right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
            Ok(is_right && kept.is_some())
        })
        .await
    }

    /// How many hashes were made.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let place = self.places.acquire().await;
        let _place = place.map_err(|cause| Error::Internal(cause.into()))?;
        self.count.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(work).await.map_err(|cause| Error::Internal(cause.into()))?
    }
}

fn failed(cause: &dyn std::fmt::Display) -> Error {
    Error::Internal(anyhow::anyhow!("hashing a password: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::{Hashing, NOBODY};

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let hashing = Hashing::default();
            let kept = hashing.hash("a long enough password".to_owned()).await.unwrap();
            let cost = |hash: &str| hash.rsplitn(3, '$').nth(2).map(str::to_owned);
            assert_eq!(cost(&kept), cost(NOBODY));
            let lengths = |hash: &str| hash.rsplit('$').next().map(str::len);
            assert_eq!(lengths(&kept), lengths(NOBODY));
            let right = |text: &str, kept: Option<&String>| {
                hashing.is_right(text.to_owned(), kept.cloned())
            };
            assert!(right("a long enough password", Some(&kept)).await.unwrap());
            assert!(!right("another password", Some(&kept)).await.unwrap());
            assert!(!right("anything", None).await.unwrap());
            assert_eq!(hashing.count(), 4);
        });
    }
}
