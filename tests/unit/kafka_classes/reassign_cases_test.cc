// What Kafka's ReassignPartitionsCommand throttles. The format stands in
// tests/interop/kafka_classes/ReassignCases.java.
#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/unit/kafka_classes/table.h"
#include "tools/rookery/reassign/throttle.h"

namespace rookery::tools::reassign {
namespace {

kafka::Replicas BrokersOf(const std::string& text) {
  kafka::Replicas brokers;
  if (text == "-") return brokers;
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    brokers.emplace_back();
    EXPECT_TRUE(absl::SimpleAtoi(word, &brokers.back())) << text;
  }
  return brokers;
}

// TOPIC NUMBER REPLICAS ADDING REMOVING PROPOSED
void Add(const std::string& text, metadata::Cluster* cluster, Moves* plan) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  int32_t number = 0;
  ASSERT_TRUE(absl::SimpleAtoi(words[1], &number)) << text;
  kafka::TopicAssignment& topic = cluster->topics[words[0]].assignment;
  topic.partitions[number] = BrokersOf(words[2]);
  if (words[3] != "-") topic.adding[number] = BrokersOf(words[3]);
  if (words[4] != "-") topic.removing[number] = BrokersOf(words[4]);
  if (words[5] != "-") (*plan)[{words[0], number}] = BrokersOf(words[5]);
}

std::string TextOf(const std::map<std::string, std::string>& replicas) {
  return absl::StrJoin(replicas, ";", absl::PairFormatter("="));
}

TEST(ReassignCasesTest, TheSameReplicasAndBrokersAreThrottled) {
  const std::string name = "reassignments.txt";
  Comparison comparison(name);
  for (const TableLine& line : ReadTable(name, '\t')) {
    const std::vector<std::string>& words = line.words;
    metadata::Cluster cluster;
    Moves plan;
    for (size_t i = 0; i + 3 < words.size(); ++i) Add(words[i], &cluster, &plan);
    const Throttles ours = ThrottlesOf(cluster, plan);
    comparison.Case(line, absl::StrJoin(words.end() - 3, words.end(), " "),
                    absl::StrCat(TextOf(ours.leaders), " ", TextOf(ours.followers), " ",
                                 absl::StrJoin(ours.brokers, ",")));
  }
  comparison.ExpectCases(300);
}

}  // namespace
}  // namespace rookery::tools::reassign
