#include "coordinator/watch/watch_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"

namespace rookery::watch {
namespace {

using model::Change;
using model::WatcherType;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class WatchTableTest : public testing::Test {
 protected:
  // "1 created /a", in the order in which connections must hear it.
  std::vector<std::string> Fire(Change::Kind kind, const std::string& path) {
    static constexpr const char* kNames[] = {"", "created", "deleted", "changed", "children"};
    std::vector<std::string> lines;
    const Change change = {
        .kind = kind, .path = path, .acl = own_acl_, .parent_acl = model::OpenAcl()};
    for (const Notice& notice : table_.Fire(change, 7, may_read_)) {
      EXPECT_EQ(notice.event.zxid, 7);
      lines.push_back(absl::StrCat(notice.connection, " ",
                                   kNames[static_cast<int>(notice.event.type)], " ",
                                   notice.event.path));
    }
    return lines;
  }
  std::vector<std::string> Create(const std::string& path) {
    return Fire(Change::Kind::kCreated, path);
  }
  std::vector<std::string> Delete(const std::string& path) {
    return Fire(Change::Kind::kDeleted, path);
  }
  std::vector<std::string> SetData(const std::string& path) {
    return Fire(Change::Kind::kDataChanged, path);
  }

  WatchTable table_;
  model::AclRef own_acl_ = model::OpenAcl();
  std::function<bool(ConnectionId, const model::Acl&)> may_read_ =
      [](ConnectionId, const model::Acl&) { return true; };
};

TEST_F(WatchTableTest, DataWatchFiresOnce) {
  table_.Add(1, "/a", WatchKind::kData);
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a"));
  EXPECT_THAT(SetData("/a"), IsEmpty());
  EXPECT_TRUE(table_.empty());
}

TEST_F(WatchTableTest, WatchRegisteredTwiceFiresOnce) {
  table_.Add(1, "/a", WatchKind::kData);
  table_.Add(1, "/a", WatchKind::kData);
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a"));
  EXPECT_THAT(SetData("/a"), IsEmpty());
}

TEST_F(WatchTableTest, WatchOnAMissingNodeIsConsumedByItsCreation) {
  table_.Add(1, "/a", WatchKind::kData);
  EXPECT_THAT(Create("/a"), ElementsAre("1 created /a"));
  EXPECT_THAT(Delete("/a"), IsEmpty());
}

TEST_F(WatchTableTest, ChildWatchHearsOfChildrenAndOfItsOwnEnd) {
  table_.Add(1, "/a", WatchKind::kChild);
  EXPECT_THAT(SetData("/a/b"), IsEmpty());
  EXPECT_THAT(SetData("/a"), IsEmpty());
  EXPECT_THAT(Create("/a/b/c"), IsEmpty());
  EXPECT_THAT(Create("/a/b"), ElementsAre("1 children /a"));
  table_.Add(1, "/a", WatchKind::kChild);
  EXPECT_THAT(Delete("/a/b"), ElementsAre("1 children /a"));
  table_.Add(1, "/a", WatchKind::kChild);
  EXPECT_THAT(Delete("/a"), ElementsAre("1 deleted /a"));
  EXPECT_THAT(Create("/a"), IsEmpty());
}

TEST_F(WatchTableTest, RootHearsOfItsChildren) {
  table_.Add(1, "/", WatchKind::kChild);
  EXPECT_THAT(Create("/a"), ElementsAre("1 children /"));
}

TEST_F(WatchTableTest, DeletionIsToldOnceToAConnectionAndConsumesAllItHad) {
  table_.Add(1, "/a", WatchKind::kData);
  table_.Add(1, "/a", WatchKind::kChild);
  table_.Add(2, "/a", WatchKind::kChild);
  EXPECT_THAT(Delete("/a"), ElementsAre("1 deleted /a", "2 deleted /a"));
  EXPECT_TRUE(table_.empty());
}

TEST_F(WatchTableTest, ChangeOfAccessRightsTellsNobody) {
  table_.Add(1, "/a", WatchKind::kData);
  EXPECT_THAT(Fire(Change::Kind::kAclChanged, "/a"), IsEmpty());
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a"));
}

TEST_F(WatchTableTest, WithheldEventConsumesTheWatch) {
  own_acl_ = model::ReadOnlyAcl();
  may_read_ = [this](ConnectionId connection, const model::Acl& acl) {
    return connection != 1 || &acl != own_acl_.get();
  };
  table_.Add(1, "/a", WatchKind::kData);
  table_.Add(2, "/a", WatchKind::kData);
  EXPECT_THAT(SetData("/a"), ElementsAre("2 changed /a"));
  may_read_ = [](ConnectionId, const model::Acl&) { return true; };
  EXPECT_THAT(SetData("/a"), IsEmpty());
}

TEST_F(WatchTableTest, ChildrenEventsAreJudgedByTheParentsRights) {
  own_acl_ = model::ReadOnlyAcl();
  may_read_ = [](ConnectionId, const model::Acl& acl) { return &acl == model::OpenAcl().get(); };
  table_.Add(1, "/a/b", WatchKind::kData);
  table_.Add(1, "/a", WatchKind::kChild);
  EXPECT_THAT(Create("/a/b"), ElementsAre("1 children /a"));
}

TEST_F(WatchTableTest, PersistentWatchStaysAndHearsAllOfItsNode) {
  table_.Add(1, "/a", WatchKind::kPersistent);
  EXPECT_THAT(Create("/a"), ElementsAre("1 created /a"));
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a"));
  EXPECT_THAT(Create("/a/b"), ElementsAre("1 children /a"));
  EXPECT_THAT(SetData("/a/b"), IsEmpty());
  EXPECT_THAT(Delete("/a/b"), ElementsAre("1 children /a"));
  EXPECT_THAT(Delete("/a"), ElementsAre("1 deleted /a"));
  EXPECT_THAT(Create("/a"), ElementsAre("1 created /a"));
}

TEST_F(WatchTableTest, StandardWatchBesideAPersistentOneIsConsumedAlone) {
  table_.Add(1, "/a", WatchKind::kPersistent);
  table_.Add(1, "/a", WatchKind::kData);
  EXPECT_EQ(table_.Count().data_watches, 1u);
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a"));
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a"));
}

TEST_F(WatchTableTest, RecursiveWatchHearsOfDescendantsWithoutChildrenEvents) {
  table_.Add(1, "/a", WatchKind::kPersistentRecursive);
  EXPECT_THAT(Create("/a/b/c"), ElementsAre("1 created /a/b/c"));
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a"));
  EXPECT_THAT(Delete("/a/b"), ElementsAre("1 deleted /a/b"));
  EXPECT_THAT(Create("/ab"), IsEmpty());
  table_.Add(2, "/", WatchKind::kPersistentRecursive);
  EXPECT_THAT(SetData("/a/b/c"), ElementsAre("1 changed /a/b/c", "2 changed /a/b/c"));
  EXPECT_THAT(SetData("/x"), ElementsAre("2 changed /x"));
}

TEST_F(WatchTableTest, ConnectionsHearInTheOrderOfTheirNumbers) {
  for (const ConnectionId connection : {5, 3, 9, 1}) {
    table_.Add(connection, "/a", WatchKind::kData);
  }
  EXPECT_THAT(SetData("/a"),
              ElementsAre("1 changed /a", "3 changed /a", "5 changed /a", "9 changed /a"));
}

TEST_F(WatchTableTest, DroppedConnectionHearsNothing) {
  table_.Add(1, "/a", WatchKind::kData);
  table_.Add(1, "/", WatchKind::kPersistentRecursive);
  table_.Add(2, "/a", WatchKind::kData);
  table_.Drop(1);
  table_.Drop(3);
  EXPECT_THAT(SetData("/a"), ElementsAre("2 changed /a"));
  EXPECT_TRUE(table_.empty());
}

TEST_F(WatchTableTest, CountsAsTheFourLetterWordsDo) {
  table_.Add(1, "/a", WatchKind::kData);
  table_.Add(1, "/a", WatchKind::kChild);
  table_.Add(1, "/b", WatchKind::kData);
  table_.Add(2, "/a", WatchKind::kData);
  table_.Add(3, "/c", WatchKind::kChild);
  EXPECT_EQ(table_.Count().connections, 2u);
  EXPECT_EQ(table_.Count().data_paths, 2u);
  EXPECT_EQ(table_.Count().data_watches, 3u);
  EXPECT_EQ(table_.Count().all_watches, 5u);
}

TEST_F(WatchTableTest, OneTypeIsRemovedAndTheOthersStay) {
  table_.Add(1, "/a", WatchKind::kData);
  table_.Add(1, "/a", WatchKind::kChild);
  table_.Add(1, "/a", WatchKind::kPersistent);
  table_.Add(2, "/a", WatchKind::kData);
  EXPECT_TRUE(table_.Remove(1, "/a", WatcherType::kData));
  EXPECT_FALSE(table_.Remove(1, "/a", WatcherType::kData));
  EXPECT_THAT(SetData("/a"), ElementsAre("1 changed /a", "2 changed /a"));
  table_.Add(2, "/a", WatchKind::kData);
  EXPECT_TRUE(table_.Has(1, "/a", WatcherType::kChildren));
  EXPECT_TRUE(table_.Has(1, "/a", WatcherType::kPersistent));
  EXPECT_FALSE(table_.Has(1, "/a", WatcherType::kPersistentRecursive));
  EXPECT_TRUE(table_.Remove(1, "/a", WatcherType::kPersistent));
  EXPECT_THAT(SetData("/a"), ElementsAre("2 changed /a"));
  EXPECT_THAT(Create("/a/b"), ElementsAre("1 children /a"));
  EXPECT_FALSE(table_.Has(1, "/a", WatcherType::kAny));
  EXPECT_TRUE(table_.empty());
}

TEST_F(WatchTableTest, NobodyRemovesWhatAnotherHas) {
  table_.Add(2, "/a", WatchKind::kData);
  EXPECT_FALSE(table_.Remove(1, "/a", WatcherType::kAny));
  EXPECT_FALSE(table_.Remove(2, "/a/b", WatcherType::kAny));
  EXPECT_FALSE(table_.Has(3, "/a", WatcherType::kAny));
  EXPECT_THAT(SetData("/a"), ElementsAre("2 changed /a"));
}

// The same rules written the slow way: a set of registrations.
struct SlowTable {
  using Key = std::tuple<std::string, ConnectionId, WatchKind>;
  std::set<Key> watches;

