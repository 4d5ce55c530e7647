#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "broker-sim/scenario/runner.h"

namespace rookery::broker_sim {
namespace {

std::string Seconds(int64_t us) {
  return absl::StrFormat("%.1f s", 1e-6 * static_cast<double>(us));
}

Check CheckOne(const Expectation& expected, const StepDone& step,
               const std::vector<RecordedEvent>& events) {
  const std::string count = expected.count == 1 ? "" : absl::StrCat(expected.count, " times ");
  Check check;
  check.name = absl::StrCat(expected.event, " ", count, "within ", Seconds(expected.within_us),
                            " of '", step.command, "'");
  int seen = 0;
  for (const RecordedEvent& recorded : events) {
    if (recorded.event.name != expected.event || recorded.at_us < step.at_us) continue;
    ++seen;
    if (seen < expected.count) continue;
    const int64_t took_us = recorded.at_us - step.at_us;
    check.held = took_us <= expected.within_us;
    check.detail = absl::StrCat(check.held ? "after " : "came only after ", Seconds(took_us), ": ",
                                recorded.event.text);
    return check;
  }
  check.detail = seen == 0 ? "it never came" : absl::StrCat("it came only ", seen, " times");
  return check;
}

}  // namespace

std::vector<Check> CheckExpectations(const Scenario& scenario, const std::vector<StepDone>& steps,
                                     const std::vector<RecordedEvent>& events, int64_t ready_us,
                                     int64_t healed_us) {
  std::vector<Check> checks;
  for (size_t i = 0; i < steps.size() && i < scenario.steps.size(); ++i) {
    for (const Expectation& expected : scenario.steps[i].expectations) {
      checks.push_back(CheckOne(expected, steps[i], events));
    }
  }
  for (const std::string& name : scenario.never) {
    Check check = {.name = absl::StrCat("never ", name), .held = true, .detail = "it did not come"};
    for (const RecordedEvent& recorded : events) {
      if (recorded.event.name != name || recorded.at_us < ready_us || recorded.at_us >= healed_us) {
        continue;
      }
      check.held = false;
      check.detail =
          absl::StrCat("it came after ", Seconds(recorded.at_us), ": ", recorded.event.text);
      break;
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace rookery::broker_sim
