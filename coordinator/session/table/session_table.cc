// Rows:
//   "s" id:8 bytes, most first          -> timeout:signed password:string server:varint
//                                          incarnation:varint connection:varint attach_count:varint
//   "e" id:8 bytes, most first, path    -> empty
//   "n"                                 -> next id:fixed64
#include "coordinator/session/table/session_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"
#include "coordinator/store/node_codec.h"

namespace rookery::session {
namespace {

constexpr absl::string_view kNextIdKey = "n";

std::string Key(char kind, model::SessionId id) {
  std::string key(1, kind);
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>(static_cast<uint64_t>(id) >> shift));
  }
  return key;
}

model::SessionId IdOf(absl::string_view key) {
  uint64_t id = 0;
  for (size_t i = 1; i < 9; ++i) id = id << 8 | static_cast<unsigned char>(key[i]);
  return static_cast<model::SessionId>(id);
}

std::string Encode(const Session& session) {
  std::string bytes;
  PutSigned(session.timeout_ms, &bytes);
  PutString(session.password, &bytes);
  PutVarint(session.owner.server, &bytes);
  PutVarint(session.owner.incarnation, &bytes);
  PutVarint(session.owner.connection, &bytes);
  PutVarint(session.attach_count, &bytes);
  return bytes;
}

}  // namespace

absl::Status SessionTable::Recover() {
  sessions_.clear();
  next_id_ = kFirstId;
  ephemeral_count_ = digest_ = 0;
  absl::Status bad;
  const auto lost = [&bad](absl::string_view what) {
    bad = absl::DataLossError(absl::StrCat("expected a row of ", what, ", found other bytes"));
  };
  ROOKERY_RETURN_IF_ERROR(
      store_->ScanRows("s", [&](absl::string_view key, absl::string_view value) {
        VarintReader in(value);
        Session session;
        session.timeout_ms = in.Signed32();
        session.password = in.String();
        session.owner.server = in.Varint();
        session.owner.incarnation = in.Varint();
        session.owner.connection = in.Varint();
        session.attach_count = in.Varint();
        if (key.size() != 9 || !in.AtEnd()) return lost("sessions");
        digest_ += store::RowHash(key, value);
        sessions_[IdOf(key)] = std::move(session);
      }));
  ROOKERY_RETURN_IF_ERROR(store_->ScanRows("e", [&](absl::string_view key, absl::string_view) {
    const auto at = key.size() < 10 ? sessions_.end() : sessions_.find(IdOf(key));
    if (at == sessions_.end()) return lost("ephemeral nodes");
    at->second.ephemerals.insert(std::string(key.substr(9)));
    ++ephemeral_count_;
  }));
  ROOKERY_RETURN_IF_ERROR(
      store_->ScanRows(kNextIdKey, [&](absl::string_view key, absl::string_view value) {
        VarintReader in(value);
        next_id_ = static_cast<model::SessionId>(in.Fixed64());
        if (key != kNextIdKey || !in.AtEnd()) lost("the next session id");
      }));
  return bad;
}

model::SessionId SessionTable::Open(int32_t timeout_ms, std::string password,
                                    const model::Owner& owner) {
  const model::SessionId id = next_id_++;
  Session session = {.timeout_ms = timeout_ms, .password = std::move(password), .owner = owner};
  Write(id, session);
  sessions_.emplace(id, std::move(session));
  return id;
}

void SessionTable::Attach(model::SessionId id, int32_t timeout_ms, const model::Owner& owner) {
  Session& session = sessions_.at(id);
  digest_ -= store::RowHash(Key('s', id), Encode(session));
  session.timeout_ms = timeout_ms;
  session.owner = owner;
  ++session.attach_count;
  Write(id, session);
}

void SessionTable::AddEphemeral(model::SessionId id, const std::string& path) {
  if (!sessions_.at(id).ephemerals.insert(path).second) return;
  ++ephemeral_count_;
  store_->PutRow(absl::StrCat(Key('e', id), path), "");
}

void SessionTable::RemoveEphemeral(model::SessionId id, const std::string& path) {
  if (sessions_.at(id).ephemerals.erase(path) == 0) return;
  --ephemeral_count_;
  store_->EraseRow(absl::StrCat(Key('e', id), path));
}

void SessionTable::Close(model::SessionId id) {
  const auto at = sessions_.find(id);
  ROOKERY_CHECK(at != sessions_.end() && at->second.ephemerals.empty())
      << "session " << model::ToHex(id) << " is closed with ephemeral nodes left";
  digest_ -= store::RowHash(Key('s', id), Encode(at->second));
  store_->EraseRow(Key('s', id));
  sessions_.erase(at);
}

const Session* SessionTable::Find(model::SessionId id) const {
  const auto at = sessions_.find(id);
  return at == sessions_.end() ? nullptr : &at->second;
}

void SessionTable::SaveNextId() {
  std::string bytes;
  PutFixed64(static_cast<uint64_t>(next_id_), &bytes);
  store_->PutRow(kNextIdKey, std::move(bytes));
}

void SessionTable::Write(model::SessionId id, const Session& session) {
  std::string value = Encode(session);
  digest_ += store::RowHash(Key('s', id), value);
  store_->PutRow(Key('s', id), std::move(value));
}

}  // namespace rookery::session
