// The digest is a function of the state, and the state one of the agreed order: whatever was in
// memory, however requests were cut into entries, and however often the process began anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

class History {
 public:
  explicit History(uint64_t seed) : random_(seed) {}

  uint64_t Draw(uint64_t below) { return random_() % below; }
  std::string Path() {
    std::string path = absl::StrCat("/n", Draw(6));
    while (Draw(3) == 0 && path.size() < 12) absl::StrAppend(&path, "/m", Draw(4));
    return path;
  }
  model::CreateRequest ACreate() {
    const std::string data(Draw(30), 'x');
    return Create(Path(), Draw(5) == 0 ? model::Data() : model::Data(data),
                  static_cast<int32_t>(Draw(4)));
  }
  model::WriteOperation OfAQuota() {
    const std::string place = absl::StrCat("/zookeeper/quota/n", Draw(3));
    switch (Draw(5)) {
      case 0:
        return Create(place);
      case 1:
        return Create(place + "/zookeeper_limits", "count=2,bytes=9=;countHardLimit=8");
      case 2:
        return Delete(place + "/zookeeper_limits");
      case 3:
        return Create(place + "/zookeeper_stats");
      default:
        return Delete(place + "/zookeeper_stats");
    }
  }
  model::WriteOperation Operation() {
    switch (Draw(10)) {
      case 0:
      case 1:
      case 2:
        return ACreate();
      case 3:
        return Delete(Path(), static_cast<int32_t>(Draw(3)) - 1);
      case 4:
        return SetData(Path(), std::string(Draw(40), 'y'), static_cast<int32_t>(Draw(4)) - 1);
      case 5:
        return model::SetAclRequest{
            Path(), model::Acl{{31, {"ip", "10.0.0.1"}}, {31, {"world", "anyone"}}}};
      case 6:
        return model::OpenSessionRequest{static_cast<int32_t>(1000 + Draw(1000)),
                                         "0123456789abcdef"};
      case 7:
        if (Draw(4) == 0) return model::CloseSessionRequest();
        return model::AttachSessionRequest{3000, "0123456789abcdef"};
      case 8:
        return OfAQuota();
      default: {
        model::MultiRequest multi;
        for (uint64_t parts = Draw(5); parts > 0; --parts) {
          if (Draw(2) == 0) multi.parts.emplace_back(ACreate());
          if (Draw(2) == 0) multi.parts.emplace_back(SetData(Path(), "z"));
          if (Draw(4) == 0) multi.parts.emplace_back(Delete(Path()));
        }
        return multi;
      }
    }
  }
  // Of a session that lives, if there is one.
  model::WriteRequest Request(Machine& machine) {
    model::WriteRequest request{.operation = Operation()};
    request.credentials.enforce_quota = Draw(2) == 0;
    const std::vector<SessionView> sessions = machine.Sessions();
    const bool opens = std::holds_alternative<model::OpenSessionRequest>(request.operation);
    if (!sessions.empty() && !opens) {
      const SessionView& session = sessions[Draw(sessions.size())];
      request.session = session.id;
      request.owner = session.owner;
    }
    if (opens || std::holds_alternative<model::AttachSessionRequest>(request.operation)) {
      request.owner = {1, 1, Draw(100)};
    }
    return request;
  }

 private:
  std::mt19937_64 random_;
};

void ExpectSame(Machine& one, Machine& other) {
  EXPECT_EQ(one.digest(), other.digest());
  EXPECT_EQ(one.last_zxid(), other.last_zxid());
  EXPECT_EQ(one.node_count(), other.node_count());
  EXPECT_EQ(one.data_bytes(), other.data_bytes());
  EXPECT_EQ(one.ephemeral_count(), other.ephemeral_count());
  EXPECT_EQ(one.session_count(), other.session_count());
}

class DigestTest : public testing::TestWithParam<uint64_t> {};

