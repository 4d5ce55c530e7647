#include "tests/sim/history/json.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/sim/history/operation_json.h"
#include "tests/sim/history/values.h"

namespace rookery::sim {
namespace {

namespace bj = boost::json;
using json::Codec;
using json::ToValue;

void AddLine(absl::string_view kind, bj::object object, std::string* out) {
  object["kind"] = bj::string_view(kind.data(), kind.size());
  absl::StrAppend(out, bj::serialize(object), "\n");
}

bj::object CallLine(const Call& call) {
  bj::object line = ToValue(call).get_object();
  json::WriteOperation(call.operation, &line);
  if (bj::value reply = json::WriteReply(call.body); !reply.is_null()) {
    line["reply"] = std::move(reply);
  }
  return line;
}

// Adds what the line tells to the list of its kind.
struct Lines {
  const bj::object& object;
  absl::string_view kind;
  bool known = false;
  std::string wrong;

  template <typename T>
  void operator()(absl::string_view name, std::vector<T>& list) {
    if (name != kind) return;
    known = true;
    json::Reader reader(object);
    Fields(reader, list.emplace_back());
    wrong = reader.wrong();
  }
};

struct AllLines {
  std::string* out;
  template <typename T>
  void operator()(absl::string_view kind, const std::vector<T>& list) {
    for (const T& one : list) AddLine(kind, ToValue(one).get_object(), out);
  }
};

std::string ReadCall(const bj::object& object, Call* call) {
  json::Reader reader(object);
  json::Fields(reader, *call);
  if (!reader.wrong().empty()) return reader.wrong();
  if (std::string wrong = json::ReadOperation(object, &call->operation); !wrong.empty()) {
    return wrong;
  }
  const bj::value* reply = object.if_contains("reply");
  return reply == nullptr ? "" : json::ReadReply(*reply, call->operation, &call->body);
}

absl::Status ReadLine(absl::string_view text, History* history) {
  boost::system::error_code error;
  const bj::value value = bj::parse(bj::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return absl::InvalidArgumentError("expected a JSON object");
  const bj::object& object = value.get_object();
  std::string kind;
  json::Reader reader(object);
  reader("kind", kind);
  std::string wrong;
  if (kind == "call") {
    wrong = ReadCall(object, &history->calls.emplace_back());
  } else {
    Lines lines{object, kind};
    json::Lists(lines, *history);
    if (!lines.known) return absl::InvalidArgumentError(absl::StrCat("unknown kind: ", kind));
    wrong = lines.wrong;
  }
  if (wrong.empty() && kind == "final" && history->final_states.back().zxid == 0) {
    return absl::InvalidArgumentError("a final needs the zxid that the server stood at");
  }
  if (wrong.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("wrong field of a ", kind, ": ", wrong));
}

}  // namespace

std::string ToJsonLines(const History& history) {
  std::string out;
  for (const Call& call : history.calls) AddLine("call", CallLine(call), &out);
  AllLines lines{&out};
  json::Lists(lines, const_cast<History&>(history));  // which only reads
  return out;
}

absl::StatusOr<History> FromJsonLines(absl::string_view text) {
  History history;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const absl::Status status = ReadLine(line, &history);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", status.message()));
    }
  }
  return history;
}

}  // namespace rookery::sim
