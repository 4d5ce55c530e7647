// Crashes, cuts, slow disks and changes of roles from a seed: the servers must apply one sequence,
// and what one of them has applied stays.
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/unit/consensus/group.h"

namespace rookery::consensus {
namespace {

class Faults {
 public:
  explicit Faults(uint64_t seed) : group(3, 1, seed), random(seed * 31 + 7) {
    for (EngineId id = 1; id <= kServers; ++id) group[id].options.tail_entries = 5;
    group.StartAll();
  }

  void Step() {
    const EngineId id = 1 + random.Below(kServers);
    Node& node = group[id];
    switch (random.Below(20)) {
      case 0:
        node.Kill();
        break;
      case 1:
        group.Cut(id, 1 + id % kServers);
        break;
      case 2:
        group.HealAll();
        break;
      case 3:
        if (node.up()) node.disk->work_us = random.Between(50, 30'000);
        break;
      case 4:
        if (node.up() && node.live.index > node.flushed.index) node.TakeCheckpoint();
        break;
      case 5:
        if (node.up()) node.Flush();
        break;
      case 6:
        if (node.up()) (void)node.raft->Transfer(1 + id % kServers);
        break;
      case 7:
        if (node.up()) ChangeRoles(node);
        break;
      case 8:
      case 9:
      case 10:
        if (!node.up()) {
          const absl::Status status = node.Start();
          ASSERT_TRUE(status.ok()) << status;
        }
        break;
      default:
        for (EngineId each = 1; each <= kServers; ++each) {
          if (!group[each].up()) continue;
          for (int burst = 0; burst < 5; ++burst) {
            (void)group[each].raft->Propose(absl::StrCat("line ", ++lines));
          }
        }
    }
    group.world.RunFor(random.Between(100, 40'000));
    Check();
  }

  // Voters become learners and the other way round, one by one or two at once (jointly).
  void ChangeRoles(Node& leader) {
    using Kind = MemberChange::Kind;
    const EngineId first = 1 + random.Below(kServers), second = 1 + first % kServers;
    std::vector<MemberChange> changes = {{Kind::kAddVoter, first}};
    if (random.Chance(0.6)) changes.push_back({Kind::kAddLearner, second});
    if (random.Chance(0.2)) changes.erase(changes.begin());
    if (changes.empty()) return;
    // At least three stay voters, so that one may be down.
    const auto& voters = leader.live.configuration.voters;
    if (changes.back().kind == Kind::kAddLearner && voters.size() < 3) return;
    if (leader.raft->ChangeMembers(changes, "roles").ok()) ++changes_taken;
  }

  // Every server's sequence is a prefix of the longest one ever seen.
  void Check() {
    for (EngineId id = 1; id <= kServers; ++id) {
      if (!group[id].up()) continue;
      const auto& lines = group[id].live.lines;
      const size_t common = std::min(lines.size(), longest.size());
      ASSERT_TRUE(std::equal(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(common),
                             longest.begin()))
          << "server " << id << " applied something else";
      if (lines.size() > longest.size()) longest = lines;
    }
  }

  static constexpr EngineId kServers = 4;
  Group group;
  Random random;
  int lines = 0;
  int changes_taken = 0;
  std::vector<std::string> longest;
};

class FaultsTest : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Seeds, FaultsTest, ::testing::Range(1, 9));

TEST_P(FaultsTest, ServersApplyOneSequenceAndRecover) {
  size_t applied = 0;
  int installed = 0;
  int changes = 0;
  for (int round = 0; round < 25; ++round) {
    const uint64_t seed = static_cast<uint64_t>(GetParam()) * 1000 + static_cast<uint64_t>(round);
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Faults faults(seed);
    for (int step = 0; step < 150; ++step) {
      faults.Step();
      if (HasFatalFailure()) return;
    }
    faults.group.HealAll();
    faults.group.StartAll();
    ASSERT_TRUE(faults.group.WaitForEqual(60'000'000)) << "the group did not recover";
    faults.Check();
    ASSERT_GE(faults.group[1].live.lines.size(), faults.longest.size()) << "lost what was applied";
    applied += faults.longest.size();
    changes += faults.changes_taken;
    for (EngineId id = 1; id <= Faults::kServers; ++id) installed += faults.group[id].installed;
  }
  RecordProperty("applied", static_cast<int>(applied));
  RecordProperty("installed", installed);
  RecordProperty("changes", changes);
  EXPECT_GT(applied, 5'000u);
  EXPECT_GT(installed, 5);
  EXPECT_GT(changes, 5);
}

TEST(FaultsTest, SameSeedGivesTheSameRun) {
  const auto run = [] {
    Faults faults(77);
    std::string trace;
    faults.group.on_send = [&](EngineId from, EngineId to, uint32_t kind, const std::string&) {
      absl::StrAppend(&trace, from, to, ":", kind, "@", faults.group.world.NowUs(), " ");
      return true;
    };
    for (int step = 0; step < 100; ++step) faults.Step();
    return trace;
  };
  const std::string first = run();
  EXPECT_GT(first.size(), 1000u);
  EXPECT_EQ(first, run());
}

}  // namespace
}  // namespace rookery::consensus
