#include "tests/script/command.h"

#include <functional>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/status_macros.h"
#include "tests/script/words.h"

namespace rookery::script {
namespace {

// The operands of one request. What was taken is gone; what is left at the end is a mistake.
class Operands {
 public:
  explicit Operands(std::vector<Word> words) : words_(std::move(words)) {}

  std::string Text(absl::string_view what) {
    if (next_ >= words_.size()) {
      Fail(absl::StrCat("expected ", what));
      return "";
    }
    return words_[next_++].text;
  }
  model::Data Data() {
    if (next_ >= words_.size()) return std::nullopt;
    if (words_[next_].quoted) return words_[next_++].text;
    if (words_[next_].text == "null") ++next_;
    return std::nullopt;
  }
  bool Flag(absl::string_view name) {
    for (size_t i = next_; i < words_.size(); ++i) {
      if (words_[i].quoted || words_[i].text != name) continue;
      words_.erase(words_.begin() + static_cast<ptrdiff_t>(i));
      return true;
    }
    return false;
  }
  std::optional<std::string> Option(absl::string_view name) {
    const std::string prefix = absl::StrCat(name, "=");
    for (size_t i = next_; i < words_.size(); ++i) {
      if (words_[i].quoted || !absl::StartsWith(words_[i].text, prefix)) continue;
      std::string value = words_[i].text.substr(prefix.size());
      words_.erase(words_.begin() + static_cast<ptrdiff_t>(i));
      return value;
    }
    return std::nullopt;
  }
  int32_t Number(absl::string_view name, int32_t otherwise) {
    const std::optional<std::string> text = Option(name);
    int32_t number = otherwise;
    if (text.has_value() && !absl::SimpleAtoi(*text, &number)) {
      Fail(absl::StrCat("expected a number for ", name, ", found ", *text));
    }
    return number;
  }
  std::vector<std::string> List(absl::string_view name) {
    const std::optional<std::string> text = Option(name);
    return text.has_value() ? absl::StrSplit(*text, ',') : std::vector<std::string>();
  }
  std::optional<model::Acl> Acl();

  void Fail(std::string why) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(why);
  }
  absl::Status Finish() {
    if (next_ < words_.size()) Fail(absl::StrCat("not understood: ", words_[next_].text));
    return status_;
  }

