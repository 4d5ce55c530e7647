// A node <-> bytes, for the base, for checkpoints and for the digest. The grammar stands in
// node_codec.cc and belongs to the replicated level.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/store/node.h"

namespace rookery::store {

// Appends.
void EncodeNode(const Node& node, std::string* out);
// DataLoss: not a node of this format.
absl::StatusOr<Node> DecodeNode(absl::string_view bytes);

// Appends a list as it stands inside of a node.
void EncodeAcl(const model::Acl& acl, std::string* out);

// What a node adds to the digest of the state: a hash of its path, its value and every number of
// its Stat. The sum over all nodes is the same whatever the history was.
uint64_t NodeHash(absl::string_view path, const Node& node);

// The same for any other row that counts.
uint64_t RowHash(absl::string_view key, absl::string_view value);

}  // namespace rookery::store
