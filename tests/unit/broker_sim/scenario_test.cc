#include "broker-sim/scenario/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kGood[] = R"(name: two leave
brokers: 4
racks: [a, b]
session_timeout: 1500ms
topics:
  - {name: orders, partitions: 3, replicas: 2, config: {min.insync.replicas: 2}}
producers:
  - {name: shop, topic: orders, records_per_s: 50}
timeline:
  - at: 1s
    do: kill rack a
    expect: {broker_dead: 2 within 4s}
  - {at: 6s, do: start all}
duration: 8s
never: [controller_fenced]
)";

// What the file's mistake is said to be.
std::string MistakeOf(const std::string& text) {
  const auto scenario = ParseScenario(text, "x.yaml");
  return scenario.ok() ? "none" : std::string(scenario.status().message());
}

std::string With(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(ScenarioTest, ReadsAWholeFile) {
  const auto scenario = ParseScenario(kGood, "x.yaml");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(scenario->name, "two leave");
  EXPECT_EQ(scenario->cluster.brokers, 4);
  EXPECT_EQ(scenario->cluster.session_timeout_ms, 1500);
  EXPECT_EQ(scenario->cluster.topics[0].config.at("min.insync.replicas"), "2");
  EXPECT_EQ(scenario->cluster.producers[0].client_id, "shop");
  EXPECT_TRUE(scenario->cluster.producers[0].acks_all);
  ASSERT_EQ(scenario->steps.size(), 2u);
  EXPECT_EQ(scenario->steps[0].command.target.kind, Target::Kind::kRack);
  EXPECT_EQ(scenario->steps[0].expectations[0].count, 2);
  EXPECT_EQ(scenario->steps[0].expectations[0].within_us, 4'000'000);
  EXPECT_EQ(scenario->steps[1].at_us, 6'000'000);
  EXPECT_FALSE(scenario->needs_own_ensemble());
}

TEST(ScenarioTest, AMistakeHasFileLineKeyAndWhatWasExpected) {
  EXPECT_EQ(MistakeOf(With(kGood, "brokers: 4", "brokers: none")),
            "x.yaml:2: brokers: expected a whole number from 1 to 1000, found 'none'");
  EXPECT_EQ(MistakeOf(With(kGood, "1500ms", "15 minutes")),
            "x.yaml:4: session_timeout: expected a duration as in 250ms, 2s or 1m, found '15 "
            "minutes'");
  EXPECT_EQ(MistakeOf(With(kGood, "replicas: 2,", "replicas: 5,")),
            "x.yaml:6: topics[0].replicas: expected at most as many as there are brokers (4), "
            "found 5");
  EXPECT_EQ(MistakeOf(With(kGood, "topic: orders,", "topic: order,")),
            "x.yaml:8: producers[0].topic: expected one of the topics of this file (orders), found "
            "'order'");
}

TEST(ScenarioTest, NamesTheNearestKeyEventAndCommand) {
  EXPECT_THAT(MistakeOf(With(kGood, "session_timeout", "sesion_timeout")),
              StartsWith("x.yaml:4: sesion_timeout: no such key here: did you mean "
                         "session_timeout?"));
  EXPECT_THAT(MistakeOf(With(kGood, "broker_dead", "broker_died")),
              StartsWith("x.yaml:12: timeline[0].expect: expected the name of an event, found "
                         "'broker_died': did you mean broker_dead?"));
  EXPECT_THAT(MistakeOf(With(kGood, "kill rack a", "klil rack a")),
              HasSubstr("x.yaml:11: timeline[0].do: expected one of"));
  EXPECT_THAT(MistakeOf(With(kGood, "kill rack a", "klil rack a")),
              HasSubstr("did you mean kill?"));
  EXPECT_THAT(MistakeOf(With(kGood, "kill rack a", "kill rack")),
              HasSubstr("timeline[0].do: expected a broker's id, 'controller'"));
}

TEST(ScenarioTest, RefusesWhatIsNoYamlAndWhatIsMissing) {
  EXPECT_THAT(MistakeOf("name: [a"), StartsWith("x.yaml:"));
  EXPECT_THAT(MistakeOf("- a"), StartsWith("x.yaml:1: expected a mapping, found a list"));
  EXPECT_THAT(MistakeOf("name: a\n"), HasSubstr("duration: expected a duration"));
  EXPECT_THAT(MistakeOf(With(kGood, "at: 6s", "at: 1ms")),
              HasSubstr("timeline[1].at: expected the steps in the order of their times"));
  EXPECT_THAT(MistakeOf(With(kGood, "at: 6s", "at: 60s")),
              HasSubstr("timeline[1].at: expected a time within the scenario's duration"));
  EXPECT_EQ(LoadScenario("/no/such.yaml").status().code(), absl::StatusCode::kNotFound);
}

TEST(ScenarioTest, FaultsOfServersNeedAnEnsembleOfItsOwn) {
  const auto scenario = ParseScenario(With(kGood, "kill rack a", "kill-server leader"), "x.yaml");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_TRUE(scenario->needs_own_ensemble());
  EXPECT_THAT(MistakeOf(With(kGood, "kill rack a", "kill-server lead")),
              HasSubstr("expected 'kill-server N|leader'"));
}

}  // namespace
}  // namespace rookery::broker_sim
