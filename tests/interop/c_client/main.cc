// The unmodified C client against servers that a driver (c_client_test.py) runs:
//   c_client STORY HOSTS [ARGUMENT...]
// Status 0 if every reply was as expected; else 1, with the first that was not.

#include <algorithm>
#include <cinttypes>
#include <cstring>
#include <iostream>
#include <map>

#include "tests/interop/c_client/session.h"

namespace rookery::interop {
namespace {

constexpr int kTimeoutMs = 10'000;

std::string Create(Session& session, const std::string& path, const std::string& data,
                   int flags = 0) {
  char created[256] = "";
  CHECK_EQ(zoo_create(*session, path.c_str(), data.data(), static_cast<int>(data.size()),
                      &ZOO_OPEN_ACL_UNSAFE, flags, created, sizeof(created)),
           ZOK);
  return created;
}

std::string Get(Session& session, const char* path, Stat* stat) {
  char data[256];
  int length = sizeof(data);
  CHECK_EQ(zoo_get(*session, path, 0, data, &length, stat), ZOK);
  return {data, static_cast<size_t>(std::max(length, 0))};
}

// What another server applied before is seen after this.
void Sync(Session& session) {
  struct Done {
    std::mutex mutex;
    std::condition_variable changed;
    int result = 1;
  } done;
  const auto completed = [](int result, const char*, const void* context) {
    auto* done = static_cast<Done*>(const_cast<void*>(context));
    const std::lock_guard lock(done->mutex);
    done->result = result;
    done->changed.notify_all();
  };
  CHECK_EQ(zoo_async(*session, "/", completed, &done), ZOK);
  std::unique_lock lock(done.mutex);
  done.changed.wait(lock, [&done] { return done.result != 1; });
  CHECK_EQ(done.result, ZOK);
}

void CreatesReadsChangesAndDeletes(const std::string& hosts) {
  Session session(hosts, kTimeoutMs);
  CHECK_EQ(Create(session, "/c", "one"), "/c");
  Stat stat;
  CHECK_EQ(Get(session, "/c", &stat), "one");
  CHECK_EQ(stat.version, 0);
  CHECK_EQ(stat.dataLength, 3);
  CHECK_EQ(stat.czxid, stat.mzxid);
  CHECK_EQ(zoo_set2(*session, "/c", "three", 5, 0, &stat), ZOK);
  CHECK_EQ(stat.version, 1);
  CHECK_EQ(stat.mzxid > stat.czxid, true);
  CHECK_EQ(zoo_set(*session, "/c", "x", 1, 0), ZBADVERSION);
  CHECK_EQ(zoo_create(*session, "/c", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, nullptr, 0), ZNODEEXISTS);
  CHECK_EQ(zoo_create(*session, "/no/c", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, nullptr, 0), ZNONODE);
  Create(session, "/c/b", "");
  Create(session, "/c/a", "");
  CHECK_EQ(zoo_delete(*session, "/c", -1), ZNOTEMPTY);
  String_vector children;
  CHECK_EQ(zoo_get_children2(*session, "/c", 0, &children, &stat), ZOK);
  std::vector<std::string> names(children.data, children.data + children.count);
  deallocate_String_vector(&children);
  std::sort(names.begin(), names.end());
  CHECK_EQ(names == std::vector<std::string>({"a", "b"}), true);
  CHECK_EQ(stat.cversion, 2);
  CHECK_EQ(stat.numChildren, 2);
  CHECK_EQ(zoo_delete(*session, "/c/a", 0), ZOK);
  CHECK_EQ(zoo_delete(*session, "/c/b", -1), ZOK);
  CHECK_EQ(zoo_delete(*session, "/c", 0), ZBADVERSION);
  CHECK_EQ(zoo_delete(*session, "/c", 1), ZOK);
  CHECK_EQ(zoo_exists(*session, "/c", 0, &stat), ZNONODE);
}

void EphemeralsGoWithTheirSession(const std::string& hosts) {
  Session other(hosts, kTimeoutMs);
  Stat stat;
  {
    Session owner(hosts, kTimeoutMs);
    Create(owner, "/e", "", ZOO_EPHEMERAL);
    Sync(other);
    CHECK_EQ(zoo_wexists(*other, "/e", &Session::Watch, &other, &stat), ZOK);
    CHECK_EQ(stat.ephemeralOwner, owner.id());
    CHECK_EQ(zoo_create(*owner, "/e/c", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, nullptr, 0),
             ZNOCHILDRENFOREPHEMERALS);
  }
  CHECK_EQ(other.AwaitEvent() == Event({ZOO_DELETED_EVENT, ZOO_CONNECTED_STATE, "/e"}), true);
  CHECK_EQ(zoo_exists(*other, "/e", 0, &stat), ZNONODE);
}

void NumbersSequentialNodes(const std::string& hosts) {
  Session session(hosts, kTimeoutMs);
  Create(session, "/s", "");
  CHECK_EQ(Create(session, "/s/n-", "", ZOO_SEQUENCE), "/s/n-0000000000");
  CHECK_EQ(Create(session, "/s/m-", "", ZOO_SEQUENCE | ZOO_EPHEMERAL), "/s/m-0000000001");
  CHECK_EQ(zoo_delete(*session, "/s/n-0000000000", -1), ZOK);
  CHECK_EQ(Create(session, "/s/", "", ZOO_SEQUENCE), "/s/0000000002");
}

void WatchesFireOnce(const std::string& hosts) {
  Session watcher(hosts, kTimeoutMs), writer(hosts, kTimeoutMs);
  Stat stat;
  CHECK_EQ(zoo_wexists(*watcher, "/w", &Session::Watch, &watcher, &stat), ZNONODE);
  Create(writer, "/w", "0");
  CHECK_EQ(watcher.AwaitEvent() == Event({ZOO_CREATED_EVENT, ZOO_CONNECTED_STATE, "/w"}), true);
  char data[8];
  int length = sizeof(data);
  String_vector children;
  CHECK_EQ(zoo_wget(*watcher, "/w", &Session::Watch, &watcher, data, &length, &stat), ZOK);
  CHECK_EQ(zoo_wget_children(*watcher, "/w", &Session::Watch, &watcher, &children), ZOK);
  deallocate_String_vector(&children);
  CHECK_EQ(zoo_set(*writer, "/w", "1", 1, -1), ZOK);
  CHECK_EQ(zoo_set(*writer, "/w", "2", 1, -1), ZOK);
  Create(writer, "/w/c", "");
  CHECK_EQ(watcher.AwaitEvent() == Event({ZOO_CHANGED_EVENT, ZOO_CONNECTED_STATE, "/w"}), true);
  CHECK_EQ(watcher.AwaitEvent() == Event({ZOO_CHILD_EVENT, ZOO_CONNECTED_STATE, "/w"}), true);
  Create(writer, "/w/d", "");
  Sync(watcher);
  CHECK_EQ(watcher.EventsLeft(), size_t{0});
}

void TransactionsAreAllOrNothing(const std::string& hosts) {
  Session session(hosts, kTimeoutMs);
  Create(session, "/m", "");
  char created[64];
  Stat stat;
  zoo_op_t good[4];
  zoo_op_result_t results[4];
  zoo_create_op_init(&good[0], "/m/a", "x", 1, &ZOO_OPEN_ACL_UNSAFE, 0, created, sizeof(created));
  zoo_set_op_init(&good[1], "/m/a", "yy", 2, 0, &stat);
  zoo_check_op_init(&good[2], "/m", 0);
  zoo_delete_op_init(&good[3], "/m/a", 1);
  CHECK_EQ(zoo_multi(*session, 4, good, results), ZOK);
  for (const zoo_op_result_t& result : results) CHECK_EQ(result.err, ZOK);
  CHECK_EQ(std::string(created), "/m/a");
  CHECK_EQ(stat.version, 1);
  CHECK_EQ(stat.dataLength, 2);
  zoo_op_t bad[3];
  zoo_create_op_init(&bad[0], "/m/b", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, created, sizeof(created));
  zoo_check_op_init(&bad[1], "/m", 7);
  zoo_delete_op_init(&bad[2], "/m/b", -1);
  CHECK_EQ(zoo_multi(*session, 3, bad, results), ZBADVERSION);
  CHECK_EQ(results[0].err, 0);
  CHECK_EQ(results[1].err, ZBADVERSION);
  CHECK_EQ(results[2].err, ZRUNTIMEINCONSISTENCY);
  CHECK_EQ(zoo_exists(*session, "/m/b", 0, &stat), ZNONODE);
}

// Prints the port of its server; the driver kills it.
void MovesToAnotherServer(const std::string& hosts) {
  Session session(hosts, kTimeoutMs);
  const int64_t id = session.id();
  const int port = session.port();
  Create(session, "/kept", "0", ZOO_EPHEMERAL);
  char data[8];
  int length = sizeof(data);
  Stat stat;
  CHECK_EQ(zoo_wget(*session, "/kept", &Session::Watch, &session, data, &length, &stat), ZOK);
  std::cout << port << std::endl;
  session.AwaitState(ZOO_CONNECTING_STATE);
  session.AwaitState(ZOO_CONNECTED_STATE);
  CHECK_EQ(session.id(), id);
  CHECK_EQ(session.port() != 0, true);
  CHECK_EQ(session.port() != port, true);
  CHECK_EQ(Get(session, "/kept", &stat), "0");
  CHECK_EQ(stat.ephemeralOwner, id);
  // The client has told the new server of its watch.
  CHECK_EQ(zoo_set(*session, "/kept", "1", 1, 0), ZOK);
  CHECK_EQ(session.AwaitEvent() == Event({ZOO_CHANGED_EVENT, ZOO_CONNECTED_STATE, "/kept"}), true);
}

// Prints its session and stays until it is killed.
void Hold(const std::string& hosts, int timeout_ms) {
  Session session(hosts, timeout_ms);
  Create(session, "/held", "", ZOO_EPHEMERAL);
  const clientid_t id = *zoo_client_id(*session);
  std::printf("%" PRId64 " ", id.client_id);
  for (const char byte : id.passwd) std::printf("%02x", static_cast<unsigned char>(byte));
  std::printf("\n");
  std::fflush(stdout);
  std::cin.get();
}

clientid_t SessionOf(const char* id, const char* password) {
  clientid_t session{};
  session.client_id = std::strtoll(id, nullptr, 10);
  CHECK_EQ(std::strlen(password), 2 * sizeof(session.passwd));
  for (size_t i = 0; i < sizeof(session.passwd); ++i) {
    session.passwd[i] = static_cast<char>(std::stoi(std::string(password + 2 * i, 2), nullptr, 16));
  }
  return session;
}

// Waits until the killed holder's ephemeral went, then asks for its session.
void FindsItsSessionExpired(const std::string& hosts, const clientid_t& held) {
  Session other(hosts, kTimeoutMs);
  Stat stat;
  Sync(other);
  CHECK_EQ(zoo_wexists(*other, "/held", &Session::Watch, &other, &stat), ZOK);
  CHECK_EQ(stat.ephemeralOwner, held.client_id);
  CHECK_EQ(other.AwaitEvent() == Event({ZOO_DELETED_EVENT, ZOO_CONNECTED_STATE, "/held"}), true);
  Session late(hosts, 2000, held);
  late.AwaitState(ZOO_EXPIRED_SESSION_STATE);
  CHECK_EQ(is_unrecoverable(*late), ZINVALIDSTATE);
  CHECK_EQ(zoo_exists(*late, "/", 0, &stat), ZINVALIDSTATE);
}

// The session of a killed holder lives on, for who knows its password.
void ResumesALivingSession(const std::string& hosts, const clientid_t& held) {
  clientid_t wrong = held;
  wrong.passwd[3] ^= 1;
  {
    Session thief(hosts, kTimeoutMs, wrong);
    thief.AwaitState(ZOO_EXPIRED_SESSION_STATE);
  }
  Session heir(hosts, kTimeoutMs, held);
  heir.AwaitState(ZOO_CONNECTED_STATE);
  CHECK_EQ(heir.id(), held.client_id);
  Stat stat;
  CHECK_EQ(zoo_exists(*heir, "/held", 0, &stat), ZOK);
  CHECK_EQ(stat.ephemeralOwner, held.client_id);
}

int Main(int count, char** words) {
  zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
  const std::map<std::string, void (*)(const std::string&)> stories = {
      {"crud", CreatesReadsChangesAndDeletes}, {"ephemeral", EphemeralsGoWithTheirSession},
      {"sequential", NumbersSequentialNodes},  {"watch", WatchesFireOnce},
      {"multi", TransactionsAreAllOrNothing},  {"move", MovesToAnotherServer}};
  const std::string story = count > 2 ? words[1] : "";
  if (count == 3 && stories.contains(story)) {
    stories.at(story)(words[2]);
  } else if (count == 4 && story == "hold") {
    Hold(words[2], std::atoi(words[3]));
  } else if (count == 5 && story == "expired") {
    FindsItsSessionExpired(words[2], SessionOf(words[3], words[4]));
  } else if (count == 5 && story == "resume") {
    ResumesALivingSession(words[2], SessionOf(words[3], words[4]));
  } else {
    std::fprintf(stderr, "usage: c_client STORY HOSTS [TIMEOUT_MS | SESSION PASSWORD]\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace rookery::interop

int main(int count, char** words) { return rookery::interop::Main(count, words); }
