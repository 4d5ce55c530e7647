// First starts in any order and at any distance in time, wiped servers, newcomers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/peer/founder.h"
#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;

// A server from its start on: founds if its directory is empty, then runs as a member.
struct Candidate {
  Candidate(World* world, uint32_t number, uint32_t servers) : world(world), process(world) {
    line_number = number;
    for (uint32_t n = 1; n <= servers; ++n) lines.push_back(Line(n));
  }
  ~Candidate() { Kill(); }

  void Start() {
    absl::StatusOr<Identity> loaded =
        LoadOrCreateIdentity(&files, 0xd000 + line_number + 100 * ++disks);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    PeerHubOptions options;
    options.listen = {"127.0.0.1", Line(line_number).quorum_port};
    hub = std::make_unique<PeerHub>(&process, &process, world, line_number, options);
    hub->SetListener(&ears);
    ASSERT_TRUE(
        hub->Start(HelloOf(*loaded, ++boots * 1000 + line_number, 1, lines, line_number)).ok());
    if (loaded->founded()) return Run(*loaded);
    founder = std::make_unique<Founder>(&process, &process, world, line_number, hub.get(), &files);
    founder->Start([this](absl::StatusOr<Identity> identity) {
      if (identity.ok()) {
        Run(*identity);
      } else {
        failure = identity.status();
      }
      process.Post([founder = std::move(founder)] {});
    });
  }
  void Run(const Identity& with) {
    identity = with;
    hub->SetMembers(with.members, 1);
  }
  void Kill() {
    process.Kill();
    founder.reset();
    hub.reset();
    identity.reset();
  }
  void Wipe() {
    Kill();
    files.files.clear();
  }
  bool founded() const { return identity.has_value(); }

  World* world;
  Process process;
  uint32_t line_number;
  std::vector<ServerLine> lines;
  MemoryFiles files;
  uint64_t boots = 0, disks = 0;
  Ears ears;
  std::unique_ptr<PeerHub> hub;
  std::unique_ptr<Founder> founder;
  std::optional<Identity> identity;
  absl::Status failure;
};

class FoundingTest : public ::testing::Test {
 protected:
  Candidate& At(uint32_t number) { return *servers[number - 1]; }
  bool AllFounded() {
    return std::all_of(servers.begin(), servers.end(), [](const auto& s) { return s->founded(); });
  }
  bool AllConnected() {
    for (const auto& a : servers) {
      for (const auto& b : servers) {
        if (a == b) continue;
        if (a->hub == nullptr || !a->hub->IsConnected(b->identity ? b->identity->engine_id : 0)) {
          return false;
        }
      }
    }
    return true;
  }
  void ExpectOneEnsemble() {
    for (const auto& server : servers) {
      ASSERT_TRUE(server->founded());
      EXPECT_EQ(server->identity->cluster_id, At(1).identity->cluster_id);
      EXPECT_EQ(server->identity->founding, At(1).identity->founding);
      EXPECT_EQ(server->identity->engine_id, server->line_number);
      EXPECT_TRUE(server->identity->founder);
    }
  }
  void FoundThree() {
    for (auto& server : servers) server->Start();
    ASSERT_TRUE(world.RunUntil([&] { return AllFounded() && AllConnected(); }));
  }

  FoundingTest() { Begin(3); }
  // Fresh ones. The processes of those before stay: the network goes by who listened last.
  void Begin(uint32_t count) {
    for (auto& server : std::exchange(servers, {})) {
      server->Kill();
      retired.push_back(std::move(server));
    }
    for (uint32_t n = 1; n <= count; ++n) {
      servers.push_back(std::make_unique<Candidate>(&world, n, count));
    }
  }

  World world;
  std::vector<std::unique_ptr<Candidate>> servers, retired;
};

TEST_F(FoundingTest, AllAtOnce) {
  for (auto& server : servers) server->Start();
  ASSERT_TRUE(world.RunUntil([&] { return AllFounded() && AllConnected(); }, kSecond));
  ExpectOneEnsemble();
}

