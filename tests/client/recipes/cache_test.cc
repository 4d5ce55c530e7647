#include "absl/strings/numbers.h"
#include "coordinator/client/recipes/cache/tree_cache.h"
#include "coordinator/client/recipes/configuration/subscription.h"
#include "tests/client/recipes/world.h"

namespace rookery::client::recipes {
namespace {

class CacheTest : public RecipeTest {
 protected:
  // Changes as "+/path=data", "~/path=data", "-/path", and "." for settled.
  static TreeCache::Observer Observe(Heard<std::string>* heard) {
    TreeCache::Observer observer;
    observer.on_change = [heard](TreeCache::Change change, const std::string& path,
                                 const TreeCache::Node& node) {
      const char* const sign = change == TreeCache::Change::kAdded     ? "+"
                               : change == TreeCache::Change::kChanged ? "~"
                                                                       : "-";
      (*heard)(change == TreeCache::Change::kRemoved
                   ? absl::StrCat(sign, path)
                   : absl::StrCat(sign, path, "=", node.data.value_or("null")));
    };
    observer.on_settled = [heard] { (*heard)("."); };
    observer.on_end = [heard](const absl::Status& why) {
      (*heard)(absl::IsAborted(why) ? "over" : why.ToString());
    };
    return observer;
  }
  // What comes up to the next "." that something stands before.
  static std::vector<std::string> NextChanges(Heard<std::string>* heard) {
    std::vector<std::string> changes;
    while (true) {
      std::string one = heard->Next();
      if (one.empty()) return changes;
      if (one != ".") {
        changes.push_back(std::move(one));
      } else if (!changes.empty()) {
        return changes;
      }
    }
  }
  static void Create(BlockingClient& client, const std::string& path, const std::string& data) {
    const auto made = client.Create({path, data, *model::OpenAcl()});
    ASSERT_TRUE(made.ok()) << path << ": " << model::ErrorName(made.error);
  }
};

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

TEST_P(CacheTest, FollowsAllBelowANode) {
  auto client = Open(), writer = Open();
  const std::string root = Path();
  Heard<std::string> heard;
  auto cache = client->Make<TreeCache>(root, TreeCache::kWhole, Observe(&heard));
  EXPECT_EQ(heard.Next(), ".");  // the root is not there yet
  Create(*writer, root, "r");
  EXPECT_THAT(NextChanges(&heard), ElementsAre("+" + root + "=r"));
  Create(*writer, root + "/a", "1");
  EXPECT_THAT(NextChanges(&heard), ElementsAre("+" + root + "/a=1"));
  Create(*writer, root + "/a/b", "2");
  EXPECT_THAT(NextChanges(&heard), ElementsAre("+" + root + "/a/b=2"));
  ASSERT_TRUE(writer->SetData({root + "/a/b", "3", -1}).ok());
  EXPECT_THAT(NextChanges(&heard), ElementsAre("~" + root + "/a/b=3"));
  model::MultiRequest all;
  all.parts = {model::DeleteRequest{root + "/a/b"}, model::DeleteRequest{root + "/a"},
               model::CreateRequest{root + "/a", "again", *model::OpenAcl()}};
  ASSERT_TRUE(writer->Multi(all).ok());
  std::vector<std::string> changes = NextChanges(&heard);
  while (changes.size() < 3) {
    for (std::string& more : NextChanges(&heard)) changes.push_back(std::move(more));
  }
  EXPECT_THAT(changes,
              ElementsAre("-" + root + "/a/b", "-" + root + "/a", "+" + root + "/a=again"));
  client->WithClient([&](Client&) {
    EXPECT_EQ(cache->nodes().size(), 2u);
    EXPECT_TRUE(cache->settled());
  });
  client->Close();
  EXPECT_EQ(heard.Next(), "over");
}

TEST_P(CacheTest, StopsAtItsDepth) {
  auto client = Open();
  const std::string root = Path();
  Create(*client, root, "");
  for (const char* const path : {"/a", "/a/deep", "/b"}) Create(*client, root + path, "x");
  Heard<std::string> heard;
  auto cache = client->Make<TreeCache>(root, 1, Observe(&heard));
  EXPECT_THAT(NextChanges(&heard),
              UnorderedElementsAre("+" + root + "=", "+" + root + "/a=x", "+" + root + "/b=x"));
}

TEST_P(CacheTest, EndsAtTheLastOfManyChanges) {
  auto client = Open(), writer = Open();
  const std::string root = Path();
  Create(*writer, root, "");
  Heard<std::string> heard;
  auto cache = client->Make<TreeCache>(root, TreeCache::kWhole, Observe(&heard));
  for (int i = 0; i < 60; ++i) {
    const std::string path = absl::StrCat(root, "/", i % 7);
    const auto made = writer->Create({path, absl::StrCat(i), *model::OpenAcl()});
    if (i % 3 == 1 || made.ok()) continue;
    if (i % 2 == 0) {
      ASSERT_TRUE(writer->Delete({path}).ok());
    } else {
      ASSERT_TRUE(writer->SetData({path, absl::StrCat(i), -1}).ok());
    }
  }
  std::map<std::string, std::string> expected;
  for (const std::string& child : writer->GetChildren(root).value.children) {
    expected[absl::StrCat(root, "/", child)] =
        *writer->GetData(absl::StrCat(root, "/", child)).value.data;
  }
  // Its server has applied all; what it then tells is all there is.
  ASSERT_TRUE(client->Sync(root).ok());
  std::map<std::string, std::string> copy;
  for (int tries = 0; copy != expected && tries < 1000; ++tries) {
    copy.clear();
    client->WithClient([&](Client&) {
      for (const auto& [path, node] : cache->nodes()) {
        if (path != root) copy[path] = *node.data;
      }
    });
  }
  EXPECT_EQ(copy, expected);
}

TEST_P(CacheTest, ASubscriptionFollowsATypedValue) {
  auto client = Open(), writer = Open();
  Heard<std::string> heard;
  const auto parse = [](const std::string& text) -> absl::StatusOr<int> {
    int number = 0;
    if (absl::SimpleAtoi(text, &number)) return number;
    return absl::InvalidArgumentError(absl::StrCat("expected a number, found '", text, "'"));
  };
  const auto tell = [&heard](const absl::StatusOr<Subscription<int>::Told>& told) {
    heard(told.ok() ? absl::StrCat(told->value, " v", told->version)
                    : std::string(absl::StatusCodeToString(told.status().code())));
  };
  auto limit = client->Make<Subscription<int>>(Path(), parse, tell);
  EXPECT_EQ(heard.Next(), "NOT_FOUND");
  Create(*writer, Path(), "7");
  EXPECT_EQ(heard.Next(), "7 v0");
  ASSERT_TRUE(writer->SetData({Path(), "8", -1}).ok());
  EXPECT_EQ(heard.Next(), "8 v1");
  ASSERT_TRUE(writer->SetData({Path(), "many", -1}).ok());
  EXPECT_EQ(heard.Next(), "INVALID_ARGUMENT");
  client->WithClient([&](Client&) { EXPECT_EQ(limit->current()->value, 8); });
  ASSERT_TRUE(writer->Delete({Path()}).ok());
  EXPECT_EQ(heard.Next(), "NOT_FOUND");
  client->WithClient([&](Client&) { EXPECT_FALSE(limit->current().has_value()); });
  client->Close();
  EXPECT_EQ(heard.Next(), "ABORTED");
}

INSTANTIATE_TEST_SUITE_P(Over, CacheTest, ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc),
                         ProtocolName);

}  // namespace
}  // namespace rookery::client::recipes
