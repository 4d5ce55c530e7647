// chaos-clients: clients of our own library over either protocol, whose history goes to a file as
// JSON lines (tests/sim/history/json.h) when the standard input ends.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include "coordinator/client/connect_string.h"
#include "tests/chaos/chaos/history_client.h"
#include "tests/sim/history/json.h"

namespace rookery::chaos {
namespace {

// A client that gets no answer any more must not keep the others' history.
constexpr int64_t kFinishUsMax = 60'000'000;

int Main(int argc, char** argv) {
  CLI::App app("asks without rest, and writes down all that was asked and told");
  std::string servers, protocol = "grpc", file;
  uint32_t first = 1, count = 4;
  uint64_t seed = 1;
  double per_second = 20;
  app.add_option("--servers", servers, "host:port,...; the i-th is server i")->required();
  app.add_option("--protocol", protocol, "zookeeper or grpc")->capture_default_str();
  app.add_option("--first", first, "number of the first client")->capture_default_str();
  app.add_option("--clients", count, "how many")->capture_default_str();
  app.add_option("--per-second", per_second, "requests of each")->capture_default_str();
  app.add_option("--seed", seed, "of what they ask")->capture_default_str();
  app.add_option("--out", file, "where the history goes")->required();
  CLI11_PARSE(app, argc, argv);

  const auto parsed = client::ParseConnectString(servers);
  const auto kind = client::ParseProtocol(protocol);
  if (!parsed.ok() || !kind.ok()) {
    std::cerr << "chaos-clients: " << (parsed.ok() ? kind.status() : parsed.status()) << "\n";
    return 2;
  }
  AsioCore core;
  sim::History history;
  std::vector<std::unique_ptr<HistoryClient>> clients;
  Random random(seed);
  uint32_t finished = 0;
  core.Post([&] {
    for (uint32_t i = 0; i < count; ++i) {
      clients.push_back(
          std::make_unique<HistoryClient>(&core,
                                          HistoryClientOptions{.number = first + i,
                                                               .protocol = *kind,
                                                               .servers = parsed->servers,
                                                               .per_second = per_second,
                                                               .seed = random.Next()},
                                          &history));
    }
  });
  std::thread input([&] {
    while (std::cin.get() != EOF) continue;
    core.Post([&] {
      for (const auto& client : clients) {
        client->Finish([&] {
          if (++finished == count) core.Post([&] { core.Stop(); });
        });
      }
      core.RunAfter(kFinishUsMax, [&] { core.Stop(); });
    });
  });
  core.Run();
  input.join();
  std::ofstream(file) << sim::ToJsonLines(history);
  if (finished != count) std::cerr << "chaos-clients: no answer to " << count - finished << "\n";
  return finished == count ? 0 : 1;
}

}  // namespace
}  // namespace rookery::chaos

int main(int argc, char** argv) { return rookery::chaos::Main(argc, argv); }
