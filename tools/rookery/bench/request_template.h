// A request whose bytes are made once and then only patched: number and path's digits.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rookery::tools::bench {

enum class Op { kSet, kGet, kCreate };

// Where requests go: "/bench/p0007/n000000123", so that no node has too many children.
struct KeySpace {
  std::string root = "/bench";
  uint32_t parents = 100;
};
std::string ParentPath(const KeySpace& keys, uint32_t parent);
std::string KeyPath(const KeySpace& keys, uint64_t key);

class RequestTemplate {
 public:
  // `size` bytes of data for set and create.
  RequestTemplate(Op op, const KeySpace& keys, size_t size);
  // Appends the frame of the request number `xid` on `key`.
  void Append(int32_t xid, uint64_t key, std::string* out) const;
  size_t bytes() const { return frame_.size(); }

 private:
  std::string frame_;
  uint32_t parents_;
  size_t parent_digits_at_ = 0;
  size_t key_digits_at_ = 0;
};

}  // namespace rookery::tools::bench
