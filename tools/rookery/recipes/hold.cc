#include "tools/rookery/recipes/hold.h"

#include <signal.h>

#include <atomic>
#include <future>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tools/rookery/recipes/child.h"
#include "tools/rookery/subcommand.h"

namespace rookery::tools::recipes {
namespace {

using client::recipes::Holder;
using client::recipes::HoldEvent;
using client::recipes::Holding;

// A server that is silent is given up after two thirds of the session's timeout; then there is a
// sixth for finding another, and one for the command to end in.
constexpr int kShareInDoubt = 6;

// Waits for one's turn; a signal gives up, and its number is left in *interrupted.
absl::StatusOr<Holding> Wait(client::BlockingClient* client, Holder* holder, Signals* signals,
                             int64_t wait_ms, int* interrupted) {
  std::atomic<bool> done = false;
  auto acquiring = std::async(std::launch::async, [&] {
    auto held = client->Await(holder->Acquire(wait_ms));
    done = true;
    signals->Wake();
    return held;
  });
  while (!done) {
    const int signal = signals->Wait(-1);
    if (signal == 0 || signal == SIGCHLD || *interrupted != 0) continue;
    *interrupted = signal;
    (void)client->Await(holder->Release());  // ends the waiting
  }
  return acquiring.get();
}

// Hears of the hold on the client's thread; is asked on ours.
class Watcher {
 public:
  Watcher(client::BlockingClient* client, Holder* holder, Signals* signals)
      : client_(client), holder_(holder), signals_(signals) {
    client->WithClient([&](client::Client& session) {
      session_ = &session;
      holder->Observe([this](HoldEvent event) { OnEvent(event); });
    });
  }
  ~Watcher() {
    client_->WithClient([this](client::Client&) {
      holder_->Observe(nullptr);
      *alive_ = false;
    });
  }
  std::string WantsEnd() const {
    return lost_       ? "it is lost"
           : too_long_ ? "the connection is lost, and it may be held by others"
                       : "";
  }
  bool lost() const { return lost_ || too_long_; }

 private:
  void OnEvent(HoldEvent event) {
    if (event == HoldEvent::kHeld) in_doubt_ = false;
    if (event == HoldEvent::kLost) lost_ = true;
    if (event == HoldEvent::kRevocationWanted) {
      std::cerr << "rookery: somebody asks for it back" << std::endl;
    }
    if (event == HoldEvent::kInDoubt) {
      in_doubt_ = true;
      const uint64_t doubt = ++doubts_;
      session_->executor()->RunAfter(session_->timeout_ms() * 1000LL / kShareInDoubt,
                                     [this, doubt, alive = alive_] {
                                       if (!*alive || !in_doubt_ || doubts_ != doubt) return;
                                       too_long_ = true;
                                       signals_->Wake();
                                     });
    }
    signals_->Wake();
  }

  client::BlockingClient* const client_;
  Holder* const holder_;
  Signals* const signals_;
  client::Client* session_ = nullptr;
  bool in_doubt_ = false;  // the client's thread only, as doubts_
  uint64_t doubts_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::atomic<bool> lost_ = false;
  std::atomic<bool> too_long_ = false;
};

}  // namespace

int HoldAndRun(client::BlockingClient* client, Holder* holder, Signals* signals,
               const HoldOptions& options, const std::string& what) {
  Watcher watcher(client, holder, signals);
  int interrupted = 0;
  const absl::StatusOr<Holding> held = Wait(client, holder, signals, options.wait_ms, &interrupted);
  if (interrupted != 0) return 128 + interrupted;
  if (!held.ok()) {
    std::cerr << "rookery: no " << what << ": " << held.status().message() << "\n";
    return kExitFailed;
  }
  const int status =
      RunCommand(signals, options.command,
                 {{"ROOKERY_TOKEN", absl::StrCat(held->token)}, {"ROOKERY_NODE", held->node}},
                 options.grace_ms, [&watcher] { return watcher.WantsEnd(); });
  if (watcher.lost()) return kExitFailed;
  (void)client->Await(holder->Release());
  return status;
}

}  // namespace rookery::tools::recipes
