#include "tools/rookery/bench/load.h"

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/model/error_code.h"
#include "tools/rookery/bench/connection.h"

namespace rookery::tools::bench {
namespace {

constexpr int kWaitMs = 100;
constexpr int64_t kPrepareWaitMs = 10000;
constexpr int64_t kSilenceNs = 60'000'000'000;  // after that the server is thought dead

int64_t NowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

int64_t SecondsToNs(double seconds) { return static_cast<int64_t>(seconds * 1e9); }

// One thread's connections, until all are finished.
absl::Status Drive(std::vector<std::unique_ptr<Connection>>& connections) {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return absl::ResourceExhaustedError("cannot make an epoll descriptor");
  const auto close_epoll =
      std::unique_ptr<const int, void (*)(const int*)>(&epoll, [](const int* fd) { close(*fd); });
  std::vector<bool> wanted_write(connections.size());
  const auto watch = [&](size_t i, int operation) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (wanted_write[i]) event.events |= EPOLLOUT;
    event.data.u64 = i;
    epoll_ctl(epoll, operation, connections[i]->fd(), &event);
  };
  for (size_t i = 0; i < connections.size(); ++i) {
    ROOKERY_RETURN_IF_ERROR(connections[i]->Fill(NowNs()));
    wanted_write[i] = connections[i]->WantsWrite();
    watch(i, EPOLL_CTL_ADD);
  }
  int64_t heard_ns = NowNs();
  std::vector<epoll_event> events(connections.size());
  while (!std::all_of(connections.begin(), connections.end(),
                      [](const auto& connection) { return connection->Finished(); })) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), kWaitMs);
    for (int e = 0; e < count; ++e) {
      const size_t i = events[e].data.u64;
      const int64_t now_ns = heard_ns = NowNs();
      if ((events[e].events & ~EPOLLOUT) != 0) {
        ROOKERY_RETURN_IF_ERROR(connections[i]->OnReadable(now_ns));
      } else {
        ROOKERY_RETURN_IF_ERROR(connections[i]->Fill(now_ns));
      }
      if (connections[i]->WantsWrite() != wanted_write[i]) {
        wanted_write[i] = !wanted_write[i];
        watch(i, EPOLL_CTL_MOD);
      }
    }
    if (count == 0) {
      const int64_t now_ns = NowNs();
      if (now_ns - heard_ns > kSilenceNs) {
        return absl::DeadlineExceededError("no answer for a minute");
      }
      // Idle connections notice here that the time is over.
      for (auto& connection : connections) ROOKERY_RETURN_IF_ERROR(connection->Fill(now_ns));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<client::BlockingClient>> OpenClient(const Address& server) {
  return client::OpenBlockingClient(client::Protocol::kZooKeeper, server.ToString(),
                                    client::Options(), kPrepareWaitMs);
}

absl::Status Refused(absl::string_view what, model::ErrorCode error) {
  return absl::UnavailableError(absl::StrCat("cannot ", what, ": ", model::ErrorName(error)));
}

// Those that exist stay as they are.
absl::Status CreateNodes(const Address& server, const std::vector<std::string>& paths) {
  ROOKERY_ASSIGN_OR_RETURN(auto client, OpenClient(server));
  for (const std::string& path : paths) {
    const auto made = client->Create({path, "", *model::OpenAcl(), 0, false});
    if (made.ok() || made.error == model::ErrorCode::kNodeExists) continue;
    return Refused(absl::StrCat("create ", path), made.error);
  }
  return absl::OkStatus();
}

absl::Status CreateKeys(const LoadOptions& options) {
  LoadOptions create = options;
  create.op = Op::kCreate;
  create.connections = 1;
  create.threads = 1;
  create.inflight = 256;
  create.count = options.keys;
  create.first_key = 0;
  create.warmup_seconds = 0;
  create.servers = {options.servers[0]};
  create.expected_errors = {static_cast<int32_t>(model::ErrorCode::kNodeExists)};
  ROOKERY_ASSIGN_OR_RETURN(const LoadResult result, RunLoad(create));
  if (result.errors.empty()) return absl::OkStatus();
  return Refused("create the keys", static_cast<model::ErrorCode>(result.errors.begin()->first));
}

}  // namespace

absl::StatusOr<LoadResult> RunLoad(const LoadOptions& options) {
  const int threads = std::clamp(options.threads, 1, options.connections);
  const RequestTemplate request(options.op, options.space, options.size);
  SharedRun run;
  run.count = options.count;
  run.create = options.op == Op::kCreate;
  run.keys = options.keys;
  run.first_key = options.first_key;
  std::vector<Tally> tallies(threads);
  std::vector<std::vector<std::unique_ptr<Connection>>> connections(threads);
  for (int i = 0; i < options.connections; ++i) {
    const Address& server = options.servers[i % options.servers.size()];
    ROOKERY_ASSIGN_OR_RETURN(Socket socket,
                             Socket::OpenSession(server, options.session_timeout_ms));
    connections[i % threads].push_back(
        std::make_unique<Connection>(std::move(socket), &request, options.inflight, &run,
                                     &tallies[i % threads], &options.expected_errors));
  }
  const int64_t begin_ns = NowNs();
  run.measure_from_ns = begin_ns + (options.count == 0 ? SecondsToNs(options.warmup_seconds) : 0);
  if (options.count == 0) run.end_ns = run.measure_from_ns + SecondsToNs(options.seconds);

  std::vector<absl::Status> statuses(threads);
  std::vector<std::thread> workers;
  for (int i = 1; i < threads; ++i) {
    workers.emplace_back([&, i] { statuses[i] = Drive(connections[i]); });
  }
  statuses[0] = Drive(connections[0]);
  for (std::thread& worker : workers) worker.join();
  for (const auto& of_thread : connections) {
    for (const auto& connection : of_thread) connection->CloseSession();
  }

  LoadResult result;
  int64_t last_ns = run.measure_from_ns;
  for (int i = 0; i < threads; ++i) {
    ROOKERY_RETURN_IF_ERROR(statuses[i]);
    result.operations += tallies[i].operations;
    result.latency_ns.Merge(tallies[i].latency_ns);
    for (const auto& [code, count] : tallies[i].errors) result.errors[code] += count;
    last_ns = std::max(last_ns, tallies[i].last_answer_ns);
  }
  const int64_t end_ns = options.count == 0 ? run.end_ns : last_ns;
  result.seconds = static_cast<double>(end_ns - run.measure_from_ns) / 1e9;
  return result;
}

absl::Status Prepare(const LoadOptions& options) {
  std::vector<std::string> paths;
  for (size_t slash = options.space.root.find('/', 1); slash != std::string::npos;
       slash = options.space.root.find('/', slash + 1)) {
    paths.push_back(options.space.root.substr(0, slash));
  }
  paths.push_back(options.space.root);
  for (uint32_t i = 0; i < options.space.parents; ++i) {
    paths.push_back(ParentPath(options.space, i));
  }
  ROOKERY_RETURN_IF_ERROR(CreateNodes(options.servers[0], paths));
  if (options.op != Op::kCreate) ROOKERY_RETURN_IF_ERROR(CreateKeys(options));
  // A server that is behind would answer that there is no node.
  for (const Address& server : options.servers) {
    ROOKERY_ASSIGN_OR_RETURN(auto client, OpenClient(server));
    const auto synced = client->Sync(options.space.root);
    if (!synced.ok()) return Refused("sync", synced.error);
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::bench
