// Where Kafka's AdminZkClient places new partitions, and why it refuses to. The format stands in
// tests/interop/kafka_classes/PlacementCases.java.
#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coordinator/kafka/plan.h"
#include "tests/unit/kafka_classes/table.h"

namespace rookery::kafka {
namespace {

int32_t Number(absl::string_view word) {
  int32_t number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(word, &number)) << word;
  return number;
}

std::map<int32_t, Replicas> ReplicasOf(const std::string& text, int32_t first) {
  std::map<int32_t, Replicas> partitions;
  if (text == "-") return partitions;
  for (const absl::string_view partition : absl::StrSplit(text, ',')) {
    Replicas& replicas = partitions[first++];
    for (const absl::string_view broker : absl::StrSplit(partition, ':')) {
      replicas.push_back(Number(broker));
    }
  }
  return partitions;
}

std::vector<PlacementBroker> BrokersOf(const std::string& text) {
  std::vector<PlacementBroker> brokers;
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    const std::vector<std::string> parts = absl::StrSplit(word, '@');
    PlacementBroker broker{.id = Number(parts[0])};
    if (parts.size() == 2) broker.rack = parts[1];
    brokers.push_back(std::move(broker));
  }
  return brokers;
}

std::string TextOf(const absl::StatusOr<std::map<int32_t, Replicas>>& placed) {
  if (!placed.ok()) return std::string(placed.status().message());
  return absl::StrJoin(*placed, ",", [](std::string* out, const auto& partition) {
    absl::StrAppend(out, absl::StrJoin(partition.second, ":"));
  });
}

TEST(PlacementCasesTest, NewPartitionsStandWhereKafkaPutsThem) {
  const std::string name = "placements.txt";
  Comparison comparison(name);
  for (const TableLine& line : ReadTable(name, '\t')) {
    const std::vector<std::string>& words = line.words;
    const auto standing = ReplicasOf(words[1], 0);
    const auto given = ReplicasOf(words[3], static_cast<int32_t>(standing.size()));
    comparison.Case(
        line, words[4],
        TextOf(PlaceNewPartitions("t", standing, BrokersOf(words[0]), Number(words[2]), given)));
  }
  comparison.ExpectCases(600);
}

}  // namespace
}  // namespace rookery::kafka
