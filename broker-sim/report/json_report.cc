#include <boost/json.hpp>

#include "broker-sim/report/recording.h"

namespace rookery::broker_sim {
namespace {

const char* NameOf(BrokerState state) {
  switch (state) {
    case BrokerState::kDown:
      return "down";
    case BrokerState::kStarting:
      return "starting";
    case BrokerState::kUp:
      return "up";
    case BrokerState::kPaused:
      return "paused";
  }
  return "";
}

boost::json::array Checks(const Recording& recording) {
  boost::json::array checks;
  for (const Check& check : recording.checks) {
    checks.push_back({{"name", check.name}, {"held", check.held}, {"detail", check.detail}});
  }
  return checks;
}

boost::json::array Events(const Recording& recording) {
  boost::json::array events;
  for (const RecordedEvent& recorded : recording.events) {
    boost::json::object event;
    event["at_ms"] = recorded.at_us / 1000;
    event["event"] = recorded.event.name;
    if (recorded.event.broker >= 0) event["broker"] = recorded.event.broker;
    for (const auto& [key, value] : recorded.event.numbers) event[key] = value;
    for (const auto& [key, value] : recorded.event.words) event[key] = value;
    event["text"] = recorded.event.text;
    events.push_back(std::move(event));
  }
  return events;
}

boost::json::array Samples(const Recording& recording) {
  boost::json::array samples;
  for (const Sample& sample : recording.samples) {
    boost::json::object brokers;
    for (const auto& [id, state] : sample.brokers) brokers[std::to_string(id)] = NameOf(state);
    samples.push_back({{"at_ms", sample.at_us / 1000},
                       {"controller", sample.controller},
                       {"leaderless", sample.leaderless},
                       {"under_replicated", sample.under_replicated},
                       {"acknowledged", sample.acknowledged},
                       {"throttled_ms", sample.throttled_ms},
                       {"brokers", std::move(brokers)}});
  }
  return samples;
}

}  // namespace

std::string ToJson(const Recording& recording) {
  boost::json::object report;
  report["scenario"] = recording.scenario;
  report["file"] = recording.file;
  report["verdict"] = recording.passed() ? "PASS" : "FAIL";
  report["reason"] = recording.reason();
  report["protocol"] = recording.protocol;
  report["servers"] = recording.servers;
  report["began_ms"] = recording.began_wall_ms;
  report["ready_ms"] = recording.ready_us / 1000;
  report["healed_ms"] = recording.healed_us / 1000;
  report["duration_ms"] = recording.duration_us / 1000;
  report["checks"] = Checks(recording);
  boost::json::array steps;
  for (const StepDone& step : recording.steps) {
    steps.push_back({{"at_ms", step.at_us / 1000}, {"do", step.command}});
  }
  report["steps"] = std::move(steps);
  report["events"] = Events(recording);
  report["samples"] = Samples(recording);
  return boost::json::serialize(report) + "\n";
}

}  // namespace rookery::broker_sim
