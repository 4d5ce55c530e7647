// What a verification of files found, and how far it is.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rookery::offline {

// One thread.
class Findings {
 public:
  // `on_file` is told before each file is read.
  explicit Findings(std::function<void(absl::string_view path)> on_file = {})
      : on_file_(std::move(on_file)) {}

  void Begin(absl::string_view path) {
    if (on_file_) on_file_(path);
  }
  void Read(uint64_t bytes) {
    ++files_;
    bytes_ += bytes;
  }
  // A file, or a directory as a whole, and what is wrong with it.
  void Add(absl::string_view path, absl::string_view what);
  // The same for a status; OK is no finding.
  void Add(absl::string_view path, const absl::Status& status);

  // "PATH: what", in the order of finding.
  const std::vector<std::string>& texts() const { return texts_; }
  uint64_t files() const { return files_; }
  uint64_t bytes() const { return bytes_; }

 private:
  const std::function<void(absl::string_view)> on_file_;
  std::vector<std::string> texts_;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace rookery::offline