  void Fire(const Change& change, std::vector<std::string>* lines) {
    const auto fire = [&](bool child, const std::string& path, const char* name,
                          std::set<ConnectionId>* skip) {
      std::set<ConnectionId> told;
      for (auto at = watches.begin(); at != watches.end();) {
        const auto& [where, connection, kind] = *at;
        const bool below =
            where == "/" || (path.size() > where.size() && path.starts_with(where + "/"));
        bool hit = false;
        bool consumed = false;
        if (kind == WatchKind::kData) hit = consumed = !child && where == path;
        if (kind == WatchKind::kChild) hit = consumed = child && where == path;
        if (kind == WatchKind::kPersistent) hit = where == path;
        if (kind == WatchKind::kPersistentRecursive) hit = !child && (where == path || below);
        if (hit) told.insert(connection);
        at = consumed ? watches.erase(at) : std::next(at);
      }
      for (const ConnectionId connection : told) {
        if (skip != nullptr && skip->contains(connection)) continue;
        lines->push_back(absl::StrCat(connection, " ", name, " ", path));
      }
      return told;
    };
    const std::string parent(model::ParentPath(change.path));
    if (change.kind == Change::Kind::kDataChanged) {
      fire(false, change.path, "changed", nullptr);
    } else if (change.kind == Change::Kind::kCreated) {
      fire(false, change.path, "created", nullptr);
      fire(true, parent, "children", nullptr);
    } else {
      std::set<ConnectionId> told = fire(false, change.path, "deleted", nullptr);
      fire(true, change.path, "deleted", &told);
      fire(true, parent, "children", nullptr);
    }
  }
  bool Remove(ConnectionId connection, const std::string& path, WatcherType type) {
    return std::erase_if(watches, [&](const Key& key) {
             const auto& [where, whose, kind] = key;
             if (where != path || whose != connection) return false;
             if (type == WatcherType::kAny) return true;
             if (kind == WatchKind::kData) return type == WatcherType::kData;
             if (kind == WatchKind::kChild) return type == WatcherType::kChildren;
             if (kind == WatchKind::kPersistent) return type == WatcherType::kPersistent;
             return type == WatcherType::kPersistentRecursive;
           }) > 0;
  }
  uint64_t Count(bool child) const {
    std::set<std::pair<std::string, ConnectionId>> entries;
    for (const auto& [path, connection, kind] : watches) {
      if (kind == WatchKind::kPersistent || (kind == WatchKind::kChild) == child) {
        entries.insert({path, connection});
      }
    }
    return entries.size();
  }
};

TEST_F(WatchTableTest, DoesAsTheSlowTableOverRandomHistories) {
  const std::vector<std::string> paths = {"/", "/a", "/b", "/a/b", "/a/c", "/a/b/d"};
  int removed = 0;
  int missed = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    table_.Clear();
    SlowTable slow;
    std::mt19937_64 random(seed);
    for (int step = 0; step < 2000; ++step) {
      const std::string& path = paths[random() % paths.size()];
      const ConnectionId connection = 1 + random() % 5;
      const uint64_t dice = random() % 20;
      if (dice < 12) {
        const auto kind = static_cast<WatchKind>(random() % (dice == 0 ? 4 : 2));
        table_.Add(connection, path, kind);
        slow.watches.insert({path, connection, kind});
      } else if (dice == 12) {
        table_.Drop(connection);
        std::erase_if(slow.watches,
                      [&](const SlowTable::Key& key) { return std::get<1>(key) == connection; });
      } else if (dice == 13) {
        const auto type = static_cast<WatcherType>(1 + random() % 5);
        const bool had = table_.Has(connection, path, type);
        ASSERT_EQ(table_.Remove(connection, path, type), slow.Remove(connection, path, type));
        ASSERT_EQ(table_.Has(connection, path, type), false);
        (had ? removed : missed) += 1;
      } else if (path != "/") {
        const Change change = {.kind = static_cast<Change::Kind>(random() % 3), .path = path};
        std::vector<std::string> expected;
        slow.Fire(change, &expected);
        ASSERT_EQ(Fire(change.kind, path), expected) << "seed " << seed << " step " << step;
      }
      ASSERT_EQ(table_.Count().data_watches, slow.Count(false));
      ASSERT_EQ(table_.Count().all_watches, slow.Count(false) + slow.Count(true));
      ASSERT_EQ(table_.empty(), slow.watches.empty());
    }
  }
  EXPECT_GT(removed, 100);
  EXPECT_GT(missed, 100);
}

}  // namespace
}  // namespace rookery::watch
