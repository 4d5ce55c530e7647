// The replicated sessions: who they are, which connection stands for each, and which nodes go with
// them. Part of the state machine; every change is written through to the store's rows.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "coordinator/model/ids.h"
#include "coordinator/store/node_store.h"

namespace rookery::session {

struct Session {
  int32_t timeout_ms = 0;
  std::string password;  // 16 bytes, drawn by the door that opened it
  model::Owner owner;
  uint64_t attach_count = 0;         // grows with every attach
  std::set<std::string> ephemerals;  // paths
};

class SessionTable {
 public:
  // Session ids count up from here, so that none is 0 and the top byte is never 0xff.
  static constexpr model::SessionId kFirstId = 0x0100000000000000;

  // `store` outlives the table. Recover() before anything else.
  explicit SessionTable(store::NodeStore* store) : store_(store) {}
  // Reads the rows. DataLoss: a row that is not ours.
  absl::Status Recover();

  model::SessionId Open(int32_t timeout_ms, std::string password, const model::Owner& owner);
  // REQUIRES: Find(id) is not null, for the next four.
  void Attach(model::SessionId id, int32_t timeout_ms, const model::Owner& owner);
  void AddEphemeral(model::SessionId id, const std::string& path);
  void RemoveEphemeral(model::SessionId id, const std::string& path);
  void Close(model::SessionId id);

  // Null: no such session. Valid until the next change.
  const Session* Find(model::SessionId id) const;
  const std::map<model::SessionId, Session>& sessions() const { return sessions_; }
  uint64_t ephemeral_count() const { return ephemeral_count_; }
  // The sum of the hashes of all sessions, for the digest of the state.
  uint64_t digest() const { return digest_; }

  // The next id is a row of its own, written before a flush.
  void SaveNextId();

 private:
  void Write(model::SessionId id, const Session& session);

  store::NodeStore* const store_;
  std::map<model::SessionId, Session> sessions_;
  model::SessionId next_id_ = kFirstId;
  uint64_t ephemeral_count_ = 0;
  uint64_t digest_ = 0;
};

}  // namespace rookery::session
