//! The part of the log that the engine reads: its Storage.
use std::collections::VecDeque;

use prost::Message as _;
use raft::eraftpb::{ConfState, Entry, HardState, Snapshot};
use raft::storage::GetEntriesContext;
use raft::{Error, RaftState, Storage, StorageError};

pub struct Cache {
    pub ents: VecDeque<Entry>,
    pub first: u64, // index of ents[0]; term of first-1 is prev_term
    pub prev_term: u64,
    pub bytes: usize,
    pub snap: Snapshot, // offered to followers that are too far behind
    pub hs: HardState,
    pub conf: ConfState,
    pub loose: bool,
    pub wanted: std::cell::Cell<u64>, // server that needs a newer snapshot than the one we have
}
impl Cache {
    pub fn last(&self) -> u64 {
        self.first + self.ents.len() as u64 - 1
    }
    pub fn append(&mut self, es: &[Entry]) {
        if es.is_empty() {
            return;
        }
        let at = es[0].index;
        assert!(
            at >= self.first && at <= self.last() + 1,
            "append at {} leaves a hole [{}, {}]",
            at,
            self.first,
            self.last()
        );
        while self.last() >= at {
            self.bytes -= self.ents.pop_back().unwrap().data.len();
        }
        for e in es {
            self.bytes += e.data.len();
            self.ents.push_back(e.clone());
        }
    }
    pub fn restore(&mut self, s: &Snapshot) {
        let m = s.metadata.as_ref().unwrap();
        self.ents.clear();
        self.bytes = 0;
        self.first = m.index + 1;
        self.prev_term = m.term;
        self.snap = s.clone();
    }
    pub fn compact(&mut self, keep_from: u64) {
        while self.first < keep_from && !self.ents.is_empty() {
            let e = self.ents.pop_front().unwrap();
            self.prev_term = e.term;
            self.bytes -= e.data.len();
            self.first += 1;
        }
    }
}
impl Storage for Cache {
    fn initial_state(&self) -> raft::Result<RaftState> {
        Ok(RaftState::new(self.hs.clone(), self.conf.clone()))
    }
    fn entries(
        &self,
        low: u64,
        high: u64,
        max: impl Into<Option<u64>>,
        _: GetEntriesContext,
    ) -> raft::Result<Vec<Entry>> {
        if low < self.first {
            return Err(Error::Store(StorageError::Compacted));
        }
        assert!(
            high <= self.last() + 1,
            "entries [{}, {}) beyond {}",
            low,
            high,
            self.last()
        );
        let max = max.into().unwrap_or(u64::MAX);
        let (a, b) = ((low - self.first) as usize, (high - self.first) as usize);
        let mut out = Vec::new();
        let mut size = 0u64;
        for e in self.ents.range(a..b) {
            size = size.saturating_add(e.encoded_len() as u64);
            if !out.is_empty() && size > max {
                break;
            }
            out.push(e.clone());
        }
        Ok(out)
    }
    fn term(&self, i: u64) -> raft::Result<u64> {
        if i + 1 == self.first {
            return Ok(self.prev_term);
        }
        if i < self.first {
            return Err(Error::Store(StorageError::Compacted));
        }
        if i > self.last() {
            return Err(Error::Store(StorageError::Unavailable));
        }
        Ok(self.ents[(i - self.first) as usize].term)
    }
    fn first_index(&self) -> raft::Result<u64> {
        Ok(self.first)
    }
    fn last_index(&self) -> raft::Result<u64> {
        Ok(self.last())
    }
    fn snapshot(&self, request_index: u64, to: u64) -> raft::Result<Snapshot> {
        let i = self.snap.metadata.as_ref().map_or(0, |m| m.index);
        // A receiver refuses a snapshot whose configuration it is not part of.
        let known = self.loose
            || self
                .snap
                .metadata
                .as_ref()
                .and_then(|m| m.conf_state.as_ref())
                .is_some_and(|c| {
                    c.voters.contains(&to)
                        || c.learners.contains(&to)
                        || c.voters_outgoing.contains(&to)
                });
        if i == 0 || i < request_index || i + 1 < self.first || !known {
            self.wanted.set(to);
            return Err(Error::Store(StorageError::SnapshotTemporarilyUnavailable));
        }
        Ok(self.snap.clone())
    }
}
