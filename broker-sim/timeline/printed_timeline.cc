#include "broker-sim/timeline/printed_timeline.h"

#include <boost/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"

namespace rookery::broker_sim {

PrintedTimeline::PrintedTimeline(Form form, const Clock* clock, std::FILE* out)
    : form_(form), clock_(clock), out_(out), begun_us_(clock->NowUs()) {}

void PrintedTimeline::Tell(TimelineEvent event) {
  const int64_t now_us = clock_->NowUs();
  if (absl::StartsWith(event.name, kFaultPrefix)) fault_us_ = now_us;
  std::string line;
  if (form_ == Form::kJson) {
    boost::json::object object;
    object["time_ms"] = clock_->WallMs();
    if (fault_us_ != 0) object["since_fault_ms"] = (now_us - fault_us_) / 1000;
    object["event"] = event.name;
    if (event.broker >= 0) object["broker"] = event.broker;
    for (const auto& [key, value] : event.numbers) object[key] = value;
    for (const auto& [key, value] : event.words) object[key] = value;
    object["text"] = event.text;
    line = boost::json::serialize(object);
  } else {
    line = absl::StrFormat("%8.3fs ", static_cast<double>(now_us - begun_us_) / 1e6);
    line += fault_us_ == 0 ? std::string(12, ' ')
                           : absl::StrFormat("%+9d ms ", (now_us - fault_us_) / 1000);
    line += event.text;
  }
  std::fprintf(out_, "%s\n", line.c_str());
  std::fflush(out_);
}

}  // namespace rookery::broker_sim
