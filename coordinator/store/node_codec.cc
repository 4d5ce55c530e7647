// node := format:byte flags:byte data? acl? czxid:signed mzxid:signed pzxid:signed ctime:signed
//         mtime:signed version:signed aversion:signed creations:signed children:signed owner?
//   format  1
//   flags   1 data is not null, 2 the ACL is listed (else world:anyone:cdrwa), 4 there is an owner
//   (a session, or of a container 1 << 63) data    length:varint bytes acl     count:varint
//   (permissions:signed scheme:string id:string)* owner   fixed64
// mzxid, pzxid and mtime are written as differences to czxid and ctime: most nodes never change.
#include "coordinator/store/node_codec.h"

#include <xxhash.h>

#include "coordinator/base/varint.h"

namespace rookery::store {
namespace {

constexpr uint8_t kFormat = 1;
enum Flags : uint8_t { kHasData = 1, kHasAcl = 2, kHasOwner = 4, kFlagsKnown = 7 };

// Differences wrap around, so that every pair of numbers can be written and damaged ones be read.
int64_t Difference(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
int64_t Sum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

model::AclRef ReadAcl(VarintReader* in) {
  model::Acl acl(in->Count(3));
  for (model::AclEntry& entry : acl) {
    entry.permissions = in->Signed32();
    entry.id.scheme = in->String();
    entry.id.id = in->String();
  }
  return std::make_shared<const model::Acl>(std::move(acl));
}

// As PutVarint and PutSigned, into a buffer that has room: a node is encoded several times per
// write, and most of that would go into growing the string number by number.
constexpr size_t kVarintBytesMost = 10;
char* WriteVarint(uint64_t value, char* at) {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}
char* WriteSigned(int64_t value, char* at) {
  return WriteVarint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63), at);
}

bool IsOpen(const model::AclRef& acl) {
  return acl == model::OpenAcl() || *acl == *model::OpenAcl();
}

}  // namespace

void EncodeAcl(const model::Acl& acl, std::string* out) {
  PutVarint(acl.size(), out);
  for (const model::AclEntry& entry : acl) {
    PutSigned(entry.permissions, out);
    PutString(entry.id.scheme, out);
    PutString(entry.id.id, out);
  }
}

void EncodeNode(const Node& node, std::string* out) {
  const bool open = IsOpen(node.acl);
  uint8_t flags = 0;
  if (node.data.has_value()) flags |= kHasData;
  if (!open) flags |= kHasAcl;
  if (node.ephemeral_owner != 0) flags |= kHasOwner;
  char head[2 + kVarintBytesMost] = {static_cast<char>(kFormat), static_cast<char>(flags)};
  char* end = head + 2;
  if (node.data.has_value()) end = WriteVarint(node.data->size(), end);
  out->append(head, end - head);
  if (node.data.has_value()) out->append(*node.data);
  if (!open) EncodeAcl(*node.acl, out);
  char numbers[9 * kVarintBytesMost];
  end = WriteSigned(node.czxid, numbers);
  end = WriteSigned(Difference(node.mzxid, node.czxid), end);
  end = WriteSigned(Difference(node.pzxid, node.czxid), end);
  end = WriteSigned(node.ctime_ms, end);
  end = WriteSigned(Difference(node.mtime_ms, node.ctime_ms), end);
  end = WriteSigned(node.version, end);
  end = WriteSigned(node.aversion, end);
  end = WriteSigned(node.child_creations, end);
  end = WriteSigned(node.num_children, end);
  out->append(numbers, end - numbers);
  if (node.ephemeral_owner != 0) PutFixed64(static_cast<uint64_t>(node.ephemeral_owner), out);
}

absl::StatusOr<Node> DecodeNode(absl::string_view bytes) {
  VarintReader in(bytes);
  const uint8_t format = in.Byte();
  const uint8_t flags = in.Byte();
  Node node;
  if (flags & kHasData) node.data = in.String();
  node.acl = (flags & kHasAcl) ? ReadAcl(&in) : model::OpenAcl();
  node.czxid = in.Signed();
  node.mzxid = Sum(node.czxid, in.Signed());
  node.pzxid = Sum(node.czxid, in.Signed());
  node.ctime_ms = in.Signed();
  node.mtime_ms = Sum(node.ctime_ms, in.Signed());
  node.version = in.Signed32();
  node.aversion = in.Signed32();
  node.child_creations = in.Signed32();
  node.num_children = in.Signed32();
  if (flags & kHasOwner) node.ephemeral_owner = static_cast<int64_t>(in.Fixed64());
  if (format != kFormat || (flags & ~kFlagsKnown) != 0 || !in.AtEnd()) {
    return absl::DataLossError("expected an encoded node of format 1, found other bytes");
  }
  return node;
}

uint64_t NodeHash(absl::string_view path, const Node& node) {
  thread_local std::string bytes;
  bytes.clear();
  PutString(path, &bytes);
  EncodeNode(node, &bytes);
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint64_t RowHash(absl::string_view key, absl::string_view value) {
  return XXH3_64bits_withSeed(value.data(), value.size(), XXH3_64bits(key.data(), key.size()));
}

}  // namespace rookery::store