 private:
  std::vector<Word> words_;
  size_t next_ = 0;
  absl::Status status_;
};

int32_t ParsePermissions(const std::string& text) {
  int32_t permissions = 0;
  if (absl::SimpleAtoi(text, &permissions)) return permissions;
  static constexpr absl::string_view kLetters = "rwcda";  // by bit
  for (const char letter : text) {
    const size_t bit = kLetters.find(letter);
    if (bit != absl::string_view::npos) permissions |= 1 << bit;
  }
  return permissions;
}

std::optional<model::Acl> Operands::Acl() {
  const std::optional<std::string> text = Option("acl");
  if (!text.has_value()) return *model::OpenAcl();
  if (*text == "null") return std::nullopt;
  model::Acl acl;
  if (*text == "empty") return acl;
  for (const absl::string_view entry : absl::StrSplit(*text, ',')) {
    const size_t first = entry.find(':');
    const size_t last = entry.rfind(':');
    if (first == last) {
      Fail(absl::StrCat("expected scheme:id:permissions, found ", entry));
      return acl;
    }
    acl.push_back({ParsePermissions(std::string(entry.substr(last + 1))),
                   {std::string(entry.substr(0, first)),
                    std::string(entry.substr(first + 1, last - first - 1))}});
  }
  return acl;
}

model::CreateRequest ParseCreate(Operands& operands) {
  model::CreateRequest request{.path = operands.Text("a path")};
  request.data = operands.Data();
  if (operands.Flag("ephemeral")) request.flags |= model::kEphemeral;
  if (operands.Flag("sequential")) request.flags |= model::kPersistentSequential;
  request.flags = operands.Number("flags", request.flags);
  request.acl = operands.Acl();
  request.want_stat = operands.Flag("stat");
  return request;
}

model::DeleteRequest ParseDelete(Operands& operands) {
  return {.path = operands.Text("a path"), .version = operands.Number("version", -1)};
}

model::SetDataRequest ParseSet(Operands& operands) {
  model::SetDataRequest request{.path = operands.Text("a path")};
  request.data = operands.Data();
  request.version = operands.Number("version", -1);
  return request;
}

model::SetAclRequest ParseSetAcl(Operands& operands) {
  model::SetAclRequest request{.path = operands.Text("a path")};
  request.acl = operands.Acl();
  request.version = operands.Number("version", -1);
  return request;
}

absl::StatusOr<model::MultiRequest::Part> ParsePart(absl::string_view line) {
  ROOKERY_ASSIGN_OR_RETURN(std::vector<Word> words, SplitWords(line));
  Operands operands(std::move(words));
  operands.Text("+");
  const std::string verb = operands.Text("a part");
  model::MultiRequest::Part part;
  if (verb == "create") {
    part = ParseCreate(operands);
  } else if (verb == "delete") {
    part = ParseDelete(operands);
  } else if (verb == "set") {
    part = ParseSet(operands);
  } else if (verb == "check") {
    part = model::CheckRequest{operands.Text("a path"), operands.Number("version", -1)};
  } else {
    operands.Fail(absl::StrCat("expected create, delete, set or check, found ", verb));
  }
  ROOKERY_RETURN_IF_ERROR(operands.Finish());
  return part;
}

using What = decltype(Command::what);

// Verbs of one line, by name.
const std::map<std::string, std::function<What(Operands&)>>& Verbs() {
  using model::ReadOperation;
  using model::WriteOperation;
  static const auto& verbs = *new std::map<std::string, std::function<What(Operands&)>>{
      {"open", [](Operands& o) -> What { return Open{o.Number("timeout", 10'000)}; }},
      {"attach",
       [](Operands& o) -> What {
         return Attach{o.Text("a connection"), o.Number("timeout", 10'000),
                       o.Option("password") == "wrong"};
       }},
      {"drop", [](Operands&) -> What { return Drop(); }},
      {"auth",
       [](Operands& o) -> What {
         std::string scheme = o.Text("a scheme");
         return client::Credential{std::move(scheme), o.Text("what proves it")};
       }},
      {"close", [](Operands&) -> What { return WriteOperation(model::CloseSessionRequest()); }},
      {"create", [](Operands& o) -> What { return WriteOperation(ParseCreate(o)); }},
      {"delete", [](Operands& o) -> What { return WriteOperation(ParseDelete(o)); }},
      {"set", [](Operands& o) -> What { return WriteOperation(ParseSet(o)); }},
      {"setacl", [](Operands& o) -> What { return WriteOperation(ParseSetAcl(o)); }},
      {"get",
       [](Operands& o) -> What {
         return ReadOperation(model::GetDataRequest{o.Text("a path"), o.Flag("watch")});
       }},
      {"exists",
       [](Operands& o) -> What {
         return ReadOperation(model::ExistsRequest{o.Text("a path"), o.Flag("watch")});
       }},
      {"children",
       [](Operands& o) -> What {
         return ReadOperation(
             model::GetChildrenRequest{o.Text("a path"), o.Flag("watch"), o.Flag("stat")});
       }},
      {"getacl",
       [](Operands& o) -> What { return ReadOperation(model::GetAclRequest{o.Text("a path")}); }},
      {"sync",
       [](Operands& o) -> What { return ReadOperation(model::SyncRequest{o.Text("a path")}); }},
      {"addwatch",
       [](Operands& o) -> What {
         return ReadOperation(model::AddWatchRequest{
             o.Text("a path"), o.Flag("recursive") ? model::WatchMode::kPersistentRecursive
                                                   : model::WatchMode::kPersistent});
       }},
      {"checkwatches",
       [](Operands& o) -> What {
         return ReadOperation(model::CheckWatchesRequest{
             o.Text("a path"), static_cast<model::WatcherType>(o.Number("type", 3))});
       }},
      {"removewatches",
       [](Operands& o) -> What {
         return ReadOperation(model::RemoveWatchesRequest{
             o.Text("a path"), static_cast<model::WatcherType>(o.Number("type", 3))});
       }},
      {"ephemerals",
       [](Operands& o) -> What {
         return ReadOperation(model::GetEphemeralsRequest{o.Text("a prefix")});
       }},
      {"whoami", [](Operands&) -> What { return ReadOperation(model::WhoAmIRequest()); }},
  };
  return verbs;
}

What ParseSetWatches(Operands& operands, model::Zxid zxid_base) {
  const std::string since = operands.Option("since").value_or("");
  int64_t offset = 0;
  if (since.empty() || since[0] != 'z' || !absl::SimpleAtoi(since.substr(1), &offset)) {
    operands.Fail(absl::StrCat("expected since=z and a number, found ", since));
  }
  return model::ReadOperation(
      model::SetWatchesRequest{.relative_zxid = zxid_base + offset,
                               .data = operands.List("data"),
                               .exist = operands.List("exist"),
                               .child = operands.List("child"),
                               .persistent = operands.List("persistent"),
                               .persistent_recursive = operands.List("recursive")});
}

}  // namespace

absl::StatusOr<Command> ParseCommand(const std::vector<std::string>& lines, model::Zxid zxid_base) {
  ROOKERY_ASSIGN_OR_RETURN(std::vector<Word> words, SplitWords(lines[0]));
  Command command;
  if (!words.empty() && !words.back().quoted && words.back().text == "&") {
    words.pop_back();
    command.waits = false;
  }
  Operands operands(std::move(words));
  command.connection = operands.Text("a connection");
  const std::string verb = operands.Text("a request");
  if (verb == "multi") {
    model::MultiRequest multi;
    for (size_t i = 1; i < lines.size(); ++i) {
      ROOKERY_ASSIGN_OR_RETURN(auto part, ParsePart(lines[i]));
      multi.parts.push_back(std::move(part));
    }
    command.what = model::WriteOperation(std::move(multi));
  } else if (verb == "setwatches") {
    command.what = ParseSetWatches(operands, zxid_base);
  } else if (const auto at = Verbs().find(verb); at != Verbs().end()) {
    command.what = at->second(operands);
  } else {
    operands.Fail(absl::StrCat("expected a request, found ", verb));
  }
  ROOKERY_RETURN_IF_ERROR(operands.Finish());
  return command;
}

}  // namespace rookery::script
