// From a file to a Scenario. Keys are read where they stand in docs/broker-sim.md.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "broker-sim/scenario/scenario.h"
#include "broker-sim/scenario/yaml_map.h"
#include "broker-sim/timeline/event_names.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kHealWithinUs = 30 * kSecondUs;

std::string UnknownEvent(absl::string_view name) {
  std::vector<std::string> names;
  for (const EventName& known : EventNames()) names.emplace_back(known.name);
  const std::string near = Nearest(name, names);
  return absl::StrCat("expected the name of an event, found '", name, "'",
                      near.empty() ? absl::StrCat("; events are ", absl::StrJoin(names, ", "))
                                   : absl::StrCat(": did you mean ", near, "?"));
}

void ReadTopics(YamlMap* file, Scenario* scenario) {
  for (YamlMap& map : file->Maps("topics")) {
    kafka::CreateTopic topic;
    topic.name = map.RequiredText("name");
    if (!topic.name.empty() && !kafka::IsLegalTopicName(topic.name)) {
      map.Wrong("name", absl::StrCat("expected 1 to 249 characters of [a-zA-Z0-9._-], found '",
                                     topic.name, "'"));
    }
    topic.partitions = static_cast<int32_t>(map.Whole("partitions", 1, 1, 100'000));
    topic.replication_factor = static_cast<int32_t>(map.Whole("replicas", 1, 1, 1000));
    if (topic.replication_factor > scenario->cluster.brokers) {
      map.Wrong("replicas",
                absl::StrCat("expected at most as many as there are brokers (",
                             scenario->cluster.brokers, "), found ", topic.replication_factor));
    }
    for (const YamlMap::Entry& entry : map.Entries("config")) topic.config[entry.key] = entry.value;
    map.Finish();
    scenario->cluster.topics.push_back(std::move(topic));
  }
}

// A client's topic must be there.
void CheckTopic(YamlMap* map, const Scenario& scenario, const std::string& topic) {
  std::vector<std::string> names;
  for (const kafka::CreateTopic& one : scenario.cluster.topics) names.push_back(one.name);
  if (std::find(names.begin(), names.end(), topic) != names.end()) return;
  map->Wrong("topic", absl::StrCat("expected one of the topics of this file (",
                                   absl::StrJoin(names, ", "), "), found '", topic, "'"));
}

void ReadClients(YamlMap* file, Scenario* scenario) {
  for (YamlMap& map : file->Maps("producers")) {
    ProducerSpec producer;
    producer.name = map.RequiredText("name");
    producer.client_id = map.Text("client_id", producer.name);
    producer.user = map.Text("user", "ANONYMOUS");
    producer.topic = map.RequiredText("topic");
    CheckTopic(&map, *scenario, producer.topic);
    producer.records_per_s = static_cast<int32_t>(map.Whole("records_per_s", 100, 1, 100'000));
    producer.record_bytes = static_cast<int32_t>(map.Whole("record_bytes", 100, 1, 1'000'000));
    const std::string acks = map.Text("acks", "all");
    if (acks != "all" && acks != "1") {
      map.Wrong("acks", absl::StrCat("expected all or 1, found '", acks, "'"));
    }
    producer.acks_all = acks == "all";
    producer.host = map.Text("host", producer.host);
    producer.connects_anew = map.Flag("connects_anew", false);
    map.Finish();
    scenario->cluster.producers.push_back(std::move(producer));
  }
  for (YamlMap& map : file->Maps("consumers")) {
    ConsumerSpec consumer;
    consumer.name = map.RequiredText("name");
    consumer.client_id = map.Text("client_id", consumer.name);
    consumer.user = map.Text("user", "ANONYMOUS");
    consumer.topic = map.RequiredText("topic");
    consumer.host = map.Text("host", consumer.host);
    CheckTopic(&map, *scenario, consumer.topic);
    map.Finish();
    scenario->cluster.consumers.push_back(std::move(consumer));
  }
}

// "6s", or "3 within 6s": so many of them.
Expectation ReadExpectation(YamlMap* map, const YamlMap::Entry& entry) {
  Expectation expected = {.event = entry.key};
  if (!IsEventName(entry.key)) map->Wrong("expect", UnknownEvent(entry.key));
  const std::vector<std::string> words = absl::StrSplit(entry.value, ' ', absl::SkipWhitespace());
  const bool counted = words.size() == 3 && words[1] == "within" &&
                       absl::SimpleAtoi(words[0], &expected.count) && expected.count > 0;
  if ((!counted && words.size() != 1) ||
      !ParseDuration(words.empty() ? "" : words.back(), &expected.within_us).ok()) {
    map->Wrong("expect", absl::StrCat("expected a duration as in 6s, or a number of events as in "
                                      "'3 within 6s', found '",
                                      entry.value, "'"));
  }
  return expected;
}

void ReadTimeline(YamlMap* file, Scenario* scenario) {
  for (YamlMap& map : file->Maps("timeline")) {
    Step step;
    step.at_us = map.RequiredDurationUs("at");
    const std::string text = map.RequiredText("do");
    absl::StatusOr<Command> command = ParseCommand(text);
    if (command.ok()) {
      step.command = *std::move(command);
    } else {
      map.Wrong("do", command.status().message());
    }
    for (const YamlMap::Entry& entry : map.Entries("expect")) {
      step.expectations.push_back(ReadExpectation(&map, entry));
    }
    if (!scenario->steps.empty() && step.at_us < scenario->steps.back().at_us) {
      map.Wrong("at", "expected the steps in the order of their times");
    }
    if (step.at_us > scenario->duration_us) {
      map.Wrong("at", "expected a time within the scenario's duration");
    }
    map.Finish();
    scenario->steps.push_back(std::move(step));
  }
}

void ReadPlants(YamlMap* file, Scenario* scenario) {
  for (const std::string& plant : file->Texts("plant")) {
    if (plant == "controller ignores its fence") {
      scenario->cluster.plants.insert(Plant::kControllerIgnoresFence);
    } else if (plant == "early acknowledgement") {
      scenario->cluster.plants.insert(Plant::kEarlyAcknowledgement);
    } else {
      file->Wrong("plant", absl::StrCat("expected 'controller ignores its fence' or 'early "
                                        "acknowledgement', found '",
                                        plant, "'"));
    }
  }
}

void Read(YamlMap* file, Scenario* scenario) {
  scenario->name = file->RequiredText("name");
  scenario->description = file->Text("description", "");
  scenario->servers = static_cast<int>(file->Whole("servers", 3, 1, 7));
  scenario->duration_us = file->RequiredDurationUs("duration");
  scenario->heal_within_us = file->DurationUs("heal_within", kHealWithinUs);
  ClusterSpec& cluster = scenario->cluster;
  cluster.brokers = static_cast<int32_t>(file->Whole("brokers", 3, 1, 1000));
  cluster.racks = file->Texts("racks");
  cluster.session_timeout_ms =
      static_cast<int32_t>(file->DurationUs("session_timeout", 6 * kSecondUs) / 1000);
  cluster.generated_ids = file->Flag("generated_ids", false);
  cluster.request_time_us = file->DurationUs("request_time", cluster.request_time_us);
  cluster.authorizer = file->Flag("authorizer", false);
  cluster.network_delay_us = file->DurationUs("network_delay", cluster.network_delay_us);
  cluster.replica_lag_max_us = file->DurationUs("replica_lag_max", cluster.replica_lag_max_us);
  ReadTopics(file, scenario);
  ReadClients(file, scenario);
  ReadTimeline(file, scenario);
  scenario->never = file->Texts("never");
  for (const std::string& event : scenario->never) {
    if (!IsEventName(event)) file->Wrong("never", UnknownEvent(event));
  }
  ReadPlants(file, scenario);
  file->Finish();
}

}  // namespace

bool Scenario::needs_own_ensemble() const {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return step.command.own_ensemble; });
}

absl::StatusOr<Scenario> ParseScenario(const std::string& text, const std::string& file) {
  Scenario scenario;
  scenario.file = file;
  YamlMistake mistake(file);
  try {
    YamlMap map(YAML::Load(text), "", &mistake);
    Read(&map, &scenario);
  } catch (const YAML::Exception& error) {
    mistake.At(std::max(0, error.mark.line), "", absl::StrCat("expected YAML: ", error.msg));
  }
  ROOKERY_RETURN_IF_ERROR(mistake.status());
  return scenario;
}

absl::StatusOr<Scenario> LoadScenario(const std::string& file) {
  std::ifstream in(file);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read the scenario ", file));
  return ParseScenario({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()},
                       file);
}

}  // namespace rookery::broker_sim
