#include "tests/sim/checkers/facts.h"

#include <algorithm>
#include <utility>

#include "coordinator/model/path.h"

namespace rookery::sim {
namespace {

using model::ErrorCode;
using PartBody = std::variant<model::EmptyReply, model::CreateReply, model::StatReply>;

void Fill(const model::CreateRequest& request, Write* out) {
  out->kind = Write::Kind::kCreate;
  out->path = request.path;
  out->data = request.data;
  out->sequential = (request.flags & model::kPersistentSequential) != 0;
  out->ephemeral = (request.flags & model::kEphemeral) != 0;
  out->container = request.container;
}
void Fill(const model::DeleteRequest& request, Write* out) {
  out->kind = Write::Kind::kDelete;
  out->path = request.path;
  out->expected_version = request.version;
}
void Fill(const model::SetDataRequest& request, Write* out) {
  out->kind = Write::Kind::kSetData;
  out->path = request.path;
  out->data = request.data;
  out->expected_version = request.version;
}
void Fill(const model::SetAclRequest& request, Write* out) {
  out->kind = Write::Kind::kSetAcl;
  out->path = request.path;
  out->expected_version = request.version;
}

template <typename Body>
void TakeReply(const Body& body, Write* out) {
  if (const auto* made = std::get_if<model::CreateReply>(&body)) {
    out->path = made->path;
    if (made->with_stat) out->stat = &made->stat;
  } else if (const auto* stat = std::get_if<model::StatReply>(&body)) {
    out->stat = &stat->stat;
  }
}

// What a call may write, one by one.
struct Collect {
  const Call& call;
  std::vector<Write>* out;

  Write& Add() {
    Write& write = out->emplace_back();
    write.call = &call;
    write.certain = call.ok();
    write.zxid = write.certain ? call.zxid : 0;
    return write;
  }
  void operator()(const model::MultiRequest& multi) {
    const auto* reply = call.ok() ? std::get_if<model::MultiReply>(&call.body) : nullptr;
    for (size_t i = 0; i < multi.parts.size(); ++i) {
      if (std::holds_alternative<model::CheckRequest>(multi.parts[i])) continue;
      Write& write = Add();
      std::visit(
          [&write](const auto& part) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(part)>, model::CheckRequest>) {
              Fill(part, &write);
            }
          },
          multi.parts[i]);
      if (reply != nullptr && i < reply->parts.size()) TakeReply(reply->parts[i].body, &write);
    }
  }
  template <typename Request>
    requires requires(const Request& request, Write* write) { Fill(request, write); }
  void operator()(const Request& request) {
    Write& write = Add();
    Fill(request, &write);
    if (call.ok()) TakeReply(call.body, &write);
  }
  template <typename Other>
  void operator()(const Other&) {}  // a session's own
};

struct Look {
  const Call& call;
  std::vector<Sight>* out;

  void Add(const std::string& path, const model::Stat* stat, const model::Data* data = nullptr) {
    out->push_back({&call, path, call.zxid, stat, data});
  }
  void See(const std::string& path, const model::Data* data, const PartBody& body) {
    if (const auto* made = std::get_if<model::CreateReply>(&body)) {
      if (made->with_stat) Add(made->path, &made->stat, data);
    } else if (const auto* stat = std::get_if<model::StatReply>(&body)) {
      Add(path, &stat->stat, data);
    }
  }
};

void SeeWrite(const model::WriteOperation& operation, Look* look) {
  const Call& call = look->call;
  if (!call.ok()) return;
  const auto* multi = std::get_if<model::MultiRequest>(&operation);
  if (const auto* reply = std::get_if<model::MultiReply>(&call.body); reply && multi) {
    for (size_t i = 0; i < reply->parts.size() && i < multi->parts.size(); ++i) {
      const auto* set = std::get_if<model::SetDataRequest>(&multi->parts[i]);
      if (set != nullptr) look->See(set->path, &set->data, reply->parts[i].body);
    }
  } else if (const auto* made = std::get_if<model::CreateReply>(&call.body)) {
    const auto* create = std::get_if<model::CreateRequest>(&operation);
    if (made->with_stat && create) look->Add(made->path, &made->stat, &create->data);
  } else if (const auto* stat = std::get_if<model::StatReply>(&call.body)) {
    const auto* set = std::get_if<model::SetDataRequest>(&operation);
    const auto* acl = std::get_if<model::SetAclRequest>(&operation);
    if (set != nullptr) look->Add(set->path, &stat->stat, &set->data);
    if (acl != nullptr) look->Add(acl->path, &stat->stat);
  }
}

void SeeRead(Look* look) {
  const Call& call = look->call;
  const std::string* path = PathOf(call.operation);
  if (path == nullptr) return;
  if (call.error == ErrorCode::kNoNode) return look->Add(*path, nullptr);
  if (!call.ok()) return;
  if (const auto* stat = std::get_if<model::StatReply>(&call.body)) {
    look->Add(*path, &stat->stat);
  } else if (const auto* data = std::get_if<model::DataReply>(&call.body)) {
    look->Add(*path, &data->stat, &data->data);
  } else if (const auto* children = std::get_if<model::ChildrenReply>(&call.body)) {
    if (!children->with_stat) return;
    look->Add(*path, &children->stat);
    look->out->back().children = &children->children;
  }
}

}  // namespace

std::vector<Write> WritesOf(const History& history) {
  std::vector<Write> writes;
  for (const Call& call : history.calls) {
    const auto* operation = std::get_if<model::WriteOperation>(&call.operation);
    if (operation == nullptr || (!call.ok() && !call.uncertain())) continue;
    std::visit(Collect{call, &writes}, *operation);
  }
  return writes;
}

std::vector<Sight> SightsOf(const History& history) {
  std::vector<Sight> sights;
  for (const Call& call : history.calls) {
    if (!call.answered()) continue;
    Look look{call, &sights};
    if (const auto* write = std::get_if<model::WriteOperation>(&call.operation)) {
      SeeWrite(*write, &look);
    } else {
      SeeRead(&look);
    }
  }
  return sights;
}

std::vector<PathChange> ChangesOf(const History& history) {
  std::vector<PathChange> changes;
  for (const Changed& changed : history.changed) {
    changes.push_back({changed.zxid, changed.kind, changed.path});
  }
  if (changes.empty()) {
    constexpr model::Change::Kind kKinds[] = {
        model::Change::Kind::kCreated, model::Change::Kind::kDeleted,
        model::Change::Kind::kDataChanged, model::Change::Kind::kAclChanged};
    for (Write& write : WritesOf(history)) {
      if (!write.certain) continue;
      changes.push_back(
          {write.zxid, kKinds[static_cast<size_t>(write.kind)], std::move(write.path)});
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return a.zxid < b.zxid; });
  return changes;
}

const std::string* PathOf(const client::Operation& operation) {
  return std::visit(
      [](const auto& direction) {
        return std::visit(
            [](const auto& one) -> const std::string* {
              if constexpr (requires { one.path; }) return &one.path;
              return nullptr;
            },
            direction);
      },
      operation);
}

bool IsWrite(const client::Operation& operation) {
  return std::holds_alternative<model::WriteOperation>(operation);
}

std::map<model::SessionId, std::vector<const Call*>> BySession(const History& history) {
  std::map<model::SessionId, std::vector<const Call*>> sessions;
  for (const Call& call : history.calls) {
    if (call.session != 0 && call.answered()) sessions[call.session].push_back(&call);
  }
  return sessions;
}

}  // namespace rookery::sim
