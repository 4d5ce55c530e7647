#include "coordinator/kafka/authorize.h"

#include <gtest/gtest.h>

namespace rookery::kafka {
namespace {

using Op = AclOperation;

class AuthorizeTest : public ::testing::Test {
 protected:
  void Add(const ResourcePattern& resource, const AclEntry& entry) {
    acls_[resource].insert(entry);
  }
  bool Allowed(Op operation, absl::string_view topic, absl::string_view principal = "User:alice",
               absl::string_view host = "10.0.0.1") {
    return Authorize(acls_, settings_,
                     {.principal = principal, .host = host, .operation = operation, .name = topic});
  }

  AclsByResource acls_;
  AuthorizerSettings settings_;
};

TEST_F(AuthorizeTest, WithoutAnyEntryTheSettingDecides) {
  EXPECT_FALSE(Allowed(Op::kRead, "orders"));
  settings_.allow_everyone_if_no_acl_found = true;
  EXPECT_TRUE(Allowed(Op::kRead, "orders"));
  Add({.name = "orders"}, {.principal = "User:bob"});
  EXPECT_FALSE(Allowed(Op::kRead, "orders"));
}

TEST_F(AuthorizeTest, SuperUsersMayEverything) {
  settings_.super_users = {"User:root"};
  Add({.name = "orders"}, {.principal = "User:*", .allow = false});
  EXPECT_TRUE(Allowed(Op::kDelete, "orders", "User:root"));
  EXPECT_FALSE(Allowed(Op::kDelete, "orders", "User:alice"));
}

TEST_F(AuthorizeTest, LiteralWildcardAndPrefixedPatternsCount) {
  Add({.name = "orders"}, {.principal = "User:alice", .operation = Op::kRead});
  Add({.name = "*"}, {.principal = "User:alice", .operation = Op::kWrite});
  Add({.name = "ord", .pattern = PatternType::kPrefixed},
      {.principal = "User:alice", .operation = Op::kDelete});
  EXPECT_TRUE(Allowed(Op::kRead, "orders"));
  EXPECT_FALSE(Allowed(Op::kRead, "ordera"));
  EXPECT_TRUE(Allowed(Op::kWrite, "anything"));
  EXPECT_TRUE(Allowed(Op::kDelete, "ord"));
  EXPECT_TRUE(Allowed(Op::kDelete, "orders"));
  EXPECT_FALSE(Allowed(Op::kDelete, "or"));
}

TEST_F(AuthorizeTest, ADenyWinsAndImpliesNothingElse) {
  Add({.name = "orders"}, {.principal = "User:alice"});
  Add({.name = "o", .pattern = PatternType::kPrefixed},
      {.principal = "User:*", .host = "10.0.0.1", .operation = Op::kRead, .allow = false});
  EXPECT_FALSE(Allowed(Op::kRead, "orders"));
  EXPECT_TRUE(Allowed(Op::kRead, "orders", "User:alice", "10.0.0.2"));
  EXPECT_TRUE(Allowed(Op::kDescribe, "orders"));
}

TEST_F(AuthorizeTest, SomeOperationsImplyDescribing) {
  Add({.name = "a"}, {.principal = "User:alice", .operation = Op::kAlter});
  Add({.name = "b"}, {.principal = "User:alice", .operation = Op::kAlterConfigs});
  Add({.name = "c"}, {.principal = "User:alice", .operation = Op::kCreate});
  EXPECT_TRUE(Allowed(Op::kDescribe, "a"));
  EXPECT_FALSE(Allowed(Op::kRead, "a"));
  EXPECT_TRUE(Allowed(Op::kDescribeConfigs, "b"));
  EXPECT_FALSE(Allowed(Op::kDescribe, "b"));
  EXPECT_FALSE(Allowed(Op::kDescribe, "c"));
}

}  // namespace
}  // namespace rookery::kafka
