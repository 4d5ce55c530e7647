// Rows: "c" path -> kind:byte mtime_ms:signed
//   kind   0 it has children, 1 it had some, 2 it never had one
//   mtime  of kind 2, else 0: so that writes to a container that is used change no row
#include "coordinator/machine/container_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"

namespace rookery::machine {
namespace {

std::string Key(absl::string_view path) {
  return absl::StrCat(absl::string_view(&ContainerTable::kRowKind, 1), path);
}

}  // namespace

ContainerTable::Container ContainerTable::Of(const store::Node& node) {
  if (node.num_children > 0) return {.kind = Kind::kHolding};
  if (node.child_creations > 0) return {.kind = Kind::kEmptied};
  return {.kind = Kind::kUnused, .mtime_ms = node.mtime_ms};
}

std::string ContainerTable::Encode(const Container& container) {
  std::string value;
  PutByte(static_cast<uint8_t>(container.kind), &value);
  PutSigned(container.mtime_ms, &value);
  return value;
}

std::string ContainerTable::RowOf(const store::Node& container) { return Encode(Of(container)); }

absl::Status ContainerTable::Recover() {
  emptied_.clear();
  unused_.clear();
  containers_.clear();
  bool good = true;
  const absl::string_view prefix(&kRowKind, 1);
  ROOKERY_RETURN_IF_ERROR(
      store_->ScanRows(prefix, [&](absl::string_view key, absl::string_view value) {
        VarintReader in(value);
        const uint8_t kind = in.Byte();
        const int64_t mtime_ms = in.Signed();
        if (!in.AtEnd() || kind > static_cast<uint8_t>(Kind::kUnused) || key.size() < 2) {
          good = false;
          return;
        }
        Set(std::string(key.substr(1)), {static_cast<Kind>(kind), mtime_ms});
      }));
  return good ? absl::OkStatus()
              : absl::DataLossError("expected a row of containers, found other bytes");
}

void ContainerTable::Set(const std::string& path, const Container& container) {
  const auto at = containers_.try_emplace(path).first;
  at->second = container;
  emptied_.erase(at->first);
  unused_.erase(at->first);
  if (container.kind == Kind::kEmptied) emptied_.insert(at->first);
  if (container.kind == Kind::kUnused) unused_.insert(at->first);
}

void ContainerTable::Put(const std::string& path, const store::Node& node) {
  const Container container = Of(node);
  const auto at = containers_.find(path);
  if (at != containers_.end() && at->second == container) return;
  Set(path, container);
  store_->PutRow(Key(path), Encode(container));
}

void ContainerTable::Erase(const std::string& path) {
  const auto at = containers_.find(path);
  ROOKERY_CHECK(at != containers_.end()) << path << " is no container of the table";
  emptied_.erase(at->first);
  unused_.erase(at->first);
  containers_.erase(at);
  store_->EraseRow(Key(path));
}

bool ContainerTable::Holds(const EmptyContainer& seen) const {
  const auto at = containers_.find(seen.path);
  if (at == containers_.end()) return false;
  if (seen.used) return at->second.kind == Kind::kEmptied;
  return at->second == Container{.kind = Kind::kUnused, .mtime_ms = seen.mtime_ms};
}

std::vector<EmptyContainer> ContainerTable::Empty(int64_t unused_before_ms,
                                                  size_t count_max) const {
  std::vector<EmptyContainer> empty;
  for (const absl::string_view path : emptied_) {
    if (empty.size() == count_max) return empty;
    empty.push_back({.path = std::string(path)});
  }
  if (unused_before_ms == kNeverMs) return empty;
  for (const absl::string_view path : unused_) {
    if (empty.size() == count_max) return empty;
    const int64_t mtime_ms = containers_.find(std::string(path))->second.mtime_ms;
    if (mtime_ms >= unused_before_ms) continue;
    empty.push_back({.path = std::string(path), .used = false, .mtime_ms = mtime_ms});
  }
  return empty;
}

}  // namespace rookery::machine
