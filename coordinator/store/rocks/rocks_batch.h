// A batch as sorted files, taken in by the database in one atomic step.
#pragma once

#include <rocksdb/sst_file_writer.h>

#include <memory>
#include <string>
#include <vector>

#include "coordinator/store/base.h"
#include "coordinator/store/rocks/rocks_database.h"

namespace rookery::store {

class RocksBatch final : public Base::Batch {
 public:
  // Files are called <number>-<part>.sst.
  RocksBatch(std::shared_ptr<RocksDatabase> database, uint64_t number, uint64_t file_bytes_max);
  // Removes the files unless they were committed.
  ~RocksBatch() override;

  absl::Status Put(absl::string_view key, absl::string_view value) override;
  absl::Status Delete(absl::string_view key) override;
  absl::Status Commit() override;

 private:
  // A file to write to: a new one if there is none, or the last has its size.
  absl::Status Ready();
  absl::Status FinishFile();

  const std::shared_ptr<RocksDatabase> database_;
  const uint64_t number_;
  const uint64_t file_bytes_max_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;  // null: no file is open
  std::vector<std::string> files_;
};

}  // namespace rookery::store