TEST_P(DigestTest, SameOrderGivesTheSameStateWhateverTheServerDid) {
  History history(GetParam());
  MachineFixture steady;
  MachineFixture troubled({.memory_budget_bytes = 8'192});
  steady.Begin();
  troubled.Begin();
  std::vector<model::WriteRequest> behind;  // what the troubled one will get in one entry
  for (int step = 0; step < 1500; ++step) {
    model::WriteRequest request = history.Request(*steady);
    behind.push_back(request);
    steady.Apply(wire::LogEntry{
        .time_ms = 77,
        .body = wire::Batch{{{1, 1, steady.LastTicket() + 1, {std::move(request)}}}}});
    if (history.Draw(20) != 0) continue;
    troubled.Apply(wire::LogEntry{
        .time_ms = 77,
        .body = wire::Batch{{{1, 1, troubled.LastTicket() + 1, std::exchange(behind, {})}}}});
    ExpectSame(*steady, *troubled);
    if (history.Draw(3) == 0) {
      troubled.Flush();
      if (history.Draw(2) == 0) troubled.Restart();
      ExpectSame(*steady, *troubled);
    }
  }
  EXPECT_GT(troubled.misses, 0u);
  EXPECT_GT(steady->node_count(), 10u);
}

TEST_P(DigestTest, IsTheSumOverNodesAndSessions) {
  History history(GetParam());
  MachineFixture machine;
  machine.Begin();
  for (int step = 0; step < 600; ++step) {
    machine.Apply(history.Request(*machine));
    if (history.Draw(100) != 0) continue;
    // What is not of the nodes is of the sessions: none of them, none of it.
    const auto [nodes, count] = machine.DigestOfNodes();
    EXPECT_EQ(count, machine->node_count());
    EXPECT_EQ(machine->digest() == nodes, machine->session_count() == 0);
  }
  for (const SessionView& session : machine->Sessions()) {
    machine.Apply(model::CloseSessionRequest(), session.id);
  }
  const auto [nodes, count] = machine.DigestOfNodes();
  EXPECT_EQ(machine->digest(), nodes);
  EXPECT_EQ(count, machine->node_count());
}

INSTANTIATE_TEST_SUITE_P(Seeds, DigestTest, testing::Range<uint64_t>(0, 8));

// Parts of one multi share zxid and time, so their order leaves no trace where none depends on
// another: the same state by other ways.
TEST(DigestOfStateTest, WayToTheStateDoesNotMatter) {
  std::vector<model::MultiRequest::Part> parts;
  for (int i = 0; i < 12; ++i) {
    parts.emplace_back(Create(absl::StrCat("/p/new", i), absl::StrCat("data", i), i % 2));
    parts.emplace_back(SetData(absl::StrCat("/p/old", i), absl::StrCat("data", i)));
    parts.emplace_back(Delete(absl::StrCat("/p/gone", i)));
  }
  std::mt19937_64 random(1);
  uint64_t digest = 0;
  for (int way = 0; way < 10; ++way) {
    MachineFixture machine;
    machine.Begin();
    const model::SessionId session = machine.OpenSession();
    machine.Apply(Create("/p"));
    model::MultiRequest before;
    for (int i = 0; i < 12; ++i) {
      before.parts.emplace_back(Create(absl::StrCat("/p/old", i)));
      before.parts.emplace_back(Create(absl::StrCat("/p/gone", i)));
    }
    machine.Apply(before);
    if (way % 2 == 1) {
      machine.Flush();
      machine.Restart();
    }
    const Outcome outcome = machine.Apply(model::MultiRequest{parts}, session);
    ASSERT_EQ(outcome.changes.size(), parts.size());
    if (way == 0) digest = machine->digest();
    EXPECT_EQ(machine->digest(), digest) << "way " << way;
    std::shuffle(parts.begin(), parts.end(), random);
  }
}

TEST(DigestOfStateTest, RefusedRequestLeavesNothing) {
  MachineFixture machine;
  machine.Begin();
  machine.Apply(Create("/a"));
  const uint64_t before = machine->digest();
  machine.Apply(model::MultiRequest{{Create("/b"), SetData("/a", "x"), SetData("/a", "y", 5)}});
  EXPECT_EQ(machine->digest(), before);
  machine.Apply(Create("/b"));
  EXPECT_NE(machine->digest(), before);
}

TEST(DigestOfStateTest, TellsNullFromEmptyAndSeesEveryNumber) {
  const store::Node node{.data = "", .czxid = 1, .ctime_ms = 2};
  const uint64_t hash = store::NodeHash("/a", node);
  EXPECT_NE(store::NodeHash("/b", node), hash);
  const auto changed = [&](auto change) {
    store::Node other = node;
    change(other);
    return store::NodeHash("/a", other) != hash;
  };
  EXPECT_TRUE(changed([](store::Node& n) { n.data.reset(); }));
  EXPECT_TRUE(changed([](store::Node& n) { n.data = "x"; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.acl = model::ReadOnlyAcl(); }));
  EXPECT_TRUE(changed([](store::Node& n) { n.czxid = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.mzxid = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.pzxid = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.ctime_ms = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.mtime_ms = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.ephemeral_owner = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.version = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.aversion = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.child_creations = 9; }));
  EXPECT_TRUE(changed([](store::Node& n) { n.num_children = 9; }));
}

}  // namespace
}  // namespace rookery::machine
