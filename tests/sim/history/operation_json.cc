#include "tests/sim/history/operation_json.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/sim/history/values.h"

namespace rookery::sim::json {

// --- fields of operations

template <typename Visit>
void Fields(Visit& visit, model::CreateRequest& request) {
  visit("path", request.path);
  visit("data", request.data);
  visit("flags", request.flags);
  visit("want_stat", request.want_stat);
}
template <typename Visit>
void Fields(Visit& visit, model::DeleteRequest& request) {
  visit("path", request.path);
  visit("version", request.version);
}
template <typename Visit>
void Fields(Visit& visit, model::SetDataRequest& request) {
  visit("path", request.path);
  visit("data", request.data);
  visit("version", request.version);
}
template <typename Visit>
void Fields(Visit& visit, model::SetAclRequest& request) {
  visit("path", request.path);
  visit("version", request.version);
}
template <typename Visit>
void Fields(Visit& visit, model::CheckRequest& request) {
  visit("path", request.path);
  visit("version", request.version);
}
template <typename Visit>
void Fields(Visit& visit, model::OpenSessionRequest& request) {
  visit("timeout_ms", request.timeout_ms);
}
template <typename Visit>
void Fields(Visit&, model::CloseSessionRequest&) {}
template <typename Visit>
void Fields(Visit& visit, model::GetChildrenRequest& request) {
  visit("path", request.path);
  visit("want_stat", request.want_stat);
}
template <typename Visit>
void Fields(Visit& visit, model::AddWatchRequest& request) {
  visit("path", request.path);
  visit("mode", request.mode);
}
template <typename Visit>
void Fields(Visit& visit, model::RemoveWatchesRequest& request) {
  visit("path", request.path);
  visit("type", request.type);
}
template <typename Visit, typename Read>
  requires requires(Read read) { read.path; }
void Fields(Visit& visit, Read& request) {
  visit("path", request.path);
}

// --- fields of replies

template <typename Visit>
void Fields(Visit&, model::EmptyReply&) {}
template <typename Visit>
void Fields(Visit&, model::AddWatchReply&) {}
template <typename Visit>
void Fields(Visit& visit, model::CreateReply& reply) {
  visit("path", reply.path);
  if (reply.with_stat) visit("stat", reply.stat);
}
template <typename Visit>
void Fields(Visit& visit, model::StatReply& reply) {
  visit("stat", reply.stat);
}
template <typename Visit>
void Fields(Visit& visit, model::DataReply& reply) {
  visit("data", reply.data);
  visit("stat", reply.stat);
}
template <typename Visit>
void Fields(Visit& visit, model::ChildrenReply& reply) {
  visit("children", reply.children);
  if (reply.with_stat) visit("stat", reply.stat);
}

namespace {

// nullptr: the client's own business (attach, ping, setWatches).
template <typename T>
constexpr const char* NameOfRequest() {
  if (std::is_same_v<T, model::CreateRequest>) return "create";
  if (std::is_same_v<T, model::DeleteRequest>) return "delete";
  if (std::is_same_v<T, model::SetDataRequest>) return "setData";
  if (std::is_same_v<T, model::SetAclRequest>) return "setACL";
  if (std::is_same_v<T, model::CheckRequest>) return "check";
  if (std::is_same_v<T, model::MultiRequest>) return "multi";
  if (std::is_same_v<T, model::OpenSessionRequest>) return "open";
  if (std::is_same_v<T, model::CloseSessionRequest>) return "close";
  if (std::is_same_v<T, model::ExistsRequest>) return "exists";
  if (std::is_same_v<T, model::GetDataRequest>) return "getData";
  if (std::is_same_v<T, model::GetChildrenRequest>) return "getChildren";
  if (std::is_same_v<T, model::GetAclRequest>) return "getACL";
  if (std::is_same_v<T, model::SyncRequest>) return "sync";
  if (std::is_same_v<T, model::AddWatchRequest>) return "addWatch";
  if (std::is_same_v<T, model::RemoveWatchesRequest>) return "removeWatches";
  return nullptr;
}
// A multi has parts, all others have plain fields.
template <typename T>
constexpr bool kHasFields =
    NameOfRequest<T>() != nullptr && !std::is_same_v<T, model::MultiRequest>;

template <typename T>
void Write(const T& request, bj::object* line) {
  if constexpr (kHasFields<T>) {
    (*line)["op"] = NameOfRequest<T>();
    Writer writer;
    Fields(writer, const_cast<T&>(request));  // which only reads
    for (auto& field : writer.object()) (*line)[field.key()] = std::move(field.value());
  }
}

void Write(const model::MultiRequest& multi, bj::object* line) {
  bj::array parts;
  for (const auto& part : multi.parts) {
    bj::object object;
    std::visit([&](const auto& one) { Write(one, &object); }, part);
    parts.push_back(std::move(object));
  }
  (*line)["op"] = "multi";
  (*line)["parts"] = std::move(parts);
}

// True if it was this type's name; `wrong` says what else is wrong.
template <typename T, typename Variant>
bool Take(absl::string_view name, const bj::object& line, Variant* out, std::string* wrong) {
  if (NameOfRequest<T>() == nullptr || name != NameOfRequest<T>()) return false;
  if constexpr (kHasFields<T>) {
    T request;
    Reader reader(line);
    Fields(reader, request);
    *wrong = reader.wrong();
    *out = std::move(request);
  }
  return true;
}

template <typename... Ts>
bool TakeAny(absl::string_view name, const bj::object& line, std::variant<Ts...>* out,
             std::string* wrong) {
  return (Take<Ts>(name, line, out, wrong) || ...);
}

void GiveAcl(model::WriteOperation* operation) {
  if (auto* create = std::get_if<model::CreateRequest>(operation)) create->acl = *model::OpenAcl();
  if (auto* set = std::get_if<model::SetAclRequest>(operation)) set->acl = *model::OpenAcl();
}

std::string ReadMulti(const bj::object& line, model::MultiRequest* multi) {
  const bj::value* parts = line.if_contains("parts");
  if (parts == nullptr || !parts->is_array()) return "parts";
  for (const bj::value& part : parts->get_array()) {
    const bj::object* object = part.if_object();
    const bj::value* op = object == nullptr ? nullptr : object->if_contains("op");
    if (op == nullptr || !op->is_string()) return "parts";
    std::string wrong;
    model::MultiRequest::Part out;
    const std::string name(op->get_string());
    if (!TakeAny(name, *object, &out, &wrong)) return absl::StrCat("op of a part: ", name);
    if (!wrong.empty()) return wrong;
    if (auto* create = std::get_if<model::CreateRequest>(&out)) create->acl = *model::OpenAcl();
    multi->parts.push_back(std::move(out));
  }
  return "";
}

}  // namespace

absl::string_view OperationName(const client::Operation& operation) {
  return std::visit(
      [](const auto& direction) {
        return std::visit(
            [](const auto& one) -> absl::string_view {
              const char* name = NameOfRequest<std::decay_t<decltype(one)>>();
              return name == nullptr ? "" : name;
            },
            direction);
      },
      operation);
}

void WriteOperation(const client::Operation& operation, bj::object* line) {
  std::visit(
      [line](const auto& direction) {
        std::visit([line](const auto& one) { Write(one, line); }, direction);
      },
      operation);
}

std::string ReadOperation(const bj::object& line, client::Operation* operation) {
  const bj::value* op = line.if_contains("op");
  if (op == nullptr || !op->is_string()) return "op";
  const std::string name(op->get_string());
  std::string wrong;
  if (name == NameOfRequest<model::MultiRequest>()) {
    model::MultiRequest multi;
    wrong = ReadMulti(line, &multi);
    *operation = model::WriteOperation(std::move(multi));
    return wrong;
  }
  model::WriteOperation write;
  if (TakeAny(name, line, &write, &wrong)) {
    GiveAcl(&write);
    *operation = std::move(write);
    return wrong;
  }
  model::ReadOperation read;
  if (!TakeAny(name, line, &read, &wrong)) return absl::StrCat("op: ", name);
  *operation = std::move(read);
  return wrong;
}

// --- replies

namespace {

template <typename T>
concept Plain = requires(Writer& writer, T& reply) { Fields(writer, reply); };

template <typename T>
bj::value WriteBody(const T& body) {
  if constexpr (Plain<T>) {
    return ToValue(body);
  } else {
    return nullptr;
  }
}

bj::value WriteBody(const model::MultiReply& multi) {
  bj::array parts;
  for (const model::MultiReply::Part& part : multi.parts) {
    bj::value body = std::visit([](const auto& one) { return WriteBody(one); }, part.body);
    bj::object object = body.is_object() ? body.get_object() : bj::object();
    object["error"] = ToValue(part.error);
    parts.push_back(std::move(object));
  }
  return bj::object{{"parts", std::move(parts)}};
}

template <typename T>
std::string ReadInto(const bj::object& object, T reply, model::ReplyBody* body) {
  if constexpr (requires { reply.with_stat; }) reply.with_stat = object.contains("stat");
  Reader reader(object);
  Fields(reader, reply);
  *body = std::move(reply);
  return reader.wrong();
}

using PartKind = model::MultiReply::Part::Kind;

PartKind KindOf(const model::MultiRequest::Part& part) {
  constexpr PartKind kKinds[] = {PartKind::kCreate, PartKind::kDelete, PartKind::kSetData,
                                 PartKind::kCheck};
  return kKinds[part.index()];
}

std::string ReadParts(const bj::object& object, const model::MultiRequest& request,
                      model::ReplyBody* body) {
  model::MultiReply multi;
  const bj::value* parts = object.if_contains("parts");
  if (parts == nullptr || !parts->is_array()) return "parts";
  bool failed = false;
  for (const bj::value& value : parts->get_array()) {
    if (!value.is_object() || multi.parts.size() == request.parts.size()) return "parts";
    model::MultiReply::Part part;
    part.kind = KindOf(request.parts[multi.parts.size()]);
    const bj::object& one = value.get_object();
    Reader reader(one);
    reader("error", part.error);
    failed = failed || part.error != model::ErrorCode::kOk;
    model::ReplyBody inner;
    std::string wrong = reader.wrong();
    if (part.kind == PartKind::kCreate) {
      wrong += ReadInto(one, model::CreateReply(), &inner);
      part.body = std::get<model::CreateReply>(inner);
    } else if (part.kind == PartKind::kSetData) {
      wrong += ReadInto(one, model::StatReply(), &inner);
      part.body = std::get<model::StatReply>(inner);
    }
    if (!wrong.empty()) return wrong;
    multi.parts.push_back(std::move(part));
  }
  for (model::MultiReply::Part& part : multi.parts) {
    if (!failed) break;
    part.kind = PartKind::kError;
    part.body = model::EmptyReply();
  }
  *body = std::move(multi);
  return "";
}

}  // namespace

bj::value WriteReply(const model::ReplyBody& body) {
  if (std::holds_alternative<model::EmptyReply>(body)) return nullptr;
  return std::visit([](const auto& one) { return WriteBody(one); }, body);
}

std::string ReadReply(const bj::value& value, const client::Operation& operation,
                      model::ReplyBody* body) {
  *body = model::EmptyReply();
  if (value.is_null()) return "";
  if (!value.is_object()) return "reply";
  const bj::object& object = value.get_object();
  const absl::string_view name = OperationName(operation);
  if (name == "create") return ReadInto(object, model::CreateReply(), body);
  if (name == "setData" || name == "setACL" || name == "exists") {
    return ReadInto(object, model::StatReply(), body);
  }
  if (name == "getData") return ReadInto(object, model::DataReply(), body);
  if (name == "getChildren") return ReadInto(object, model::ChildrenReply(), body);
  if (name == "addWatch") *body = model::AddWatchReply();
  if (name == "multi") {
    return ReadParts(
        object, std::get<model::MultiRequest>(std::get<model::WriteOperation>(operation)), body);
  }
  return "";
}

}  // namespace rookery::sim::json
