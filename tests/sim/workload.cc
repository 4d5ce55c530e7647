#include "tests/sim/workload.h"

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/check.h"
#include "coordinator/client/zookeeper/zookeeper_client.h"
#include "tests/sim/ensemble.h"

namespace rookery::sim {
namespace {

constexpr int kKeysPerClient = 8;
constexpr int64_t kRunMaxUs = 120'000'000;
constexpr int64_t kDownUs = 500'000;

// What is known of one node, all of whose writes come from one client.
struct Key {
  uint64_t sent = 0;
  uint64_t acknowledged = 0;
};

// Sends one request at a time, drawn from its own seed.
class SimClient {
 public:
  SimClient(SimEnsemble* ensemble, uint32_t number, uint64_t seed, uint32_t requests,
            RunResult* result)
      : ensemble_(ensemble),
        number_(number),
        random_(seed),
        left_(requests),
        result_(result),
        process_(&ensemble->world()) {
    client::Options options;
    options.servers = ensemble->addresses();
    options.session_timeout_ms = 10'000;
    options.seed = random_.Next();
    client_ =
        client::CreateZooKeeperClient(&process_, &process_, &ensemble->world(), std::move(options));
    process_.Post([this] {
      client_->Connect();
      client_->Create({.path = Root(), .acl = *model::OpenAcl()},
                      [this](const client::Result<model::CreateReply>&) { Next(); });
    });
  }
  ~SimClient() {
    process_.Kill();
    client_.reset();
  }

  bool done() const { return done_; }
  const std::map<std::string, Key>& keys() const { return keys_; }

 private:
  std::string Root() const { return absl::StrCat("/client", number_); }

  void Next() {
    if (left_ == 0) {
      done_ = true;
      return;
    }
    --left_;
    const std::string path = absl::StrCat(Root(), "/k", random_.Below(kKeysPerClient));
    switch (random_.Below(8)) {
      case 0:
        return client_->GetData(path, nullptr, Answer<model::DataReply>("get"));
      case 1:
        return client_->GetChildren(Root(), nullptr, Answer<model::ChildrenReply>("ls"));
      case 2:
        return client_->Create({.path = absl::StrCat(Root(), "/e-"),
                                .data = "x",
                                .acl = *model::OpenAcl(),
                                .flags = model::kEphemeralSequential},
                               Answer<model::CreateReply>("ephemeral"));
      case 3: {
        // All or nothing: the version check always fails, so nothing may be seen of it.
        model::MultiRequest multi;
        multi.parts.push_back(model::SetDataRequest{.path = path, .data = "never"});
        multi.parts.push_back(model::CheckRequest{.path = Root(), .version = 77});
        return client_->Multi(std::move(multi), Answer<model::MultiReply>("multi"));
      }
      default:
        return Set(path);
    }
  }

  // A node's version counts its writes; the first makes the node.
  void Set(const std::string& path) {
    Key& key = keys_[path];
    ++key.sent;
    const std::string data = absl::StrCat(number_, ":", key.sent);
    const auto note = [this, path]<typename Value>(client::Done<Value> answer) {
      return client::Done<Value>(
          [this, path, answer = std::move(answer)](client::Result<Value> result) mutable {
            if (result.ok()) ++keys_[path].acknowledged;
            answer(std::move(result));
          });
    };
    if (created_.contains(path)) {
      client_->SetData({.path = path, .data = data}, note(Answer<model::StatReply>("set")));
    } else {
      created_.insert(path);
      client_->Create({.path = path, .data = data, .acl = *model::OpenAcl()},
                      note(Answer<model::CreateReply>("create")));
    }
  }

  template <typename Value>
  client::Done<Value> Answer(const char* what) {
    return [this, what](const client::Result<Value>& result) {
      ++result_->requests;
      if (result.ok()) {
        ++result_->succeeded;
      } else if (result.error == model::ErrorCode::kConnectionLoss) {
        ++result_->uncertain;
      } else {
        ++result_->refused;
      }
      ensemble_->Note(
          absl::StrCat(number_, " ", what, " ", static_cast<int>(result.error), " ", result.zxid));
      Next();
    };
  }

