// A FileStore in memory, for targets that read a server's own small files.
#pragma once

#include <map>
#include <string>

#include "coordinator/base/file_store.h"

namespace rookery::fuzz {

class MemoryFiles final : public FileStore {
 public:
  absl::StatusOr<std::string> Read(absl::string_view name) override {
    const auto at = files.find(std::string(name));
    if (at == files.end()) return absl::NotFoundError("no such file");
    return at->second;
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

}  // namespace rookery::fuzz
