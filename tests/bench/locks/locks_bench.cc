// Many sessions that contend for one lock: hand-overs a second, and whether they were fair. All
// stand in the line before the first lets go; whoever held it asks again until its rounds are over.
// tests/bench/locks.py sets Curator's lock on ZooKeeper beside it.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/base/net/asio_core.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/client/recipes/lock/lock.h"

namespace rookery::client::recipes {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char kPath[] = "/locks-bench";

// Everything on the executor of all the clients.
class Contest {
 public:
  Contest(int clients, int rounds, std::promise<void>* done)
      : clients_(clients), rounds_(rounds), done_(done) {}

  void Enter(Client* client) {
    locks_.push_back(std::make_unique<Lock>(client, kPath));
    if (locks_.size() == 1) {
      scope_.Spawn(Open(locks_.front().get()));
    } else {
      scope_.Spawn(Contend(locks_.back().get()));
    }
  }
  // REQUIRES: no task of it is running.
  void Clear() {
    scope_.Clear();
    locks_.clear();
  }
  void Print() const {
    const double seconds = std::chrono::duration<double>(ended_ - begun_).count();
    std::printf("{\"handovers\": %d, \"per_second\": %.1f, \"out_of_order\": %d}\n", handovers_,
                handovers_ / seconds, out_of_order_);
  }
  bool held() const { return error_.empty() && out_of_order_ == 0; }
  const std::string& error() const { return error_; }

 private:
  // Holds the lock until all others stand behind it.
  Async<> Open(Lock* lock) {
    const auto held = co_await lock->Acquire(-1);
    if (!held.ok()) co_return End(std::string(held.status().message()));
    token_ = held->token;
    while (true) {
      const auto line = co_await lock->Contenders();
      if (!line.ok()) co_return End(std::string(line.status().message()));
      if (line->size() == static_cast<size_t>(clients_)) break;
    }
    begun_ = Clock::now();
    const absl::Status released = co_await lock->Release();
    if (!released.ok()) End(std::string(released.message()));
  }

  Async<> Contend(Lock* lock) {
    for (int round = 0; round < rounds_; ++round) {
      const auto held = co_await lock->Acquire(-1);
      if (!held.ok()) co_return End(std::string(held.status().message()));
      // The token is the zxid at which it came into the line.
      if (held->token <= token_) ++out_of_order_;
      token_ = held->token;
      const bool last = ++handovers_ == (clients_ - 1) * rounds_;
      if (last) ended_ = Clock::now();
      const absl::Status released = co_await lock->Release();
      if (!released.ok()) co_return End(std::string(released.message()));
      if (last) End("");
    }
  }

  void End(std::string error) {
    if (done_ == nullptr) return;
    error_ = std::move(error);
    std::exchange(done_, nullptr)->set_value();
  }

  const int clients_;
  const int rounds_;
  std::promise<void>* done_;  // null once told
  std::string error_;
  std::vector<std::unique_ptr<Lock>> locks_;
  model::Zxid token_ = 0;
  int handovers_ = 0;
  int out_of_order_ = 0;
  Clock::time_point begun_, ended_;
  Scope scope_;  // ends before the locks
};

int Main(int argc, char** argv) {
  std::string servers_text = "127.0.0.1:2181", protocol_name = "zookeeper";
  int clients = 1000, rounds = 5;
  CLI::App app("sessions that contend for one lock");
  app.add_option("--servers", servers_text)->capture_default_str();
  app.add_option("--protocol", protocol_name)->capture_default_str();
  app.add_option("--clients", clients)->check(CLI::Range(2, 100000))->capture_default_str();
  app.add_option("--rounds", rounds)->check(CLI::PositiveNumber)->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const auto servers = ParseConnectString(servers_text);
  const auto protocol = ParseProtocol(protocol_name);
  if (!servers.ok() || !protocol.ok()) {
    std::fprintf(stderr, "locks_bench: bad --servers or --protocol\n");
    return 2;
  }
  AsioCore core;
  core.Start("clients");
  std::promise<void> done;
  Contest contest(clients, rounds, &done);
  std::vector<std::unique_ptr<Client>> all;
  core.Post([&] {
    for (int i = 0; i < clients; ++i) {
      Options options;
      options.servers = servers->servers;
      options.session_timeout_ms = 30000;
      options.seed = static_cast<uint64_t>(i) + 1;
      all.push_back(*CreateClient(*protocol, &core, std::move(options)));
      all.back()->Connect();
      contest.Enter(all.back().get());
    }
  });
  done.get_future().wait();
  std::promise<void> closed;
  core.Post([&] {
    contest.Clear();
    auto left = std::make_shared<size_t>(all.size());
    for (const auto& client : all) {
      client->Close([left, &closed] {
        if (--*left == 0) closed.set_value();
      });
    }
  });
  closed.get_future().wait();
  core.Stop();
  all.clear();
  if (!contest.error().empty()) std::fprintf(stderr, "locks_bench: %s\n", contest.error().c_str());
  contest.Print();
  return contest.held() ? 0 : 1;
}

}  // namespace
}  // namespace rookery::client::recipes

int main(int argc, char** argv) { return rookery::client::recipes::Main(argc, argv); }
