#include "coordinator/machine/state_check.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/machine/container_table.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/node_codec.h"

namespace rookery::machine {

absl::Status StateCheck::Take(absl::string_view key, absl::string_view value) {
  bytes_ += key.size() + value.size();
  // 'n', four bytes of depth, and a path that begins with '/'.
  if (key.size() > 5 && key[0] == store::kNodePrefix && key[5] == '/') {
    const absl::string_view path = store::PathOfNodeKey(key);
    absl::StatusOr<store::Node> node = store::DecodeNode(value);
    if (!node.ok()) {
      return absl::DataLossError(absl::StrCat("node ", path, ": ", node.status().message()));
    }
    node_digest_ += store::NodeHash(path, *node);
    ++node_count_;
    if (node->IsContainer()) containers_ += store::RowHash(path, ContainerTable::RowOf(*node));
    data_bytes_ += path.size() + (node->data.has_value() ? node->data->size() : 0);
    return absl::OkStatus();
  }
  if (key.size() < 2 || key[0] != store::kRowPrefix) {
    return absl::DataLossError("expected the key of a node or of a row, found other bytes");
  }
  const absl::string_view name = store::NameOfRowKey(key);
  if (name == kStateRow) {
    ROOKERY_ASSIGN_OR_RETURN(state_, DecodeState(value));
    has_state_ = true;
  } else if (name[0] == 's') {  // session/table/session_table.cc
    session_digest_ += store::RowHash(name, value);
  } else if (name[0] == ContainerTable::kRowKind) {
    containers_ -= store::RowHash(name.substr(1), value);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> StateCheck::Continue(const store::Base::Snapshot& snapshot,
                                          uint64_t bytes_max) {
  const uint64_t end = bytes_max > std::numeric_limits<uint64_t>::max() - bytes_
                           ? std::numeric_limits<uint64_t>::max()
                           : bytes_ + bytes_max;
  bool more = false;
  absl::Status bad;
  ROOKERY_RETURN_IF_ERROR(
      snapshot.Scan(next_key_, "", [&](absl::string_view key, absl::string_view value) {
        if (bytes_ >= end) {
          next_key_ = std::string(key);
          more = true;
          return false;
        }
        bad = Take(key, value);
        return bad.ok();
      }));
  ROOKERY_RETURN_IF_ERROR(bad);
  return more;
}

absl::Status StateCheck::Finish() const {
  if (!has_state_) {
    if (bytes_ == 0) return absl::OkStatus();
    return absl::DataLossError("expected the row of the state beside its nodes, found none");
  }
  if (node_digest_ == state_.node_digest && node_count_ == state_.node_count &&
      data_bytes_ == state_.data_bytes) {
    if (containers_ == 0) return absl::OkStatus();
    return absl::DataLossError("the rows of containers are not those of the nodes");
  }
  return absl::DataLossError(absl::StrCat(
      "the nodes are not those of entry ", state_.applied_index, ": expected ", state_.node_count,
      " of ", state_.data_bytes, " bytes with digest ", absl::Hex(state_.node_digest), ", found ",
      node_count_, " of ", data_bytes_, " bytes with digest ", absl::Hex(node_digest_)));
}

absl::Status CheckState(const store::Base::Snapshot& snapshot, StateCheck* check) {
  ROOKERY_RETURN_IF_ERROR(check->Continue(snapshot, std::numeric_limits<uint64_t>::max()).status());
  return check->Finish();
}

}  // namespace rookery::machine
