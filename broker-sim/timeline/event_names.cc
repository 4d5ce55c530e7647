#include "broker-sim/timeline/event_names.h"

#include <algorithm>
#include <string>

#include "coordinator/base/nearest.h"

namespace rookery::broker_sim {

const std::vector<EventName>& EventNames() {
  static const auto& names = *new std::vector<EventName>{
      {"acl_applied", "a broker took over a change of ACLs"},
      {"broker_dead", "the controller saw a broker go"},
      {"broker_joined", "the controller saw a broker come, or come again"},
      {"config_applied", "a broker took over a configuration"},
      {"controller_elected", "a broker won the election"},
      {"controller_fenced", "a controller's write was refused: its epoch is over"},
      {"controller_ready", "a controller has read the cluster and mended it"},
      {"controller_resigned", "a broker is no longer the controller"},
      {"disconnected", "a broker lost its server"},
      {"isr_expanded", "replicas came back into sync"},
      {"isr_shrunk", "a leader dropped replicas that fell behind"},
      {"leaders_moved", "partitions got another leader"},
      {"producer_refused", "a broker refused a producer: it may not write"},
      {"quota_applied", "a broker took over a quota"},
      {"reassigned", "a partition's reassignment is done"},
      {"reconnected", "a broker is connected again"},
      {"registered", "a broker has registered"},
      {"replication_throttled", "a broker held back a replica that is not in sync"},
      {"server_leads", "a server of the ensemble became its leader"},
      {"session_expired", "a broker's session is over"},
      {"stopped", "a broker has handed over its leaders and closed its session"},
      {"throttled", "a broker throttled a client for the first time since its quota changed"},
      {"topic_created", "a topic's creation was written"},
      {"topic_deleted", "a topic is gone"},
      {"topic_online", "the partitions of a new topic have leaders"},
  };
  return names;
}

bool IsEventName(absl::string_view name) {
  return std::any_of(EventNames().begin(), EventNames().end(),
                     [name](const EventName& known) { return known.name == name; });
}

std::string Nearest(absl::string_view word, const std::vector<std::string>& known) {
  return NearestWord(word, known, word.size() / 2);
}

}  // namespace rookery::broker_sim
