#include "coordinator/kafka/quota.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rookery::kafka {

std::optional<Quota> ResolveQuota(const ConfigsByEntity& configs, absl::string_view key,
                                  absl::string_view user, absl::string_view client_id) {
  const std::string u = absl::StrCat("users/", Sanitize(user));
  const std::string c = absl::StrCat("clients/", Sanitize(client_id));
  const std::string any_u = absl::StrCat("users/", kDefaultEntity);
  const std::string any_c = absl::StrCat("clients/", kDefaultEntity);
  const std::string by_user = absl::StrCat("user:", user);
  const std::string by_client = absl::StrCat("client:", client_id);
  const std::string by_both = absl::StrCat(by_user, " ", by_client);
  const std::pair<std::string, const std::string&> levels[] = {
      {absl::StrCat(u, "/", c), by_both},
      {absl::StrCat(u, "/", any_c), by_both},
      {u, by_user},
      {absl::StrCat(any_u, "/", c), by_both},
      {absl::StrCat(any_u, "/", any_c), by_both},
      {any_u, by_user},
      {c, by_client},
      {any_c, by_client},
  };
  for (const auto& [entity, sensor] : levels) {
    const auto config = configs.find(entity);
    if (config == configs.end()) continue;
    const auto value = config->second.find(std::string(key));
    double limit = 0;
    if (value == config->second.end() || !absl::SimpleAtod(value->second, &limit)) continue;
    return Quota{limit, entity, sensor};
  }
  return std::nullopt;
}

}  // namespace rookery::kafka
