#include "tools/rookery/doctor/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rookery_tool/metadata/sample_cluster.h"
#include "tools/rookery/doctor/report.h"

namespace rookery::tools::doctor {
namespace {

using metadata::Cluster;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DiagnosisTest : public ::testing::Test {
 protected:
  metadata::Topic& orders() { return cluster_.topics["orders"]; }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const Finding& finding : Diagnose(cluster_)) names.push_back(finding.name);
    return names;
  }
  std::vector<std::string> Subjects(const std::string& name) {
    for (const Finding& finding : Diagnose(cluster_)) {
      if (finding.name == name) return finding.subjects;
    }
    return {};
  }

  Cluster cluster_ = metadata::SampleCluster();
};

TEST_F(DiagnosisTest, AHealthyClusterHasNoFinding) {
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(ToText(cluster_, {}, 10), HasSubstr("3 brokers, 1 topics, 3 partitions"));
}

TEST_F(DiagnosisTest, AnEmptyTreeHasNoFinding) {
  cluster_ = {};
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(ToText(cluster_, {}, 10), HasSubstr("no Kafka cluster is here"));
}

TEST_F(DiagnosisTest, ABrokerThatIsGoneShowsInAllThatItHeld) {
  cluster_.brokers.erase(2);
  EXPECT_THAT(Subjects("leaderless"), ElementsAre("orders-1 (in sync 2,3)"));
  EXPECT_THAT(Subjects("unregistered-brokers"), ElementsAre("broker 2"));
}

TEST_F(DiagnosisTest, ReplicasOutOfSyncAreNamed) {
  orders().states[0].isr = {1};
  EXPECT_THAT(Subjects("under-min-isr"), ElementsAre("orders-0 (1 of 2)"));
  EXPECT_THAT(Subjects("under-replicated"), ElementsAre("orders-0 (without 2)"));
  orders().assignment.adding = {{0, {2}}};
  EXPECT_THAT(Subjects("under-replicated"), IsEmpty());
  EXPECT_THAT(Subjects("being-reassigned"), ElementsAre("orders-0"));
}

TEST_F(DiagnosisTest, WhatNoControllerWritesIsBroken) {
  orders().states[0].leader = 3;
  EXPECT_THAT(Subjects("leader-not-in-isr"), ElementsAre(HasSubstr("orders-0 (leader 3")));
  orders().assignment.partitions[1] = {2, 2};
  orders().states[2].controller_epoch = 9;
  orders().states.erase(1);
  EXPECT_THAT(Subjects("inconsistent-replicas"), ElementsAre("orders-1 (replicas 2,2)"));
  EXPECT_THAT(Subjects("future-controller-epoch"), ElementsAre("orders-2 (epoch 9)"));
  EXPECT_THAT(Subjects("not-started"), ElementsAre("orders-1"));
}

TEST_F(DiagnosisTest, AnotherLeaderThanThePreferredIsUntidyOnly) {
  orders().states[0].leader = 2;
  EXPECT_THAT(Names(), ElementsAre("not-preferred-leader"));
  EXPECT_EQ(Diagnose(cluster_).front().severity, Severity::kUntidy);
  orders().states[0].isr = {2};  // the preferred one could not lead
  EXPECT_THAT(Names(), ::testing::Not(Contains("not-preferred-leader")));
}

TEST_F(DiagnosisTest, ReplicasInOneRackAreAtRisk) {
  cluster_.brokers[2] = "a";
  EXPECT_THAT(Subjects("single-rack"), ElementsAre("orders-0 (a)"));
  cluster_.brokers[3] = std::nullopt;  // racks of some only say nothing
  EXPECT_THAT(Subjects("single-rack"), IsEmpty());
}

TEST_F(DiagnosisTest, AControllerThatIsNotRegisteredDoesNoWork) {
  cluster_.controller = 9;
  EXPECT_THAT(Subjects("no-controller"), ElementsAre("broker 9 is not registered"));
  cluster_.controller.reset();
  EXPECT_THAT(Subjects("no-controller"), ElementsAre("/controller is not there"));
}

TEST_F(DiagnosisTest, LeftoversAreNamed) {
  cluster_.configured_topics = {"gone", "orders"};
  cluster_.deleted_topics = {"gone", "orders"};
  orders().marked_for_deletion = true;
  EXPECT_THAT(Subjects("orphaned-configs"), ElementsAre("gone"));
  EXPECT_THAT(Subjects("waiting-deletions"), ElementsAre("gone (no such topic)"));
  cluster_.brokers.erase(3);
  EXPECT_THAT(Subjects("waiting-deletions"),
              ElementsAre("gone (no such topic)", "orders (broker 3 is down)"));
}

TEST_F(DiagnosisTest, AnUnevenSpreadIsNamed) {
  for (int32_t partition = 3; partition < 12; ++partition) {
    orders().assignment.partitions[partition] = {1, 2};
    orders().states[partition] = {.leader = 1, .controller_epoch = 4, .isr = {1, 2}};
  }
  EXPECT_THAT(Subjects("uneven-replicas"),
              ElementsAre("broker 1 (11 of 24)", "broker 2 (11 of 24)"));
}

TEST_F(DiagnosisTest, TheWorstComesFirstAndLongListsAreCut) {
  cluster_.configured_topics.push_back("gone");
  cluster_.brokers.clear();
  const std::vector<Finding> findings = Diagnose(cluster_);
  EXPECT_EQ(findings.front().severity, Severity::kBroken);
  EXPECT_EQ(findings.back().name, "orphaned-configs");
  EXPECT_THAT(ToText(cluster_, findings, 1), HasSubstr("and 2 more (--all)"));
}

}  // namespace
}  // namespace rookery::tools::doctor