  SimEnsemble* const ensemble_;
  const uint32_t number_;
  Random random_;
  uint32_t left_;
  RunResult* const result_;
  consensus::Process process_;
  std::unique_ptr<client::Client> client_;
  std::map<std::string, Key> keys_;
  std::set<std::string> created_;
  bool done_ = false;
};

// Every acknowledged write is there, none more often than it was sent.
void Verify(const SimClient& client, machine::Machine& machine, RunResult* result) {
  for (const auto& [path, key] : client.keys()) {
    model::Reply reply;
    const bool read = machine.Read(model::ExistsRequest{path}, {.skip_acl = true}, &reply);
    ROOKERY_CHECK(read) << path << " is not in memory";
    const auto* stat = std::get_if<model::StatReply>(&reply.body);
    // The creation is a write that the version does not count.
    const uint64_t applied = stat == nullptr ? 0 : static_cast<uint64_t>(stat->stat.version) + 1;
    if (applied < key.acknowledged) result->missing += key.acknowledged - applied;
    if (applied > key.sent) result->doubled += applied - key.sent;
  }
}

bool SameEntry(SimEnsemble& ensemble) {
  std::set<uint64_t> indexes;
  for (const auto& server : ensemble.servers()) {
    if (!server->serving()) return false;
    indexes.insert(server->node()->machine()->applied_index());
  }
  return indexes.size() == 1;
}

}  // namespace

RunResult RunWorkload(const RunOptions& options) {
  RunResult result;
  SimEnsemble ensemble(options.seed);
  if (!ensemble.WaitServing()) return result;
  const uint64_t first_term = ensemble.leader()->node()->consensus()->GetStatus().term;
  std::vector<std::unique_ptr<SimClient>> clients;
  for (uint32_t i = 0; i < options.clients; ++i) {
    clients.push_back(std::make_unique<SimClient>(&ensemble, i, ensemble.random().Next(),
                                                  options.requests / options.clients, &result));
  }
  World& world = ensemble.world();
  const auto all_done = [&clients] {
    for (const auto& client : clients) {
      if (!client->done()) return false;
    }
    return true;
  };
  const uint64_t crash_at = options.requests / 4 + ensemble.random().Below(options.requests / 2);
  world.RunUntil(
      [&] { return all_done() || (result.requests >= crash_at && ensemble.leader() != nullptr); },
      kRunMaxUs);
  if (SimServer* victim = ensemble.leader(); victim != nullptr && !all_done()) {
    ensemble.Note("kill");
    victim->Kill();
    world.RunFor(kDownUs);
    victim->Start();
  }
  const bool finished = world.RunUntil(all_done, kRunMaxUs);
  result.live = finished && world.RunUntil([&] { return SameEntry(ensemble); }, kRunMaxUs);
  result.virtual_us = world.NowUs();
  result.messages = ensemble.messages();
  if (!result.live) return result;
  result.elections = ensemble.leader()->node()->consensus()->GetStatus().term - first_term;
  for (const auto& server : ensemble.servers()) {
    result.digests.push_back(server->node()->machine()->digest());
    for (const auto& client : clients) Verify(*client, *server->node()->machine(), &result);
  }
  result.trace_hash = ensemble.trace_hash();
  return result;
}

std::string ToText(const RunResult& result) {
  return absl::StrCat(
      result.live ? "live" : "NOT LIVE", ": ", result.requests, " requests in ",
      result.virtual_us / 1000, " virtual ms, ", result.succeeded, " succeeded, ", result.refused,
      " refused, ", result.uncertain, " uncertain; ", result.missing, " missing, ", result.doubled,
      " doubled; ", result.elections, " elections, ", result.messages, " messages\ntrace ",
      absl::Hex(result.trace_hash), ", digests ",
      absl::StrJoin(
          result.digests, " ",
          [](std::string* out, uint64_t digest) { absl::StrAppend(out, absl::Hex(digest)); }),
      "\n");
}

}  // namespace rookery::sim
