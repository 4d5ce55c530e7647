#include "tests/unit/consensus/group.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"

namespace rookery::consensus {

// The messages of one server; each pair of servers has an ordered, reliable link until it is cut.
class Node::Wire : public Peers {
 public:
  Wire(Group* group, Node* node) : group_(group), node_(node) {}

  void SetListener(PeersListener* listener) override { listener_ = listener; }
  void SetMembers(const MemberList&, uint32_t) override {}
  bool SendEngineMessage(EngineId to, std::string bytes) override {
    return Send(to, std::move(bytes), true);
  }
  bool SendApplicationMessage(EngineId to, std::string bytes) override {
    return Send(to, std::move(bytes), false);
  }
  bool IsConnected(EngineId peer) const override { return connected_.contains(peer); }
  int64_t LastAnswerUs(EngineId) const override { return 0; }
  void Stop() override { listener_ = nullptr; }

  // Tells the listener what changed, from tasks.
  void SetConnected(EngineId peer, bool connected) {
    if (connected == connected_.contains(peer)) return;
    if (connected) {
      connected_.insert(peer);
    } else {
      connected_.erase(peer);
      ++epoch_[peer];
    }
    node_->process.Post([this, peer, connected] {
      if (listener_ != nullptr) listener_->OnPeerConnected(peer, connected);
    });
  }
  void Lost(EngineId peer, PeerLoss why) {
    node_->process.Post([this, peer, why] {
      if (listener_ != nullptr) listener_->OnPeerLost(peer, why);
    });
  }

 private:
  bool Send(EngineId to, std::string bytes, bool engine) {
    if (!connected_.contains(to)) return false;
    if (engine && group_->on_send) {
      const uint32_t kind = static_cast<unsigned char>(bytes[1]);
      if (!group_->on_send(node_->id, to, kind, bytes)) return true;
    }
    Node* peer = group_->nodes_.at(to).get();
    const int64_t latency_us =
        group_->random_.Between(group_->latency_least_us, group_->latency_most_us);
    // In order per connection, as TCP.
    int64_t& free_us = free_us_[to];
    free_us = std::max(free_us + 1, group_->world.NowUs() + latency_us);
    peer->process.RunAfter(free_us - group_->world.NowUs(),
                           [peer, from = node_->id, engine, bytes = std::move(bytes),
                            epoch = peer->wire_->epoch_[node_->id]]() mutable {
                             Wire* wire = peer->wire_.get();
                             if (wire->listener_ == nullptr || wire->epoch_[from] != epoch) return;
                             if (engine) {
                               wire->listener_->OnEngineMessage(from, std::move(bytes));
                             } else {
                               wire->listener_->OnApplicationMessage(from, std::move(bytes));
                             }
                           });
    return true;
  }

