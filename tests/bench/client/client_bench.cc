// One session of the client library with many requests in flight: how many a second, and how often
// the library allocates for each. tests/bench/client.py sets the bare loop of `rookery bench`
// beside it; both ask for the same nodes, which that one prepares.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/base/net/asio_core.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/factory/client_factory.h"
#include "tools/rookery/bench/request_template.h"

namespace {

// Of the calling thread, since it began.
thread_local uint64_t allocations = 0;

}  // namespace

void* operator new(size_t size) {
  ++allocations;
  if (void* block = std::malloc(size)) return block;
  std::abort();
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, size_t) noexcept { std::free(block); }

namespace rookery::client {
namespace {

using Clock = std::chrono::steady_clock;
using tools::bench::KeyPath;
using tools::bench::KeySpace;

struct LoadOptions {
  std::string servers = "127.0.0.1:2181";
  std::string protocol = "zookeeper";
  std::string op = "get";
  int inflight = 64;
  int seconds = 3;
  int warmup_seconds = 1;
  int size = 100;
  int keys = 1000;
};

// Everything on the client's executor.
class Load {
 public:
  Load(const LoadOptions& options, Client* client) : options_(options), client_(client) {
    for (int key = 0; key < options.keys; ++key) {
      paths_.push_back(KeyPath(KeySpace(), static_cast<uint64_t>(key)));
    }
  }

  // Begins; the end is told by `done`.
  void Begin(std::promise<void>* done) {
    done_ = done;
    begun_ = Clock::now();
    for (int i = 0; i < options_.inflight; ++i) Next();
  }
  void Print() const {
    const double seconds = std::chrono::duration<double>(ended_ - measured_from_).count();
    const double count = static_cast<double>(answered_);
    std::printf("{\"per_second\": %.0f, \"allocations_per_request\": %.3f, \"failed\": %llu}\n",
                count / seconds, static_cast<double>(allocated_) / count,
                static_cast<unsigned long long>(failed_));
  }
  bool held() const { return failed_ == 0 && answered_ > 0; }

 private:
  void Next() {
    const uint64_t before = allocations;
    std::string path = paths_[number_++ * 7919 % paths_.size()];
    if (options_.op == "get") {
      callers_ += allocations - before;
      client_->GetData(std::move(path), nullptr,
                       [this](const Result<model::DataReply>& result) { OnAnswer(result.ok()); });
    } else {
      model::SetDataRequest request;
      request.path = std::move(path);
      request.data = std::string(static_cast<size_t>(options_.size), 'x');
      callers_ += allocations - before;
      client_->SetData(std::move(request),
                       [this](const Result<model::StatReply>& result) { OnAnswer(result.ok()); });
    }
  }

  void OnAnswer(bool ok) {
    if (measured_from_ != Clock::time_point()) {
      ++answered_;
      failed_ += ok ? 0 : 1;
    }
    // The clock is asked now and then only: it is not the library that is measured by it.
    if (++asked_ % 64 == 0) OnTime(Clock::now());
    if (ended_ == Clock::time_point()) Next();
  }

  void OnTime(Clock::time_point now) {
    if (ended_ != Clock::time_point()) return;
    if (measured_from_ == Clock::time_point()) {
      if (now - begun_ < std::chrono::seconds(options_.warmup_seconds)) return;
      measured_from_ = now;
      allocated_ = allocations - callers_;
    } else if (now - measured_from_ >= std::chrono::seconds(options_.seconds)) {
      ended_ = now;
      allocated_ = allocations - callers_ - allocated_;
      done_->set_value();
    }
  }

  const LoadOptions options_;
  Client* const client_;
  std::vector<std::string> paths_;
  std::promise<void>* done_ = nullptr;
  Clock::time_point begun_, measured_from_, ended_;
  uint64_t number_ = 0;
  uint64_t asked_ = 0;
  uint64_t answered_ = 0;  // while it was measured, as failed_
  uint64_t failed_ = 0;
  uint64_t callers_ = 0;    // allocations for requests, before the library has them
  uint64_t allocated_ = 0;  // by the library: at the begin of the measurement, then during it
};

int Main(int argc, char** argv) {
  LoadOptions options;
  CLI::App app("load through one session of the client library");
  app.add_option("--servers", options.servers)->capture_default_str();
  app.add_option("--protocol", options.protocol)->capture_default_str();
  app.add_option("--op", options.op)->check(CLI::IsMember({"get", "set"}))->capture_default_str();
  app.add_option("--inflight", options.inflight)->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds)->check(CLI::PositiveNumber);
  app.add_option("--size", options.size)->check(CLI::NonNegativeNumber);
  app.add_option("--keys", options.keys)->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  const auto servers = ParseConnectString(options.servers);
  const auto protocol = ParseProtocol(options.protocol);
  if (!servers.ok() || !protocol.ok()) {
    std::fprintf(stderr, "client_bench: bad --servers or --protocol\n");
    return 2;
  }
  AsioCore core;
  core.Start("client");
  std::promise<void> connected, done, closed;
  std::unique_ptr<Client> client;
  std::unique_ptr<Load> load;
  core.Post([&] {
    Options wanted;
    wanted.servers = servers->servers;
    wanted.observer = [&connected](SessionState state) {
      if (state == SessionState::kConnected) connected.set_value();
    };
    client = *CreateClient(*protocol, &core, std::move(wanted));
    load = std::make_unique<Load>(options, client.get());
    client->Connect();
  });
  connected.get_future().wait();
  core.Post([&] { load->Begin(&done); });
  done.get_future().wait();
  core.Post([&] { client->Close([&] { closed.set_value(); }); });
  closed.get_future().wait();
  core.Stop();
  load->Print();
  return load->held() ? 0 : 1;
}

}  // namespace
}  // namespace rookery::client

int main(int argc, char** argv) { return rookery::client::Main(argc, argv); }
