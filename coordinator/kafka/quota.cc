#include "coordinator/kafka/quota.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::kafka {
namespace {

constexpr absl::string_view kUsers = "users/";
constexpr absl::string_view kClients = "clients/";

// Who is measured together: a user, a client id, or the two together; empty words are left out.
struct Sharers {
  absl::string_view user, client_id;
};

enum class Kind { kUser, kUserAndClient, kClient };

struct Level {
  std::string entity;
  Kind kind;
};

// Most specific first.
std::vector<Level> LevelsOf(absl::string_view user, absl::string_view client_id) {
  const std::string u = absl::StrCat(kUsers, Sanitize(user));
  const std::string c = absl::StrCat(kClients, Sanitize(client_id));
  const std::string any_u = absl::StrCat(kUsers, kDefaultEntity);
  const std::string any_c = absl::StrCat(kClients, kDefaultEntity);
  return {{absl::StrCat(u, "/", c), Kind::kUserAndClient},
          {absl::StrCat(u, "/", any_c), Kind::kUserAndClient},
          {u, Kind::kUser},
          {absl::StrCat(any_u, "/", c), Kind::kUserAndClient},
          {absl::StrCat(any_u, "/", any_c), Kind::kUserAndClient},
          {any_u, Kind::kUser},
          {c, Kind::kClient},
          {any_c, Kind::kClient}};
}

std::optional<double> LimitOf(const ConfigsByEntity& configs, absl::string_view key,
                              const std::string& entity) {
  const auto config = configs.find(entity);
  if (config == configs.end()) return std::nullopt;
  const auto value = config->second.find(std::string(key));
  double limit = 0;
  if (value == config->second.end() || !absl::SimpleAtod(value->second, &limit)) {
    return std::nullopt;
  }
  return limit;
}

std::string SensorOf(const Sharers& sharers) {
  std::vector<std::string> words;
  if (!sharers.user.empty()) words.push_back(absl::StrCat("user:", sharers.user));
  if (!sharers.client_id.empty()) words.push_back(absl::StrCat("client:", sharers.client_id));
  return absl::StrJoin(words, " ");
}

Kind KindOf(const Sharers& sharers) {
  if (sharers.user.empty()) return Kind::kClient;
  return sharers.client_id.empty() ? Kind::kUser : Kind::kUserAndClient;
}

// A broker that knows of one kind alone measures by it whoever it is; otherwise the first level
// that is there decides.
Kind KindThatDecides(const ConfigsByEntity& configs, const QuotaKinds& kinds, absl::string_view key,
                     const std::vector<Level>& levels) {
  if (!kinds.users && !kinds.users_with_clients) return Kind::kClient;
  if (!kinds.users_with_clients && !kinds.clients) return Kind::kUser;
  if (!kinds.users && !kinds.clients) return Kind::kUserAndClient;
  for (const Level& level : levels) {
    if (LimitOf(configs, key, level.entity)) return level.kind;
  }
  return Kind::kClient;
}

}  // namespace

void QuotaKinds::Add(absl::string_view entity) {
  if (absl::StartsWith(entity, kClients)) clients = true;
  if (!absl::StartsWith(entity, kUsers)) return;
  (absl::StrContains(entity, "/clients/") ? users_with_clients : users) = true;
}

// Kafka first says who is measured and then which limit holds for those. The two part for clients
// without an id only: measured with their user by a level for users and clients, they have the
// limit of the user.
std::optional<Quota> ResolveQuota(const ConfigsByEntity& configs, const QuotaKinds& kinds,
                                  absl::string_view key, absl::string_view user,
                                  absl::string_view client_id) {
  if (!kinds.users && !kinds.users_with_clients && !kinds.clients) return std::nullopt;
  const std::vector<Level> levels = LevelsOf(user, client_id);
  const Kind decides = KindThatDecides(configs, kinds, key, levels);
  const Sharers sharers{decides == Kind::kClient ? "" : user,
                        decides == Kind::kUser ? "" : client_id};
  Quota quota{.sensor = SensorOf(sharers)};
  if (quota.sensor.empty()) return quota;
  for (const Level& level : levels) {
    if (level.kind != KindOf(sharers)) continue;
    quota.limit = LimitOf(configs, key, level.entity);
    if (!quota.limit) continue;
    quota.entity = level.entity;
    break;
  }
  return quota;
}

}  // namespace rookery::kafka
