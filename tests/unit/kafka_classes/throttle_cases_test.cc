// Throttle times of Kafka's ClientQuotaManager and ControllerMutationQuotaManager. The format
// stands in tests/interop/kafka_classes/ThrottleCases.java.
#include <gtest/gtest.h>

#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "broker-sim/quota/rate.h"
#include "tests/unit/kafka_classes/table.h"

namespace rookery::broker_sim {
namespace {

double Number(const std::string& word) {
  double number = 0;
  EXPECT_TRUE(absl::SimpleAtod(word, &number)) << word;
  return number;
}

// A client of one broker, measured by either.
struct Client {
  bool tokens = false;
  double limit = 0;
  Rate rate;
  TokenBucket bucket;

  // What it is throttled for, and "r" if it was refused, "t" if it was taken as an older request.
  std::string Use(double value, bool older, int64_t now_ms) {
    if (!tokens) {
      rate.Record(value, now_ms);
      return absl::StrCat(rate.ThrottleMs(limit, now_ms));
    }
    if (older) {
      bucket.TakeAnyway(value, limit, now_ms);
      return absl::StrCat(bucket.DelayMs(limit, now_ms), " t");
    }
    if (bucket.Take(value, limit, now_ms)) return "0";
    return absl::StrCat(bucket.DelayMs(limit, now_ms), " r");
  }
};

TEST(ThrottleCasesTest, EachThrottleTimeIsKafkas) {
  const std::string name = "throttles.txt";
  Comparison comparison(name);
  std::optional<Client> client;
  int64_t now_ms = 0;
  for (const TableLine& line : ReadTable(name)) {
    const std::vector<std::string>& words = line.words;
    if (words[0] == "bytes" || words[0] == "tokens") {
      client.emplace();
      client->tokens = words[0] == "tokens";
      client->limit = Number(words[1]);
    } else if (words[0] == "=") {
      client->limit = Number(words[1]);
    } else {
      now_ms += static_cast<int64_t>(Number(words[0]));
      const bool older = words.back() == "t";
      const std::string theirs =
          words.size() == 4 ? absl::StrCat(words[2], " ", words[3]) : words[2];
      comparison.Case(line, theirs, client->Use(Number(words[1]), older, now_ms));
    }
  }
  comparison.ExpectCases(10'000);
}

}  // namespace
}  // namespace rookery::broker_sim
