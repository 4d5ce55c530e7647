#include "tests/interop/c_client/session.h"

#include <arpa/inet.h>

#include <algorithm>

namespace rookery::interop {

Session::Session(const std::string& hosts, int timeout_ms)
    : handle_(zookeeper_init(hosts.c_str(), &Session::Watch, timeout_ms, nullptr, this, 0)) {
  CHECK_EQ(handle_ != nullptr, true);
  AwaitState(ZOO_CONNECTED_STATE);
}

Session::Session(const std::string& hosts, int timeout_ms, const clientid_t& resumed)
    : handle_(zookeeper_init(hosts.c_str(), &Session::Watch, timeout_ms, &resumed, this, 0)) {
  CHECK_EQ(handle_ != nullptr, true);
}

int Session::port() const {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (zookeeper_get_connected_host(handle_, generic, &length) == nullptr) return 0;
  CHECK_EQ(address.ss_family, AF_INET);
  return ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

void Session::Watch(zhandle_t*, int type, int state, const char* path, void* context) {
  auto* session = static_cast<Session*>(context);
  const std::lock_guard lock(session->mutex_);
  if (type == ZOO_SESSION_EVENT) {
    session->states_.push_back(state);
  } else {
    session->events_.push_back({type, state, path});
  }
  session->changed_.notify_all();
}

void Session::Await(const char* what, int seconds, const std::function<bool()>& come) {
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, std::chrono::seconds(seconds), come)) return;
  std::fprintf(stderr, "%s did not come in %d s\n", what, seconds);
  std::_Exit(1);
}

void Session::AwaitState(int state) {
  Await(("state " + std::to_string(state)).c_str(), 20, [this, state] {
    const auto found = std::find(states_.begin(), states_.end(), state);
    if (found == states_.end()) return false;
    states_.erase(states_.begin(), found + 1);
    return true;
  });
}

Event Session::AwaitEvent() {
  Event event;
  Await("an event", 10, [this, &event] {
    if (events_.empty()) return false;
    event = events_.front();
    events_.erase(events_.begin());
    return true;
  });
  return event;
}

size_t Session::EventsLeft() {
  const std::lock_guard lock(mutex_);
  return events_.size();
}

}  // namespace rookery::interop
