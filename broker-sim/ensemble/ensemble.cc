#include "broker-sim/ensemble/ensemble.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "broker-sim/ensemble/four_letters.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/base/status_macros.h"

namespace rookery::broker_sim {
namespace {

constexpr int64_t kAskEveryUs = 100'000;
constexpr int64_t kAnswerWithinUs = 500'000;

// A server is known to the others by an address of its own, on which the relay in front of it
// listens; the server itself listens on 127.0.0.1.
std::string PublicHost(int server) { return absl::StrCat("127.0.9.", server); }

}  // namespace

Ensemble::Ensemble(EnsembleOptions options, Executor* executor, Network* network,
                   OnLeader on_leader)
    : options_(std::move(options)),
      executor_(executor),
      network_(network),
      on_leader_(std::move(on_leader)) {}

absl::StatusOr<std::unique_ptr<Ensemble>> Ensemble::Create(EnsembleOptions options,
                                                           Executor* executor, Network* network,
                                                           OnLeader on_leader) {
  if (options.program.empty() || access(options.program.c_str(), X_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(
        "there is no program rookeryd at '", options.program,
        "' to start servers with: name it with --rookeryd, or servers that run with --servers"));
  }
  std::unique_ptr<Ensemble> ensemble(
      new Ensemble(std::move(options), executor, network, std::move(on_leader)));
  ROOKERY_RETURN_IF_ERROR(ensemble->Prepare());
  return ensemble;
}

Ensemble::~Ensemble() {
  scope_.Clear();
  members_.clear();
  std::error_code ignored;
  if (!keep_ && !folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

absl::Status Ensemble::Prepare() {
  std::string name = (std::filesystem::temp_directory_path() / "broker-sim.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    return absl::InternalError(absl::StrCat("cannot make a directory like ", name));
  }
  folder_ = name;
  members_.resize(options_.servers);
  for (Member& member : members_) {
    for (uint16_t* port :
         {&member.client_port, &member.grpc_port, &member.quorum_port, &member.election_port}) {
      *port = FreePort();
      if (*port == 0) return absl::UnavailableError("there is no free port on loopback");
    }
  }
  for (int server = 1; server <= size(); ++server) {
    ROOKERY_RETURN_IF_ERROR(WriteConfig(server));
    if (size() > 1) ROOKERY_RETURN_IF_ERROR(Listen(server));
  }
  return absl::OkStatus();
}

absl::Status Ensemble::WriteConfig(int server) {
  const Member& own = members_[server - 1];
  const std::filesystem::path data = folder_ / absl::StrCat("data-", server);
  std::error_code error;
  std::filesystem::create_directories(data, error);
  std::ofstream(data / "myid") << server << "\n";
  std::ofstream config(folder_ / absl::StrCat(server, ".cfg"));
  config << "tickTime=" << options_.tick_ms
         << "\ninitLimit=20\nsyncLimit=10\ndataDir=" << data.string()
         << "\nclientPort=" << own.client_port
         << "\nclientPortAddress=127.0.0.1\ngrpcPort=" << own.grpc_port
         << "\nadmin.enableServer=false\n4lw.commands.whitelist=srvr\nmemoryBudget=128m\n";
  if (size() > 1) {
    config << "quorumListenAddress=127.0.0.1\n";
    for (int other = 1; other <= size(); ++other) {
      const Member& member = members_[other - 1];
      config << "server." << other << "=" << PublicHost(other) << ":" << member.quorum_port << ":"
             << member.election_port << "\n";
    }
  }
  config.close();
  if (error || !config) {
    return absl::InternalError(absl::StrCat("cannot write into ", folder_.string()));
  }
  return absl::OkStatus();
}

absl::Status Ensemble::Listen(int server) {
  Member& own = members_[server - 1];
  const auto relay_to = [&](uint16_t port) {
    return std::make_unique<Relay>(
        executor_, network_, Address{"127.0.0.1", port},
        [this](const Address& peer) { return WhoIs(peer); },
        [this, server](int from) { return !cut(server) && (from == 0 || !cut(from)); });
  };
  own.quorum = relay_to(own.quorum_port);
  own.election = relay_to(own.election_port);
  ROOKERY_RETURN_IF_ERROR(own.quorum->Listen({PublicHost(server), own.quorum_port}));
  return own.election->Listen({PublicHost(server), own.election_port});
}

int Ensemble::WhoIs(const Address& peer) {
  for (int server = 1; server <= size(); ++server) {
    const pid_t pid = members_[server - 1].process.pid();
    if (pid != 0 && OwnsPort(pid, peer.port)) return server;
  }
  return 0;
}

absl::Status Ensemble::Start() {
  for (int server = 1; server <= size(); ++server) ROOKERY_RETURN_IF_ERROR(Start(server));
  scope_.Spawn(Watch());
  return absl::OkStatus();
}

absl::Status Ensemble::Start(int server) {
  Member& member = members_[server - 1];
  if (member.process.Running()) return absl::OkStatus();
  ROOKERY_ASSIGN_OR_RETURN(
      member.process,
      Process::Start({options_.program, (folder_ / absl::StrCat(server, ".cfg")).string()},
                     (folder_ / absl::StrCat("server-", server, ".log")).string()));
  return absl::OkStatus();
}

void Ensemble::Kill(int server) {
  members_[server - 1].process.Kill();
  members_[server - 1].serves = false;
}

void Ensemble::Cut(int server) {
  members_[server - 1].cut = true;
  UpdateRelays();
}

void Ensemble::HealAll() {
  for (Member& member : members_) member.cut = false;
  UpdateRelays();
}

void Ensemble::UpdateRelays() {
  for (Member& member : members_) {
    if (member.quorum == nullptr) continue;
    member.quorum->Update();
    member.election->Update();
  }
}

std::vector<Address> Ensemble::addresses(bool grpc) const {
  std::vector<Address> addresses;
  for (const Member& member : members_) {
    addresses.push_back({"127.0.0.1", grpc ? member.grpc_port : member.client_port});
  }
  return addresses;
}

Async<> Ensemble::Watch() {
  while (true) {
    int leader = 0;
    for (int server = 1; server <= size(); ++server) {
      Member& member = members_[server - 1];
      if (!member.process.Running()) {
        member.serves = false;
        continue;
      }
      Address address{"127.0.0.1", member.client_port};
      const std::string answer =
          co_await AskFourLetters(executor_, network_, std::move(address), "srvr", kAnswerWithinUs);
      member.serves = absl::StrContains(answer, "Mode: ");
      // One that was cut off may not know yet that it leads no more.
      const bool leads =
          absl::StrContains(answer, "Mode: leader") || absl::StrContains(answer, "standalone");
      if (leads && (!member.cut || leader == 0)) leader = server;
    }
    if (leader != std::exchange(leader_, leader) && leader != 0) on_leader_(leader);
    co_await Sleep(executor_, kAskEveryUs);
  }
}

Async<absl::Status> Ensemble::WaitServing(int64_t timeout_us) {
  const int64_t deadline_us = SystemClock().NowUs() + timeout_us;
  bool ended = false;
  while (!ended && SystemClock().NowUs() < deadline_us) {
    bool all = leader_ != 0;
    for (Member& member : members_) {
      all = all && member.serves;
      ended = ended || !member.process.Running();
    }
    if (all) co_return absl::OkStatus();
    co_await Sleep(executor_, kAskEveryUs);
  }
  std::ifstream log(folder_ / "server-1.log");
  const std::string text{std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>()};
  constexpr size_t kShown = 1500;
  co_return absl::DeadlineExceededError(absl::StrCat(
      ended ? "a server has ended"
            : absl::StrCat("the servers do not serve after ", timeout_us / 1'000'000, " s"),
      "; the log of the first ends with:\n",
      text.substr(text.size() > kShown ? text.size() - kShown : 0)));
}

std::string RookerydBesideThis() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path program = self.parent_path() / "rookeryd";
  return !error && access(program.c_str(), X_OK) == 0 ? program.string() : "";
}

}  // namespace rookery::broker_sim
