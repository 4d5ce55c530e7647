#include "broker-sim/timeline/printed_timeline.h"

#include <boost/json.hpp>

namespace rookery::broker_sim {

void PrintedTimeline::Tell(TimelineEvent event) {
  std::string line = lines_.Of(event);
  if (form_ == Form::kJson) {
    boost::json::object object;
    object["time_ms"] = clock_->WallMs();
    if (lines_.since_fault_ms() >= 0) object["since_fault_ms"] = lines_.since_fault_ms();
    object["event"] = event.name;
    if (event.broker >= 0) object["broker"] = event.broker;
    for (const auto& [key, value] : event.numbers) object[key] = value;
    for (const auto& [key, value] : event.words) object[key] = value;
    object["text"] = event.text;
    line = boost::json::serialize(object);
  }
  std::fprintf(out_, "%s\n", line.c_str());
  std::fflush(out_);
}

}  // namespace rookery::broker_sim
