// RocksDB's file calls, done for real and written down. Syncs are only written down.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "tests/lost_writes/journal.h"

namespace rookery::lost_writes {

// `journal` outlives it.
std::unique_ptr<rocksdb::Env> MakeJournalEnv(Journal* journal);

}  // namespace rookery::lost_writes
