// Configurations that Kafka's own classes take or refuse, in their words. The format stands in
// tests/interop/kafka_classes/ConfigCases.java.
#include <gtest/gtest.h>

#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/kafka/config.h"
#include "tests/unit/kafka_classes/table.h"

namespace rookery::kafka {
namespace {

ConfigEntity EntityOf(const std::string& kind) {
  using Type = ConfigEntity::Type;
  if (kind == "topic") return {{{Type::kTopic, "t"}}};
  if (kind == "client") return {{{Type::kClient, "c"}}};
  if (kind == "user") return {{{Type::kUser, "u"}}};
  if (kind == "ip") return {{{Type::kIp, "10.0.0.1"}}};
  if (kind == "broker") return {{{Type::kBroker, "0"}}};
  EXPECT_EQ(kind, "brokers");
  return {{{Type::kBroker, "", true}}};
}

// We show the value as it was given, Kafka as it read it; and we name the nearest key.
std::string Comparable(std::string message) {
  const size_t nearest = message.find("; did you mean ");
  if (nearest != std::string::npos) message.resize(nearest);
  static const auto& value = *new std::regex("^Invalid value .* for configuration ");
  return std::regex_replace(message, value, "Invalid value of ",
                            std::regex_constants::format_first_only);
}

std::string Ours(const std::string& kind, const ConfigMap& config) {
  const absl::Status status = ValidateConfig(EntityOf(kind), config);
  return status.ok() ? "ok" : Comparable(std::string(status.message()));
}

TEST(ConfigCasesTest, WhatIsTakenAndWhyNotAreKafkas) {
  const std::string name = "configs.txt";
  Comparison comparison(name);
  std::string kind, key, above;
  for (const TableLine& line : ReadTable(name, '\t')) {
    const std::vector<std::string>& words = line.words;
    if (words[0] == "@") {
      kind = words[1];
      key = words[2];
    } else if (words[0] == "+") {
      ConfigMap config;
      for (size_t i = 2; i + 1 < words.size(); ++i) {
        const size_t equals = words[i].find('=');
        config[words[i].substr(0, equals)] = words[i].substr(equals + 1);
      }
      comparison.Case(line, Comparable(words.back()), Ours(words[1], config));
    } else {
      std::string theirs = words[1] == "^" ? above : words[1];
      above = theirs;
      if (absl::StartsWith(theirs, "~")) {
        absl::string_view base = key;
        if (absl::StartsWith(key, "listener.name.external.")) base.remove_prefix(23);
        theirs = absl::StrCat("Invalid value of ", base, ": ", theirs.substr(1));
      }
      comparison.Case(line, Comparable(theirs), Ours(kind, {{key, words[0]}}));
    }
  }
  comparison.ExpectCases(4'000);
}

}  // namespace
}  // namespace rookery::kafka
