// Limits and sensors of Kafka's ClientQuotaManager. The format stands in
// tests/interop/kafka_classes/QuotaCases.java.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/kafka/quota.h"
#include "tests/unit/kafka_classes/table.h"

namespace rookery::kafka {
namespace {

constexpr absl::string_view kKey = "producer_byte_rate";

std::string Plain(const std::string& word) {
  return word == "~" ? std::string() : Desanitize(word).value();
}

// The sensor of the tags of a case, as we name it.
std::string SensorOf(const std::string& user, const std::string& client_id) {
  std::vector<std::string> words;
  if (user != "~") words.push_back("user:" + Plain(user));
  if (client_id != "~") words.push_back("client:" + Plain(client_id));
  return absl::StrJoin(words, " ");
}

TEST(QuotaCasesTest, EachLimitAndWhoSharesItAreKafkas) {
  const std::string name = "quotas.txt";
  Comparison comparison(name);
  ConfigsByEntity configs;
  QuotaKinds kinds;
  for (const TableLine& line : ReadTable(name)) {
    const std::vector<std::string>& words = line.words;
    if (words[0] == "world") {
      configs.clear();
      kinds = {};
    } else if (words[0] == "=") {
      kinds.Add(words[1]);
      configs.erase(words[1]);
      if (words[2] != "-") configs[words[1]][std::string(kKey)] = words[2];
    } else {
      const auto quota = ResolveQuota(configs, kinds, kKey, Plain(words[1]), Plain(words[2]));
      const std::string theirs = words[4] == "-" && words[5] == "-"
                                     ? "nobody is measured"
                                     : absl::StrCat(words[3], " of ", SensorOf(words[4], words[5]));
      const std::string limit =
          quota && quota->limit ? absl::StrCat(static_cast<int64_t>(*quota->limit)) : "-";
      comparison.Case(line, theirs,
                      quota ? absl::StrCat(limit, " of ", quota->sensor) : "nobody is measured");
    }
  }
  comparison.ExpectCases(10'000);
}

}  // namespace
}  // namespace rookery::kafka
