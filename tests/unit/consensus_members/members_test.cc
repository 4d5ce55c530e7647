#include "coordinator/consensus/members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::consensus {
namespace {

using ::testing::HasSubstr;

MemberRow Row(EngineId id, uint32_t number, MemberRole role = MemberRole::kVoter) {
  MemberRow row;
  row.engine_id = id;
  row.server_number = number;
  row.role = role;
  row.host = "h";
  row.quorum_port = 2888;
  row.election_port = 3888;
  row.client_address = "h:2181";
  row.disk_id = 0xd000 + id;
  return row;
}

MemberList Three() { return MemberList{{Row(1, 1), Row(2, 2), Row(3, 3)}, 4}; }

Configuration Voters(std::vector<EngineId> voters) {
  Configuration configuration;
  configuration.voters = std::move(voters);
  return configuration;
}

TEST(MembersTest, ReadsWhatItWrote) {
  EXPECT_EQ(*DecodeMemberList(EncodeMemberList(Three())), Three());
  EXPECT_EQ(*DecodeMemberContext(EncodeMemberContext(Three().rows)), Three().rows);
  Configuration joint = Voters({1, 2});
  joint.outgoing = {1, 3};
  joint.learners = {5};
  joint.learners_next = {3};
  joint.auto_leave = true;
  EXPECT_EQ(*DecodeConfiguration(EncodeConfiguration(joint)), joint);
}

TEST(MembersTest, EveryCutIsNoticed) {
  const std::string list = EncodeMemberList(Three());
  for (size_t size = 0; size < list.size(); ++size) {
    EXPECT_FALSE(DecodeMemberList(list.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeMemberList(list + "x").ok());
  const std::string context = EncodeMemberContext(Three().rows);
  for (size_t size = 1; size < context.size(); ++size) {
    EXPECT_FALSE(DecodeMemberContext(context.substr(0, size)).ok()) << size;
  }
}

TEST(MembersTest, RefusesListsOutOfOrder) {
  MemberList list = Three();
  std::swap(list.rows[0], list.rows[1]);
  EXPECT_FALSE(DecodeMemberList(EncodeMemberList(list)).ok());
  list = Three();
  list.next_engine_id = 3;
  EXPECT_FALSE(DecodeMemberList(EncodeMemberList(list)).ok());
}

TEST(MembersTest, RejoinKeepsTheOldRowUntilTheJointConfigurationIsLeft) {
  MemberList list = Three();
  absl::StatusOr<MemberPlan> plan = PlanRejoin(list, 3, 0xabc, 1);
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan->changes.size(), 2u);
  EXPECT_EQ(plan->engine_id, 4u);

  Configuration joint = Voters({1, 2});
  joint.outgoing = {1, 2, 3};
  joint.learners = {4};
  joint.auto_leave = true;
  ASSERT_TRUE(ApplyConfiguration(&list, joint, plan->context).ok());
  EXPECT_NE(list.Find(3), nullptr);
  EXPECT_EQ(list.FindServer(3)->engine_id, 4u);
  EXPECT_EQ(list.next_engine_id, 5u);

  Configuration after = Voters({1, 2});
  after.learners = {4};
  ASSERT_TRUE(ApplyConfiguration(&list, after, "").ok());
  EXPECT_EQ(list.Find(3), nullptr);
  EXPECT_EQ(list.Find(4)->role, MemberRole::kLearner);
  EXPECT_EQ(list.Find(4)->disk_id, 0xabcu);
  EXPECT_EQ(list.Find(4)->quorum_port, 2888);

  after.voters.push_back(4);
  after.learners.clear();
  ASSERT_TRUE(PlanPromote(list, 4).ok());
  ASSERT_TRUE(ApplyConfiguration(&list, after, PlanPromote(list, 4)->context).ok());
  EXPECT_EQ(list.Find(4)->role, MemberRole::kVoter);
}

TEST(MembersTest, AChangeThatWasRefusedAtApplyChangesNothing) {
  MemberList list = Three();
  ServerLine line;
  line.number = 4;
  absl::StatusOr<MemberPlan> plan = PlanAdd(list, line, 7, 1);
  ASSERT_TRUE(plan.ok());
  ASSERT_TRUE(ApplyConfiguration(&list, Voters({1, 2, 3}), plan->context).ok());
  EXPECT_EQ(list, Three());
}

TEST(MembersTest, AContextThatIsNotOursChangesNothing) {
  MemberList list = Three();
  EXPECT_TRUE(absl::IsDataLoss(ApplyConfiguration(&list, Voters({1}), "garbage")));
  EXPECT_EQ(list, Three());
}

TEST(MembersTest, AnObserverStaysOne) {
  MemberList list = Three();
  ServerLine line;
  line.number = 4;
  line.observer = true;
  Configuration after = Voters({1, 2, 3});
  after.learners = {4};
  ASSERT_TRUE(ApplyConfiguration(&list, after, PlanAdd(list, line, 7, 1)->context).ok());
  EXPECT_EQ(list.Find(4)->role, MemberRole::kObserver);
  ASSERT_TRUE(ApplyConfiguration(&list, after, "").ok());
  EXPECT_EQ(list.Find(4)->role, MemberRole::kObserver);
  EXPECT_FALSE(PlanPromote(list, 4).ok());
}

TEST(MembersTest, UpdatesKeepRoleNumberAndDisk) {
  MemberList list = Three();
  MemberRow row = Row(2, 9, MemberRole::kObserver);
  row.disk_id = 1;
  row.level = 3;
  row.client_address = "new:1";
  ASSERT_TRUE(UpdateMembers(&list, EncodeMemberContext({row, Row(8, 8)})).ok());
  EXPECT_EQ(list.rows.size(), 3u);
  EXPECT_EQ(list.Find(2)->level, 3u);
  EXPECT_EQ(list.Find(2)->client_address, "new:1");
  EXPECT_EQ(list.Find(2)->server_number, 2u);
  EXPECT_EQ(list.Find(2)->role, MemberRole::kVoter);
  EXPECT_EQ(list.Find(2)->disk_id, Three().Find(2)->disk_id);
}

TEST(MembersTest, NamesWhereAFileDiffers) {
  std::vector<ServerLine> lines;
  for (uint32_t n : {1, 2, 3}) {
    ServerLine line;
    line.number = n;
    line.host = "h";
    line.quorum_port = 2888;
    line.election_port = 3888;
    lines.push_back(line);
  }
  EXPECT_TRUE(CompareWithLines(Three(), lines).empty());
  lines[0].host = "other";
  lines[1].number = 4;
  lines[2].observer = true;
  EXPECT_THAT(CompareWithLines(Three(), lines),
              ::testing::ElementsAre("server.1 is other:2888:3888 in the file and h:2888:3888 in "
                                     "the member list",
                                     "server.4 is no member",
                                     "server.3 is an observer in the file, otherwise in the member "
                                     "list",
                                     "server.2 is a member and not in the file"));
}

TEST(MemberPlansTest, SayWhatIsInTheWay) {
  MemberList list = Three();
  EXPECT_THAT(std::string(PlanRejoin(list, 9, 1, 1).status().message()), HasSubstr("server.9"));
  EXPECT_THAT(std::string(PlanRejoin(list, 3, list.Find(3)->disk_id, 1).status().message()),
              HasSubstr("nothing to rejoin"));
  ServerLine line;
  line.number = 3;
  EXPECT_THAT(std::string(PlanAdd(list, line, 1, 1).status().message()), HasSubstr("rejoin"));
  MemberList lone{{Row(1, 1)}, 2};
  EXPECT_THAT(std::string(PlanRejoin(lone, 1, 1, 1).status().message()), HasSubstr("restore"));
  EXPECT_FALSE(PlanRemove(lone, 1).ok());
  EXPECT_TRUE(PlanRemove(list, 1).ok());
}

}  // namespace
}  // namespace rookery::consensus