TEST_F(FoundingTest, AnyOrderAtAnyDistance) {
  for (const int64_t gap_us : {int64_t{50}, int64_t{300'000}, 7 * kSecond, kHour}) {
    std::vector<uint32_t> order = {1, 2, 3};
    do {
      Begin(3);
      for (uint32_t number : order) {
        for (auto& server : servers) EXPECT_FALSE(server->founded());
        At(number).Start();
        if (number != order.back()) world.RunFor(gap_us);
      }
      const int64_t complete_us = world.NowUs();
      ASSERT_TRUE(world.RunUntil([&] { return AllFounded() && AllConnected(); }));
      EXPECT_LT(world.NowUs() - complete_us, kSecond / 10) << "gap " << gap_us;
      ExpectOneEnsemble();
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST_F(FoundingTest, NamesWhoIsMissing) {
  At(1).Start();
  At(2).Start();
  world.RunFor(20 * kSecond);
  EXPECT_FALSE(At(1).founded());
  EXPECT_THAT(At(1).founder->waiting_for(), HasSubstr("server.3 (127.0.0.1:2003)"));
  EXPECT_THAT(At(1).founder->waiting_for(), HasSubstr("refused"));
  EXPECT_THAT(At(1).founder->waiting_for(), ::testing::Not(HasSubstr("server.2")));
}

TEST_F(FoundingTest, OneServerFoundsAtOnce) {
  Begin(1);
  At(1).Start();
  ASSERT_TRUE(world.RunUntil([&] { return AllFounded(); }, 1000));
  EXPECT_EQ(At(1).identity->founding.founders.size(), 1u);
}

TEST_F(FoundingTest, ARestartKeepsTheEnsemble) {
  FoundThree();
  const Identity before = *At(2).identity;
  for (auto& server : servers) server->Kill();
  At(2).Start();
  EXPECT_EQ(*At(2).identity, before);  // alone, and at once
  At(1).Start();
  At(3).Start();
  EXPECT_TRUE(world.RunUntil([&] { return AllConnected(); }));
}

TEST_F(FoundingTest, AFounderThatDiedBeforeItStoredFoundsLateAsAVoter) {
  for (auto& server : servers) server->Start();
  const auto founded = [](const auto& server) { return server->founded(); };
  ASSERT_TRUE(world.RunUntil([&] { return std::any_of(servers.begin(), servers.end(), founded); }));
  auto late = std::find_if_not(servers.begin(), servers.end(), founded);
  ASSERT_NE(late, servers.end());
  (*late)->Kill();
  ASSERT_TRUE(
      world.RunUntil([&] { return std::count_if(servers.begin(), servers.end(), founded) == 2; }));
  world.RunFor(kHour);
  (*late)->Start();
  ASSERT_TRUE(world.RunUntil([&] { return AllFounded() && AllConnected(); }, kSecond));
  ExpectOneEnsemble();
}

TEST_F(FoundingTest, EveryPointOfACrashLeavesOneEnsemble) {
  for (int64_t at_us = 0; at_us < 4000; at_us += 50) {
    for (uint32_t victim = 1; victim <= 3; ++victim) {
      Begin(3);
      for (auto& server : servers) server->Start();
      world.RunFor(at_us);
      At(victim).Kill();
      world.RunFor(2 * kSecond);
      At(victim).Start();
      ASSERT_TRUE(world.RunUntil([&] { return AllFounded() && AllConnected(); }))
          << "killed " << victim << " after " << at_us;
      ExpectOneEnsemble();
    }
  }
}

TEST_F(FoundingTest, AWipedServerIsRefusedByNameUntilItRejoins) {
  FoundThree();
  At(3).Wipe();
  At(3).ears.heard.clear();
  At(3).Start();
  world.RunFor(20 * kSecond);
  EXPECT_FALSE(At(3).founded());
  EXPECT_THAT(At(3).founder->waiting_for(), HasSubstr("rookery ensemble rejoin 3"));
  EXPECT_TRUE(At(3).ears.heard.empty());
  EXPECT_FALSE(At(1).hub->IsConnected(3));

  // What the leader does on `rookery ensemble rejoin 3`.
  const std::vector<Applicant> applicants = At(1).hub->Applicants(5 * kSecond);
  ASSERT_EQ(applicants.size(), 1u);
  EXPECT_EQ(applicants[0].line.number, 3u);
  EXPECT_EQ(applicants[0].refusal, HelloRefusal::kOtherDisk);
  MemberList list = At(1).identity->members;
  absl::StatusOr<MemberPlan> plan = PlanRejoin(list, 3, applicants[0].disk_id, 1);
  ASSERT_TRUE(plan.ok()) << plan.status();
  Configuration after;
  after.voters = {1, 2};
  after.learners = {4};
  ASSERT_TRUE(ApplyConfiguration(&list, after, plan->context).ok());
  At(1).hub->SetMembers(list, 1);
  ASSERT_TRUE(world.RunUntil([&] { return At(3).founded(); }, 3 * kSecond));
  EXPECT_EQ(At(3).identity->engine_id, 4u);
  EXPECT_FALSE(At(3).identity->founder);
  EXPECT_EQ(At(3).identity->cluster_id, At(1).identity->cluster_id);
  EXPECT_TRUE(world.RunUntil([&] { return At(1).hub->IsConnected(4); }, 3 * kSecond));
  // Server 2 lags: it has no row for engine id 4 yet, and lets it in all the same.
  EXPECT_TRUE(world.RunUntil([&] { return At(2).hub->IsConnected(4); }, 3 * kSecond));
  EXPECT_TRUE(At(3).hub->SendEngineMessage(2, "m"));
  EXPECT_TRUE(world.RunUntil([&] { return At(2).ears.Count("engine 4 m") == 1; }));
}

TEST_F(FoundingTest, TwoWipedServersDoNotFoundAnewBesideTheThird) {
  FoundThree();
  At(2).Wipe();
  At(3).Wipe();
  At(2).Start();
  At(3).Start();
  world.RunFor(20 * kSecond);
  EXPECT_FALSE(At(2).founded());
  EXPECT_THAT(At(2).founder->waiting_for(), HasSubstr("rejoin 2"));
  At(1).Kill();
  world.RunFor(20 * kSecond);
  EXPECT_FALSE(At(2).founded());
  EXPECT_FALSE(At(3).founded());
  EXPECT_THAT(At(2).founder->waiting_for(), HasSubstr("missing: server.1"));
  At(1).Start();
  world.RunFor(20 * kSecond);
  EXPECT_FALSE(At(2).founded());
  EXPECT_THAT(At(3).founder->waiting_for(), HasSubstr("rejoin 3"));
}

TEST_F(FoundingTest, ANewcomerWaitsUntilItIsAdded) {
  FoundThree();
  Candidate four(&world, 4, 4);
  four.Start();
  world.RunFor(10 * kSecond);
  EXPECT_FALSE(four.founded());
  EXPECT_THAT(four.founder->waiting_for(), HasSubstr("rookery ensemble add 4"));
  const std::vector<Applicant> applicants = At(2).hub->Applicants(5 * kSecond);
  ASSERT_EQ(applicants.size(), 1u);
  MemberList list = At(2).identity->members;
  absl::StatusOr<MemberPlan> plan =
      PlanAdd(list, applicants[0].line, applicants[0].disk_id, applicants[0].level);
  ASSERT_TRUE(plan.ok());
  Configuration after;
  after.voters = {1, 2, 3};
  after.learners = {4};
  ASSERT_TRUE(ApplyConfiguration(&list, after, plan->context).ok());
  for (auto& server : servers) server->hub->SetMembers(list, 1);
  ASSERT_TRUE(world.RunUntil([&] { return four.founded(); }, 3 * kSecond));
  EXPECT_EQ(four.identity->engine_id, 4u);
  EXPECT_EQ(four.identity->members, list);
}

// Who leads may have joined after the others' files were written, and must hear of who asks.
TEST_F(FoundingTest, AWipedServerAsksMembersThatItsFileDoesNotName) {
  FoundThree();
  MemberList list = At(1).identity->members;
  absl::StatusOr<MemberPlan> plan = PlanAdd(list, Line(4), 0xd000 + 4 + 100, 1);
  ASSERT_TRUE(plan.ok());
  Configuration after;
  after.voters = {1, 2, 3};
  after.learners = {4};
  ASSERT_TRUE(ApplyConfiguration(&list, after, plan->context).ok());
  for (auto& server : servers) server->hub->SetMembers(list, 1);
  Candidate four(&world, 4, 4);
  four.Start();
  ASSERT_TRUE(world.RunUntil([&] { return four.founded(); }, 3 * kSecond));

  At(3).Wipe();
  At(3).Start();
  ASSERT_TRUE(world.RunUntil([&] { return !four.hub->Applicants(5 * kSecond).empty(); }));
  EXPECT_EQ(four.hub->Applicants(5 * kSecond)[0].line.number, 3u);
}

TEST_F(FoundingTest, DifferentListsFoundNothing) {
  At(3).lines[0].election_port = 3999;
  for (auto& server : servers) server->Start();
  world.RunFor(10 * kSecond);
  for (auto& server : servers) EXPECT_FALSE(server->founded());
  EXPECT_THAT(At(1).founder->waiting_for(), HasSubstr("server lines differ"));
}

TEST_F(FoundingTest, HostsMayBeWrittenDifferently) {
  At(1).lines[0].host = "0.0.0.0";
  At(2).lines[1].host = "0.0.0.0";
  At(3).lines[2].host = "0.0.0.0";
  FoundThree();
  ExpectOneEnsemble();
  for (const auto& founder : At(1).identity->founding.founders) {
    EXPECT_EQ(founder.line.host, "127.0.0.1");
  }
}

TEST_F(FoundingTest, TakesClientAddressesFromTheirOwners) {
  for (uint32_t n : {1, 2, 3}) {
    for (ServerLine& line : At(n).lines) line.client_address = "9";  // a guess about others
    At(n).lines[n - 1].client_address = absl::StrCat(2180 + n);
  }
  FoundThree();
  ExpectOneEnsemble();
  for (const auto& founder : At(1).identity->founding.founders) {
    EXPECT_EQ(founder.line.client_address, absl::StrCat(2180 + founder.line.number));
  }
}

TEST_F(FoundingTest, ACopiedDataDirectoryIsNamed) {
  for (auto& server : servers) server->Start();
  for (auto& server : servers) server->Kill();
  At(2).files.files = At(1).files.files;
  for (auto& server : servers) server->Start();
  world.RunFor(10 * kSecond);
  EXPECT_FALSE(At(1).founded());
  EXPECT_FALSE(At(3).founded());
  EXPECT_THAT(At(1).founder->waiting_for(), HasSubstr("is a copy of server.1's"));
  EXPECT_THAT(At(3).founder->waiting_for(), HasSubstr("is a copy of server.1's"));
}

TEST_F(FoundingTest, TheSameNumberTwiceIsNamed) {
  At(2).line_number = 2;
  At(1).Start();
  At(2).Start();
  // Server 3's address is answered by a process whose myid is 2.
  Candidate impostor(&world, 2, 3);
  impostor.line_number = 2;
  absl::StatusOr<Identity> identity = LoadOrCreateIdentity(&impostor.files, 77);
  ASSERT_TRUE(identity.ok());
  PeerHubOptions options;
  options.listen = {"127.0.0.1", Line(3).quorum_port};
  impostor.hub =
      std::make_unique<PeerHub>(&impostor.process, &impostor.process, &world, 9, options);
  ASSERT_TRUE(impostor.hub->Start(HelloOf(*identity, 5, 1, impostor.lines, 2)).ok());
  world.RunFor(10 * kSecond);
  EXPECT_FALSE(At(1).founded());
  EXPECT_THAT(At(1).founder->waiting_for(), HasSubstr("found server.2 there"));
}

class FullDisk : public MemoryFiles {
 public:
  absl::Status WriteDurably(absl::string_view name, absl::string_view bytes) override {
    if (full) return absl::ResourceExhaustedError("no space left on device");
    return MemoryFiles::WriteDurably(name, bytes);
  }
  bool full = false;
};

TEST(FounderTest, ReportsThatTheIdentityCouldNotBeStored) {
  World world;
  Process process(&world);
  FullDisk files;
  absl::StatusOr<Identity> identity = LoadOrCreateIdentity(&files, 5);
  ASSERT_TRUE(identity.ok());
  PeerHub hub(&process, &process, &world, 1, {{"127.0.0.1", 2001}});
  ASSERT_TRUE(hub.Start(HelloOf(*identity, 5, 1, {Line(1)}, 1)).ok());
  files.full = true;
  Founder founder(&process, &process, &world, 1, &hub, &files);
  std::optional<absl::Status> result;
  founder.Start([&](absl::StatusOr<Identity> done) { result = done.status(); });
  ASSERT_TRUE(world.RunUntil([&] { return result.has_value(); }));
  EXPECT_TRUE(absl::IsResourceExhausted(*result));
  EXPECT_EQ(hub.self().cluster_id, 0u);
  process.Kill();
}

}  // namespace
}  // namespace rookery::consensus
