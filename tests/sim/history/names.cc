#include <array>

#include "tests/sim/history/values.h"

namespace rookery::sim::json {
namespace {

using client::SessionState;
using client::WatchEvent;
using model::ErrorCode;

constexpr std::array kEvents = {WatchEvent::Kind::kCreated,     WatchEvent::Kind::kDeleted,
                                WatchEvent::Kind::kDataChanged, WatchEvent::Kind::kChildrenChanged,
                                WatchEvent::Kind::kReconnected, WatchEvent::Kind::kSessionLost};
constexpr std::array kStates = {SessionState::kNotConnected, SessionState::kConnecting,
                                SessionState::kConnected,    SessionState::kConnectedReadOnly,
                                SessionState::kExpired,      SessionState::kAuthFailed,
                                SessionState::kClosed};
constexpr std::array kErrors = {
    ErrorCode::kOk,
    ErrorCode::kRuntimeInconsistency,
    ErrorCode::kConnectionLoss,
    ErrorCode::kMarshallingError,
    ErrorCode::kUnimplemented,
    ErrorCode::kOperationTimeout,
    ErrorCode::kBadArguments,
    ErrorCode::kNoNode,
    ErrorCode::kNoAuth,
    ErrorCode::kBadVersion,
    ErrorCode::kNoChildrenForEphemerals,
    ErrorCode::kNodeExists,
    ErrorCode::kNotEmpty,
    ErrorCode::kSessionExpired,
    ErrorCode::kInvalidAcl,
    ErrorCode::kAuthFailed,
    ErrorCode::kSessionMoved,
    ErrorCode::kNoWatcher,
    ErrorCode::kQuotaExceeded,
};
constexpr std::array kModes = {model::WatchMode::kPersistent,
                               model::WatchMode::kPersistentRecursive};
constexpr std::array kTypes = {model::WatcherType::kChildren, model::WatcherType::kData,
                               model::WatcherType::kAny, model::WatcherType::kPersistent,
                               model::WatcherType::kPersistentRecursive};
constexpr std::array kChanges = {model::Change::Kind::kCreated, model::Change::Kind::kDeleted,
                                 model::Change::Kind::kDataChanged,
                                 model::Change::Kind::kAclChanged};
constexpr std::array kTurns = {SessionTurn::Kind::kOpened, SessionTurn::Kind::kAttached,
                               SessionTurn::Kind::kClosed, SessionTurn::Kind::kExpired};
constexpr std::array kSteps = {LogStep::Kind::kEntry, LogStep::Kind::kReplaced,
                               LogStep::Kind::kLost};

template <typename Array, typename T>
bool Find(const Array& values, absl::string_view name, T* out) {
  for (const T value : values) {
    if (NameOf(value) != name) continue;
    *out = value;
    return true;
  }
  return false;
}

}  // namespace

absl::string_view NameOf(WatchEvent::Kind kind) { return client::EventName(kind); }
absl::string_view NameOf(SessionState state) { return client::StateName(state); }
absl::string_view NameOf(ErrorCode error) { return model::ErrorName(error); }

absl::string_view NameOf(model::Change::Kind kind) {
  switch (kind) {
    case model::Change::Kind::kCreated:
      return "created";
    case model::Change::Kind::kDeleted:
      return "deleted";
    case model::Change::Kind::kDataChanged:
      return "data";
    case model::Change::Kind::kAclChanged:
      return "acl";
  }
  return "";
}
absl::string_view NameOf(model::WatchMode mode) {
  return mode == model::WatchMode::kPersistent ? "persistent" : "recursive";
}
absl::string_view NameOf(model::WatcherType type) {
  switch (type) {
    case model::WatcherType::kChildren:
      return "children";
    case model::WatcherType::kData:
      return "data";
    case model::WatcherType::kAny:
      return "any";
    case model::WatcherType::kPersistent:
      return "persistent";
    case model::WatcherType::kPersistentRecursive:
      return "recursive";
  }
  return "";
}
absl::string_view NameOf(SessionTurn::Kind kind) {
  switch (kind) {
    case SessionTurn::Kind::kOpened:
      return "opened";
    case SessionTurn::Kind::kAttached:
      return "attached";
    case SessionTurn::Kind::kClosed:
      return "closed";
    case SessionTurn::Kind::kExpired:
      return "expired";
  }
  return "";
}
absl::string_view NameOf(LogStep::Kind kind) {
  switch (kind) {
    case LogStep::Kind::kEntry:
      return "entry";
    case LogStep::Kind::kReplaced:
      return "replaced";
    case LogStep::Kind::kLost:
      return "lost";
  }
  return "";
}

bool FromName(absl::string_view name, WatchEvent::Kind* out) { return Find(kEvents, name, out); }
bool FromName(absl::string_view name, SessionState* out) { return Find(kStates, name, out); }
bool FromName(absl::string_view name, ErrorCode* out) { return Find(kErrors, name, out); }
bool FromName(absl::string_view name, model::Change::Kind* out) {
  return Find(kChanges, name, out);
}
bool FromName(absl::string_view name, model::WatchMode* out) { return Find(kModes, name, out); }
bool FromName(absl::string_view name, model::WatcherType* out) { return Find(kTypes, name, out); }
bool FromName(absl::string_view name, SessionTurn::Kind* out) { return Find(kTurns, name, out); }
bool FromName(absl::string_view name, LogStep::Kind* out) { return Find(kSteps, name, out); }

}  // namespace rookery::sim::json
