// Writes in flight while leaders change, messages are lost and entries repeated: each is applied
// exactly once and answered, in order, and no connection breaks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/base/random.h"
#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using model::ErrorCode;
using Uncommitted = FakeEnsemble::Uncommitted;

int32_t VersionOf(const model::Reply& reply) {
  return std::get<model::StatReply>(reply.body).stat.version;
}

bool IsForward(absl::string_view bytes) {
  const absl::StatusOr<proposal::PeerMessage> message = proposal::DecodePeerMessage(bytes);
  return message.ok() && std::holds_alternative<proposal::Forward>(*message);
}

// Clients on every server that count up the version of a node each; an answer that is missing,
// doubled or out of order shows in the versions.
class Writers {
 public:
  explicit Writers(World* world) : world_(*world) {
    for (const model::ServerId server : {1, 2, 3}) {
      sessions_.push_back(world_.Open(server));
      const model::Reply made = world_.Do(sessions_.back(), Create(Path(server)));
      EXPECT_EQ(made.error, ErrorCode::kOk);
      first_.push_back(sessions_.back().last_tag + 1);
    }
  }
  void Write(int count) {
    for (size_t i = 0; i < sessions_.size(); ++i) {
      for (int n = 0; n < count; ++n) sessions_[i].Write(Set(Path(i + 1), "x"));
    }
  }
  bool AllAnswered() const {
    for (const auto& session : sessions_) {
      if (!session.Answered(session.last_tag)) return false;
    }
    return true;
  }
  void ExpectExactlyOnce() {
    for (size_t i = 0; i < sessions_.size(); ++i) {
      EXPECT_FALSE(sessions_[i].client->gone) << "server " << i + 1 << " sent its client away";
      int32_t version = 0;
      for (uint64_t tag = first_[i]; tag <= sessions_[i].last_tag; ++tag) {
        ASSERT_TRUE(sessions_[i].Answered(tag));
        ASSERT_EQ(sessions_[i].Reply(tag).error, ErrorCode::kOk);
        ASSERT_EQ(VersionOf(sessions_[i].Reply(tag)), ++version) << "server " << i + 1;
      }
    }
  }
  static std::string Path(model::ServerId server) { return absl::StrCat("/w", server); }

 private:
  World& world_;
  std::vector<World::Session> sessions_;
  std::vector<uint64_t> first_;
};

class LeaderChangeTest : public testing::Test {
 protected:
  LeaderChangeTest() { world_.Settle(1); }

  void ExpectAllAnswered(Writers& writers) {
    ASSERT_TRUE(world_.Run([&] { return writers.AllAnswered(); })) << "writes were lost";
    writers.ExpectExactlyOnce();
  }

  World world_{3};
};

