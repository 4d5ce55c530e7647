// A session of the unmodified C client, and checks that end the program.
#pragma once

#include <zookeeper/zookeeper.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

namespace rookery::interop {

// Ends the program with status 1 if `left` and `right` differ.
template <typename Left, typename Right>
void CheckEqual(const Left& left, const Right& right, const char* text, const char* file,
                int line) {
  if (left == right) return;
  std::fprintf(stderr, "%s:%d: %s\n", file, line, text);
  if constexpr (std::is_arithmetic_v<Left> && std::is_arithmetic_v<Right>) {
    std::fprintf(stderr, "  found %lld, expected %lld\n", static_cast<long long>(left),
                 static_cast<long long>(right));
  } else if constexpr (std::is_same_v<Left, std::string>) {
    std::fprintf(stderr, "  found \"%s\", expected \"%s\"\n", left.c_str(),
                 std::string(right).c_str());
  }
  std::_Exit(1);
}
#define CHECK_EQ(left, right) \
  ::rookery::interop::CheckEqual(left, right, #left " == " #right, __FILE__, __LINE__)

struct Event {
  int type;
  int state;
  std::string path;
  bool operator==(const Event&) const = default;
};

// Opens and closes a session. Watches set with `Session::Watch` as watcher and the session as its
// context, and the client's own changes of state, are gathered.
class Session {
 public:
  // Waits until the session stands. `resumed` is not taken over.
  Session(const std::string& hosts, int timeout_ms);
  // Does not wait.
  Session(const std::string& hosts, int timeout_ms, const clientid_t& resumed);
  ~Session() { zookeeper_close(handle_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  zhandle_t* operator*() const { return handle_; }
  int64_t id() const { return zoo_client_id(handle_)->client_id; }
  // The port of the server that this session is connected to; 0 if it is not.
  int port() const;
  // Waits up to 20 s for a change of the client's state, in the order they came; else the program
  // ends. Each is taken once.
  void AwaitState(int state);
  // The next event of a watch; the program ends if none comes in 10 s.
  Event AwaitEvent();
  // Events of watches that came and were not taken.
  size_t EventsLeft();

  static void Watch(zhandle_t* handle, int type, int state, const char* path, void* session);

 private:
  void Await(const char* what, int seconds, const std::function<bool()>& come);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> states_;
  std::vector<Event> events_;
  zhandle_t* handle_;
};

}  // namespace rookery::interop
