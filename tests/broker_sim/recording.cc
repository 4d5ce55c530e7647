#include "tests/broker_sim/recording.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rookery::broker_sim {
namespace {

// Where simulated brokers differ from Kafka on purpose, all of it.
struct Difference {
  const char* file;  // what its name begins with
  const char* connection;
  const char* request;
  int times;
  const char* why;
};
constexpr Difference kDifferences[] = {
    {"01-", "b0.1", "getData /brokers/topics/__consumer_offsets", 1, "consumer groups"},
    {"01-", "b0.1", "getData /brokers/topics/__transaction_state", 1, "transactions"},
    {"02-", "b1.1", "getData /brokers/topics/__consumer_offsets", 1, "consumer groups"},
    {"02-", "b1.1", "getData /brokers/topics/__transaction_state", 1, "transactions"},
    {"03-", "b2.1", "getData /brokers/topics/__consumer_offsets", 1, "consumer groups"},
    {"03-", "b2.1", "getData /brokers/topics/__transaction_state", 1, "transactions"},
    {"04-", "b2.1", "getData /config/topics/orders", 1,
     "kafka-topics asks a broker for the topic's configuration to print it"},
    {"17-", "b1.2", "getData /brokers/topics/__transaction_state watch", 1,
     "transactions: a new leader of that topic asks how many partitions it has"},
};

// "watch=1" among the fields of a line, for example.
bool Says(const std::vector<std::string>& fields, const std::string& what) {
  return std::find(fields.begin(), fields.end(), what) != fields.end();
}

}  // namespace

Requests Recorded(const std::string& file, const std::string& connection) {
  std::vector<std::string> lines;
  std::ifstream in(absl::StrCat(ROOKERY_RECORDED, "/", file));
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() < 6 || fields[1] != connection) continue;
    const std::string& opcode = fields[4];
    if (fields[2] == ">" && opcode == "multi") {
      lines.emplace_back("multi");
    } else if (fields[2] == ">" && opcode != "connect" && !absl::StartsWith(fields[5], "-")) {
      lines.push_back(
          absl::StrCat(opcode, " ", fields[5], Says(fields, "watch=1") ? " watch" : ""));
    } else if (fields[2] == ">+") {
      std::string part = absl::StrCat("  ", opcode, " ", fields[5]);
      for (const std::string& field : fields) {
        if (absl::StartsWith(field, "version=")) absl::StrAppend(&part, " v=", field.substr(8));
        if (field == "flags=1") absl::StrAppend(&part, " flags=1");
      }
      lines.push_back(std::move(part));
    }
  }
  Requests requests = Folded(lines);
  for (const Difference& difference : kDifferences) {
    if (!absl::StartsWith(file, difference.file) || connection != difference.connection) continue;
    for (int i = 0; i < difference.times; ++i) {  // the last ones
      const auto found = std::find(requests.rbegin(), requests.rend(), difference.request);
      if (found != requests.rend()) requests.erase(std::next(found).base());
    }
  }
  return requests;
}

Requests Folded(const std::vector<std::string>& lines) {
  Requests requests;
  for (const std::string& line : lines) {
    if (absl::StartsWith(line, "  ")) {
      std::string& multi = requests.back();
      const bool first = multi == "multi";
      if (!first) multi.pop_back();
      absl::StrAppend(&multi, first ? " [" : "; ", line.substr(2), "]");
    } else {
      requests.push_back(line);
    }
  }
  return requests;
}

std::vector<Requests> CutAt(const std::vector<std::string>& marks, const Requests& requests) {
  std::vector<Requests> parts;
  auto begin = requests.begin();
  for (const std::string& mark : marks) {
    const auto end = std::find_if(begin, requests.end(), [&](const std::string& request) {
      return absl::StartsWith(request, mark);
    });
    parts.emplace_back(begin, end);
    begin = end;
  }
  parts.emplace_back(begin, requests.end());
  return parts;
}

}  // namespace rookery::broker_sim
