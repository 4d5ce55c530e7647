// Requests inside of log entries. All primitives: varint.h.
//
//   request     := session:fixed64 owner credentials operation
//   owner       := server:varint incarnation:varint connection:varint
//   credentials := flags:byte(1 super, 2 skip_acl, 4 sasl_offered, 8 enforce_quota) count:varint
//                  (scheme:string id:string)*
//   operation   := kind:byte body
//     1 create    path:string data acl flags:signed want_stat:byte
//     2 delete    path:string version:signed
//     3 setData   path:string data version:signed
//     4 setACL    path:string acl version:signed
//     5 check     path:string version:signed                    (inside a multi only)
//     6 multi     count:varint operation*                       (of kinds 1, 2, 3, 5, 10)
//     7 open      timeout_ms:signed password:string
//     8 attach    timeout_ms:signed password:string
//     9 close
//     10 createContainer  as create
//   data := 0:varint | (length + 1):varint bytes                (0: null)
//   acl  := 0:varint | (count + 1):varint (permissions:signed scheme:string id:string)*
#include "coordinator/wire/write_request.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::wire {
namespace {

enum Kind : uint8_t {
  kCreate = 1,
  kDelete = 2,
  kSetData = 3,
  kSetAcl = 4,
  kCheck = 5,
  kMulti = 6,
  kOpenSession = 7,
  kAttachSession = 8,
  kCloseSession = 9,
  kCreateContainer = 10,
};

constexpr uint8_t kSuper = 1;
constexpr uint8_t kSkipAcl = 2;
constexpr uint8_t kSaslOffered = 4;
constexpr uint8_t kEnforceQuota = 8;

void PutData(const model::Data& data, std::string* out) {
  if (!data) return PutVarint(0, out);
  PutVarint(data->size() + 1, out);
  out->append(*data);
}

void PutAcl(const std::optional<model::Acl>& acl, std::string* out) {
  if (!acl) return PutVarint(0, out);
  PutVarint(acl->size() + 1, out);
  for (const model::AclEntry& entry : *acl) {
    PutSigned(entry.permissions, out);
    PutString(entry.id.scheme, out);
    PutString(entry.id.id, out);
  }
}

struct OperationWriter {
  std::string* out;

