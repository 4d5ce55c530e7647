// The files of a RocksDB database that nobody has open.
#pragma once

#include <string>

#include "coordinator/main/offline/findings.h"

namespace rookery::offline {

// Reads every file of `directory` that RocksDB reads: CURRENT, MANIFEST and write-ahead logs record
// by record, tables block by block. Left out, since nothing is read from them: LOG, LOCK, IDENTITY,
// OPTIONS-*. Whether the files belong together is for who opens the database.
void CheckDatabaseFiles(const std::string& directory, Findings* findings);

// The process that has the database open to write, 0: nobody has.
int OwnerOf(const std::string& directory);

}  // namespace rookery::offline
