#include "tools/rookery/recipes/signals.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "coordinator/base/check.h"

namespace rookery::tools::recipes {
namespace {

sigset_t Waited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Signals::Signals() {
  const sigset_t set = Waited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  wakes_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  ROOKERY_CHECK(signals_ >= 0 && wakes_ >= 0) << "no file descriptors are left";
}

Signals::~Signals() {
  close(signals_);
  close(wakes_);
  Restore();
}

void Signals::Restore() const {
  const sigset_t set = Waited();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int Signals::Wait(int wait_ms, bool* from_terminal) {
  pollfd ready[2] = {{signals_, POLLIN, 0}, {wakes_, POLLIN, 0}};
  poll(ready, 2, wait_ms);
  uint64_t wakes = 0;
  if ((ready[1].revents & POLLIN) != 0 && read(wakes_, &wakes, sizeof(wakes)) < 0) return 0;
  signalfd_siginfo info;
  if (read(signals_, &info, sizeof(info)) != sizeof(info)) return 0;
  if (from_terminal != nullptr) *from_terminal = info.ssi_code == SI_KERNEL;
  return static_cast<int>(info.ssi_signo);
}

void Signals::Wake() {
  const uint64_t one = 1;
  // It can fail only if it counts to 2^64.
  (void)!write(wakes_, &one, sizeof(one));
}

}  // namespace rookery::tools::recipes