TEST_F(LeaderChangeTest, WritesThatTheOldLeaderTookAndLostAreSentAgain) {
  Writers writers(&world_);
  world_.ensemble.commits = false;
  writers.Write(20);
  world_.core.RunFor(5'000);
  world_.ensemble.commits = true;
  world_.ensemble.Elect(2, Uncommitted::kLost);
  writers.Write(20);
  ExpectAllAnswered(writers);
}

TEST_F(LeaderChangeTest, WritesThatSurviveInTheLogAreNotRepeated) {
  Writers writers(&world_);
  world_.ensemble.commits = false;
  writers.Write(20);
  world_.core.RunFor(5'000);
  world_.ensemble.commits = true;
  world_.ensemble.Elect(3, Uncommitted::kSurvives);
  writers.Write(5);
  ExpectAllAnswered(writers);
}

TEST_F(LeaderChangeTest, WritesWaitWhileNobodyLeads) {
  Writers writers(&world_);
  world_.ensemble.LoseLeader();
  writers.Write(10);
  world_.core.RunFor(3'000'000);
  EXPECT_FALSE(writers.AllAnswered());
  world_.ensemble.Elect(3);
  ExpectAllAnswered(writers);
}

TEST_F(LeaderChangeTest, ALostForwardIsSentAgainInTheSameTerm) {
  Writers writers(&world_);
  int dropped = 0;
  world_.ensemble.drops = [&](auto, auto, absl::string_view bytes) {
    return IsForward(bytes) && dropped++ < 3;
  };
  writers.Write(10);
  world_.core.RunFor(2'000);
  writers.Write(10);
  ExpectAllAnswered(writers);
  EXPECT_GE(dropped, 3);
}

TEST_F(LeaderChangeTest, ANewConnectionToTheSameLeaderLosesNothing) {
  Writers writers(&world_);
  writers.Write(5);
  world_.ensemble.Cut(2, 1);
  writers.Write(5);
  world_.core.RunFor(20'000);
  world_.ensemble.Heal(2, 1);
  writers.Write(5);
  ExpectAllAnswered(writers);
}

TEST_F(LeaderChangeTest, ABusyEngineOnlyDelays) {
  Writers writers(&world_);
  world_.ensemble.busy = true;
  writers.Write(10);
  world_.core.RunFor(100'000);
  EXPECT_FALSE(writers.AllAnswered());
  world_.ensemble.busy = false;
  ExpectAllAnswered(writers);
}

TEST_F(LeaderChangeTest, ARepeatedEntryChangesNothing) {
  Writers writers(&world_);
  writers.Write(3);
  ExpectAllAnswered(writers);
  const model::Zxid zxid = world_[1].service().LastZxid();
  const std::vector<consensus::Item> log = world_.ensemble.log();
  for (const consensus::Item& item : log) {
    if (item.kind == consensus::Item::Kind::kEntry) {
      world_.ensemble.Append(item.kind, item.bytes);
    }
  }
  world_.core.RunFor(50'000);
  EXPECT_EQ(world_[1].service().LastZxid(), zxid);
  EXPECT_GT(world_[1].service().GetStatistics().skipped_requests, 0u);
  writers.Write(3);
  ExpectAllAnswered(writers);
}

TEST_F(LeaderChangeTest, AServerThatComesBackGetsANewIncarnationAndServes) {
  Writers writers(&world_);
  world_.Crash(1);
  world_.ensemble.Elect(2);
  world_.core.RunFor(100'000);
  const uint64_t before = world_[2].machine().Incarnation(1);
  world_.Restart(1);
  ASSERT_TRUE(world_.Run([&] { return world_[1].service().Serving(); }));
  EXPECT_GT(world_[1].machine().Incarnation(1), before);
  auto session = world_.Open(1);
  EXPECT_EQ(world_.Do(session, Create("/again")).error, ErrorCode::kOk);
}

TEST_F(LeaderChangeTest, AGrantThatCameLateForAnOldNonceMakesTheServerStartOver) {
  auto session = world_.Open(2);
  const uint64_t before = world_[1].machine().Incarnation(2);
  world_.ensemble.Append(
      consensus::Item::Kind::kEntry,
      wire::EncodeLogEntry({.body = wire::GrantIncarnation{.server = 2, .nonce = 4711}}));
  ASSERT_TRUE(world_.Run([&] { return session.client->gone; }));
  EXPECT_EQ(session.client->history.back(), "farewell not serving");
  ASSERT_TRUE(world_.Run([&] { return world_[2].service().Serving(); }));
  EXPECT_EQ(world_[1].machine().Incarnation(2), before + 2);
}

TEST_F(LeaderChangeTest, AllServersHoldTheSameStateInTheEnd) {
  Writers writers(&world_);
  Random random(7);
  world_.ensemble.drops = [&](auto, auto, absl::string_view bytes) {
    return IsForward(bytes) && random.Chance(0.1);
  };
  for (int round = 0; round < 40; ++round) {
    writers.Write(static_cast<int>(random.Between(1, 30)));
    world_.ensemble.commits = !random.Chance(0.3);
    world_.core.RunFor(random.Between(0, 3'000));
    const model::ServerId a = 1 + random.Below(3);
    const model::ServerId b = 1 + random.Below(3);
    if (random.Chance(0.3) && a != b) {
      world_.ensemble.Cut(a, b);
      world_.core.RunFor(random.Between(0, 3'000));
      world_.ensemble.Heal(a, b);
    }
    world_.ensemble.commits = true;
    if (random.Chance(0.7)) {
      world_.ensemble.Elect(1 + random.Below(3),
                            random.Chance(0.5) ? Uncommitted::kLost : Uncommitted::kSurvives);
    } else {
      world_.ensemble.Append(consensus::Item::Kind::kConfiguration, "");
    }
    world_.core.RunFor(random.Between(0, 3'000));
  }
  ExpectAllAnswered(writers);
  world_.core.RunFor(100'000);
  EXPECT_EQ(world_[1].machine().digest(), world_[2].machine().digest());
  EXPECT_EQ(world_[1].machine().digest(), world_[3].machine().digest());
  EXPECT_EQ(world_[1].service().LastZxid(), world_[3].service().LastZxid());
}

}  // namespace
}  // namespace rookery::service
