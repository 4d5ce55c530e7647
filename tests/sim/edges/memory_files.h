// A directory in memory, of which nothing is ever lost.
#pragma once

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/base/file_store.h"

namespace rookery::sim {

class MemoryFiles : public FileStore {
 public:
  absl::StatusOr<std::string> Read(absl::string_view name) override {
    const auto found = files.find(std::string(name));
    if (found == files.end()) return absl::NotFoundError(absl::StrCat(name, ": no such file"));
    return found->second;
  }
  absl::Status WriteDurably(absl::string_view name, absl::string_view bytes) override {
    files[std::string(name)] = std::string(bytes);
    return absl::OkStatus();
  }
  absl::Status WriteAt(absl::string_view name, uint64_t offset, absl::string_view bytes) override {
    std::string& file = files[std::string(name)];
    if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
    file.replace(offset, bytes.size(), std::string(bytes));
    return absl::OkStatus();
  }

  std::map<std::string, std::string> files;
};

}  // namespace rookery::sim
