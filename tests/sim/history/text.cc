#include "tests/sim/history/text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/sim/history/operation_json.h"
#include "tests/sim/history/values.h"

namespace rookery::sim {
namespace {

using model::ToHex;

std::string DataText(const model::Data& data) {
  constexpr size_t kShownMax = 24;
  if (!data.has_value()) return "null";
  if (data->size() <= kShownMax) return data->empty() ? "\"\"" : *data;
  return absl::StrCat(data->substr(0, kShownMax), "...(", data->size(), ")");
}

std::string VersionText(int32_t version) {
  return version == -1 ? "" : absl::StrCat(" version=", version);
}

std::string FlagsText(int32_t flags) {
  return absl::StrCat((flags & model::kEphemeral) != 0 ? " ephemeral" : "",
                      (flags & model::kPersistentSequential) != 0 ? " sequential" : "");
}

// What follows an operation's name.
struct Arguments {
  std::string operator()(const model::CreateRequest& r) const {
    return absl::StrCat(" ", r.path, " ", DataText(r.data), FlagsText(r.flags));
  }
  std::string operator()(const model::SetDataRequest& r) const {
    return absl::StrCat(" ", r.path, " ", DataText(r.data), VersionText(r.version));
  }
  std::string operator()(const model::MultiRequest& r) const {
    return absl::StrCat(" [",
                        absl::StrJoin(r.parts, "; ",
                                      [](std::string* out, const auto& part) {
                                        std::visit(
                                            [out](const auto& one) {
                                              absl::StrAppend(out, NameOfPart(one),
                                                              Arguments()(one));
                                            },
                                            part);
                                      }),
                        "]");
  }
  std::string operator()(const model::AddWatchRequest& r) const {
    return absl::StrCat(" ", r.path, " ", json::NameOf(r.mode));
  }
  std::string operator()(const model::RemoveWatchesRequest& r) const {
    return absl::StrCat(" ", r.path, " ", json::NameOf(r.type));
  }
  template <typename T>
  std::string operator()(const T& r) const {
    std::string out;
    if constexpr (requires { r.path; }) absl::StrAppend(&out, " ", r.path);
    if constexpr (requires { r.version; }) absl::StrAppend(&out, VersionText(r.version));
    return out;
  }

 private:
  static absl::string_view NameOfPart(const model::CreateRequest&) { return "create"; }
  static absl::string_view NameOfPart(const model::DeleteRequest&) { return "delete"; }
  static absl::string_view NameOfPart(const model::SetDataRequest&) { return "setData"; }
  static absl::string_view NameOfPart(const model::CheckRequest&) { return "check"; }
};

std::string StatText(const model::Stat& stat) {
  return absl::StrCat(
      " v", stat.version, " cv", stat.cversion, " a", stat.aversion, " m", ToHex(stat.mzxid), " p",
      ToHex(stat.pzxid), " children=", stat.num_children,
      stat.ephemeral_owner == 0 ? "" : absl::StrCat(" owner=", ToHex(stat.ephemeral_owner)));
}

struct Body {
  std::string operator()(const model::CreateReply& r) const {
    return absl::StrCat(" ", r.path, r.with_stat ? StatText(r.stat) : "");
  }
  std::string operator()(const model::StatReply& r) const { return StatText(r.stat); }
  std::string operator()(const model::DataReply& r) const {
    return absl::StrCat(" ", DataText(r.data), StatText(r.stat));
  }
  std::string operator()(const model::ChildrenReply& r) const {
    return absl::StrCat(" [", absl::StrJoin(r.children, " "), "]",
                        r.with_stat ? StatText(r.stat) : "");
  }
  std::string operator()(const model::MultiReply& r) const {
    return absl::StrCat(" [",
                        absl::StrJoin(r.parts, "; ",
                                      [](std::string* out, const auto& part) {
                                        absl::StrAppend(out, model::ErrorName(part.error),
                                                        std::visit(Body(), part.body));
                                      }),
                        "]");
  }
  template <typename T>
  std::string operator()(const T&) const {
    return "";
  }
};

}  // namespace

std::string NameOf(const Call& call) {
  return absl::StrCat("client ", call.client, " #", call.number);
}

std::string ToText(const client::Operation& operation) {
  return absl::StrCat(
      json::OperationName(operation),
      std::visit([](const auto& direction) { return std::visit(Arguments(), direction); },
                 operation));
}

std::string ToText(const Call& call) {
  std::string out =
      absl::StrCat(NameOf(call), " ", ToText(call.operation), call.watched ? " watched" : "",
                   call.linearizable ? " linearizable" : "");
  if (call.returned == 0) return absl::StrCat(out, " -> no answer");
  absl::StrAppend(&out, " -> ", model::ErrorName(call.error),
                  call.maybe_applied ? ", perhaps applied" : "");
  if (call.zxid != 0) absl::StrAppend(&out, " zxid=", ToHex(call.zxid));
  if (call.server != 0) absl::StrAppend(&out, " server=", call.server);
  return absl::StrCat(out, std::visit(Body(), call.body));
}

std::string ToText(const Told& told) {
  return absl::StrCat("client ", told.client, " #", told.call, " told ",
                      client::EventName(told.event.kind), " ", told.event.path,
                      told.event.zxid < 0 ? "" : absl::StrCat(" zxid=", ToHex(told.event.zxid)));
}

}  // namespace rookery::sim
