#include "tests/sim/server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"

namespace rookery::sim {

struct SimServer::Threads {
  Threads(Process* process, SimDisk* disk, const Tuning& tuning, Random* random)
      : log(process), load(process), flush(process), transfer(process), scan(process) {
    for (Background* thread : {&log, &load, &flush, &transfer, &scan}) {
      thread->work_us = tuning.disk_work_us;
      thread->extra_us = [disk, random, most = tuning.disk_jitter_us] {
        return disk->extra_us + random->Between(0, most);
      };
      if (tuning.late_most_us == 0) continue;
      thread->late_us = [random, most = tuning.late_most_us] {
        return random->Chance(0.5) ? random->Between(0, most) : 0;
      };
    }
    load.work_us += tuning.read_us;
  }
  Background log, load, flush, transfer, scan;
};

consensus::ServerLine LineOf(uint32_t server) {
  return {.number = server,
          .host = "sim",
          .quorum_port = static_cast<uint16_t>(1000 + server),
          .election_port = static_cast<uint16_t>(2000 + server),
          .client_address = absl::StrCat(ClientAddress(server).port)};
}

SimServer::SimServer(const ServerParts& parts, uint32_t number, uint32_t founders, uint64_t seed)
    : parts_(parts),
      number_(number),
      founders_(founders),
      random_(seed),
      secrets_(seed),
      process_(parts.world, absl::StrCat("server ", number)),
      disk_(random_.Next()),
      probe_(parts.recorder, parts.first_applied, number,
             static_cast<int32_t>(parts.tuning->service.disconnect_grace_us / 1000)),
      log_(probe_.Wrap(disk_.log())) {}

SimServer::~SimServer() { TearDown(0); }

NodeOptions SimServer::MakeOptions() {
  NodeOptions options;
  options.server_number = number_;
  for (uint32_t n = 1; n <= founders_; ++n) options.servers.push_back(LineOf(n));
  if (number_ > founders_) options.servers.push_back(LineOf(number_));
  options.log_directory = absl::StrCat("server-", number_, "/log");
  options.seed = random_.Next();
  options.rescan_period_us = parts_.tuning->rescan_period_us;
  options.store = parts_.tuning->store;
  options.store.hash_seed = random_.Next();
  options.service = parts_.tuning->service;
  options.service.observer = &probe_;
  options.raft = parts_.tuning->raft;
  return options;
}

NodeEdges SimServer::MakeEdges() {
  NodeEdges edges;
  edges.core = &process_;
  edges.network = &process_;
  edges.clock = &process_;
  edges.secrets = &secrets_;
  edges.log_thread = &threads_->log;
  edges.load_thread = &threads_->load;
  edges.flush_thread = &threads_->flush;
  edges.transfer_thread = &threads_->transfer;
  edges.scan_thread = &threads_->scan;
  edges.files = disk_.files();
  disk_.files()->Opened();
  edges.log = log_.get();
  edges.checkpoints = disk_.checkpoints();
  edges.open_base = [this](const std::string& name) {
    return disk_.OpenBase(name, {.now_us = [this] { return parts_.world->NowUs(); },
                                 .compaction_us = parts_.tuning->compaction_us});
  };
  return edges;
}

void SimServer::Start() {
  ROOKERY_CHECK(!up()) << "server " << number_ << " runs already";
  process_.PowerOn();
  parts_.recorder->ServerUp(number_);
  last_end_ = {ProcessEnded::Kind::kCrash, ""};
  threads_ = std::make_unique<Threads>(&process_, &disk_, *parts_.tuning, &random_);
  node_ = std::make_unique<Node>(MakeOptions(), MakeEdges());
  process_.Post([this] {
    disk_.RemoveOldCheckpoints();
    const absl::Status status = node_->Start(
        {.on_service = [this](service::ServerService* service) { OpenDoors(service); },
         .on_fatal =
             [](absl::Status why) {
               throw ProcessEnded{ProcessEnded::Kind::kFatal, std::string(why.message())};
             }});
    if (!status.ok()) {
      throw ProcessEnded{ProcessEnded::Kind::kFatal,
                         absl::StrCat("cannot start: ", status.message())};
    }
  });
}

void SimServer::OpenDoors(service::ServerService* service) {
  words_ = std::make_unique<frontend::FourLetterWords>(frontend::FactSources(), "");
  auto door = frontend::ZooKeeperDoor::Open({.listen = client_address()}, &process_, &process_,
                                            &process_, service, words_.get());
  ROOKERY_CHECK(door.ok()) << door.status();
  door_ = *std::move(door);
  auto grpc = SimGrpcDoor::Open(GrpcAddress(number_), &process_, &process_, service);
  ROOKERY_CHECK(grpc.ok()) << grpc.status();
  grpc_ = *std::move(grpc);
  visitors_ =
      std::make_unique<Visitors>(VisitorsOptions{.server = number_,
                                                 .seed = random_.Next(),
                                                 .period_us = parts_.tuning->visits_us,
                                                 .library_nodes = parts_.tuning->library_nodes},
                                 &process_, &threads_->scan, service, parts_.recorder);
  if (!parts_.tuning->crowds) return;
  disk_.checkpoints()->SetOnReceived([this] {
    process_.Post([this] {
      if (visitors_ != nullptr) visitors_->Crowd();
    });
  });
}

void SimServer::CountLife() {
  if (!belongs()) return;
  parts_.rare->AddLife(node_->service()->GetStatistics(), node_->store()->GetUsage());
}

void SimServer::TearDown(int64_t silent_us) {
  if (!up()) return;
  CountLife();
  process_.Kill(silent_us);
  visitors_.reset();
  grpc_.reset();
  door_.reset();
  words_.reset();
  node_.reset();
  threads_.reset();
  process_.Kill(silent_us);  // what the ends above have posted
}

void SimServer::Kill() {
  if (!up()) return;
  TearDown(0);
  parts_.recorder->ServerDown(number_);
}

void SimServer::LosePower(int64_t silent_us) {
  const bool was_up = up();
  TearDown(silent_us);
  parts_.rare->Add(Rare::kLostUnsynced, disk_.LosePower());
  if (was_up) parts_.recorder->ServerDown(number_);
}

void SimServer::OnEnded(const ProcessEnded& end) {
  Kill();
  last_end_ = end;
}

bool SimServer::leads() const {
  return up() && node_->consensus() != nullptr && node_->consensus()->GetStatus().leader_ready;
}

}  // namespace rookery::sim
