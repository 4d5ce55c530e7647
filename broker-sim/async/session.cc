#include "broker-sim/async/session.h"

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {

using model::ErrorCode;

client::Options CopyOf(const client::Options& options) {
  client::Options copy;
  copy.servers = options.servers;
  copy.chroot = options.chroot;
  copy.session_timeout_ms = options.session_timeout_ms;
  copy.connect_timeout_ms = options.connect_timeout_ms;
  copy.request_timeout_ms = options.request_timeout_ms;
  copy.backoff_min_ms = options.backoff_min_ms;
  copy.backoff_max_ms = options.backoff_max_ms;
  copy.seed = options.seed;
  copy.credentials = options.credentials;
  return copy;
}

void Session::OnNode(const std::string& path, Handler handler) {
  handlers_->nodes[path].handler = std::move(handler);
}

void Session::OnChildren(const std::string& path, Handler handler) {
  handlers_->children[path].handler = std::move(handler);
}

void Session::ForgetHandlersBut(const std::set<std::string>& kept) {
  const auto others = [&kept](const auto& entry) { return !kept.contains(entry.first); };
  std::erase_if(handlers_->nodes, others);
  std::erase_if(handlers_->children, others);
}

client::Watch Session::WatchFor(bool children, const std::string& path, const Watch& given) {
  if (given != nullptr) return given;
  auto& map = children ? handlers_->children : handlers_->nodes;
  const auto known = map.find(path);
  if (known == map.end()) return nullptr;
  return [handlers = std::weak_ptr(handlers_), children, path,
          generation = known->second.generation](const client::WatchEvent& event) {
    const auto held = handlers.lock();
    if (held == nullptr || event.kind == Kind::kSessionLost) return;
    auto& now = children ? held->children : held->nodes;
    const auto handled = now.find(path);
    if (handled == now.end() || handled->second.generation != generation) return;
    ++handled->second.generation;
    const Handler call = handled->second.handler;
    call(event.kind);
  };
}

void Session::Note(absl::string_view opcode, absl::string_view path, bool watch) {
  if (tap_ != nullptr) tap_(absl::StrCat(opcode, " ", path, watch ? " watch" : ""));
}

void Session::NoteMulti(const model::MultiRequest& request) {
  if (tap_ == nullptr) return;
  tap_("multi");
  for (const model::MultiRequest::Part& part : request.parts) {
    if (const auto* create = std::get_if<model::CreateRequest>(&part)) {
      tap_(absl::StrCat("  create ", create->path,
                        create->flags == 0 ? "" : absl::StrCat(" flags=", create->flags)));
    } else if (const auto* set = std::get_if<model::SetDataRequest>(&part)) {
      tap_(absl::StrCat("  setData ", set->path, " v=", set->version));
    } else if (const auto* remove = std::get_if<model::DeleteRequest>(&part)) {
      tap_(absl::StrCat("  delete ", remove->path, " v=", remove->version));
    } else if (const auto* check = std::get_if<model::CheckRequest>(&part)) {
      tap_(absl::StrCat("  check ", check->path, " v=", check->version));
    }
  }
}

Async<client::Result<model::CreateReply>> Session::Create(std::string path, model::Data data,
                                                          int32_t flags) {
  model::CreateRequest request;
  request.path = std::move(path);
  request.data = std::move(data);
  request.acl = *model::OpenAcl();
  request.flags = flags;
  while (true) {
    Note("create", request.path);
    Completion<client::Result<model::CreateReply>> done;
    client_->Create(request, done.Callback());
    auto result = co_await done;
    if (result.error != ErrorCode::kConnectionLoss) co_return result;
  }
}

Async<client::Result<model::EmptyReply>> Session::Delete(std::string path, int32_t version) {
  model::DeleteRequest request;
  request.path = std::move(path);
  request.version = version;
  while (true) {
    Note("delete", request.path);
    Completion<client::Result<model::EmptyReply>> done;
    client_->Delete(request, done.Callback());
    auto result = co_await done;
    if (result.error != ErrorCode::kConnectionLoss) co_return result;
  }
}

Async<client::Result<model::StatReply>> Session::SetData(std::string path, model::Data data,
                                                         int32_t version) {
  model::SetDataRequest request;
  request.path = std::move(path);
  request.data = std::move(data);
  request.version = version;
  while (true) {
    Note("setData", request.path);
    Completion<client::Result<model::StatReply>> done;
    client_->SetData(request, done.Callback());
    auto result = co_await done;
    if (result.error != ErrorCode::kConnectionLoss) co_return result;
  }
}

Async<client::Result<model::MultiReply>> Session::Multi(model::MultiRequest request) {
  while (true) {
    NoteMulti(request);
    Completion<client::Result<model::MultiReply>> done;
    client_->Multi(request, done.Callback());
    auto result = co_await done;
    if (result.error != ErrorCode::kConnectionLoss) co_return result;
  }
}

Async<client::Result<model::StatReply>> Session::Exists(std::string path, Watch watch) {
  while (true) {
    client::Watch fire = WatchFor(false, path, watch);
    Note("exists", path, fire != nullptr);
    Completion<client::Result<model::StatReply>> done;
    client_->Exists(path, std::move(fire), done.Callback());
    auto result = co_await done;
    if (result.error != ErrorCode::kConnectionLoss) co_return result;
  }
}

Async<client::Result<model::DataReply>> Session::GetData(std::string path, Watch watch) {
  while (true) {
    client::Watch fire = WatchFor(false, path, watch);
    Note("getData", path, fire != nullptr);
    Completion<client::Result<model::DataReply>> done;
    client_->GetData(path, std::move(fire), done.Callback());
    auto result = co_await done;
    if (result.error != ErrorCode::kConnectionLoss) co_return result;
  }
}

Async<client::Result<model::ChildrenReply>> Session::GetChildren(std::string path, Watch watch) {
  while (true) {
    client::Watch fire = WatchFor(true, path, watch);
    Note("getChildren2", path, fire != nullptr);
    Completion<client::Result<model::ChildrenReply>> done;
    client_->GetChildren(path, std::move(fire), done.Callback());
    auto result = co_await done;
    if (result.error != ErrorCode::kConnectionLoss) co_return result;
  }
}

}  // namespace rookery::broker_sim
