use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The places for connections. Clones share one instance.
#[derive(Debug, Clone)]
pub(super) struct Places {
    taken: Arc<Mutex<Taken>>,
    most: usize,
    most_per_peer: usize,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A connection's place, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    address: IpAddr,
}

impl Places {
    /// So many places, and so many for one address.
    pub(super) fn new(most: usize, most_per_peer: usize) -> Self {
        Self {
            taken: Arc::default(),
            most,
            most_per_peer,
        }
    }

    /// A place for a connection from this address, if one is free.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let mut taken = self.lock();
        let from_there = taken.by_address.get(&address).copied().unwrap_or_default();
        if taken.all >= self.most || from_there >= self.most_per_peer {
            return None;
        }
        taken.all += 1;
        taken.by_address.insert(address, from_there + 1);
        Some(Place {
            places: self.clone(),
            address,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        if let Some(from_there) = taken.by_address.get_mut(&self.address) {
            *from_there -= 1;
            if *from_there == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::Places;

    #[test]
    fn a_place_comes_back() {
        let places = Places::new(3, 2);
        let [here, there] = [1, 2].map(|last| Ipv4Addr::new(10, 0, 0, last).into());
        let first = places.take(here).unwrap();
        let _second = places.take(here).unwrap();
        assert!(places.take(here).is_none(), "too many from one address");
        let _third = places.take(there).unwrap();
        assert!(places.take(there).is_none(), "too many in all");
        drop(first);
        assert!(places.take(there).is_some());
    }
}
