// What `rookery topics` does to the tree.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/client/blocking.h"
#include "coordinator/kafka/plan.h"
#include "tools/rookery/topics/description.h"

namespace rookery::tools::topics {

using TopicMarks = std::map<std::string, bool>;  // by name: marked for deletion

absl::StatusOr<TopicMarks> ListTopics(client::BlockingClient& client);

// Topics of `names` that still exist.
absl::StatusOr<std::vector<Description>> Describe(client::BlockingClient& client,
                                                  const TopicMarks& names);

absl::Status Create(client::BlockingClient& client, const kafka::CreateTopic& command,
                    uint64_t seed);
absl::Status AddPartitions(client::BlockingClient& client, const kafka::AddPartitions& command);
absl::Status Delete(client::BlockingClient& client, const std::string& topic);

}  // namespace rookery::tools::topics
