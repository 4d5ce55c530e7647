// Decisions of Kafka's AclAuthorizer. The format stands in
// tests/interop/kafka_classes/AclCases.java.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/authorize.h"
#include "tests/unit/kafka_classes/table.h"

namespace rookery::kafka {
namespace {

PatternType PatternOf(const std::string& letter) {
  return letter == "P" ? PatternType::kPrefixed : PatternType::kLiteral;
}

// "?" PRINCIPAL HOST NAME: what we decide on each of the operations.
std::string Decide(const AclsByResource& acls, const AuthorizerSettings& settings,
                   const std::vector<AclOperation>& operations, ResourceType type,
                   const std::vector<std::string>& words) {
  uint32_t bits = 0;
  for (size_t i = 0; i < operations.size(); ++i) {
    const bool allowed = Authorize(acls, settings,
                                   {.principal = words[1],
                                    .host = words[2],
                                    .operation = operations[i],
                                    .type = type,
                                    .name = words[3]});
    if (allowed) bits |= 1U << i;
  }
  return absl::StrCat(absl::Hex(bits));
}

TEST(AclCasesTest, EachDecisionIsKafkas) {
  const std::string name = "acls.txt";
  Comparison comparison(name);
  std::vector<AclOperation> operations;
  AuthorizerSettings settings;
  AclsByResource acls;
  ResourceType type = ResourceType::kTopic;
  for (const TableLine& line : ReadTable(name)) {
    const std::vector<std::string>& words = line.words;
    if (words[0] == "operations") {
      for (size_t i = 1; i < words.size(); ++i) {
        operations.push_back(ParseAclOperation(words[i]).value());
      }
    } else if (words[0] == "world") {
      acls.clear();
      type = ParseResourceType(words[1]).value();
      settings = {.super_users = {words.begin() + 3, words.end()},
                  .allow_everyone_if_no_acl_found = words[2] == "1"};
    } else if (words[0] == "+") {
      acls[{.type = ParseResourceType(words[1]).value(),
            .name = words[3],
            .pattern = PatternOf(words[2])}]
          .insert({.principal = words[4],
                   .host = words[5],
                   .operation = ParseAclOperation(words[6]).value(),
                   .allow = words[7] == "A"});
    } else {
      comparison.Case(line, words[4], Decide(acls, settings, operations, type, words));
    }
  }
  EXPECT_EQ(operations.size(), 12U);
  comparison.ExpectCases(10'000);
}

}  // namespace
}  // namespace rookery::kafka
