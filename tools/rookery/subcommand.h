// What a subcommand of `rookery` is.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace rookery::tools {

// Options that stand anywhere on the command line, for every subcommand.
struct GlobalOptions {
  std::string servers = "127.0.0.1:2181";  // host:port,.../chroot
  std::string protocol = "zookeeper";      // or "grpc"
  int64_t timeout_ms = 10000;              // for the first connection, and for each request
  std::string login;                       // "user:password" of SASL; empty: nobody
};

// Exit statuses of every subcommand.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // it was tried; the reason stands on standard error
inline constexpr int kExitUsage = 2;   // it was asked for wrongly

// Runs the subcommand after its options were parsed; the exit status.
using Run = std::function<int()>;

struct Subcommand {
  const char* name;
  const char* summary;  // one line of --help
  // Declares options on `app` and says what to run. `global` is filled before that runs and
  // outlives it.
  Run (*define)(CLI::App& app, const GlobalOptions& global);
};

// Every subcommand, in the order of --help; the shell's commands are not among them.
const std::vector<Subcommand>& Subcommands();

}  // namespace rookery::tools
