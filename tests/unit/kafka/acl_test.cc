#include "coordinator/kafka/acl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/kafka/plan.h"

namespace rookery::kafka {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const AclEntry kAliceReads = {.principal = "User:alice", .operation = AclOperation::kRead};
const ResourcePattern kOrders = {.name = "orders"};
const ResourcePattern kPrefixed = {.name = "pre", .pattern = PatternType::kPrefixed};

TEST(AclTest, IsWrittenAsBrokersWriteIt) {
  EXPECT_EQ(EncodeAcls({kAliceReads}),
            R"({"acls":[{"principal":"User:alice","permissionType":"Allow","host":"*",)"
            R"("operation":"Read"}],"version":1})");
  EXPECT_EQ(AclPath(kOrders), "/kafka-acl/Topic/orders");
  EXPECT_EQ(AclPath(kPrefixed), "/kafka-acl-extended/prefixed/Topic/pre");
}

TEST(AclTest, WhatIsWrittenIsReadAgain) {
  AclEntries entries = {kAliceReads};
  for (const ResourceType type : kResourceTypes) {
    for (const AclOperation operation : OperationsOf(type)) {
      entries.insert(
          {.principal = "User:b \"b\"", .host = "::1", .operation = operation, .allow = false});
    }
  }
  const auto read = DecodeAcls(EncodeAcls(entries));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, entries);
}

TEST(AclTest, UpperCaseNamesAndNoDataAreTaken) {
  EXPECT_THAT(*DecodeAcls(""), SizeIs(0));
  const auto read =
      DecodeAcls(R"({"version":1,"acls":[{"principal":"User:a","permissionType":"DENY","host":"*",)"
                 R"("operation":"DESCRIBE_CONFIGS"}]})");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->begin()->operation, AclOperation::kDescribeConfigs);
  EXPECT_FALSE(read->begin()->allow);
}

TEST(AclTest, WhatIsNoneIsRefused) {
  for (const char* text :
       {"x", "[]", "{}", R"({"acls":1})", R"({"acls":[1]})", R"({"acls":[{"principal":"User:a"}]})",
        R"({"acls":[{"principal":"a","permissionType":"Maybe","host":"*","operation":"Read"}]})",
        R"({"acls":[{"principal":"a","permissionType":"Allow","host":"*","operation":"Eat"}]})"}) {
    EXPECT_EQ(DecodeAcls(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(AclTest, ChangesAreToldInBothForms) {
  const AclChange literal = EncodeAclChange({.type = ResourceType::kGroup, .name = "a:b"});
  EXPECT_EQ(literal.prefix, "/kafka-acl-changes/acl_changes_");
  EXPECT_EQ(literal.data, "GROUP:a:b");
  const auto group = DecodeAclChange(false, literal.data);
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->name, "a:b");
  EXPECT_EQ(group->type, ResourceType::kGroup);
  EXPECT_EQ(DecodeAclChange(false, "Topic:old")->name, "old");  // up to Kafka 2.4

  const AclChange prefixed = EncodeAclChange(kPrefixed);
  EXPECT_EQ(prefixed.prefix, "/kafka-acl-extended-changes/acl_changes_");
  EXPECT_EQ(prefixed.data,
            R"({"version":1,"resourceType":"TOPIC","name":"pre","patternType":"PREFIXED"})");
  EXPECT_EQ(*DecodeAclChange(true, prefixed.data), kPrefixed);
  EXPECT_FALSE(DecodeAclChange(true, literal.data).ok());
  EXPECT_FALSE(DecodeAclChange(false, "nothing").ok());
}

TreeView Roots() {
  TreeView view;
  for (const std::string& path : AclRootPaths()) view[path] = {};
  return view;
}

TEST(PlanAlterAclsTest, CreatesTheNodeAndTellsBrokers) {
  const auto plan = PlanAlterAcls(Roots(), {.resource = kOrders, .add = {kAliceReads}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_THAT(plan->parts, SizeIs(2));
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[0]).path, "/kafka-acl/Topic/orders");
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[1]).data, "TOPIC:orders");
}

TEST(PlanAlterAclsTest, MakesRootsThatAreMissing) {
  const auto plan = PlanAlterAcls({}, {.resource = kPrefixed, .add = {kAliceReads}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  std::vector<std::string> paths;
  for (const auto& part : plan->parts) paths.push_back(std::get<model::CreateRequest>(part).path);
  EXPECT_THAT(paths, ::testing::ElementsAre("/kafka-acl-extended", "/kafka-acl-extended/prefixed",
                                            "/kafka-acl-extended/prefixed/Topic",
                                            "/kafka-acl-extended/prefixed/Topic/pre",
                                            "/kafka-acl-extended-changes",
                                            "/kafka-acl-extended-changes/acl_changes_"));
}

TEST(PlanAlterAclsTest, RemovesTheNodeWithItsLastEntry) {
  TreeView view = Roots();
  view["/kafka-acl/Topic/orders"] = {EncodeAcls({kAliceReads}), 4};
  const auto plan = PlanAlterAcls(view, {.resource = kOrders, .remove = {kAliceReads}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(std::get<model::DeleteRequest>(plan->parts[0]).version, 4);
  EXPECT_THAT(plan->parts, SizeIs(2));
  const auto all = PlanAlterAcls(view, {.resource = kOrders, .remove_all = true});
  EXPECT_TRUE(std::holds_alternative<model::DeleteRequest>(all->parts[0]));
}

TEST(PlanAlterAclsTest, DoesNothingIfNothingWouldChange) {
  TreeView view = Roots();
  view["/kafka-acl/Topic/orders"] = {EncodeAcls({kAliceReads}), 4};
  EXPECT_THAT(PlanAlterAcls(view, {.resource = kOrders, .add = {kAliceReads}})->parts, SizeIs(0));
  EXPECT_THAT(PlanAlterAcls(Roots(), {.resource = kOrders, .remove_all = true})->parts, SizeIs(0));
}

TEST(PlanAlterAclsTest, NamesWhatIsWrong) {
  const AclEntries entries = {kAliceReads};
  EXPECT_FALSE(PlanAlterAcls(Roots(), {.resource = {.name = "a/b"}, .add = entries}).ok());
  EXPECT_FALSE(PlanAlterAcls(Roots(), {.resource = {.name = ""}, .add = entries}).ok());
  EXPECT_FALSE(PlanAlterAcls(Roots(), {.resource = {.type = ResourceType::kCluster, .name = "c"},
                                       .add = entries})
                   .ok());
  EXPECT_FALSE(PlanAlterAcls(Roots(), {.resource = kOrders, .add = {{.principal = "alice"}}}).ok());
  TreeView view = Roots();
  view["/kafka-acl/Topic/orders"] = {"nonsense", 0};
  const auto plan = PlanAlterAcls(view, {.resource = kOrders, .add = entries});
  EXPECT_THAT(plan.status().message(), HasSubstr("/kafka-acl/Topic/orders"));
}

}  // namespace
}  // namespace rookery::kafka