  void operator()(const model::CreateRequest& r) const {
    PutByte(r.container ? kCreateContainer : kCreate, out);
    PutString(r.path, out);
    PutData(r.data, out);
    PutAcl(r.acl, out);
    PutSigned(r.flags, out);
    PutByte(r.want_stat ? 1 : 0, out);
  }
  void operator()(const model::DeleteRequest& r) const {
    PutByte(kDelete, out);
    PutString(r.path, out);
    PutSigned(r.version, out);
  }
  void operator()(const model::SetDataRequest& r) const {
    PutByte(kSetData, out);
    PutString(r.path, out);
    PutData(r.data, out);
    PutSigned(r.version, out);
  }
  void operator()(const model::SetAclRequest& r) const {
    PutByte(kSetAcl, out);
    PutString(r.path, out);
    PutAcl(r.acl, out);
    PutSigned(r.version, out);
  }
  void operator()(const model::CheckRequest& r) const {
    PutByte(kCheck, out);
    PutString(r.path, out);
    PutSigned(r.version, out);
  }
  void operator()(const model::MultiRequest& r) const {
    PutByte(kMulti, out);
    PutVarint(r.parts.size(), out);
    for (const auto& part : r.parts) std::visit(*this, part);
  }
  void operator()(const model::OpenSessionRequest& r) const {
    PutByte(kOpenSession, out);
    PutSigned(r.timeout_ms, out);
    PutString(r.password, out);
  }
  void operator()(const model::AttachSessionRequest& r) const {
    PutByte(kAttachSession, out);
    PutSigned(r.timeout_ms, out);
    PutString(r.password, out);
  }
  void operator()(const model::CloseSessionRequest&) const { PutByte(kCloseSession, out); }
};

model::Data ReadData(VarintReader* in) {
  const uint64_t length = in->Varint();
  if (length == 0) return std::nullopt;
  return std::string(in->Bytes(length - 1));
}

std::optional<model::Acl> ReadAcl(VarintReader* in) {
  const uint64_t count = in->Varint();
  if (count == 0) return std::nullopt;
  model::Acl acl;
  for (uint64_t i = 1; i < count && in->ok(); ++i) {
    model::AclEntry entry;
    entry.permissions = in->Signed32();
    entry.id.scheme = in->String();
    entry.id.id = in->String();
    acl.push_back(std::move(entry));
  }
  return acl;
}

// Bodies are read to where they stay: moving a request costs as much as reading it.
void ReadBody(VarintReader* in, model::CreateRequest* r) {
  r->path = in->String();
  r->data = ReadData(in);
  r->acl = ReadAcl(in);
  r->flags = in->Signed32();
  r->want_stat = in->Byte() != 0;
}

void ReadContainer(VarintReader* in, model::CreateRequest* r) {
  ReadBody(in, r);
  r->container = true;
}

void ReadBody(VarintReader* in, model::DeleteRequest* r) {
  r->path = in->String();
  r->version = in->Signed32();
}

void ReadBody(VarintReader* in, model::SetDataRequest* r) {
  r->path = in->String();
  r->data = ReadData(in);
  r->version = in->Signed32();
}

void ReadBody(VarintReader* in, model::SetAclRequest* r) {
  r->path = in->String();
  r->acl = ReadAcl(in);
  r->version = in->Signed32();
}

void ReadBody(VarintReader* in, model::CheckRequest* r) {
  r->path = in->String();
  r->version = in->Signed32();
}

void ReadBody(VarintReader* in, model::OpenSessionRequest* r) {
  r->timeout_ms = in->Signed32();
  r->password = in->String();
}

void ReadBody(VarintReader* in, model::AttachSessionRequest* r) {
  r->timeout_ms = in->Signed32();
  r->password = in->String();
}

void ReadPart(VarintReader* in, model::MultiRequest::Part* part) {
  switch (in->Byte()) {
    case kCreate:
      return ReadBody(in, &part->emplace<model::CreateRequest>());
    case kCreateContainer:
      return ReadContainer(in, &part->emplace<model::CreateRequest>());
    case kDelete:
      return ReadBody(in, &part->emplace<model::DeleteRequest>());
    case kSetData:
      return ReadBody(in, &part->emplace<model::SetDataRequest>());
    case kCheck:
      return ReadBody(in, &part->emplace<model::CheckRequest>());
    default:
      in->Fail();
  }
}

void ReadBody(VarintReader* in, model::MultiRequest* multi) {
  const size_t count = in->Count(3);  // kind, path's length, version
  multi->parts.reserve(count);
  for (size_t i = 0; i < count && in->ok(); ++i) ReadPart(in, &multi->parts.emplace_back());
}

void ReadOperation(VarintReader* in, model::WriteOperation* operation) {
  switch (in->Byte()) {
    case kCreate:
      return ReadBody(in, &operation->emplace<model::CreateRequest>());
    case kCreateContainer:
      return ReadContainer(in, &operation->emplace<model::CreateRequest>());
    case kDelete:
      return ReadBody(in, &operation->emplace<model::DeleteRequest>());
    case kSetData:
      return ReadBody(in, &operation->emplace<model::SetDataRequest>());
    case kSetAcl:
      return ReadBody(in, &operation->emplace<model::SetAclRequest>());
    case kMulti:
      return ReadBody(in, &operation->emplace<model::MultiRequest>());
    case kOpenSession:
      return ReadBody(in, &operation->emplace<model::OpenSessionRequest>());
    case kAttachSession:
      return ReadBody(in, &operation->emplace<model::AttachSessionRequest>());
    case kCloseSession:
      operation->emplace<model::CloseSessionRequest>();
      return;
    default:
      in->Fail();
  }
}

}  // namespace

void PutWriteRequest(const model::WriteRequest& request, std::string* out) {
  PutFixed64(static_cast<uint64_t>(request.session), out);
  PutVarint(request.owner.server, out);
  PutVarint(request.owner.incarnation, out);
  PutVarint(request.owner.connection, out);
  const model::Credentials& who = request.credentials;
  PutByte((who.super ? kSuper : 0) | (who.skip_acl ? kSkipAcl : 0) |
              (who.sasl_offered ? kSaslOffered : 0) | (who.enforce_quota ? kEnforceQuota : 0),
          out);
  PutVarint(who.identities.size(), out);
  for (const model::Id& identity : who.identities) {
    PutString(identity.scheme, out);
    PutString(identity.id, out);
  }
  std::visit(OperationWriter{out}, request.operation);
}

void ReadWriteRequest(VarintReader* in, model::WriteRequest* request) {
  request->session = static_cast<model::SessionId>(in->Fixed64());
  request->owner.server = in->Varint();
  request->owner.incarnation = in->Varint();
  request->owner.connection = in->Varint();
  const uint8_t flags = in->Byte();
  request->credentials.super = (flags & kSuper) != 0;
  request->credentials.skip_acl = (flags & kSkipAcl) != 0;
  request->credentials.sasl_offered = (flags & kSaslOffered) != 0;
  request->credentials.enforce_quota = (flags & kEnforceQuota) != 0;
  if ((flags & ~(kSuper | kSkipAcl | kSaslOffered | kEnforceQuota)) != 0) in->Fail();
  const size_t count = in->Count(2);
  request->credentials.identities.reserve(count);
  for (size_t i = 0; i < count && in->ok(); ++i) {
    model::Id identity;
    identity.scheme = in->String();
    identity.id = in->String();
    request->credentials.identities.push_back(std::move(identity));
  }
  ReadOperation(in, &request->operation);
}

}  // namespace rookery::wire
