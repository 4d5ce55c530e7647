#include "coordinator/kafka/layout.h"

#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/text.h"

namespace rookery::kafka {
namespace {

using Parts = std::vector<absl::string_view>;
using Type = ConfigEntity::Type;

// Only the form that Kafka writes: no sign, no leading zeros.
std::optional<int32_t> NumberOf(absl::string_view text) {
  int32_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || absl::StrCat(number) != text) return std::nullopt;
  return number;
}

Meaning BrokerOf(const Parts& parts) {
  const auto number = parts.size() == 3 ? NumberOf(parts[2]) : std::nullopt;
  if (!number.has_value()) return NoMeaning();
  return BrokerNode{*number};
}

Meaning TopicOf(const Parts& parts) {
  if (parts.size() == 3) return TopicNode{std::string(parts[2])};
  if (parts.size() != 6 || parts[3] != "partitions" || parts[5] != "state") return NoMeaning();
  const auto number = NumberOf(parts[4]);
  if (!number.has_value()) return NoMeaning();
  return PartitionStateNode{std::string(parts[2]), *number};
}

std::optional<Type> TypeOf(absl::string_view root) {
  if (root == "topics") return Type::kTopic;
  if (root == "clients") return Type::kClient;
  if (root == "users") return Type::kUser;
  if (root == "brokers") return Type::kBroker;
  if (root == "ips") return Type::kIp;
  return std::nullopt;
}

std::optional<ConfigEntity::Part> PartOf(absl::string_view root, absl::string_view name) {
  const std::optional<Type> type = TypeOf(root);
  if (!type.has_value()) return std::nullopt;
  if (name == kDefaultEntity) {
    return ConfigEntity::Part{.type = *type, .name = "", .is_default = true};
  }
  if (*type == Type::kTopic || *type == Type::kBroker) {
    return ConfigEntity::Part{.type = *type, .name = std::string(name)};
  }
  const auto plain = Desanitize(name);
  // Other bytes would be no text in any message.
  if (!plain.ok() || !model::IsUtf8(*plain)) return std::nullopt;
  return ConfigEntity::Part{.type = *type, .name = *plain};
}

Meaning ConfigOf(const Parts& parts) {
  const bool is_pair = parts.size() == 5 && parts[1] == "users" && parts[3] == "clients";
  if (parts.size() != 3 && !is_pair) return NoMeaning();
  ConfigEntity entity;
  for (size_t i = 1; i < parts.size(); i += 2) {
    std::optional<ConfigEntity::Part> part = PartOf(parts[i], parts[i + 1]);
    if (!part.has_value()) return NoMeaning();
    entity.parts.push_back(*std::move(part));
  }
  return ConfigNode{std::move(entity)};
}

Meaning AclOf(const Parts& parts, PatternType pattern) {
  const size_t type_at = pattern == PatternType::kLiteral ? 1 : 2;
  if (parts.size() != type_at + 2) return NoMeaning();
  const auto type = ParseResourceType(parts[type_at]);
  if (!type.ok()) return NoMeaning();
  return AclNode{{*type, std::string(parts[type_at + 1]), pattern}};
}

}  // namespace

Meaning MeaningOf(absl::string_view path) {
  if (path == kControllerPath) return ControllerNode();
  if (path == kControllerEpochPath) return ControllerEpochNode();
  if (!absl::ConsumePrefix(&path, "/")) return NoMeaning();
  const Parts parts = absl::StrSplit(path, '/');
  if (parts.size() < 3) return NoMeaning();
  if (parts[0] == "brokers" && parts[1] == "ids") return BrokerOf(parts);
  if (parts[0] == "brokers" && parts[1] == "topics") return TopicOf(parts);
  if (parts[0] == "config") return ConfigOf(parts);
  if (parts[0] == "kafka-acl") return AclOf(parts, PatternType::kLiteral);
  if (parts[0] == "kafka-acl-extended" && parts[1] == "prefixed") {
    return AclOf(parts, PatternType::kPrefixed);
  }
  if (parts[0] == "admin" && parts[1] == "delete_topics" && parts.size() == 3) {
    return DeletionMarkNode{std::string(parts[2])};
  }
  return NoMeaning();
}

bool MayMeanSomething(absl::string_view path) {
  for (size_t at = path.find('/'); at != absl::string_view::npos; at = path.find('/', at + 1)) {
    const absl::string_view rest = path.substr(at);
    if (rest.size() < 2) return false;
    switch (rest[1]) {
      case 'b':
        if (absl::StartsWith(rest, "/brokers/ids/")) return true;
        if (absl::StartsWith(rest, "/brokers/topics/")) return true;
        break;
      case 'c':
        if (rest == kControllerPath || rest == kControllerEpochPath) return true;
        if (absl::StartsWith(rest, "/config/")) return !absl::StartsWith(rest, kConfigChangePrefix);
        break;
      case 'k':
        if (absl::StartsWith(rest, "/kafka-acl/")) return true;
        if (absl::StartsWith(rest, "/kafka-acl-extended/")) return true;
        break;
      case 'a':
        if (absl::StartsWith(rest, "/admin/delete_topics/")) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

absl::string_view WithinRoot(absl::string_view root, absl::string_view path) {
  if (root == "/") return path;
  if (!absl::ConsumePrefix(&path, root) || !absl::StartsWith(path, "/")) return "";
  return path;
}

std::string BelowRoot(absl::string_view root, absl::string_view path) {
  return root == "/" ? std::string(path) : absl::StrCat(root, path);
}

}  // namespace rookery::kafka
