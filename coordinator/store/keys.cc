#include "coordinator/store/keys.h"

#include <cstdint>

#include "coordinator/base/check.h"
#include "coordinator/model/path.h"

namespace rookery::store {
namespace {

constexpr size_t kPathOffset = 5;

std::string LevelKey(uint32_t depth, absl::string_view rest) {
  std::string key;
  key.reserve(kPathOffset + rest.size() + 1);
  key.push_back(kNodePrefix);
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(depth >> shift));
  key.append(rest.data(), rest.size());
  return key;
}

}  // namespace

std::string NodeKey(absl::string_view path) { return LevelKey(model::PathDepth(path), path); }

std::string ChildrenPrefix(absl::string_view path) {
  return DescendantsPrefix(path, model::PathDepth(path) + 1);
}

std::string DescendantsPrefix(absl::string_view path, uint32_t depth) {
  std::string key = LevelKey(depth, path);
  if (path != "/") key.push_back('/');
  return key;
}

std::string RowKey(absl::string_view name) {
  std::string key;
  key.reserve(1 + name.size());
  key.push_back(kRowPrefix);
  key.append(name.data(), name.size());
  return key;
}

absl::string_view PathOfNodeKey(absl::string_view key) {
  ROOKERY_CHECK(key.size() > kPathOffset && key[0] == kNodePrefix);
  return key.substr(kPathOffset);
}

absl::string_view NameOfRowKey(absl::string_view key) {
  ROOKERY_CHECK(!key.empty() && key[0] == kRowPrefix);
  return key.substr(1);
}

std::string AfterPrefix(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

bool PathBefore(absl::string_view left, absl::string_view right) {
  const uint32_t left_depth = model::PathDepth(left);
  const uint32_t right_depth = model::PathDepth(right);
  return left_depth != right_depth ? left_depth < right_depth : left < right;
}

}  // namespace rookery::store
