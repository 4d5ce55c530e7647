#include "coordinator/model/acl.h"

#include <gtest/gtest.h>

namespace rookery::model {
namespace {

Credentials From(const char* address) { return {.identities = {{"ip", address}}}; }

TEST(AclTest, HashesPasswordsAsZooKeeperDoes) {
  EXPECT_EQ(DigestId("super:admin"), "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=");
  EXPECT_EQ(DigestId("user:pass"), "user:smGaoVKd/cQkjm7b88GyorAUz20=");
  EXPECT_EQ(DigestId("admin:secret"), "admin:fvr2cB/fjGeAiX8g1aGhUm3ZICk=");
}

TEST(AclTest, AnyWantedBitIsEnough) {
  const Acl acl = {{kRead, {"world", "anyone"}}};
  EXPECT_TRUE(Allows(acl, From("10.0.0.1"), kRead | kAdmin));
  EXPECT_FALSE(Allows(acl, From("10.0.0.1"), kWrite));
  EXPECT_TRUE(Allows({}, From("10.0.0.1"), kWrite));
}

TEST(AclTest, SuperAndSkipAclPassEverything) {
  const Acl acl = {{kRead, {"digest", "a:b"}}};
  EXPECT_FALSE(Allows(acl, From("10.0.0.1"), kRead));
  EXPECT_TRUE(Allows(acl, {.super = true}, kWrite));
  EXPECT_TRUE(Allows(acl, {.skip_acl = true}, kWrite));
}

TEST(AclTest, MatchesAddressesByPrefixAndFamily) {
  const Acl acl = {{kAll, {"ip", "10.1.0.0/15"}}};
  EXPECT_TRUE(Allows(acl, From("10.1.2.3"), kRead));
  EXPECT_TRUE(Allows(acl, From("10.0.2.3"), kRead));
  EXPECT_FALSE(Allows(acl, From("10.2.2.3"), kRead));
  EXPECT_FALSE(Allows(acl, From("::1"), kRead));
  EXPECT_TRUE(Allows({{kAll, {"ip", "::/0"}}}, From("::1"), kRead));
}

TEST(AclTest, RefusesMalformedLists) {
  EXPECT_FALSE(NormalizeAcl(std::nullopt, {}).has_value());
  EXPECT_FALSE(NormalizeAcl(Acl{}, {}).has_value());
  for (const Id& id : {Id{"world", "bob"}, Id{"digest", "abc"}, Id{"digest", "a:b:c"},
                       Id{"digest", "a:"}, Id{"ip", "999.1.1.1"}, Id{"ip", "10.0.0.1/33"},
                       Id{"foo", "x"}, Id{"super", "x"}, Id{"sasl", "bob"}}) {
    EXPECT_FALSE(NormalizeAcl(Acl{{kAll, id}}, {}).has_value()) << id.scheme << ":" << id.id;
  }
}

TEST(AclTest, TakesUsersAndPrincipalsWhereLoginsAreOffered) {
  const Credentials asked = {.sasl_offered = true};
  for (const char* id : {"bob", "", "a/b", "kafka@REALM", "kafka/host@REALM"}) {
    EXPECT_TRUE(NormalizeAcl(Acl{{kAll, {"sasl", id}}}, asked).has_value()) << id;
  }
  for (const char* id : {"a@b@c", "a/b/c@d", "a@b/c"}) {
    EXPECT_FALSE(NormalizeAcl(Acl{{kAll, {"sasl", id}}}, asked).has_value()) << id;
  }
}

TEST(AclTest, TheUserSuperOfLoginsIsEveryUserOfThem) {
  const Credentials super = {.identities = {{"sasl", "super"}}};
  EXPECT_TRUE(Allows({{kRead, {"sasl", "kafka"}}}, super, kRead));
  EXPECT_FALSE(Allows({{kRead, {"digest", "kafka:x"}}}, super, kRead));
  EXPECT_FALSE(Allows({{kRead, {"sasl", "super"}}}, {.identities = {{"sasl", "kafka"}}}, kRead));
}

TEST(AclTest, KeepsOddPermissionsAndDropsDuplicates) {
  const Acl acl = {{33, {"world", "anyone"}}, {33, {"world", "anyone"}}, {0, {"ip", "10.0.0.1"}}};
  EXPECT_EQ(NormalizeAcl(acl, {})->size(), 2u);
  EXPECT_EQ(NormalizeAcl(acl, {})->front().permissions, 33);
}

TEST(AclTest, ExpandsAuthToProvenIdentities) {
  const Acl acl = {{kAll, {"auth", "whatever"}}};
  EXPECT_FALSE(NormalizeAcl(acl, From("10.0.0.1")).has_value());
  const Credentials bob = {.identities = {{"digest", "bob:hash"}, {"ip", "10.0.0.1"}}};
  EXPECT_EQ(*NormalizeAcl(acl, bob), (Acl{{kAll, {"digest", "bob:hash"}}}));
}

TEST(AclTest, RedactsDigests) {
  const Acl acl = {{kAll, {"digest", "bob:hash"}}, {kRead, {"world", "anyone"}}};
  EXPECT_EQ(RedactAcl(acl), (Acl{{kAll, {"digest", "bob:x"}}, {kRead, {"world", "anyone"}}}));
}

}  // namespace
}  // namespace rookery::model