  Group* const group_;
  Node* const node_;
  PeersListener* listener_ = nullptr;
  std::set<EngineId> connected_;
  std::map<EngineId, int64_t> free_us_;
  std::map<EngineId, uint64_t> epoch_;  // of the connection from a peer
};

Node::Node(Group* group, EngineId id, std::optional<Configuration> founding)
    : id(id), process(&group->world), group_(group) {
  options.id = id;
  if (!founding.has_value()) return;
  ROOKERY_CHECK(log.Load().ok());
  ROOKERY_CHECK(WriteFoundingLog(&log, *founding, "state").ok());
  flushed = {.index = 1, .term = 1, .configuration = *founding};
}

Node::~Node() { Kill(); }

absl::Status Node::Start() {
  absl::StatusOr<LogContents> contents = log.Load();
  ROOKERY_CHECK(contents.ok());
  // The state that the log names; another one was being installed when the process died.
  const std::string& named = contents->position.state_directory;
  if (!named.empty() && named != state_name) {
    flushed = states.at(named);
    state_name = named;
  }
  live = flushed;
  options.boot_id = ++group_->boots_;
  options.seed = group_->random_.Next();
  disk = std::make_unique<Background>(&process);
  disk->work_us = disk_us;
  wire_ = std::make_unique<Wire>(group_, this);
  RaftBoot boot = {.applied_index = flushed.index,
                   .applied_term = flushed.term,
                   .configuration = flushed.configuration};
  absl::StatusOr<std::unique_ptr<RaftConsensus>> started =
      StartRaft(options, boot, *contents, "/data/log",
                {.core = &process,
                 .log_thread = disk.get(),
                 .clock = &group_->world,
                 .log = &log,
                 .files = &files,
                 .peers = wire_.get(),
                 .checkpoints = this,
                 .listener = this,
                 .state_directory = [this] { return state_name; }});
  if (!started.ok()) return started.status();
  raft = *std::move(started);
  group_->UpdateConnections(id);
  return absl::OkStatus();
}

void Node::Kill() {
  if (!up()) return;
  process.Kill();
  raft.reset();
  disk.reset();
  held_install = nullptr;
  log.Crash();
  group_->UpdateConnections(id);
  for (auto& [other, node] : group_->nodes_) {
    if (other == id || !node->up() || group_->news_us == 0) continue;
    node->process.RunAfter(
        group_->news_us + static_cast<int64_t>(group_->random_.Below(500)),
        [wire = node->wire_.get(), id = id] { wire->Lost(id, PeerLoss::kRefused); });
  }
}

void Node::Flush() {
  flushed = live;
  raft->StateFlushed(live.index);
}

void Node::TakeCheckpoint() {
  Flush();
  std::string name = absl::StrCat("checkpoint-", id, "-", live.index);
  if (checkpoints_unusable > 0) absl::StrAppend(&name, "-", checkpoints_unusable);
  checkpoints[name] = live;
  raft->CheckpointTaken(
      {.index = live.index, .term = live.term, .configuration = live.configuration, .name = name});
}

void Node::AskBarrier(int64_t timeout_us) {
  raft->Barrier(group_->world.NowUs() + timeout_us,
                [this](absl::StatusOr<uint64_t> index) { barriers.push_back(std::move(index)); });
}

void Node::OnItems(std::vector<Item> items) {
  for (Item& item : items) {
    ROOKERY_CHECK(item.index > live.index) << item.index << " after " << live.index;
    live.index = item.index;
    live.term = item.term;
    switch (item.kind) {
      case Item::Kind::kEntry:
        live.lines.push_back(item.bytes);
        break;
      case Item::Kind::kLeaderStarted:
        ++leader_starts;
        break;
      case Item::Kind::kConfiguration:
        live.configuration = item.configuration;
        configurations.push_back(item.configuration);
        break;
    }
  }
  raft->Applied(live.index);
}

void Node::OnStatus(const Status& status) { statuses.push_back(status); }

void Node::OnPeerMessage(EngineId from, absl::string_view bytes) {
  peer_messages.push_back(absl::StrCat(from, ":", bytes));
}

void Node::OnInstall(Manifest manifest, std::string directory,
                     absl::AnyInvocable<void(absl::Status)> done) {
  const State& received = directories.at(directory);
  ROOKERY_CHECK(received.index == manifest.index);
  ROOKERY_CHECK(received.configuration == manifest.configuration);
  // Both exist on disk until the log names the new one.
  states[state_name] = flushed;
  state_name = directory;
  live = flushed = received;
  if (hold_install) {
    held_install = std::move(done);
  } else {
    process.RunAfter(1000, [done = std::move(done)]() mutable { done(absl::OkStatus()); });
  }
}

void Node::OnCheckpointWanted() {
  ++checkpoints_wanted;
  if (checkpoint_when_wanted) TakeCheckpoint();
}

void Node::OnCheckpointUnusable(const std::string& name) {
  ++checkpoints_unusable;
  checkpoints.erase(name);
  TakeCheckpoint();
}

void Node::Fetch(EngineId from, const Manifest& manifest,
                 absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) {
  if (hold_fetch) return;
  process.RunAfter(2000, [this, from, name = manifest.name, done = std::move(done)]() mutable {
    Node& source = (*group_)[from];
    absl::Status outcome;
    if (!source.up() || !group_->Connected(from, id)) {
      outcome = absl::UnavailableError("no connection");
    } else if (!source.checkpoints.contains(name)) {
      outcome = absl::NotFoundError("no such checkpoint");
    } else if (source.damaged.contains(name)) {
      outcome = absl::DataLossError("it holds no state");
    }
    if (source.up()) {
      // What vanished here stands for a transfer that failed, and not for a bad checkpoint.
      const absl::Status told =
          absl::IsNotFound(outcome) ? absl::AbortedError(outcome.message()) : outcome;
      source.process.Post([&source, id = id, name, told] {
        if (source.up()) source.raft->OnCheckpointSent(id, name, told);
      });
    }
    if (!outcome.ok()) return done(outcome);
    const std::string directory = absl::StrCat("state-", name);
    directories[directory] = source.checkpoints.at(name);
    done(directory);
  });
}

Group::Group(int voters, int learners, uint64_t seed) : seed(seed), random_(seed) {
  for (int id = 1; id <= voters + learners; ++id) {
    (id <= voters ? founding.voters : founding.learners).push_back(static_cast<EngineId>(id));
  }
  for (EngineId id = 1; id <= static_cast<EngineId>(voters + learners); ++id) {
    nodes_[id] = std::make_unique<Node>(this, id, founding);
  }
}

Group::~Group() {
  for (auto& [id, node] : nodes_) node->Kill();
}

Node& Group::AddEmpty(EngineId id) {
  nodes_[id] = std::make_unique<Node>(this, id, std::nullopt);
  return *nodes_[id];
}

void Group::StartAll() {
  for (auto& [id, node] : nodes_) {
    ROOKERY_CHECK(node->up() || node->Start().ok()) << "server " << id;
  }
}

EngineId Group::WaitForLeader(int64_t us) {
  EngineId leader = 0;
  world.RunUntil(
      [&] {
        for (auto& [id, node] : nodes_) {
          if (node->Leads()) leader = id;
        }
        return leader != 0;
      },
      us);
  return leader;
}

bool Group::Write(const std::string& line) {
  bool taken = false;
  const auto done = [&] {
    for (auto& [id, node] : nodes_) {
      if (!node->up()) continue;
      if (!taken && node->Leads()) taken = node->raft->Propose(line) == ProposeResult::kAccepted;
      const auto& lines = node->live.lines;
      if (taken && std::find(lines.begin(), lines.end(), line) != lines.end()) return true;
    }
    return false;
  };
  return world.RunUntil(done, 5'000'000);
}

bool Group::WaitForEqual(int64_t us) {
  return world.RunUntil(
      [&] {
        const State* first = nullptr;
        bool leads = false;
        for (auto& [id, node] : nodes_) {
          if (!node->up()) continue;
          leads =
              leads || (node->Leads() && node->raft->GetStatus().commit_index == node->live.index);
          if (first == nullptr) first = &node->live;
          if (node->live.index != first->index || node->live.lines != first->lines) return false;
        }
        return leads;
      },
      us);
}

bool Group::Connected(EngineId a, EngineId b) {
  return nodes_.at(a)->up() && nodes_.at(b)->up() && !cuts_.contains(std::minmax(a, b));
}

void Group::UpdateConnections(EngineId of) {
  for (auto& [other, node] : nodes_) {
    if (other == of) continue;
    const bool connected = Connected(of, other);
    if (nodes_.at(of)->up()) nodes_.at(of)->wire_->SetConnected(other, connected);
    if (node->up()) node->wire_->SetConnected(of, connected);
  }
}

void Group::Cut(EngineId a, EngineId b) {
  cuts_.insert(std::minmax(a, b));
  UpdateConnections(a);
}

void Group::Heal(EngineId a, EngineId b) {
  cuts_.erase(std::minmax(a, b));
  UpdateConnections(a);
}

void Group::Isolate(EngineId id) {
  for (auto& [other, node] : nodes_) {
    if (other != id) Cut(id, other);
  }
}

void Group::HealAll() {
  cuts_.clear();
  for (auto& [id, node] : nodes_) UpdateConnections(id);
}

}  // namespace rookery::consensus
