#include "coordinator/client/recipes/discovery/instance.h"

#include <gtest/gtest.h>

namespace rookery::client::recipes {
namespace {

TEST(InstanceTest, ComesBackAsItWasWritten) {
  Instance instance;
  instance.name = "search";
  instance.id = "7f";
  instance.address = "fe80::1";
  instance.port = 65535;
  instance.payload = R"({"zone":"a"})";
  instance.registered_at_ms = 1764374400000;
  const auto text = EncodeInstance(instance);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, R"({"name":"search","id":"7f","address":"fe80::1","port":65535,"sslPort":null,)"
                   R"("payload":{"zone":"a"},"registrationTimeUTC":1764374400000,)"
                   R"("serviceType":"DYNAMIC","uriSpec":null,"enabled":true})");
  EXPECT_EQ(*DecodeInstance(*text), instance);
  EXPECT_EQ(instance.ToString(), "[fe80::1]:65535");
}

TEST(InstanceTest, ReadsWhatIsLeftOutAndSkipsWhatItDoesNotKnow) {
  const auto instance = DecodeInstance(R"({"id":"1","name":"a","@class":"x","address":"h"})");
  ASSERT_TRUE(instance.ok()) << instance.status();
  EXPECT_EQ(instance->ToString(), "h");
  EXPECT_TRUE(instance->enabled);
}

TEST(InstanceTest, SaysWhatIsWrong) {
  for (const char* const text :
       {"", "[]", "{}", R"({"name":"a"})", R"({"name":"a","id":"1","port":-1})",
        R"({"name":"a","id":"1","port":70000})", R"({"name":"a","id":"1","port":"x"})"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(DecodeInstance(text).status())) << text;
  }
  Instance instance;
  instance.payload = "no JSON";
  EXPECT_TRUE(absl::IsInvalidArgument(EncodeInstance(instance).status()));
}

}  // namespace
}  // namespace rookery::client::recipes
