#include "tests/sim/ensemble.h"

#include <xxhash.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/kafka/preload.h"
#include "coordinator/store/memory/memory_base.h"

namespace rookery::sim {
namespace {

constexpr int64_t kStartMaxUs = 60'000'000;
constexpr int64_t kLatencyLeastUs = 60;
constexpr int64_t kLatencyMostUs = 300;

}  // namespace

struct SimServer::Threads {
  explicit Threads(consensus::Process* process)
      : log(process), load(process), flush(process), transfer(process) {
    log.work_us = 200;
  }
  consensus::WorldBackground log, load, flush, transfer;
};

SimServer::SimServer(World* world, uint32_t number, uint32_t servers, uint64_t seed)
    : world_(world), number_(number), servers_(servers), random_(seed), process_(world) {}

SimServer::~SimServer() { Kill(); }

void SimServer::Start() {
  ROOKERY_CHECK(!up()) << "server " << number_ << " runs already";
  threads_ = std::make_unique<Threads>(&process_);
  NodeOptions options;
  options.server_number = number_;
  for (uint32_t n = 1; n <= servers_; ++n) {
    options.servers.push_back({.number = n,
                               .host = "sim",
                               .quorum_port = static_cast<uint16_t>(1000 + n),
                               .election_port = static_cast<uint16_t>(2000 + n),
                               .client_address = absl::StrCat(3000 + n)});
  }
  options.log_directory = "log";
  options.seed = random_.Next();
  options.store.hash_seed = random_.Next();
  options.service.preload_paths = kafka::PreloadPaths();
  NodeEdges edges;
  edges.core = &process_;
  edges.network = &process_;
  edges.clock = world_;
  edges.log_thread = &threads_->log;
  edges.load_thread = &threads_->load;
  edges.flush_thread = &threads_->flush;
  edges.transfer_thread = &threads_->transfer;
  edges.files = &files_;
  edges.log = &log_;
  edges.checkpoints = &checkpoints_;
  edges.open_base = [this](const std::string& name) {
    return store::CreateMemoryBase(disk_, name);
  };
  node_ = std::make_unique<Node>(std::move(options), std::move(edges));
  process_.Post([this] {
    const absl::Status status =
        node_->Start({.on_service = [this](service::ServerService* service) { OpenDoor(service); },
                      .on_fatal = [](absl::Status why) { ROOKERY_CHECK(false) << why; }});
    ROOKERY_CHECK(status.ok()) << status;
  });
}

void SimServer::OpenDoor(service::ServerService* service) {
  words_ = std::make_unique<frontend::FourLetterWords>(frontend::FactSources(), "");
  auto door = frontend::ZooKeeperDoor::Open({.listen = client_address()}, &process_, world_,
                                            &process_, service, words_.get());
  ROOKERY_CHECK(door.ok()) << door.status();
  door_ = *std::move(door);
}

void SimServer::Kill() {
  if (!up()) return;
  process_.Kill();
  door_.reset();
  words_.reset();
  node_.reset();
  threads_.reset();
  process_.Kill();  // what the ends above have posted
  log_.Crash();
}

bool SimServer::leads() const {
  return up() && node_->consensus() != nullptr && node_->consensus()->GetStatus().leader_ready;
}

SimEnsemble::SimEnsemble(uint64_t seed, uint32_t size) : random_(seed) {
  world_.on_bytes = [this](consensus::Process*, consensus::Process*, std::string* bytes) {
    ++messages_;
    Note(*bytes);
    world_.latency_us = random_.Between(kLatencyLeastUs, kLatencyMostUs);
  };
  for (uint32_t n = 1; n <= size; ++n) {
    servers_.push_back(std::make_unique<SimServer>(&world_, n, size, random_.Next()));
    servers_.back()->Start();
  }
}

std::vector<Address> SimEnsemble::addresses() const {
  std::vector<Address> addresses;
  for (const auto& server : servers_) addresses.push_back(server->client_address());
  return addresses;
}

bool SimEnsemble::WaitServing() {
  return world_.RunUntil(
      [this] {
        for (const auto& server : servers_) {
          if (!server->serving()) return false;
        }
        return true;
      },
      kStartMaxUs);
}

SimServer* SimEnsemble::leader() const {
  for (const auto& server : servers_) {
    if (server->leads()) return server.get();
  }
  return nullptr;
}

void SimEnsemble::Note(absl::string_view what) {
  const uint64_t parts[] = {trace_hash_, static_cast<uint64_t>(world_.NowUs()),
                            XXH3_64bits(what.data(), what.size())};
  trace_hash_ = XXH3_64bits(parts, sizeof parts);
}

}  // namespace rookery::sim
