// R4 and R5 on a bare handle of the engine, and R7 where only the crate can be asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "coordinator/consensus/raft/engine.h"

namespace rookery::consensus {
namespace {

class Handle {
 public:
  explicit Handle(const Configuration& configuration) {
    rc_config config{};
    config.id = 1;
    config.election_tick = 10;
    config.heartbeat_tick = 2;
    config.max_inflight_msgs = 16;
    config.pre_vote = config.check_quorum = 1;
    rc_boot boot{};
    boot.hard_state = {1, 0, 1};
    boot.snapshot.index = boot.snapshot.term = boot.applied = 1;
    boot.snapshot.conf = boot.conf = ToEngine(configuration);
    char error[200] = "";
    EXPECT_EQ(rc_create(&config, &boot, &node, error, sizeof error), RC_OK) << error;
  }
  ~Handle() { rc_destroy(node); }
  // Takes what there is, without storing it.
  uint64_t Take() {
    uint64_t number = 0;
    while (rc_has_ready(node) == 1) {
      rc_ready_t ready{};
      EXPECT_EQ(rc_ready(node, &ready), RC_OK) << BytesOf(rc_last_error(node));
      number = ready.number;
    }
    return number;
  }
  rc_status_t Status() {
    rc_status_t status{};
    EXPECT_EQ(rc_status(node, &status), RC_OK);
    return status;
  }
  int Tick(int times) {
    int code = RC_OK;
    for (int i = 0; i < times && code == RC_OK; ++i) code = rc_tick(node);
    return code;
  }
  int ProposeChange(std::vector<rc_conf_single> changes, uint32_t transition = RC_AUTO) {
    return rc_propose_conf(node, changes.data(), changes.size(), transition, ViewOf(""), 1);
  }

  rc_node* node = nullptr;
};

TEST(RulesTest, R5LoneVoterDoesNotCampaignWhileWritesAreInFlight) {
  Handle lone({.voters = {1}});
  ASSERT_EQ(rc_campaign(lone.node), RC_OK);
  const uint64_t number = lone.Take();
  ASSERT_EQ(rc_step_down(lone.node), RC_OK);
  EXPECT_EQ(lone.Tick(100), RC_OK) << BytesOf(rc_last_error(lone.node));
  EXPECT_EQ(rc_campaign(lone.node), RC_REFUSED);
  EXPECT_EQ(lone.Status().role, static_cast<uint32_t>(RC_FOLLOWER));
  ASSERT_EQ(rc_persisted(lone.node, std::max(number, lone.Take())), RC_OK);
  EXPECT_EQ(lone.Tick(100), RC_OK) << BytesOf(rc_last_error(lone.node));
  EXPECT_EQ(lone.Status().role, static_cast<uint32_t>(RC_LEADER));
}

TEST(RulesTest, R7RefusesWhatCouldNotBeApplied) {
  Handle lone({.voters = {1}, .learners = {2}});
  ASSERT_EQ(rc_campaign(lone.node), RC_OK);
  ASSERT_EQ(rc_persisted(lone.node, lone.Take()), RC_OK);
  const uint64_t last = lone.Status().last_index;
  ASSERT_EQ(rc_applied(lone.node, lone.Status().commit), RC_OK);
  const rc_conf_single remove_self{RC_REMOVE, 0, 1}, add{RC_ADD_VOTER, 0, 2};
  EXPECT_EQ(lone.ProposeChange({remove_self}), RC_INVALID) << "no voter would remain";
  EXPECT_EQ(lone.ProposeChange({}), RC_REFUSED) << "nothing to leave";
  EXPECT_EQ(lone.ProposeChange({add, add}, RC_JOINT_AUTO_LEAVE), RC_INVALID) << "one id twice";
  EXPECT_EQ(lone.ProposeChange({{RC_ADD_LEARNER, 0, 0}}), RC_INVALID) << "nobody";
  EXPECT_EQ(lone.Status().last_index, last) << "something went into the log";
  EXPECT_EQ(lone.ProposeChange({add}), RC_OK);
  EXPECT_EQ(lone.ProposeChange({{RC_ADD_LEARNER, 0, 3}}), RC_PENDING_CONF);
  EXPECT_EQ(lone.Status().last_index, last + 1);
}

TEST(RulesTest, R7FollowerProposesNoChange) {
  Handle follower({.voters = {1, 2}});
  EXPECT_EQ(follower.ProposeChange({{RC_ADD_LEARNER, 0, 3}}), RC_NOT_LEADER);
}

TEST(EngineTest, RefusesMessagesThatNameAnotherSenderThanTheConnection) {
  Handle one({.voters = {1, 2, 3}});
  std::string message;
  {
    rc_config config{};
    config.id = 2;
    config.election_tick = 10;
    config.heartbeat_tick = 2;
    config.max_inflight_msgs = 16;
    config.pre_vote = config.check_quorum = 1;
    rc_boot boot{};
    boot.hard_state = {1, 0, 1};
    boot.snapshot.index = boot.snapshot.term = boot.applied = 1;
    boot.snapshot.conf = boot.conf = ToEngine({.voters = {1, 2, 3}});
    rc_node* two = nullptr;
    char error[200] = "";
    ASSERT_EQ(rc_create(&config, &boot, &two, error, sizeof error), RC_OK);
    ASSERT_EQ(rc_campaign(two), RC_OK);
    rc_ready_t ready{};
    ASSERT_EQ(rc_ready(two, &ready), RC_OK);
    for (size_t i = 0; i < ready.n_persisted_messages; ++i) {
      const rc_message& each = ready.persisted_messages[i];
      if (each.to == 1) message = BytesOf(each.bytes);
    }
    rc_destroy(two);
  }
  ASSERT_EQ(MessageKind(message), static_cast<uint32_t>(RC_MSG_PRE_VOTE));
  EXPECT_EQ(rc_step_from(one.node, ViewOf(message), 3), RC_REFUSED);
  EXPECT_EQ(rc_step_from(one.node, ViewOf(message), 2), RC_OK);
  EXPECT_EQ(rc_step_from(one.node, ViewOf("garbage"), 2), RC_BAD_BYTES);
}

TEST(EngineTest, PanicComesBackAsACodeWithItsTextAndKillsTheHandle) {
  Handle one({.voters = {1}});
  EXPECT_EQ(rc_applied(one.node, 99), RC_PANIC);
  EXPECT_NE(BytesOf(rc_last_error(one.node)).find("applied"), std::string::npos);
  EXPECT_EQ(rc_tick(one.node), RC_PANIC);
}

}  // namespace
}  // namespace rookery::consensus
