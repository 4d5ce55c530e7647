#include "coordinator/store/node_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/store_fixture.h"

namespace rookery::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

class NodeStoreTest : public testing::Test, public StoreFixture {
 protected:
  NodeStoreTest() : StoreFixture(MemoryHarness()) {}
};

TEST_F(NodeStoreTest, KnowsNothingBeforeALoad) {
  EXPECT_EQ(store_->Find("/a").presence, Presence::kUnknown);
  EXPECT_EQ(store_->Children("/a"), std::nullopt);
}

TEST_F(NodeStoreTest, RemembersAbsence) {
  EXPECT_EQ(Get("/a").presence, Presence::kAbsent);
  EXPECT_EQ(store_->Find("/a").presence, Presence::kAbsent);
}

TEST_F(NodeStoreTest, ReadsItsOwnChangesAtOnce) {
  Get("/");
  store_->Put("/", NodeOf("root"));
  Create("/a", "1");
  EXPECT_EQ(DataOf("/a"), "1");
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("a"));
  Delete("/a");
  EXPECT_EQ(DataOf("/a"), "absent");
  EXPECT_THAT(ChildrenOf("/"), IsEmpty());
}

TEST_F(NodeStoreTest, LosesWhatWasNotFlushedAndKeepsWhatWas) {
  Get("/");
  store_->Put("/", NodeOf(""));
  Create("/a", "1");
  store_->PutRow("m", "row");
  Flush();
  Create("/b", "2");
  store_->PutRow("m", "later");
  Restart();
  EXPECT_EQ(DataOf("/a"), "1");
  EXPECT_EQ(DataOf("/b"), "absent");
  std::vector<std::pair<std::string, std::string>> rows;
  ASSERT_TRUE(store_
                  ->ScanRows("m", [&](absl::string_view key,
                                      absl::string_view value) { rows.emplace_back(key, value); })
                  .ok());
  EXPECT_THAT(rows, ElementsAre(std::pair<std::string, std::string>("m", "row")));
}

TEST_F(NodeStoreTest, TellsNullFromEmptyAfterARestart) {
  Get("/");
  store_->Put("/", NodeOf(""));
  Create("/empty", "");
  Create("/null", "");
  Node null = *Get("/null").node;
  null.data.reset();
  store_->Put("/null", null);
  RestartAfterFlush();
  EXPECT_EQ(DataOf("/empty"), "");
  EXPECT_EQ(DataOf("/null"), "null");
}

TEST_F(NodeStoreTest, ImpliesAbsenceBelowALeafWithoutALoad) {
  Get("/");
  store_->Put("/", NodeOf(""));
  EXPECT_EQ(store_->Find("/a").presence, Presence::kAbsent);
  EXPECT_THAT(store_->Children("/"), Optional(IsEmpty()));
}

TEST_F(NodeStoreTest, WritesNothingOfWhatCameAndWentBetweenFlushes) {
  Get("/");
  store_->Put("/", NodeOf(""));
  Flush();
  Create("/a", "1");
  Delete("/a");
  Flush();
  EXPECT_EQ(KeysInBase(), 1);
}

}  // namespace
}  // namespace rookery::store
